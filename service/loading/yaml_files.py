"""YAML files of authors: read safely, and where in them a fault stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from service.core.errors import Invalid
from service.loading.text_files import read_text

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _remedy(problem: str) -> str:
    """Return what most often helps against a problem that the parser names."""
    if "cannot start any token" in problem:
        return "; indent with spaces, not tabs, and put quotes round text that begins with a mark"
    if "mapping values are not allowed" in problem:
        return "; put quotes round text that holds a colon"
    return ""


def repeated_key(text: str) -> tuple[str, int] | None:
    """Return (key, 1-based line) of the first key that a mapping of a YAML text has twice: the last would win."""
    nodes = [yaml.compose(text, Loader=_LOADER)]
    while nodes:
        node = nodes.pop()
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if key.value in seen:
                    return str(key.value), int(key.start_mark.line) + 1
                seen.add(str(key.value))
                nodes.append(value)
        elif isinstance(node, yaml.SequenceNode):
            nodes += node.value
    return None


def read_yaml(path: Path) -> tuple[str, object]:
    """Return the text of a file and what it says.

    Raises:
        Invalid: It cannot be read or is not YAML; names the file and the line.
    """
    text = read_text(path)
    try:
        return text, yaml.load(text, Loader=_LOADER)  # noqa: S506 (a safe loader, in C where there is one)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise Invalid(f"{path}{line}: not valid YAML: {problem}{_remedy(problem)}") from error
    except ValueError as error:  # 2024-13-45 looks like a date
        raise Invalid(f"{path}: not valid YAML: {error}; write dates as 2024-12-11T00:00:00Z") from error


def line_of(text: str, place: tuple[int | str, ...]) -> int:
    """Return the 1-based line of a place in a YAML text. Slow (the text is composed again): only for errors."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    if node is None:
        return 1
    line = node.start_mark.line + 1
    for step in place:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(step):
                    node, line = value, key.start_mark.line + 1
                    break
            else:
                break
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line
