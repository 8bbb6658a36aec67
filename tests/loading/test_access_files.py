"""What opens closed feeds, and that no error tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from service.core.errors import Invalid
from service.core.ids import feed_id
from service.loading.access_files import read_access

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://closed.example/rss"


def access_file(folder: Path, text: str) -> Path:
    path = folder / "access.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("keys", "headers"),
    [
        ('token = "t0k"', {"Authorization": "Bearer t0k"}),
        ('user = "ann"\npassword = "pässword:1"', {"Authorization": "Basic YW5uOnDDpHNzd29yZDox"}),
        ('headers = { X-Key = "k", Cookie = "a=b" }', {"X-Key": "k", "Cookie": "a=b"}),
    ],
)
def test_a_feed_is_opened_by_headers(keys: str, headers: dict[str, str], tmp_path: Path) -> None:
    assert read_access(access_file(tmp_path, f'["{URL}"]\n{keys}\n')) == {feed_id(URL): headers}


@pytest.mark.parametrize(
    "text",
    [
        'token = "s3cret"',
        f'["{URL}"]\ntokken = "s3cret"',
        f'["{URL}"]\nuser = "s3cret"',
        f'["{URL}"]\ntoken = "s3cret"\nuser = "s3cret"\npassword = "s3cret"',
        f'["{URL}"]\ntoken = "s3cret\\r\\nX: y"',
        f'["{URL}"]\ntoken = 3',
        f'["{URL}"]\nheaders = {{ Host = "s3cret" }}',
        f'["{URL}"]\nheaders = "s3cret"',
        f'["{URL}"]\nheaders = {{ "a b" = "s3cret" }}',
        f'["{URL}"]\ntoken = "s3cret',
        '["ftp://closed.example/"]\ntoken = "s3cret"',
    ],
)
def test_what_is_wrong_is_said_without_telling_a_secret(text: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as error:
        read_access(access_file(tmp_path, text))
    assert "access.toml" in error.value.message
    assert "s3cret" not in error.value.message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="AFTERMATH_FEED_ACCESS"):
        read_access(tmp_path / "none.toml")
