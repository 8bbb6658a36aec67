"""OPML to feeds and back. Language and pole come from the outline or from the outlines around it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

from service.core.errors import Invalid
from service.core.model import POLE, Feed, FeedSpec
from service.core.urls import safe_link

_POLE = re.compile(POLE)
_LIMIT_BYTES = 50_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriptions:
    """The feeds of an OPML file, and what was left out and why."""

    feeds: tuple[FeedSpec, ...]
    skipped: tuple[str, ...]


def read_opml(path: Path, source: str = "file") -> Subscriptions:
    """Read an OPML file.

    Raises:
        Invalid: It is not OPML; the message names the file, the line and the remedy.
    """
    try:
        body = path.read_bytes()
    except OSError as error:
        raise Invalid(f"{path}: cannot be read ({error.strerror}); AFTERMATH_FEEDS names the OPML file") from error
    if len(body) > _LIMIT_BYTES:
        raise Invalid(f"{path}: is {len(body)} bytes; the limit is {_LIMIT_BYTES}")
    if b"<!ENTITY" in body.replace(b"\0", b""):  # in UTF-16 too
        raise Invalid(f"{path}: declares entities, which no OPML file needs; remove them")
    try:
        root = ET.fromstring(body)  # noqa: S314 (entities are refused above)
    except ET.ParseError as error:
        raise Invalid(
            f"{path}:{error.position[0]}: not well-formed XML: {error.msg}; an OPML file is needed"
        ) from error
    except (LookupError, ValueError) as error:
        raise Invalid(f"{path}:1: {error}; save the OPML file as UTF-8") from error
    if root.tag.lower() != "opml" or root.find("body") is None:
        raise Invalid(f"{path}:1: the root is <{root.tag}>; an OPML file has <opml><body>…")
    feeds: dict[str, FeedSpec] = {}
    skipped: list[str] = []
    body_element = root.find("body")
    if body_element is not None:
        try:
            _walk(body_element, None, None, source, feeds, skipped)
        except RecursionError as error:
            raise Invalid(f"{path}:1: its outlines are nested too deeply; put them side by side") from error
    if not feeds and not skipped:
        raise Invalid(f"{path}:1: holds no outline with an xmlUrl")
    return Subscriptions(feeds=tuple(feeds.values()), skipped=tuple(skipped))


def _walk(
    element: ET.Element,
    lang: str | None,
    pole: str | None,
    source: str,
    feeds: dict[str, FeedSpec],
    skipped: list[str],
) -> None:
    for outline in element.findall("outline"):
        own_lang = outline.get("language") or lang
        category = (outline.get("category") or "").strip("/").split(",")[0]
        text = outline.get("title") or outline.get("text") or ""
        url = outline.get("xmlUrl")
        named = (category, text) if url is None else (category,)  # a folder's name says it, a feed's does not
        own_pole = next(filter(_POLE.fullmatch, named), pole)
        if url is not None:
            link = safe_link(url)
            name = text or url or "an outline without a title"
            if link is None:
                skipped.append(f"{name}: {url!r} is no http or https address")
            elif link in feeds:
                skipped.append(f"{name}: {link} is there twice")
            else:
                feeds[link] = FeedSpec(
                    url=link,
                    title=text or link,
                    lang=own_lang,
                    pole=own_pole,
                    source="command" if source == "command" else "file",
                )
        _walk(outline, own_lang, own_pole, source, feeds, skipped)


def opml_of(feeds: Iterable[FeedSpec | Feed], title: str) -> str:
    """Return feeds as OPML 2.0."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"  <head><title>{_escaped(title)}</title></head>",
        "  <body>",
    ]
    for feed in feeds:
        attributes = (
            f'type="rss" text={quoteattr(feed.title)} title={quoteattr(feed.title)} xmlUrl={quoteattr(feed.url)}'
        )
        if feed.lang:
            attributes += f" language={quoteattr(feed.lang)}"
        if feed.pole:
            attributes += f" category={quoteattr(feed.pole)}"
        lines.append(f"    <outline {attributes}/>")
    lines += ["  </body>", "</opml>", ""]
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
