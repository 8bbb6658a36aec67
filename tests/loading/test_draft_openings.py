"""How an article begins: headline, byline and dateline, which say when it is from and are nobody in the story."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.core.drafting.draft import Article, draft_story
from service.core.drafting.opening import opening_of
from service.core.events.dates import Calendar
from service.loading.draft_files import load_name_words
from service.loading.lexicon_files import load_lexicon

PUBLISHED = datetime(2025, 2, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "HAMBURG - Ada Holm left. Ada Holm came back.",
        "Norrholm, 3 March (ABC) – Ada Holm left. Ada Holm came back.",
        "(ABC) - Ada Holm left. Ada Holm came back.",
    ],
)
def test_a_dateline_is_no_part_of_a_name(text: str) -> None:
    draft = draft_story(
        Article(text=text, title="Holm leaves", published_at=PUBLISHED), load_lexicon(), load_name_words()
    )
    assert [entity.names for entity in draft.entities] == [("Ada Holm",)]


@pytest.mark.parametrize(
    ("opening", "day", "agency"),
    [
        ("By Ada Rowe and Tom Pike | Castrum Ledger | June 2, 2026\n\n", "2026-06-02", ""),
        ("By our own reporter\n\n", None, ""),
        ("LUNDE, 9 January 2026 (Arne Wire) - ", "2026-01-09", "Arne Wire"),
        ("Updated 2026-03-04 10:15\n", "2026-03-04", ""),
        ("Castrum, 31 February 2026 - ", None, ""),
        ("Castrum, 29 February 2024 - ", "2024-02-29", ""),
        ("", None, ""),
    ],
)
def test_a_byline_says_when_the_article_is_from_and_is_nobody_in_it(opening: str, day: str | None, agency: str) -> None:
    draft = draft_story(
        Article(
            text=f"Holm leaves Norrholm\n\n{opening}Ada Holm left Norrholm. Ada Holm came back to Norrholm.",
            published_at=PUBLISHED,
        ),
        load_lexicon(),
        load_name_words(),
    )
    assert (draft.day and draft.day.isoformat(), draft.agency) == (day, agency)
    assert {name for entity in draft.entities for name in entity.names} <= {"Ada Holm", "Holm", "Norrholm"}
    assert not draft.left_out


@pytest.mark.parametrize(
    ("line", "lang", "day"),
    [
        ("Верхнекаменск, 18 августа 2026 г. — ", "ru", "2026-08-18"),
        ("Gdyniewo, 21 kwietnia 2026 (PKA) - ", "pl", "2026-04-21"),
        ("Publié le 6 octobre 2026 à 18h40\n", "fr", "2026-10-06"),
        ("北浜、2026年5月3日 — ", "ja", "2026-05-03"),
    ],
)
def test_a_dateline_is_read_in_its_language(line: str, lang: str, day: str) -> None:
    opening = opening_of(f"{line}Ada Holm.", "Ada Holm", lang, load_name_words()[lang], Calendar(load_lexicon().months))
    assert (str(opening.day), opening.text) == (day, "Ada Holm.")


def test_a_sentence_with_a_dash_in_it_is_no_dateline() -> None:
    text = "Ada Holm left in a hurry - and came back."
    assert opening_of(text, "Holm", "en", load_name_words()["en"], Calendar(load_lexicon().months)).text == text


def test_a_line_that_tells_of_a_day_to_come_is_no_byline() -> None:
    text = "Holm leaves\nThe trial begins on 15 October 2026\nAda Holm left."
    opening = opening_of(text, "", "en", load_name_words()["en"], Calendar(load_lexicon().months))
    assert (opening.day, opening.text) == (None, "The trial begins on 15 October 2026\nAda Holm left.")
