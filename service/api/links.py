"""All addresses we publish. They start with the public base URL, never with the Host header.

Pages link among themselves by path (so they also work under a second host name); feeds, API and
autodiscovery use absolute addresses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

if TYPE_CHECKING:
    from service.core.model import Story

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

    def feed_path(self, fmt: str, story: str, filters: dict[str, str]) -> str:
        """Return the path of an output feed; a thread alone has its own address."""
        rest = dict(filters)
        thread = rest.pop("thread", None)
        name = f"/feeds/{quote(story, safe='')}" + (f"/{quote(thread, safe='')}" if thread else "")
        return f"{name}.{fmt}" + (f"?{urlencode(rest)}" if rest else "")


def is_web_url(url: str | None) -> bool:
    """Say whether a link may be offered to a reader: http or https, with a host, without control characters."""
    if not url or any(ord(char) <= 0x20 for char in url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)
