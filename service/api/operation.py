"""One thing that can be asked of the API. The tables of them are operations.py and admin_operations.py."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web
from pydantic import BaseModel

from service.api.params import Param, Query
from service.api.wire import Wire

Handler = Callable[[web.Request, Query], Awaitable[web.StreamResponse]]

HTML = "text/html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What can be asked, and what answers."""

    path: str
    handler: Handler
    summary: str
    tag: str
    method: str = "GET"
    params: tuple[Param, ...] = ()
    body: type[BaseModel] | None = None
    body_media: tuple[str, ...] = ("application/json",)
    status: int = 200  # of an answer without problems
    also: tuple[int, ...] = ()  # other statuses of an answer without problems
    answer: type[Wire] | None = None  # None: `media` is not described by a model
    media: str = "application/json"
    errors: tuple[int, ...] = ()
    conditional: bool = True  # carries validators, answers 304
    admin: bool = False  # needs the admin token although it only reads

    @property
    def writes(self) -> bool:
        """What is no GET changes something and needs the admin token."""
        return self.method != "GET"

    @property
    def needs_admin(self) -> bool:
        """Say whether only the admin token opens it."""
        return self.writes or self.admin

    @property
    def is_page(self) -> bool:
        """Pages are for people: they pass over query parameters they do not know."""
        return self.media == HTML

    @property
    def name(self) -> str:
        """Return a name unique in the table."""
        return self.handler.__name__
