"""Request bodies: JSON, checked by a model before a handler uses them; every fault is told with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from aiohttp import web
from pydantic import ValidationError

from service.api.forms import FORMS
from service.api.problems import BadBody, BodyFault, UnsupportedMediaType
from service.api.wire import Wire

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from service.core.errors import InvalidDocument

Body = TypeVar("Body", bound=Wire)


async def read_body(request: web.Request, model: type[Body]) -> Body:
    """Return the body of a request.

    Raises:
        UnsupportedMediaType: It is not JSON.
        BadBody: It is not what the model says.
        web.HTTPRequestEntityTooLarge: It is longer than the application takes.
    """
    if request.content_type != "application/json":
        raise UnsupportedMediaType("send the body as JSON, with `Content-Type: application/json`")
    raw = await request.read()
    try:
        return model.model_validate_json(raw, strict=True)
    except ValidationError as error:
        faults = tuple(
            BodyFault(_pointer(fault["loc"]), _told(fault, model))
            for fault in error.errors(include_url=False, include_input=False)
        )
        raise BadBody("; ".join(f"{each.pointer}: {each.message}" for each in faults), faults) from error


async def raw_body(request: web.Request, media: tuple[str, ...], limit_bytes: int) -> bytes:
    """Return a body as it came, for what is larger than the application takes elsewhere.

    Raises:
        UnsupportedMediaType: It is none of `media`.
        web.HTTPRequestEntityTooLarge: It is longer than the limit, as decompressed.
    """
    if request.content_type not in media:
        raise UnsupportedMediaType(f"send the body with a `Content-Type` of {' or '.join(media)}")
    body = bytearray()
    async for chunk in request.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > limit_bytes:
            raise web.HTTPRequestEntityTooLarge(max_size=limit_bytes, actual_size=len(body))
    return bytes(body)


def bad_document(error: InvalidDocument) -> BadBody:
    """Return the faults of a document as those of a body."""
    faults = tuple(BodyFault(_pointer(place), message) for place, message in error.faults)
    return BadBody("; ".join(f"{each.pointer}: {each.message}" for each in faults), faults)


def _told(fault: ErrorDetails, model: type[Wire]) -> str:
    """Return one of pydantic's errors as a message that says what to send."""
    match fault["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            known = f"; there are: {', '.join(model.model_fields)}" if len(fault["loc"]) == 1 else ""
            return f"is unknown; remove it or correct its spelling{known}"
        case "bool_type":
            return "must be true or false, without quotes"
        case "string_pattern_mismatch" if (pattern := fault["ctx"]["pattern"]) in FORMS:
            return f"must be {FORMS[pattern]}"
        case _:
            return fault["msg"]


def _pointer(place: tuple[int | str, ...]) -> str:
    """Return a JSON pointer as a URI fragment (RFC 6901 §6)."""
    return "#" + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in place)
