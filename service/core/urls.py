"""Links as values: which may be shown, and which mean the same page.

Everything about spelling of URLs is in this file. Two forms: `safe_link` is the publisher's
address, cleaned; `link_key` is only for comparing and unites spellings that differ by scheme, `www.`, tracking or a
trailing slash. Nothing here looks a name up.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

MAX_URL_CHARS: Final = 4096
_MAX_HOST_CHARS: Final = 253  # RFC 1035 §2.3.4, without the last dot

# Parameters that say where a reader came from, never what is shown. Names in lower case.
TRACKING_PREFIXES: Final = ("utm_", "at_", "pk_", "mtm_", "hsa_", "__twitter_", "wt.")
TRACKING_NAMES: Final = frozenset(
    {
        "traffic_source",  # Al Jazeera
        "oc",  # Google News
        "cmp",  # Guardian
        "cmpid",
        "cmp_id",
        "cid_source",
        "fbclid",
        "gclid",
        "dclid",
        "gbraid",
        "wbraid",
        "msclkid",
        "yclid",
        "ysclid",
        "igshid",
        "twclid",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "ns_campaign",
        "ns_mchannel",
        "ns_source",
        "ns_linkname",
        "ito",
        "ftag",
        "smid",
        "xtor",
        "wtmc",
        "partner_source",
        "feature_source",
        "_hsenc",
        "_hsmi",
        "rss_source",
        "from_rss",
        "srnd",
        "spm",
        "shareid",
    }
)
# Names that also mean other things: dropped only with a value that says "feed".
FEED_NAMES: Final = frozenset({"ref", "source", "src", "from", "output", "partner", "campaign", "medium", "mod"})
FEED_VALUES: Final = frozenset({"rss", "feed", "rss_feed", "rssfeed", "rss-feed", "atom", "googlenews", "google_news"})

_MIRRORS: Final = ("www.", "m.", "amp.", "mobile.")
_TELEGRAM: Final = frozenset({"t.me", "telegram.me", "telegram.dog"})
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?")
_LABEL = r"[a-z0-9_]+(?:-+[a-z0-9_]+)*"
_QUIET = r"[A-Za-z0-9/:@!$&'()*+,=~._-]"  # what `_split` leaves as it is wherever it stands
_PLAIN = re.compile(
    rf"(https?)://({_LABEL}(?:\.{_LABEL})*)(/{_QUIET}*)?(?:\?((?:{_QUIET}|\?)*))?(?:#((?:{_QUIET}|\?)*))?"
)
_LOOSE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_KEPT = "/:@!$&'()*+,;=~%-._[]"  # RFC 3986 §2.2 and §2.3, and % of what is already encoded
_HOME_PATHS: Final = frozenset({"", "/index.html", "/index.htm", "/index.php", "/home"})


@dataclass(frozen=True, slots=True)
class _Parts:
    scheme: str
    host: str
    port: int | None  # None for the scheme's own
    path: str
    query: str
    fragment: str

    @property
    def site(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port is None else f"{name}:{self.port}"


def safe_link(url: str | None) -> str | None:
    """Return the URL as it may be shown and followed, or None when it may not.

    Only absolute http and https without user name; whitespace around it is forgiven, inside it is not.
    Query and fragment stay as the publisher wrote them, since the link is theirs; what is not ASCII
    becomes percent-encoded or punycode.

    Source: RFC 3986; the refusals answer GHSA-44pq-9929-f8mq and its kin (`javascript:` links in feeds).
    """
    parts = _split(url)
    if parts is None:
        return None
    tail = f"?{parts.query}" if parts.query else ""
    end = f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.scheme}://{parts.site}{parts.path}{tail}{end}"


def linked_from(base: str, reference: str) -> str | None:
    """Return the address that a page or feed at `base` names, perhaps relative to it, or None when it is not a safe link.

    Source: RFC 3986 §5.2.
    """
    try:
        return safe_link(urljoin(base, reference))
    except ValueError:  # "//[" and its like
        return None


@lru_cache(maxsize=1024)  # the keys of one document ask twice about each of its links
def link_key(url: str | None) -> str | None:
    """Return what all spellings of one page's address have in common, or None.

    Scheme, `www.`, `m.`, `amp.`, a trailing slash, fragment, tracking and the order of parameters make no difference.
    Telegram: the preview form `t.me/s/channel/1` is the post `t.me/channel/1`, and its query is display.
    """
    parts = _split(url)
    if parts is None:
        return None
    host = parts.host
    for mirror in _MIRRORS:
        bare = host.removeprefix(mirror)
        if bare != host and "." in bare:
            host = bare
            break
    if host in _TELEGRAM:
        path = parts.path.rstrip("/")
        return "t.me" + (path[2:] if path.startswith("/s/") else path)
    port = "" if parts.port is None or parts.port in _DEFAULT_PORTS.values() else f":{parts.port}"
    query = "&".join(sorted(_wanted(parts.query)))
    return host + port + parts.path.rstrip("/") + (f"?{query}" if query else "")


@lru_cache(maxsize=1024)  # one poll asks three times about one address
def host_key(url: str) -> str:
    """Return what hosts are told apart by: scheme, name and port, such as `https://news.example:443`.

    Something that is no URL is a host of its own: its poll fails by itself.
    """
    try:
        parts = urlsplit(url.strip())
        scheme = parts.scheme.lower()
        return f"{scheme}://{(parts.hostname or '').lower()}:{parts.port or _DEFAULT_PORTS.get(scheme, 0)}"
    except ValueError:
        return url


def is_inner_host(url: str) -> bool:
    """Whether the address is by its spelling one of a network of our own: a bridge such as RSSHub, a test server.

    What answers there speaks for the sites behind it one by one, not for all of them.
    """
    try:
        name = (urlsplit(url.strip()).hostname or "").rstrip(".").lower()
    except ValueError:
        return False
    try:
        return not ip_address(name).is_global
    except ValueError:
        return "." not in name or name.endswith((".localhost", ".local", ".internal", ".lan", ".home.arpa"))


def telegram_post(url: str | None) -> tuple[str, str] | None:
    """Return (channel, post number) of a Telegram link; the channel is "" where the feed lost it (`t.me//35123`)."""
    key = link_key(url)
    found = re.fullmatch(r"t\.me/([A-Za-z0-9_]*)/(\d+)", key) if key and key.startswith("t.me/") else None
    return (found[1].lower(), found[2]) if found else None


def is_home_page(url: str | None) -> bool:
    """Whether the link leads to a site's front page, which says nothing about an item."""
    parts = _split(url)
    return parts is not None and parts.path.rstrip("/").lower() in _HOME_PATHS and not _wanted(parts.query)


def without_version(guid: str) -> str:
    """Return a guid without the version that BBC appends on every edit (`…/c2dxlwz219ko#0`)."""
    return re.sub(r"#\d{1,6}$", "", guid)


def fragment_of(url: str) -> str:
    """Return what stands behind the first `#`."""
    return url.partition("#")[2]


@lru_cache(maxsize=2048)  # the keys of one item ask four times about one link
def _split(url: str | None) -> _Parts | None:
    text = (url or "").strip()
    if len(text) > MAX_URL_CHARS or text[:4].lower() != "http":
        return None
    plain = _PLAIN.fullmatch(text)  # nearly all are, and need none of the care that the others get
    if plain is not None and len(plain[2]) <= _MAX_HOST_CHARS:
        scheme, host, path, query, fragment = plain.groups("")
        return _Parts(scheme=scheme, host=host, port=None, path=path or "/", query=query, fragment=fragment)
    return _split_with_care(text)


def _split_with_care(text: str) -> _Parts | None:
    if _is_tricky(text):
        return None
    try:
        raw = urlsplit(text)
        port = raw.port
    except ValueError:
        return None
    scheme = raw.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not raw.netloc or "@" in raw.netloc or not text[len(scheme) :].startswith("://"):
        return None
    host = _ascii_host(raw.hostname or "")
    if host is None:
        return None
    return _Parts(
        scheme=scheme,
        host=host,
        port=None if port == _DEFAULT_PORTS[scheme] else port,
        path=_encoded(raw.path) or "/",
        query=_encoded(raw.query.replace("&amp;", "&"), more="?"),
        fragment=_encoded(raw.fragment, more="?"),
    )


def _is_tricky(text: str) -> bool:
    if text.isascii():
        return "\\" in text or " " in text or not text.isprintable()
    return any(_is_trick(char) for char in text)


def _is_trick(char: str) -> bool:
    # Whitespace, control, format (bidi, zero-width), surrogates; and what browsers read as a slash.
    return char == "\\" or char.isspace() or unicodedata.category(char) in {"Cc", "Cf", "Cs", "Cn"}


def _ascii_host(name: str) -> str | None:
    if ":" in name:  # an IPv6 literal, checked by urlsplit
        return name.lower() if re.fullmatch(r"[0-9a-fA-F:.]+", name) else None
    try:
        host = name.rstrip(".").lower()
        if not host.isascii():
            host = host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return host if host and len(host) <= _MAX_HOST_CHARS and _HOST.fullmatch(host) else None


def _encoded(text: str, more: str = "") -> str:
    kept = quote(_LOOSE_PERCENT.sub("%25", text), safe=_KEPT + more)
    return _PERCENT.sub(lambda code: code[0].upper(), kept)


def _wanted(query: str) -> list[str]:
    return [pair for pair in query.split("&") if pair and not _is_tracking(pair)]


def _is_tracking(pair: str) -> bool:
    name, _, value = pair.partition("=")
    name = name.lower()
    if name.startswith(TRACKING_PREFIXES) or name in TRACKING_NAMES:
        return True
    return name in FEED_NAMES and value.lower() in FEED_VALUES
