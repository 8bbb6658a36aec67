"""Documents that a feed's address may answer with, from the odd to the malicious; every text is our own.

`ok` stands for "no error recorded". A document that may rightly be read or refused names both outcomes.
"""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from hostile.hostile_markup import markup
from hostile.hostile_xml import DECLARATION, HEADLINE, OK, XML, Document, document, item, rss

if TYPE_CHECKING:
    from collections.abc import Iterator


def documents(canary: str) -> list[Document]:
    """Return every document. `canary` is the address of a server that must never be asked for anything."""
    found = [*_xml(canary), *_floods(), *_no_feeds(), *_json(), *_encodings(), *markup(canary), *_dates(), *_odd()]
    assert len({document.name for document in found}) == len(found)
    return found


# --- XML that bites ------------------------------------------------------------------------


def _xml(canary: str) -> Iterator[Document]:
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    yield document("laughs", rss(item("&a9;"), head=f'<!DOCTYPE rss [<!ENTITY a0 "ha">{laughs}]>'), "parse")
    yield document("blow-up", rss(item("&a;" * 2000), head=f'<!DOCTYPE rss [<!ENTITY a "{"x" * 20000}">]>'), "parse")
    for name, target in (
        ("passwords", "file:///etc/passwd"),
        ("canary", f"{canary}/entity"),
        ("ftp", "ftp://127.0.0.1/x"),
    ):
        yield document(
            f"entity-{name}", rss(item("&x;"), head=f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{target}">]>'), "parse"
        )
        yield document(
            f"parameter-{name}", rss(item(), head=f'<!DOCTYPE rss [<!ENTITY % x SYSTEM "{target}"> %x;]>'), "parse"
        )
    yield document("dtd", rss(item(), head=f'<!DOCTYPE rss SYSTEM "{canary}/rss.dtd">'), OK, "parse")
    yield document("dtd-public", rss(item(), head=f'<!DOCTYPE rss PUBLIC "-//X//Y" "{canary}/rss.dtd">'), OK, "parse")
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{canary}/include" parse="text"/>'
    yield document("include", rss(item(more=f"<description>{include}</description>")))
    yield document("stylesheet", rss(item(), head=f'<?xml-stylesheet href="{canary}/a.xsl" type="text/xsl"?>'))
    yield document(
        "schema",
        rss(
            item(),
            channel=f'<x xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a {canary}/a.xsd"/>',
        ),
    )
    for name, number in (
        ("surrogate", "xD800"),
        ("beyond", "99999999999"),
        ("nul", "0"),
        ("negative", "-1"),
        ("noncharacter", "xFFFF"),
    ):
        yield document(f"reference-{name}", rss(item(f"{HEADLINE} &#{number};")), OK, "parse")
    yield document("controls", rss(item(f"{HEADLINE} \x01\x08\x0b\x1b[31mred\x1b[0m\x7f")), OK, "parse")
    yield document("nul-bytes", rss(item("Ruritanian\x00 navy")).encode(), OK, "parse", "not_a_feed")
    yield document("cut-off", rss(item() + item())[:-60], OK, "parse")
    yield document("cut-in-tag", rss(item())[:-25], OK, "parse")
    yield document("open-cdata", rss(item("<![CDATA[no end")), OK, "parse")
    yield document("open-comment", rss(item() + "<!-- no end"), OK, "parse")
    yield document(
        "same-attribute-twice", rss(item()).replace('version="2.0"', 'version="2.0" version="2.0"'), OK, "parse"
    )
    yield document("unknown-prefix", rss(item(more="<nowhere:a>1</nowhere:a>")))
    yield document("crossed-tags", rss("<item><title>Crossed <b>and</title></b></item>"), OK, "parse")
    yield document("two-roots", rss(item()) + rss(item("Second root")), OK, "parse")
    yield document("text-before", "Warning: mysql_connect() failed\n" + rss(item()), OK, "parse", "not_a_feed")
    yield document("blank-before", "\n\n  " + rss(item()), titles=(HEADLINE,))
    yield document("bare-ampersands", rss(item("Salt & pepper & more")), titles=("Salt & pepper & more",))
    yield document("html-entities", rss(item("Caf&eacute;&nbsp;&mdash;&hellip;")), titles=("Café —…",))
    yield document("instruction-flood", rss("<?a b?>" * 50_000 + item()))
    yield document(
        "namespace-flood", rss(item(more="".join(f'<n{n}:a xmlns:n{n}="urn:{n}"/>' for n in range(3000)))), OK, "parse"
    )


# --- too much of everything ---------------------------------------------------------------


def _floods() -> Iterator[Document]:
    yield document("deep", rss(item(more="<a>" * 100_000 + "</a>" * 100_000)), OK, "parse", "too_large")
    attributes = " ".join(f'a{n}="x"' for n in range(20_000))
    yield document("attributes", rss(item(more=f"<description {attributes}>x</description>")), OK, "parse")
    yield document("unclosed", rss(item(more=f"<description>{escape('<b>' * 150_000)}</description>")), OK, "parse")
    yield document("unclosed-raw", rss(item(more="<b>" * 150_000)), OK, "parse")
    yield document(
        "items", rss("".join(item(f"Number {n}", link=f"https://hostile.test/{n}") for n in range(9_000))), OK, "parse"
    )
    yield document("long-title", rss(item(HEADLINE + " and so on" * 80_000)), OK)
    yield document("long-word", rss(item(HEADLINE + " " + "w" * 500_000)), OK)
    yield document("long-summary", rss(item(more=f"<description>{'Word after word. ' * 50_000}</description>")), OK)
    yield document("long-guid", rss(item(guid="g" * 800_000)), OK)
    yield document("long-link", rss(item(link="https://hostile.test/" + "l" * 800_000)), OK)
    yield document("long-name", rss(item(more=f"<{'n' * 500_000}/>")), OK, "parse")
    yield document("long-value", rss(item(more=f'<media:content url="{"v" * 800_000}"/>')), OK)
    yield document("long-comment", rss(f"<!-- {'c' * 800_000} -->" + item()), OK)
    yield document("categories", rss(item(more="<category>c</category>" * 20_000)), OK, "parse")
    yield document(
        "enclosures",
        rss(item(more='<enclosure url="https://hostile.test/e" length="1" type="a/b"/>' * 10_000)),
        OK,
        "parse",
    )
    yield document("links", rss(item(more="<link>https://hostile.test/l</link>" * 20_000)), OK, "parse")
    yield document("references", rss(item(more=f"<description>{'&amp;' * 150_000}</description>")), OK, "parse")
    yield document("zalgo", rss(item("Ru" + "\u0301\u0317\u0334" * 5_000 + "ritania")), OK)
    yield document("too-large", rss(item(more="x" * 3_000_000)), "too_large")


# --- what is no feed ----------------------------------------------------------------------


def _no_feeds() -> Iterator[Document]:
    page = "<!doctype html><html><head><title>Welcome</title></head><body><p>Hello</p></body></html>"
    yield document("page", page, "not_a_feed", content_type="text/html")
    yield document("page-as-feed", page, "not_a_feed")
    yield document("page-bare", "<html><body>Log in first</body></html>", "not_a_feed")
    yield document(
        "challenge", "<html><script>location='/verify'</script><noscript>Enable scripts</noscript></html>", "not_a_feed"
    )
    yield document("empty", b"", "not_a_feed")
    yield document("blank", b" \r\n\t \n", "not_a_feed")
    yield document("declaration-only", DECLARATION, "not_a_feed", "parse")
    yield document("doctype-only", "<!DOCTYPE rss>", "not_a_feed", "parse")
    yield document("other-xml", f"{DECLARATION}<invoice><line>1</line></invoice>", "not_a_feed", "parse")
    yield document(
        "soap",
        f'{DECLARATION}<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"/>',
        "not_a_feed",
        "parse",
    )
    yield document(
        "picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50, "not_a_feed", "parse", content_type="image/png"
    )
    yield document("noise", bytes((n * 131 + 7) % 256 for n in range(60_000)), "not_a_feed", "parse")
    yield document(
        "zip", b"PK\x03\x04" + zlib.compress(b"x" * 5000), "not_a_feed", "parse", content_type="application/zip"
    )
    yield document("plain", "Just some words", "not_a_feed", "parse", content_type="text/plain")
    yield document("path", "/etc/passwd", "not_a_feed", "parse")
    yield document("address", "http://127.0.0.1/feed", "not_a_feed", "parse")


# --- JSON ---------------------------------------------------------------------------------


def _json() -> Iterator[Document]:
    version = "https://jsonfeed.org/version/1.1"

    def feed(items: object, **more: object) -> str:
        return json.dumps({"version": version, "title": "A channel", "items": items, **more})

    def told(name: str, body: str, *outcomes: str, titles: tuple[str, ...] = ()) -> Document:
        return document(f"json-{name}", body, *outcomes, content_type="application/feed+json", titles=titles)

    good = {"id": "1", "url": "https://hostile.test/j", "title": HEADLINE}
    yield told("other", '{"hello": "world"}', "not_a_feed")
    yield told("array", "[1, 2, 3]", "not_a_feed", "parse")
    yield told("cut-off", feed([good])[:-9], "parse")
    yield told("deep", '{"version": "' + version + '", "x": ' + "[" * 100_000, "parse")
    yield told("items-text", feed("none"), "not_a_feed")
    yield told("items-mixed", feed([1, None, "a", [], {"id": None}, good]), titles=(HEADLINE,))
    yield told(
        "wrong-types",
        feed([{"id": {"a": 1}, "title": 7, "url": [], "date_published": 12}, good]),
        titles=(HEADLINE,),
    )
    yield told("not-a-number", feed([good], x=1).replace("1}", "NaN}"), OK, "parse")
    yield told("surrogate", feed([{**good, "title": "lone"}]).replace("lone", HEADLINE + " \\ud800"), OK)
    yield told(
        "nul",
        feed([{**good, "title": "Ruritanian navy\u0000\u0007 at Strelsau"}]),
        titles=("Ruritanian navy at Strelsau",),
    )
    yield told("same-id", feed([good, {**good, "url": "https://hostile.test/k", "title": "Another"}]), OK)
    yield told("script", feed([{**good, "content_html": "<script>alert(1)</script><p>Fine</p>"}]), titles=(HEADLINE,))
    yield told("link", feed([{**good, "url": "javascript:alert(1)"}]), titles=(HEADLINE,))
    yield told("huge-number", feed([{**good, "id": 10**300}]), OK, "parse")
    yield told(
        "keys",
        '{"version": "' + version + '", "items": [], ' + ", ".join(f'"k{n}": 1' for n in range(50_000)) + "}",
        OK,
    )


# --- encodings ----------------------------------------------------------------------------

_RUSSIAN: Final = "Флот уходит из гавани Стрельсау"
_ARABIC: Final = "الأسطول يغادر الميناء"
_CHINESE: Final = "舰队离开港口"
_JAPANESE: Final = "艦隊が港を出る"


def _encodings() -> Iterator[Document]:
    for encoding, title in (
        ("windows-1251", _RUSSIAN),
        ("koi8-r", _RUSSIAN),
        ("iso-8859-5", _RUSSIAN),
        ("windows-1256", _ARABIC),
        ("gb18030", _CHINESE),
        ("big5", "艦隊離開港口"),
        ("shift_jis", _JAPANESE),
        ("euc-jp", _JAPANESE),
        ("utf-16", _RUSSIAN),
    ):
        body = rss(item(title)).replace("UTF-8", encoding).encode(encoding)
        yield document(f"in-{encoding}", body, titles=(title,))
    body = rss(item(_RUSSIAN)).encode("windows-1251")
    yield document(
        "named-by-header",
        body.replace(b'encoding="UTF-8"', b""),
        content_type=f"{XML}; charset=windows-1251",
        titles=(_RUSSIAN,),
    )
    yield document("header-lies", rss(item(_RUSSIAN)), content_type=f"{XML}; charset=iso-8859-1", titles=(_RUSSIAN,))
    yield document("declaration-lies", rss(item(_RUSSIAN)).replace("UTF-8", "windows-1252"), titles=(_RUSSIAN,))
    yield document("says-utf-8-but-is-not", body, OK, "parse")
    yield document(
        "unknown-charset",
        rss(item()).replace("UTF-8", "x-ruritanian"),
        OK,
        "parse",
        content_type=f"{XML}; charset=x-ruritanian",
    )
    yield document(
        "utf-7",
        rss(item("+ADw-script+AD4-alert(1)")).replace("UTF-8", "utf-7"),
        OK,
        "parse",
        content_type=f"{XML}; charset=utf-7",
    )
    yield document("utf-32", rss(item(_RUSSIAN)).replace("UTF-8", "utf-32").encode("utf-32"), OK, "parse", "not_a_feed")
    yield document("overlong", rss(item("a@b")).encode().replace(b"@", b"\xc0\xbcscript\xc0\xbe"), OK, "parse")
    yield document("broken-utf-8", rss(item(_RUSSIAN)).encode().replace("уход".encode(), b"\xd1\xff"), OK)
    yield document(
        "two-encodings", rss(item(_RUSSIAN) + item("@")).encode().replace(b"@", _RUSSIAN.encode("cp1251")), OK, "parse"
    )
    yield document(
        "mark-and-other-name",
        b"\xef\xbb\xbf" + rss(item(_RUSSIAN)).replace("UTF-8", "utf-16").encode(),
        OK,
        "parse",
        titles=(),
    )
    yield document(
        "header-of-doom", rss(item()), OK, "parse", content_type=f'{XML}; charset="; charset=utf-16; x={"a" * 3000}'
    )
    yield document("base64-charset", rss(item()), OK, "parse", content_type=f"{XML}; charset=base64")


# --- dates and identity ------------------------------------------------------------------

_DATES: Final = (
    "", "yesterday", "0000-00-00T00:00:00Z", "Mon, 01 Jan 0001 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT",
    "10000-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT", "-0001-01-01", "Sun, 30 Feb 2025 12:00:00 GMT",
    "2025-02-01T25:61:61Z", "2025-02-01T12:00:00+99:99", "Sat, 01 Feb 25 12:00 MSK", "2025-12-31T23:59:60Z",
    "99999999999999999999", "1e400", "2025-W05-6", "2999-01-01T00:00:00Z", "Sáb, 01 Fev 2025 12:00:00 BRT", "٢٠٢٥-٠٢-٠١",
)  # fmt: skip


def _dates() -> Iterator[Document]:
    for number, date in enumerate(_DATES):
        yield document(f"date-{number}", rss(item(date=date)), titles=(HEADLINE,))


def _odd() -> Iterator[Document]:
    yield document("same-guid", rss(item(guid="g") + item("Another item", link="https://hostile.test/b", guid="g")))
    yield document(
        "no-names",
        rss(f"<item><title>{HEADLINE}</title></item><item/><item><link>https://hostile.test/c</link></item>"),
        titles=(HEADLINE,),
    )
    yield document("same-item-often", rss(item(guid="g") * 500))
    yield document(
        "items-outside",
        f'{DECLARATION}<rss version="2.0"><channel><title>x</title></channel>{item()}</rss>',
        titles=(HEADLINE,),
    )
    yield document(
        "feed-in-feed",
        rss(item(more=f"<description>{rss(item('Inner'))[len(DECLARATION) :]}</description>")),
        OK,
        "parse",
    )
    yield document("version-unknown", rss(item()).replace('version="2.0"', 'version="9.9"'), titles=(HEADLINE,))
    yield document("waits", rss(item(), channel="<ttl>99999999999999999999</ttl>"), titles=(HEADLINE,))
    yield document("waits-less", rss(item(), channel="<ttl>-5</ttl>"), titles=(HEADLINE,))
    yield document(
        "skips",
        rss(item(), channel=f"<skipHours>{''.join(f'<hour>{n}</hour>' for n in range(-3, 400))}</skipHours>"),
        titles=(HEADLINE,),
    )
