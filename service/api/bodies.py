"""Request bodies: JSON, checked by a model before a handler uses them; every fault is told with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from service.api.problems import BadBody, BodyFault, UnsupportedMediaType
from service.api.wire import Wire

if TYPE_CHECKING:
    from aiohttp import web

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
        return model.model_validate_json(raw)
    except ValidationError as error:
        faults = tuple(
            BodyFault(_pointer(fault["loc"]), fault["msg"])
            for fault in error.errors(include_url=False, include_input=False)
        )
        raise BadBody("; ".join(f"{each.pointer}: {each.message}" for each in faults), faults) from error


def _pointer(place: tuple[int | str, ...]) -> str:
    """Return a JSON pointer as a URI fragment (RFC 6901 §6)."""
    return "#" + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in place)
