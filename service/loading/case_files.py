"""Cases of what a follow-up changes: a few items in order, and what each of them must come to.

One JSON object a line: `case`, `story`, `items` (as in a corpus) and `expect`, a list of
`{"id", "is": […], "event"?: […], "not_event"?: […], "modality"?: […], "quantity"?, "fact"?, "same_development_as"?,
"other_development_than"?, "duplicate_of"?, "actor"?: […], "target"?: […], "not_actor"?, "not_target"?, "not_speaker"?,
"line"?: […], "line_without"?: […]}`. `is` names delta types, `repeat` or `none` (nothing is published of it); any of a
list is right. What `line` names must all stand in the delta's English line (`warrant|wanted`: one of them, in capitals or
not), what `line_without` names must not; where nothing may be told and nothing is, no line is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from service.core.errors import Invalid
from service.core.items import Item
from service.core.model import DeltaType
from service.loading.item_files import ItemLine
from service.loading.text_files import read_text

REPEAT, NOTHING = "repeat", "none"
KINDS = (*(kind.value for kind in DeltaType), REPEAT, NOTHING)


class Expected(BaseModel):
    """What one item of a case must come to; what is not named is not asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    kinds: Annotated[tuple[str, ...], Field(alias="is", min_length=1)]
    event: tuple[str, ...] = ()
    fact: str | None = None
    same_development_as: str | None = None
    other_development_than: str | None = None
    duplicate_of: str | None = None
    actor: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    not_actor: str | None = None
    not_target: str | None = None
    not_speaker: str | None = None
    not_event: tuple[str, ...] = ()
    modality: tuple[str, ...] = ()
    quantity: str | None = None
    line: tuple[str, ...] = ()
    line_without: tuple[str, ...] = ()


class _CaseLine(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    case: Annotated[str, Field(min_length=1)]
    why: str = ""
    story: str
    items: Annotated[tuple[ItemLine, ...], Field(min_length=1)]
    expect: Annotated[tuple[Expected, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeltaCase:
    """One case."""

    name: str
    story: str
    items: tuple[Item, ...]
    expected: tuple[Expected, ...]


def read_cases(path: Path) -> list[DeltaCase]:
    """Read the cases of a file, or of every .jsonl file of a folder.

    Raises:
        Invalid: Nothing can be read, or a line is no case.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    cases = [case for file in files for case in _cases(file)]
    if not cases:
        raise Invalid(f"{path}: holds no case; a case is one JSON object a line in a .jsonl file")
    return cases


def _cases(path: Path) -> Iterator[DeltaCase]:
    lines = read_text(path).split("\n")  # a text may hold other ends of lines
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = _CaseLine.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(step) for step in first["loc"]) or "the line"
            raise Invalid(f"{path}:{number}: {place}: {first['msg']}") from error
        items = {item.id: item.as_item() for item in row.items}
        for expected in row.expect:
            unknown = [kind for kind in expected.kinds if kind not in KINDS]
            if unknown:
                raise Invalid(f"{path}:{number}: {row.case}: no kind {unknown[0]!r}; there are: {', '.join(KINDS)}")
            if expected.id not in items:
                raise Invalid(f"{path}:{number}: {row.case}: expects of {expected.id!r}, which is none of its items")
        yield DeltaCase(name=row.case, story=row.story, items=tuple(items.values()), expected=row.expect)
