"""Every model value comes back from its row exactly as it went in. Values are drawn from the type hints of the model,
so a field that is added there and forgotten in rows.py fails here.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta, timezone
from enum import EnumType
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import pytest
from builders import NOON, a_delta, a_feed, an_entry
from hypothesis import given
from hypothesis import strategies as st

from service.core.model import Decision, Delta, Development, Entry, Fact, Feed
from service.storage import rows
from service.storage.sqlite_connections import connect_memory

T = TypeVar("T")

_PLAIN: dict[object, st.SearchStrategy[Any]] = {
    str: st.text(max_size=12),
    int: st.integers(min_value=-(2**63), max_value=2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    timedelta: st.timedeltas(timedelta(0), timedelta(days=3650)),
    NoneType: st.none(),
}


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    if hint in _PLAIN:
        return _PLAIN[hint]
    if isinstance(hint, type) and (dataclasses.is_dataclass(hint) or hasattr(hint, "_fields")):
        return every_field_of(hint)  # a dataclass or a named tuple
    if isinstance(hint, EnumType):
        return st.sampled_from(list(hint))
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return st.sampled_from(args)
    if origin in {Union, UnionType}:
        return st.one_of([values_of(arg) for arg in args])
    if origin is tuple and args[-1] is Ellipsis:
        return st.lists(values_of(args[0]), max_size=3).map(tuple)
    if origin is frozenset:
        return st.frozensets(values_of(args[0]), max_size=3)
    raise AssertionError(f"no values for {hint!r}: add them above")


def every_field_of(model: type[T]) -> st.SearchStrategy[T]:
    return st.builds(model, **{name: values_of(hint) for name, hint in get_type_hints(model).items()})


@given(every_field_of(Feed))
def test_a_feed_survives_its_row(feed: Feed) -> None:
    assert rows.feed_from(rows.feed_params(feed)) == feed


@given(every_field_of(Entry))
def test_an_entry_survives_its_row(entry: Entry) -> None:
    assert rows.entry_from(rows.entry_params(entry) | {"seq": entry.seq}) == entry


@given(every_field_of(Decision))
def test_a_decision_survives_its_row(decision: Decision) -> None:
    assert rows.decision_from(rows.decision_params(decision)) == decision


@given(every_field_of(Development))
def test_a_development_survives_its_row(development: Development) -> None:
    assert rows.development_from(rows.development_params(development)) == development


@given(every_field_of(Delta))
def test_a_delta_survives_its_row(delta: Delta) -> None:
    assert rows.delta_from(rows.delta_params(delta) | {"seq": delta.seq}) == delta


@given(every_field_of(Fact))
def test_a_fact_survives_its_row(fact: Fact) -> None:
    assert rows.fact_from(rows.fact_params(fact, "story")) == fact


@given(every_field_of(Fact))
def test_equal_values_have_equal_rows(fact: Fact) -> None:
    twin = dataclasses.replace(
        fact,
        changed_by=tuple(
            dataclasses.replace(rule, actions=frozenset(sorted(rule.actions, reverse=True))) for rule in fact.changed_by
        ),
    )
    assert rows.fact_params(twin, "story") == rows.fact_params(fact, "story")


@given(st.one_of(st.text(), _PLAIN[float], _PLAIN[int], st.none()))
def test_sqlite_gives_back_what_a_row_holds(value: object) -> None:
    db = connect_memory()
    try:
        stored = db.execute("SELECT :value AS value", {"value": value}).fetchone()["value"]
    finally:
        db.close()
    assert stored == value


@given(_PLAIN[datetime], _PLAIN[datetime])
def test_text_order_is_time_order(one: datetime, other: datetime) -> None:
    assert (rows.instant_text(one) < rows.instant_text(other)) == (one < other)


def test_an_instant_is_stored_in_utc_with_microseconds() -> None:
    damascus = timezone(timedelta(hours=3))
    assert rows.instant_text(datetime(2025, 2, 1, 15, 0, tzinfo=damascus)) == "2025-02-01T12:00:00.000000Z"
    assert rows.instant_from("2025-02-01T12:00:00.000000Z") == NOON


def test_an_instant_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        rows.instant_text(NOON.replace(tzinfo=None))


def test_json_is_compact_sorted_and_keeps_scripts_readable() -> None:
    assert rows.to_json({"b": "Хмеймим", "a": (1, None)}) == '{"a":[1,null],"b":"Хмеймим"}'


def test_json_refuses_what_json_does_not_know() -> None:
    with pytest.raises(ValueError, match="JSON"):
        rows.to_json(float("nan"))


def test_the_payload_holds_all_of_a_delta_but_its_seq() -> None:
    payload = json.loads(str(rows.delta_params(a_delta(seq=7))["payload"]))
    assert payload.keys() == {field.name for field in dataclasses.fields(Delta)} - {"seq"}


def test_every_field_of_a_feed_and_of_an_entry_has_a_column() -> None:
    assert rows.feed_params(a_feed()).keys() == {field.name for field in dataclasses.fields(Feed)} | {"host"}
    columns = {"entry_id" if field.name == "id" else field.name for field in dataclasses.fields(Entry)}
    assert rows.entry_params(an_entry()).keys() == columns - {"seq"}
