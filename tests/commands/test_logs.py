"""Log lines for people and for machines."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from service.commands.logs import start_logging

NOISY = ("apscheduler", "asyncio")


@pytest.fixture(autouse=True)
def _root_logger_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in NOISY}
    yield
    root.handlers, root.level = handlers, level
    root.setLevel(level)
    for name, noisy in levels.items():
        logging.getLogger(name).setLevel(noisy)


def _started(form: str, level: str) -> io.StringIO:
    start_logging(form, level)
    stream = io.StringIO()
    [handler] = logging.getLogger().handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    return stream


def _broken(error: Exception) -> None:
    raise error


def _fail(log: logging.Logger) -> None:
    try:
        _broken(ValueError("the first line\nthe second line"))
    except ValueError:
        log.exception("step failed", extra={"feed": "f-1"})


def test_a_text_line_says_when_what_and_the_facts() -> None:
    stream = _started("text", "info")
    logging.getLogger("service.x").info("feed polled", extra={"feed": "f-1", "wait_s": 300})

    line = stream.getvalue()
    assert line.endswith("Z info    feed polled feed=f-1 wait_s=300\n")
    assert line[:4].isdecimal()


def test_a_json_line_is_one_object_in_any_script() -> None:
    stream = _started("json", "info")
    logging.getLogger("service.x").warning("feed %s", "Хмеймим", extra={"feed": "f-1", "who": {1, 2}.__class__})

    row = json.loads(stream.getvalue())
    assert (row["level"], row["event"], row["logger"], row["feed"]) == ("warning", "feed Хмеймим", "service.x", "f-1")
    assert "Хмеймим" in stream.getvalue()
    assert "set" in row["who"]
    assert row["at"].endswith("+00:00")


def test_levels_below_the_one_asked_for_are_silent() -> None:
    stream = _started("text", "warning")
    logging.getLogger("service.x").info("step ended")

    assert stream.getvalue() == ""


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_error_is_one_line_without_a_traceback(form: str) -> None:
    stream = _started(form, "info")
    _fail(logging.getLogger("service.x"))

    text = stream.getvalue()
    assert "ValueError: the first line" in text
    assert "Traceback" not in text
    assert text.count("\n") == 1


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_traceback_shows_at_debug(form: str) -> None:
    stream = _started(form, "debug")
    _fail(logging.getLogger("service.x"))

    assert "Traceback" in stream.getvalue()


def test_an_error_without_words_and_carriage_returns_make_a_clean_line() -> None:
    stream = _started("text", "info")
    try:
        _broken(KeyError())
    except KeyError:
        logging.getLogger("service.x").exception("a\rb")

    assert "error=KeyError: \n" in stream.getvalue()
    assert "\r" not in stream.getvalue()


def test_the_libraries_are_quiet_unless_debugging() -> None:
    _started("text", "info")
    assert [logging.getLogger(name).level for name in NOISY] == [logging.WARNING] * 2
    _started("text", "debug")
    assert [logging.getLogger(name).level for name in NOISY] == [logging.INFO] * 2
