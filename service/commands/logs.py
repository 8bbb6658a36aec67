"""Log lines: text for people, JSON for machines; facts are fields, and secrets are never among them."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


def _fields(record: logging.LogRecord) -> dict[str, object]:
    return {key: value for key, value in record.__dict__.items() if key not in _STANDARD}


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        facts = "".join(f" {key}={value}" for key, value in _fields(record).items())
        line = f"{at} {record.levelname.lower():7} {record.getMessage()}{facts}"
        if record.exc_info:
            line += self._cause(record)
        return line.replace("\r", " ")

    def _cause(self, record: logging.LogRecord) -> str:
        if logging.getLogger().getEffectiveLevel() <= logging.DEBUG and record.exc_info:
            return "\n" + self.formatException(record.exc_info)
        error = record.exc_info[1] if record.exc_info else None
        return f" error={type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        row: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            "logger": record.name,
            **_fields(record),
        }
        if record.exc_info:
            row["error"] = f"{type(record.exc_info[1]).__name__}: {record.exc_info[1]}"
            if logging.getLogger().getEffectiveLevel() <= logging.DEBUG:
                row["traceback"] = self.formatException(record.exc_info)
        return json.dumps(row, ensure_ascii=False, default=str)


def start_logging(form: str, level: str) -> None:
    """Send log lines to standard error in the form ("text" or "json") and from the level that the settings name."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Json() if form == "json" else _Text())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for noisy in ("apscheduler", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING if level != "debug" else logging.INFO)
