"""Our feeds against the rules of their formats: grammars, a strict XML reader, and what no grammar can say."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import html5lib
import pytest
from api.api_builders import SCRIPTS, a_report, a_site
from jsonschema import Draft202012Validator
from lxml import etree
from programs import needs

from service.core.model import Comparison, DeltaType, Entry

GRAMMARS = Path(__file__).resolve().parent.parent / "data" / "grammars"
ATOM = "{http://www.w3.org/2005/Atom}"
STRICT = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
HOSTILE = [
    "<script>alert(1)</script>",
    "]]> & <![CDATA[ &nbsp; &#x1;",
    "\x00\x08\x0b\x1f\ufffe\U0010ffff",
    '"quoted" \'twice\' <a href="javascript:x">',
    "\u202eRIGHT TO LEFT\u202c \u2066isolated",
    "\ud7ff \ue000 \u0085 \u2028",
    " ",
]
# What a description may be made of, so that every reader shows it.
TAGS = {"html", "head", "body", "p", "strong", "em", "ul", "li", "blockquote", "a", "br", "div", "bdi", "ins", "del"}


def hostile(number: int) -> tuple[Entry, Comparison]:
    words = HOSTILE[number % len(HOSTILE)]
    over: dict[str, Any] = {"headline": words, "line": f"The navy {words}", "reason": words, "outlet": words}
    over |= {"url": f"https://news.example/{words}", "lang": None, "origin": words, "development_title": words}
    return a_report(number, **over)


def withdrawing(number: int) -> tuple[Entry, Comparison]:
    before = a_report(0)[1].delta
    assert before is not None
    return a_report(number, type=DeltaType.RETRACTION, supersedes=before.id)


STATES: dict[str, list[tuple[Entry, Comparison]]] = {
    "empty": [],
    "one": [a_report(1)],
    "fifty": [a_report(number) for number in range(50)],
    "a thousand": [a_report(number) for number in range(1000)],
    "hostile": [hostile(number) for number in range(2 * len(HOSTILE))],
    "every script": [a_report(number, lang=lang) for number, lang in enumerate(SCRIPTS)],
    "withdrawn": [a_report(0), withdrawing(1)],
}


def grammar(name: str) -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(GRAMMARS / f"{name}.rng"))


def check_xml(fmt: str, body: bytes) -> etree._Element:
    root = etree.fromstring(body, STRICT)
    rules = grammar(fmt)
    assert rules.validate(root), rules.error_log
    return root


def check_html(text: str) -> None:
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    tree = parser.parse(f"<!doctype html><title>.</title>{text}")
    # HTML reads code points that no script uses, such as U+10FFFF, and calls them errors all the same.
    assert [each for each in parser.errors if each[1] != "invalid-codepoint"] == [], text
    assert {each.tag for each in tree.iter()} <= {*TAGS, "title"}
    for each in tree.iter():
        assert set(each.attrib) <= {"href", "lang", "dir"}, each.attrib
        assert each.get("href", "https:").startswith("https:")


def check_atom(body: bytes) -> None:
    feed = check_xml("atom", body)
    entries = feed.findall(f"{ATOM}entry")
    ids = [each.findtext(f"{ATOM}id") for each in (feed, *entries)]
    assert max(Counter(ids).values()) == 1
    assert len(feed.findall(f"{ATOM}link[@rel='self']")) == 1
    assert feed.find(f"{ATOM}author") is not None, "stands for entries that have none"
    for each in entries:
        assert len(each.findall(f"{ATOM}link[@rel='alternate']")) == 1
        content = each.find(f"{ATOM}content")
        assert content is not None
        assert content.get("type") == "html"
        check_html(content.text or "")
    updated = [datetime.fromisoformat(str(each.findtext(f"{ATOM}updated"))) for each in entries]
    assert updated == sorted(updated, reverse=True)
    whole = datetime.fromisoformat(str(feed.findtext(f"{ATOM}updated")))
    assert whole == max(updated, default=whole)
    assert whole.tzinfo == UTC


def check_rss(body: bytes) -> None:
    rss = check_xml("rss", body)
    items = rss.findall("channel/item")
    assert max(Counter(each.findtext("guid") for each in items).values(), default=1) == 1
    assert len(rss.findall(f"channel/{ATOM}link[@rel='self']")) == 1
    for each in items:
        check_html(each.findtext("description") or "")


def check_json(body: bytes) -> None:
    feed = json.loads(body)
    schema = json.loads((GRAMMARS / "jsonfeed.schema.json").read_text(encoding="utf-8"))
    checker = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert [(list(each.path), each.message) for each in checker.iter_errors(feed)] == []
    assert max(Counter(each["id"] for each in feed["items"]).values(), default=1) == 1
    assert feed.get("next_url") != feed["feed_url"]
    for each in feed["items"]:
        check_html(each["content_html"])


CHECKS = {"rss": check_rss, "atom": check_atom, "json": check_json}


@needs("xmllint")
@pytest.mark.parametrize("state", list(STATES))
async def test_every_feed_keeps_the_rules_of_its_format(state: str) -> None:
    async with a_site(STATES[state], config={"hub": "https://hub.example/"} if state == "one" else None) as site:
        pages = ["", "/bases"] + (["/archive/1", "/archive/19"] if state == "a thousand" else [])
        check_atom((await site.get("/feeds/harbour.atom?tombstones=yes")).body)
        for fmt, check in CHECKS.items():
            for page in pages:
                body = (await site.get(f"/feeds/harbour{page}.{fmt}")).body
                check(body)
                if fmt != "json":
                    await asyncio.to_thread(lint, body)


def lint(body: bytes) -> None:
    """Ask another XML reader than lxml's settings: it complains of warnings, too."""
    asked = subprocess.run(["xmllint", "--nonet", "--noout", "-"], input=body, capture_output=True, check=False)
    assert (asked.returncode, asked.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("atom", b"<updated>", b"<updated>yesterday "),
        ("atom", b"  <id>", b"  <id>no address "),
        ("atom", b"</feed>", b"<surprise/></feed>"),
        ("atom", b' rel="self"', b' rel="myself"'),
        ("rss", b' isPermaLink="false"', b""),
        ("rss", b"+0000</pubDate>", b"GMT</pubDate>"),
        ("rss", b"<ttl>", b"<ttl>-"),
    ],
)
async def test_the_grammars_refuse_what_is_wrong(name: str, old: bytes, new: bytes) -> None:
    async with a_site([a_report(1)]) as site:
        body = (await site.get(f"/feeds/harbour.{name}")).body
    assert old in body
    check_xml(name, body)
    assert not grammar(name).validate(etree.fromstring(body.replace(old, new, 1), STRICT))
