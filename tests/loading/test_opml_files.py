"""OPML to feeds and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.core.errors import Invalid
from service.core.model import POLE, FeedSpec
from service.loading import opml_files
from service.loading.opml_files import Subscriptions, opml_of, read_opml


def _read(folder: Path, body: str | bytes, source: str = "file") -> Subscriptions:
    path = folder / "feeds.opml"
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    return read_opml(path, source)


def _opml(outlines: str) -> str:
    return f'<opml version="2.0"><body>{outlines}</body></opml>'


def test_language_and_pole_come_from_the_outlines_around(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        _opml(
            '<outline text="wire" language="en" category="Not one">'
            '<outline text="a-feed" xmlUrl="https://a.example/rss"/>'
            '<outline text="deep" category="/regional,x"><outline text="B" xmlUrl="https://b.example/rss"/>'
            '<outline text="C" xmlUrl="https://c.example/rss" language="ar" category="gulf-2"/></outline>'
            '</outline><outline text="D" title="The D" xmlUrl="https://d.example/rss" category="Our picks"/>'
            '<outline xmlUrl="https://e.example/rss"/>'
        ),
    )

    assert [(feed.title, feed.lang, feed.pole) for feed in found.feeds] == [
        ("a-feed", "en", "wire"),
        ("B", "en", "regional"),
        ("C", "ar", "gulf-2"),
        ("The D", None, None),
        ("https://e.example/rss", None, None),
    ]
    assert found.skipped == ()


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        _opml(
            '<outline text="A" xmlUrl="https://a.example/rss"/>'
            '<outline text="Again" xmlUrl="https://a.example/rss"/>'
            '<outline text="Script" xmlUrl="javascript:alert(1)"/>'
            '<outline text="Local" xmlUrl="file:///etc/passwd"/>'
            '<outline text="Empty" xmlUrl=""/>'
        ),
    )

    assert [feed.url for feed in found.feeds] == ["https://a.example/rss"]
    assert [line.split(":")[0] for line in found.skipped] == ["Again", "Script", "Local", "Empty"]
    assert "is there twice" in found.skipped[0]
    assert "'javascript:alert(1)' is no http or https address" in found.skipped[1]
    assert _read(tmp_path, _opml('<outline xmlUrl=""/>')).skipped == (
        "an outline without a title: '' is no http or https address",
    )


def test_a_file_of_only_bad_addresses_is_no_error(tmp_path: Path) -> None:
    found = _read(tmp_path, _opml('<outline text="Script" xmlUrl="javascript:alert(1)"/>'))

    assert found.feeds == ()
    assert len(found.skipped) == 1


def test_feeds_remember_who_added_them(tmp_path: Path) -> None:
    body = _opml('<outline xmlUrl="https://a.example/rss"/>')

    assert _read(tmp_path, body).feeds[0].source == "file"
    assert _read(tmp_path, body, "command").feeds[0].source == "command"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<opml>\n<body>\n<outline></body></opml>", "feeds.opml:3: not well-formed XML"),
        ("", "feeds.opml:1: not well-formed XML"),
        ("<html><body/></html>", "feeds.opml:1: the root is <html>"),
        ("<opml><head/></opml>", "feeds.opml:1: the root is <opml>"),
        ("<opml><body><outline text='folder'/></body></opml>", "holds no outline with an xmlUrl"),
        ('<!DOCTYPE o [<!ENTITY a "b">]><opml><body/></opml>', "declares entities"),
        ('<?xml version="1.0" encoding="no-such"?><opml><body/></opml>', "feeds.opml:1: "),
        ('<?xml version="1.0" encoding="shift_jis"?><opml><body/></opml>', "feeds.opml:1: "),
    ],
)
def test_a_bad_file_is_named_with_its_line(tmp_path: Path, body: str, words: str) -> None:
    with pytest.raises(Invalid) as caught:
        _read(tmp_path, body)

    assert words in caught.value.message


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_entities_are_refused_in_wide_encodings_too(tmp_path: Path, encoding: str) -> None:
    body = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE o [<!ENTITY a "b">]><opml><body/></opml>'
    with pytest.raises(Invalid, match="declares entities"):
        _read(tmp_path, body.encode(encoding))


def test_a_missing_file_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="AFTERMATH_FEEDS names the OPML file"):
        read_opml(tmp_path / "absent.opml")


def test_a_huge_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opml_files, "_LIMIT_BYTES", 10)
    with pytest.raises(Invalid, match="the limit is 10"):
        _read(tmp_path, _opml(""))


def test_outlines_nested_without_end_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="nested too deeply"):
        _read(tmp_path, _opml('<outline text="x">' * 5000 + "</outline>" * 5000))


def test_five_thousand_outlines_are_read(tmp_path: Path) -> None:
    found = _read(tmp_path, _opml("".join(f'<outline xmlUrl="https://n{i}.example/rss"/>' for i in range(5000))))

    assert len(found.feeds) == 5000


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(
    feeds=st.lists(
        st.builds(
            FeedSpec,
            url=st.integers(0, 999).map("https://n{}.example/rss?a=1&b=2".format),
            title=TEXT,
            lang=st.none() | st.sampled_from(["en", "ru"]),
            pole=st.none() | st.from_regex(POLE, fullmatch=True),
        ),
        min_size=1,
        unique_by=lambda feed: feed.url,
    ),
    title=TEXT,
)
def test_feeds_come_back_from_opml_as_they_went(tmp_path: Path, feeds: list[FeedSpec], title: str) -> None:
    assert _read(tmp_path, opml_of(feeds, title)).feeds == tuple(feeds)
