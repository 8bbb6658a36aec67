"""Stories that are no files: sent as JSON or YAML, and kept by the store as JSON."""

from __future__ import annotations

import json

import yaml

from service.core.errors import InvalidDocument
from service.core.language.lexicon import Lexicon
from service.core.model import Story
from service.loading.story_files import StoryFile, checked_document, digest_of, to_story


def document_text(file: StoryFile) -> str:
    """Return a story as JSON: the same text for the same story, whatever it was written in."""
    return json.dumps(file.model_dump(mode="json", by_alias=True, exclude_unset=True), ensure_ascii=False)


def story_of_text(text: str, lexicon: Lexicon) -> Story:
    """Return the story of a kept document (`document_text`).

    Raises:
        InvalidDocument: It is no longer sound: an id stands for nothing in this lexicon.
    """
    return to_story(checked_document(json.loads(text), lexicon), digest_of(text), lexicon)


def sent_document(body: bytes, media: str, lexicon: Lexicon) -> StoryFile:
    """Return a document as it was sent, checked like a file.

    Args:
        body: JSON, or YAML where `media` says so. Blocks for up to a second where the YAML is long.
        media: The media type of the body, without parameters.
        lexicon: The word classes that the story may use.

    Raises:
        InvalidDocument: With every fault and its place; one at the root where it could not be parsed.
    """
    try:
        document = _yaml(body) if media == "application/yaml" else json.loads(body.decode("utf-8"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark else ""
        raise InvalidDocument((((), f"not valid YAML: {line}{getattr(error, 'problem', None) or error}"),)) from error
    except RecursionError as error:
        raise InvalidDocument((((), "nested too deeply"),)) from error
    except ValueError as error:  # of JSON, of UTF-8, of a date such as 2024-13-45
        raise InvalidDocument((((), f"not valid: {error}"),)) from error
    return checked_document(document, lexicon)


class _PlainLoader(yaml.SafeLoader):
    """Takes no aliases, which make a small text huge; in Python, since the parser in C recurses on the C stack."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="aliases are not taken here; write out what they stand for")
        return super().compose_node(parent, index)


def _yaml(body: bytes) -> object:
    return yaml.load(body.decode("utf-8"), Loader=_PlainLoader)  # noqa: S506 (a safe loader)
