"""The HTML pages: templates, stylesheet, script, and the views that feed them. No page needs JavaScript or another host."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from service.api.documents import DEMO_NOTE, relied_on
from service.api.languages import language_name
from service.api.links import Links, is_web_url
from service.api.text import as_moment, clean, direction, lang_tag, rfc3339, shorten, type_label
from service.core.deltas.wording import clause
from service.core.matching.meanings import meaning

if TYPE_CHECKING:
    from datetime import datetime

_HERE = Path(__file__).parent
_STATIC = {"style.css": "text/css; charset=utf-8", "live.js": "text/javascript; charset=utf-8"}
LONGEST_QUOTE = 420
LONGEST_HEADLINE = 180


class Pages:
    """Renders templates; holds the static files as (content type, bytes)."""

    def __init__(self, links: Links, *, demo: bool) -> None:
        self.files = {name: (kind, (_HERE / "static" / name).read_bytes()) for name, kind in _STATIC.items()}
        # A stylesheet that changes with a release gets a new address, so it may be cached for long.
        version = hashlib.blake2b(b"".join(body for _, body in self.files.values()), digest_size=4).hexdigest()
        self._environment = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            path=links.path,
            url=links.url,
            demo=demo,
            demo_note=DEMO_NOTE,
            asset=lambda name: f"{links.path('/static/' + name)}?v={version}",
        )
        self._environment.filters.update(
            moment=_moment,
            day=_day,
            date=lambda day: f"{day.day} {day:%b %Y}",
            language=language_name,
            clause=_sentence,
            headline=lambda text: shorten(clean(text), LONGEST_HEADLINE),
            words=type_label,
            spoken=_spoken,
            quote=lambda text: shorten(clean(text), LONGEST_QUOTE),
            is_web=is_web_url,
            coded=_coded,
            meaning=meaning,
            relied_on=relied_on,
        )

    def render(self, template: str, **values: Any) -> bytes:
        """Return a page as bytes."""
        return self._environment.get_template(template).render(**values).encode("utf-8", "replace")


def _sentence(line: str) -> str:
    told = clause(line)
    return told[:1].upper() + told[1:]


def _time(instant: datetime, text: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(rfc3339(instant), text)


def _moment(instant: datetime) -> Markup:
    return _time(instant, as_moment(instant))


def _day(instant: datetime) -> Markup:
    return _time(instant, f"{instant.day} {instant:%b %Y}")


def _coded(text: str) -> Markup:
    """Return text in which what stands between backticks is code."""
    parts = text.split("`")
    return Markup("").join(Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in enumerate(parts))


def _spoken(lang: str | None, *, auto: bool = True) -> Markup:
    """Return the `lang` and `dir` attributes for words in a language that may not be known."""
    tag = lang_tag(lang)
    named = Markup(' lang="{}"').format(tag) if tag else Markup("")
    return named + Markup(' dir="{}"').format("auto" if auto else direction(lang))
