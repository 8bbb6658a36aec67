"""Query parameters: declared once for the router and the OpenAPI document, checked before a handler runs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, Literal

from service.api import forms
from service.api.problems import BadParameter
from service.core.instants import in_utc
from service.core.model import DeltaType, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aiohttp import web

Value = str | int | float | datetime

_INTEGER = re.compile(r"-?[0-9]+")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_PLAIN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"  # for the document, in the dialect of JSON Schema
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """One query parameter."""

    name: str
    kind: Literal["text", "integer", "number", "instant"]
    description: str
    choices: tuple[str, ...] = ()
    pattern: str | None = None  # one of `forms`
    minimum: float | None = None
    maximum: float | None = None
    default: int | str | None = None
    time_of_a_date: time = time.min  # of an instant: what a date without a time means, UTC

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        schema: dict[str, Any] = {"type": {"integer": "integer", "number": "number"}.get(self.kind, "string")}
        if self.kind == "instant":
            schema["format"] = "date-time"
        if self.kind == "text" and not self.choices:
            schema["maxLength"] = LONGEST_VALUE
            schema["pattern"] = _PLAIN
        pairs: dict[str, Any] = {"enum": list(self.choices) or None, "pattern": self.pattern, "default": self.default}
        pairs |= {"minimum": self.minimum, "maximum": self.maximum}
        return schema | {name: value for name, value in pairs.items() if value is not None}

    def read(self, text: str) -> Value:
        """Return the value a query string gives.

        Raises:
            BadParameter: The text is not such a value.
        """
        match self.kind:
            case "integer":
                return int(self._bounded(float(text)) if _INTEGER.fullmatch(text) else self._refuse("a whole number"))
            case "number":
                return self._bounded(float(text)) if _NUMBER.fullmatch(text) else self._refuse("a number")
            case "instant":
                return self._instant(text)
            case "text":
                return self._text(text)

    def _refuse(self, wanted: str) -> float:
        raise BadParameter(self.name, f"{self.name} must be {wanted}")

    def _bounded(self, value: float) -> float:
        low, high = self.minimum, self.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            self._refuse(f"between {low:g} and {high:g}" if low is not None and high is not None else "within bounds")
        return value

    def _text(self, text: str) -> str:
        if self.choices and text not in self.choices:
            self._refuse("one of " + ", ".join(self.choices))
        if len(text) > LONGEST_VALUE or _CONTROL.search(text):
            self._refuse(f"at most {LONGEST_VALUE} characters of plain text")
        if self.pattern and not re.fullmatch(self.pattern.removeprefix("^").removesuffix("$"), text):
            self._refuse(forms.FORMS[self.pattern])
        if self.pattern == forms.LANG:  # case tells no tags apart (RFC 5646 §2.1.1); entries have `en` and `zh-TW`
            first, hyphen, rest = text.partition("-")
            return first.lower() + hyphen + rest
        return text

    def _instant(self, text: str) -> datetime:
        try:
            value = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
            if len(text) <= len("2024-12-16"):
                value = datetime.combine(value.date(), self.time_of_a_date)
            return in_utc(value)
        except ValueError:
            raise BadParameter(self.name, f"{self.name} must be a date or time like 2024-12-16T10:00:00Z") from None


LONGEST_VALUE = 200

LIMIT = Param(name="limit", kind="integer", description="How many items at most.", minimum=1, maximum=500, default=100)
AFTER = Param(
    name="after",
    kind="text",
    description="Cursor from `next_cursor` of an earlier answer; `now` for the newest position; absent for the start.",
    pattern=forms.CURSOR_OR_NOW,
)
BEFORE = Param(
    name="after",
    kind="text",
    description="Cursor from `next_cursor` of an earlier answer: reads on towards older developments.",
    pattern=forms.CURSOR,
)
SEARCH_AFTER = Param(
    name="after",
    kind="text",
    description="Cursor from `next_cursor` of an earlier answer with the same `q`.",
    pattern=forms.CURSOR,
)
PLAIN_AFTER = Param(
    name="after",
    kind="text",
    description="Cursor from `next_cursor` of an earlier answer; absent for the start.",
    pattern=forms.CURSOR,
)
FEED_LIMIT = Param(
    name="limit",
    kind="integer",
    description="How many items at most, in order of id; absent, without `after`: all of them, by title.",
    minimum=1,
    maximum=500,
)
GROUP = Param(
    name="group",
    kind="text",
    description="Only these feeds, all of them in pages.",
    choices=("down", "waiting", "reporting", "quiet", "paused"),
)
PAGE = Param(name="page", kind="integer", description="Which page of the group.", minimum=1, maximum=100_000)
DELIVERY_STATE = Param(
    name="state", kind="text", description="Only deliveries in this state.", choices=("waiting", "delivered", "dead")
)
THREAD = Param(name="thread", kind="text", description="Only this thread (id) of the story.")
TYPE = Param(name="type", kind="text", description="Only this type.", choices=tuple(DeltaType))
LANG = Param(
    name="lang",
    kind="text",
    description="Only reports in this language (as the entry gives it).",
    pattern=forms.LANG,
)
ENTITY = Param(name="entity", kind="text", description="Only deltas that mention this entity (id) of the story.")
MIN_SCORE = Param(name="min_score", kind="number", description="Only scores of at least this.", minimum=0, maximum=1)
ORDER = Param(
    name="order",
    kind="text",
    description="`desc` reads the newest first; its cursors page backwards and fit only `order=desc`.",
    choices=("asc", "desc"),
    default="asc",
)
OUTCOME = Param(name="outcome", kind="text", description="Only this outcome.", choices=tuple(Outcome))
AS_OF = Param(
    name="as_of",
    kind="instant",
    description="Facts as known at this time; a date means its end (UTC).",
    time_of_a_date=time.max,
)
SINCE = Param(
    name="since",
    kind="instant",
    description="Outages that last or ended since; a date means its beginning (UTC); absent: a month back.",
)
QUESTION = Param(name="q", kind="text", description="Text to find in title or summary; absent: all entries.")
STORY = Param(name="story", kind="text", description="The story decided for; absent: where it scored highest.")
VERSION = Param(name="v", kind="text", description="Changes with the file, so that caches may keep it.")
FORMAT = Param(
    name="format",
    kind="text",
    description="Format of the listed feeds.",
    choices=("rss", "atom", "json"),
    default="rss",
)
TOMBSTONES = Param(
    name="tombstones",
    kind="text",
    description="`yes` adds an `at:deleted-entry` (RFC 6721) for each item that a retraction withdraws.",
    choices=("yes",),
)
FEED_FILTERS = ("thread", "type", "entity", "lang")  # what makes other feeds of the same story
TOKEN = "token"  # noqa: S105 - the name of the parameter; accepted on every path (private reading)


@dataclass(frozen=True, slots=True)
class Query:
    """The checked query of a request."""

    values: Mapping[str, Value]

    def text(self, name: str) -> str | None:
        """Return a text parameter, None when it was not given."""
        value = self.values.get(name)
        return None if value is None else str(value)

    def limit(self) -> int:
        """Return `limit` or its default."""
        value = self.values.get("limit", LIMIT.default)
        assert isinstance(value, int)
        return value

    def number(self, name: str) -> float | None:
        """Return a number, None when it was not given."""
        value = self.values.get(name)
        return float(value) if isinstance(value, int | float) else None

    def instant(self, name: str) -> datetime | None:
        """Return an instant, None when it was not given."""
        value = self.values.get(name)
        return value if isinstance(value, datetime) else None

    def pairs(self, *names: str) -> dict[str, str]:
        """Return those of `names` that were given, as text: the filters of a list or feed."""
        return {name: str(self.values[name]) for name in names if name in self.values}


def read_query(request: web.Request, params: Iterable[Param], *, lenient: bool) -> Query:
    """Return the checked query.

    Args:
        request: What was asked.
        params: What may be asked. An empty value counts as not given.
        lenient: Pages pass over parameters they do not know (people share links with trackers in them).

    Raises:
        BadParameter: An unknown or repeated parameter, or a bad value.
    """
    known = {param.name: param for param in params}
    values: dict[str, Value] = {}
    for name, text in request.query.items():
        if name == TOKEN:
            continue
        if name not in known:
            if lenient:
                continue
            listed = ", ".join(known) or "none"
            raise BadParameter(name, f"there is no query parameter {name!r} here; known: {listed}")
        if name in values:
            raise BadParameter(name, f"{name} was given twice")
        if text:
            values[name] = known[name].read(text)
    return Query(values)
