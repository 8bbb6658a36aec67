"""All addresses we publish. They start with the public base URL, never with the Host header.

Pages link among themselves by path (so they also work under a second host name); feeds, API and
autodiscovery use absolute addresses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

if TYPE_CHECKING:
    from service.core.model import Story

_NOTHING_MORE: Mapping[str, str] = MappingProxyType({})
FORMATS = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}


@dataclass(frozen=True, slots=True)
class Links:
    """Builds absolute addresses (`url`) and paths (`path`) from the public base URL."""

    base: str
    authority: str

    @classmethod
    def of(cls, public_base_url: str, authority: str) -> Links:
        """Return links below `public_base_url`, with or without its trailing slash."""
        return cls(public_base_url.rstrip("/"), authority)

    @property
    def prefix(self) -> str:
        """Path part of the base URL without a trailing slash; empty at the root of a host."""
        return urlsplit(self.base).path.rstrip("/")

    def url(self, path: str) -> str:
        """Return the absolute address of a path such as `/feeds`."""
        return f"{self.base}{path}"

    def path(self, path: str) -> str:
        """Return the path under which a browser finds `path` on our host."""
        return f"{self.prefix}{path}"

    def page(self, delta_id: str) -> str:
        """Return the permalink of a delta."""
        return self.url(f"/deltas/{quote(delta_id, safe='')}")

    def tag(self, story: Story, name: str) -> str:
        """Return the `tag:` URI of something of a story (RFC 4151); the date is the story's, so it never moves."""
        return f"tag:{self.authority},{story.as_of.date().isoformat()}:{quote(story.id)}/{quote(name, safe='-._~/')}"

    def feed_path(
        self,
        fmt: str,
        story: str,
        filters: dict[str, str],
        *,
        page: int | None = None,
        more: Mapping[str, str] = _NOTHING_MORE,
    ) -> str:
        """Return the path of an output feed, or of one page of its archive; a thread has its own address.

        Args:
            fmt: A key of FORMATS.
            story: Id of a story.
            filters: `thread`, `type`, `entity` and `lang`, in any order.
            page: Of the archive, from 1; None for the feed itself.
            more: What else the address must carry: a reader's token where reading is private, a wish of the reader's.
        """
        query = {name: filters[name] for name in sorted(filters)}
        name = f"/feeds/{quote(story, safe='')}"
        if page is not None:
            name += f"/archive/{page}"
        elif thread := query.pop("thread", None):
            name += f"/{quote(thread, safe='')}"
        query |= more
        return f"{name}.{fmt}" + (f"?{urlencode(query)}" if query else "")


def as_uri(url: str) -> str:
    """Return a link with what a URI must not hold percent-encoded behind its host (RFC 3986 §2).

    Publishers put spaces, quotes and letters of every script into addresses; some readers refuse such links.
    """
    scheme, separator, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    before, mark, fragment = path.partition("#")
    safe = "%/:?@!$&'()*+,;=-._~"
    return f"{scheme}{separator}{host}{slash}{quote(before, safe=safe)}{mark}{quote(fragment, safe=safe)}"


def is_web_url(url: str | None) -> bool:
    """Say whether a link may be offered to a reader: http or https, with a host, without control characters."""
    if not url or any(ord(char) <= 0x20 for char in url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)
