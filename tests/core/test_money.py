"""Sums: currencies told apart, figures with separators, the way an English reader writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.language.folding import fold
from service.core.language.money import currency, figure, shown


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("dollars", "dollars"),
        ("Dólares", "dollars"),
        ("€", "euros"),
        ("ευρώ", "euros"),
        ("欧元", "euros"),
        ("рублей", "roubles"),
        ("卢布", "roubles"),
        ("livres sterling", "pounds"),
        ("$", "dollars"),
        ("円", "yen"),
        ("ienes", "yen"),
        ("livres turques", "lira"),
        ("亿元", "yuan"),
        ("рупий", "rupees"),
        ("rupees", "rupees"),
        ("Franken", "francs"),
    ],
)
def test_a_word_or_sign_names_its_currency(word: str, name: str) -> None:
    assert currency(fold(word)) == name


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1.500", 1500),
        ("1,500", 1500),
        ("150.5", 150.5),
        ("150,5", 150.5),
        ("1.234.567", 1234567),
        ("1,500.25", 1500.25),
    ],
)
def test_a_separator_before_three_figures_is_one_of_thousands(written: str, value: float) -> None:
    assert figure(written) == value


@given(st.integers(1, 10**13))
def test_separators_of_thousands_change_no_figure(value: int) -> None:
    assert figure(f"{value:,}") == figure(f"{value:,}".replace(",", ".")) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (150_500_000_000, "150.5 billion dollars"),
        (88_000_000, "88 million dollars"),
        (1_500, "1,500 dollars"),
        (2 * 10**12, "2 trillion dollars"),
    ],
)
def test_a_sum_reads_as_english(value: int, text: str) -> None:
    assert shown(value, "dollars") == text
