"""Documents with markup, links and hidden characters where plain text belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from hostile.hostile_xml import DECLARATION, HEADLINE, Document, document, item, rss

if TYPE_CHECKING:
    from collections.abc import Iterator


def markup(canary: str) -> Iterator[Document]:
    """Return the documents, in the order in which browsers learned to run them."""
    pieces = {
        "script": "<script>alert(1)</script>",
        "image": f'<img src="{canary}/pixel.gif" onerror="alert(1)">',
        "svg": "<svg/onload=alert(1)><animate onbegin=alert(1) attributeName=x>",
        "frame": '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
        "style": f"<style>@import '{canary}/a.css';body{{display:none}}</style>",
        "refresh": f'<meta http-equiv="refresh" content="0;url={canary}/refresh">',
        "base": f'<base href="{canary}/">',
        "form": f'<form action="{canary}/form"><input name="password"></form>',
        "object": f'<object data="{canary}/o"></object><embed src="{canary}/e">',
        "link": '<a href="javascript:alert(1)">here</a>',
        "hidden-link": '<a href="java&#x09;script:alert(1)">here</a>',
        "slashes": "<a href=\"//canary.test/x\">here</a><a href='\\\\canary.test'>there</a>",
        "math": '<math><mtext><table><mglyph><style><!--</style><img title="--><img src=1 onerror=alert(1)>">',
        "noscript": '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
        "template": "{{7*7}}${7*7}<%= 7*7 %>{% debug %}#{7*7}",
        "video": f'<video poster="{canary}/p"><source src="{canary}/s" onerror="alert(1)"></video>',
        "attribute": '" onmouseover="alert(1)" x="',
        "comment": "--><script>alert(1)</script><!--",
        "closing": "</title></item></channel></rss><script>alert(1)</script>",
        "section": "]]><script>alert(1)</script>",
        "formula": '=HYPERLINK("http://127.0.0.1")',
        "unicode": "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    }
    for name, piece in pieces.items():
        once, twice = escape(piece), escape(escape(piece))
        yield document(f"text-{name}", rss(item(f"{HEADLINE} {once}", more=f"<description>{once}</description>")))
        yield document(f"twice-{name}", rss(item(f"{HEADLINE} {twice}", more=f"<description>{twice}</description>")))
    raw = pieces["script"]
    yield document(
        "section-script",
        rss(item(f"<![CDATA[{HEADLINE} {raw}]]>", more=f"<description><![CDATA[{raw}]]></description>")),
    )
    xhtml = (
        f'<div xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script><p onclick="alert(1)">{HEADLINE}</p></div>'
    )
    yield document(
        "atom-xhtml",
        f'{DECLARATION}<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><id>urn:x</id><updated>2025-02-01T00:00:00Z</updated>'
        f'<entry><id>urn:x:1</id><title type="xhtml">{xhtml}</title><updated>2025-02-01T00:00:00Z</updated>'
        f'<link href="javascript:alert(1)"/><content type="xhtml">{xhtml}</content></entry></feed>',
        content_type="application/atom+xml",
    )
    for name, link in (
        ("javascript", "javascript:alert(1)"),
        ("cased", " JaVaScRiPt:alert(1)"),
        ("data", "data:text/html,&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("vbscript", "vbscript:msgbox(1)"),
        ("file", "file:///etc/passwd"),
        ("quotes", 'https://hostile.test/"onmouseover="alert(1)'),
        ("newline", "https://hostile.test/a&#10;Set-Cookie:x=1"),
        ("bidi", "https://hostile.test/\u202ecod.exe"),
        ("user", "https://admin:secret@hostile.test/a"),
        ("no-host", "https:///a"),
        ("bracket", "https://[hostile.test/a"),
        ("port", "https://hostile.test:99999999/a"),
    ):
        yield document(f"link-{name}", rss(item(link=link)), titles=(HEADLINE,))
    yield document(
        "guid-javascript",
        rss(f'<item><title>{HEADLINE}</title><guid isPermaLink="true">javascript:alert(1)</guid></item>'),
        titles=(HEADLINE,),
    )
    yield document("source-script", rss(item(more=f'<source url="javascript:alert(1)">{escape(raw)}Outlet</source>')))
    yield document("language-quotes", rss(item(), channel='<language>en" onload="alert(1)</language>'))
    yield document("channel-script", rss(item(), channel=f"<title>{escape(raw)}</title>"))
    yield document(
        "overrides",
        rss(item("Ruritanian \u202e\u2066navy\u2069\u200b\u200f withdraws from Strelsau\u00ad harbour")),
        titles=(HEADLINE,),
    )
    yield document(
        "joiners",
        rss(item("\u200dRuritanian\u200c navy\ufeff withdraws from\u2060 Strelsau harbour\U000e0041")),
        titles=(HEADLINE,),
    )
    yield document("only-hidden", rss(item("\u200b\u200e\u2060", more="<description>\u202e</description>")))
