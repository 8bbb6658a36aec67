"""The OpenAPI 3.1 document, made from the table of operations and the wire models."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

from service.api.documents import DEMO_NOTE
from service.api.links import Links
from service.api.problems import STATUS, problem_title
from service.api.wire_pages import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel

    from service.api.config import SiteConfig
    from service.api.operation import Operation

_REF = "#/components/schemas/{model}"
_IN_PATH = {
    "story": "Id of a story, as in /v1/stories.",
    "thread": "Id of a thread of the story.",
    "page": "Page of the archive, 1 for the oldest; the feed links to the newest full one.",
    "webhook": "Id of a webhook.",
    "delta": "Id of a delta.",
    "token": "Id of a reader token; not the token.",
    "id": "Id, as lists and feeds give it.",
    "name": "Name of a schema: delta, entry, decision, fact, feed, development, followed-story, problem, story.",
    "file": "style.css or live.js.",
}
_PAGE = {"type": "integer", "minimum": 1, "maximum": 999_999_999}
_TAGS = {
    "pages": "For people.",
    "feeds": "For feed readers. Filters make other feeds of the same story.",
    "deltas": "What changed. Read once with a cursor and keep `next_cursor`; it reads on from there, for ever.",
    "stories": "What is followed, and what is known of it.",
    "entries": "What the polled feeds said, and what became of it.",
    "service": "The service about itself.",
    "admin": "What is followed and polled, for operators: needs the admin token.",
    "subscribers": "Who is told of deltas, and who may read: needs the admin token.",
}


def openapi_document(operations: Iterable[Operation], config: SiteConfig) -> dict[str, Any]:
    """Return the document. HEAD works on every GET and is not listed."""
    listed = list(operations)
    models: list[type[BaseModel]] = [operation.answer for operation in listed if operation.answer is not None]
    shown: list[type[BaseModel]] = [*dict.fromkeys(models), Problem]
    bodies = dict.fromkeys(operation.body for operation in listed if operation.body is not None)
    _, definitions = models_json_schema(
        [*((model, "serialization") for model in shown), *((model, "validation") for model in bodies)],
        ref_template=_REF,
    )
    paths: dict[str, dict[str, Any]] = {}
    for operation in listed:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, config)
    about = "Follows a story after the article has ended and serves what changed. Errors are RFC 9457 problems."
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Aftermath",
            "version": config.version,
            "description": f"{DEMO_NOTE}. {about}" if config.demo else about,
        },
        "servers": [{"url": Links.of(config.public_base_url, config.tag_authority).base or "/"}],
        "tags": [{"name": name, "description": words} for name, words in _TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": definitions["$defs"],
            "responses": {_problem_name(status): _problem(status) for status in sorted({*STATUS.values()})},
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "AFTERMATH_ADMIN_TOKEN for writing; for reading, if it is private, AFTERMATH_READ_TOKEN",
                },
                "token": {"type": "apiKey", "in": "query", "name": "token", "description": "The same, in the address"},
            },
        },
    }


def _operation(operation: Operation, config: SiteConfig) -> dict[str, Any]:
    in_path = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": _PAGE if name == "page" else {"type": "string"},
            "description": _IN_PATH[name],
        }
        for name in re.findall(r"{(\w+)}", operation.path)
    ]
    in_query = [
        {
            "name": param.name,
            "in": "query",
            "schema": param.schema(),
            "description": param.description,
            "allowEmptyValue": True,  # counts as not given
        }
        for param in operation.params
    ]
    schema = {"$ref": _REF.format(model=operation.answer.__name__)} if operation.answer else {}
    ok: dict[str, Any] = {"description": operation.summary}
    if operation.status != HTTPStatus.NO_CONTENT:
        ok["content"] = {operation.media: {"schema": schema}}
    responses: dict[str, Any] = {str(status): ok for status in (operation.status, *operation.also)}
    if operation.conditional:
        ok["headers"] = {
            "ETag": {"schema": {"type": "string"}, "description": "Strong; send it back in If-None-Match"},
            "Last-Modified": {"schema": {"type": "string"}, "description": "Time of what the answer shows"},
        }
        responses["304"] = {"description": "Not modified since"}
    private = config.read_token is not None and operation.path not in {"/healthz", "/readyz"}
    errors = {
        *operation.errors,
        *((400,) if operation.params or not operation.is_page else ()),
        *((401,) if private else ()),
        500,
        503,
    }
    for status in sorted(errors):
        responses[str(status)] = {"$ref": f"#/components/responses/{_problem_name(status)}"}
    security: list[dict[str, list[str]]] = [{"bearer": []}, {"token": []}] if private else []
    document = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": [*in_path, *in_query],
        "responses": responses,
        "security": [{"bearer": []}] if operation.needs_admin else security,
    }
    if operation.body is not None:
        body = {"schema": {"$ref": _REF.format(model=operation.body.__name__)}}
        document["requestBody"] = {"required": True, "content": dict.fromkeys(operation.body_media, body)}
    return document


def _problem_name(status: int) -> str:
    return f"Problem{status}"


def _problem(status: int) -> dict[str, Any]:
    titles = [problem_title(code) for code, of_code in STATUS.items() if of_code == status]
    return {
        "description": "; ".join(dict.fromkeys(titles)),
        "content": {"application/problem+json": {"schema": {"$ref": _REF.format(model="Problem")}}},
    }
