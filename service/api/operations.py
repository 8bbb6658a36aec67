"""One table of operations. The router and the OpenAPI document are both made from it, so they cannot disagree."""

from __future__ import annotations

from service.api import params as p
from service.api.admin_operations import ADMIN_OPERATIONS
from service.api.handlers import brief, deltas, entries, feedback, feeds, output, pages, service, stories, stream
from service.api.links import FORMATS
from service.api.operation import HTML, Handler, Operation
from service.api.subscriber_operations import SUBSCRIBER_OPERATIONS
from service.api.wire import DecisionOut, DeltaOut, EntryOut
from service.api.wire_brief import BriefOut
from service.api.wire_coverage import CoverageOut
from service.api.wire_feedback import FeedbackIn, FeedbackOut, MergeIn, RegroupingOut, SplitIn
from service.api.wire_opinions import OpinionOut
from service.api.wire_pages import (
    DecisionPage,
    DeltaPage,
    DevelopmentPage,
    EntryPage,
    FactPage,
    FeedPage,
    Health,
    RevisionPage,
    StoryPage,
)
from service.api.wire_stories import StoryOut

_FILTERS = (p.THREAD, p.TYPE, p.ENTITY, p.LANG, p.MIN_SCORE)
_LIST = (p.AFTER, p.LIMIT)
_FORMAT_NAMES = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}
_PAGE_FILTERS = (p.THREAD, p.TYPE, p.LANG)
_FEED_FILTERS = (p.THREAD, p.TYPE, p.ENTITY, p.LANG)
_STORY, _THREAD = "The newest 50 deltas of a story", "The newest 50 deltas of a thread"
_ARCHIVE = "Fifty older deltas of a feed, as they will always be"


def _feed(path: str, fmt: str, handler: Handler, what: str) -> Operation:
    return Operation(
        path=path,
        handler=handler,
        summary=f"{what} as {_FORMAT_NAMES[fmt]}",
        tag="feeds",
        params=(
            *(_FEED_FILTERS[1:] if what is _THREAD else _FEED_FILTERS),
            *((p.TOMBSTONES,) if fmt == "atom" else ()),
        ),
        media=FORMATS[fmt],
        errors=(400, 404),
    )


OPERATIONS: tuple[Operation, ...] = (
    # -- pages
    Operation(
        path="/",
        handler=pages.index,
        summary="The stories that are followed; with one story, its page",
        tag="pages",
        params=_PAGE_FILTERS,
        media=HTML,
    ),
    Operation(
        path="/stories/{story}",
        handler=pages.story_page,
        summary="One story: where it stands, what changed, and its timeline",
        tag="pages",
        params=_PAGE_FILTERS,
        media=HTML,
        errors=(404,),
    ),
    Operation(
        path="/deltas/{id}",
        handler=pages.delta_page,
        summary="One delta with its evidence and reasons",
        tag="pages",
        media=HTML,
        errors=(404,),
    ),
    Operation(
        path="/feeds",
        handler=pages.feeds_page,
        summary="The polled feeds and their health",
        tag="pages",
        params=(p.GROUP, p.PAGE),
        media=HTML,
        errors=(400, 404),
    ),
    # -- output feeds
    _feed("/feeds/{story}.rss", "rss", output.story_rss, _STORY),
    _feed("/feeds/{story}.atom", "atom", output.story_atom, _STORY),
    _feed("/feeds/{story}.json", "json", output.story_jsonfeed, _STORY),
    _feed("/feeds/{story}/{thread}.rss", "rss", output.thread_rss, _THREAD),
    _feed("/feeds/{story}/{thread}.atom", "atom", output.thread_atom, _THREAD),
    _feed("/feeds/{story}/{thread}.json", "json", output.thread_jsonfeed, _THREAD),
    _feed("/feeds/{story}/archive/{page}.rss", "rss", output.archive_rss, _ARCHIVE),
    _feed("/feeds/{story}/archive/{page}.atom", "atom", output.archive_atom, _ARCHIVE),
    _feed("/feeds/{story}/archive/{page}.json", "json", output.archive_jsonfeed, _ARCHIVE),
    Operation(
        path="/feeds.opml",
        handler=output.our_opml,
        summary="Our feeds as OPML",
        tag="feeds",
        params=(p.FORMAT,),
        media="text/x-opml",
        errors=(400,),
    ),
    Operation(
        path="/sources.opml",
        handler=output.polled_opml,
        summary="The polled feeds as OPML, credentials redacted",
        tag="feeds",
        media="text/x-opml",
    ),
    # -- stories
    Operation(
        path="/v1/stories",
        handler=stories.list_stories,
        summary="The stories that are followed",
        tag="stories",
        answer=StoryPage,
    ),
    Operation(
        path="/v1/stories/{story}",
        handler=stories.one_story,
        summary="One story",
        tag="stories",
        answer=StoryOut,
        errors=(404,),
    ),
    Operation(
        path="/v1/stories/{story}/facts",
        handler=stories.list_facts,
        summary="What is known: the baseline and what deltas brought",
        tag="stories",
        params=(p.AS_OF,),
        answer=FactPage,
        errors=(400, 404),
    ),
    Operation(
        path="/v1/stories/{story}/deltas",
        handler=deltas.list_deltas,
        summary="Deltas after a cursor: every delta once, in order",
        tag="deltas",
        params=(*_LIST, *_FILTERS, p.ORDER),
        answer=DeltaPage,
        errors=(400, 404, 410),
    ),
    Operation(
        path="/v1/stories/{story}/brief",
        handler=brief.story_brief,
        summary="What changed after a cursor, per thread, made only of sentences of deltas",
        tag="deltas",
        params=_LIST,
        answer=BriefOut,
        errors=(400, 404, 410),
    ),
    Operation(
        path="/v1/stories/{story}/decisions",
        handler=stories.list_decisions,
        summary="Decisions on entries, published or not, with their reasons",
        tag="entries",
        params=(*_LIST, p.OUTCOME, p.MIN_SCORE),
        answer=DecisionPage,
        errors=(400, 404, 410),
    ),
    Operation(
        path="/v1/stories/{story}/coverage",
        handler=stories.coverage,
        summary="What the story's feeds hear, since when, and when they did not",
        tag="stories",
        params=(p.SINCE,),
        answer=CoverageOut,
        errors=(400, 404),
    ),
    Operation(
        path="/v1/stories/{story}/developments",
        handler=stories.list_developments,
        summary="Happenings with their first report, deltas, outlets and independent origins",
        tag="stories",
        params=(p.BEFORE, p.LIMIT),
        answer=DevelopmentPage,
        errors=(400, 404, 410),
    ),
    Operation(
        path="/v1/stories/{story}/stream",
        handler=stream.stream,
        summary="New deltas as server-sent events; resumes by Last-Event-ID",
        tag="deltas",
        params=(p.AFTER, *_FILTERS),
        media="text/event-stream",
        errors=(400, 404, 410),
        conditional=False,
    ),
    Operation(
        path="/v1/deltas/{id}",
        handler=deltas.one_delta,
        summary="One delta",
        tag="deltas",
        answer=DeltaOut,
        errors=(404,),
    ),
    Operation(
        path="/v1/deltas/{id}/opinion",
        handler=deltas.delta_opinion,
        summary="A second opinion on a delta, where the operator has a model asked",
        tag="deltas",
        answer=OpinionOut,
        errors=(404,),
    ),
    # -- entries
    Operation(
        path="/v1/entries",
        handler=entries.search_entries,
        summary="Entries of the polled feeds that contain a text",
        tag="entries",
        params=(p.QUESTION, p.SEARCH_AFTER, p.LIMIT),
        answer=EntryPage,
        errors=(400, 410),
    ),
    Operation(
        path="/v1/entries/{id}",
        handler=entries.one_entry,
        summary="An entry in its newest revision",
        tag="entries",
        answer=EntryOut,
        errors=(404,),
    ),
    Operation(
        path="/v1/entries/{id}/revisions",
        handler=entries.list_revisions,
        summary="All revisions of an entry",
        tag="entries",
        answer=RevisionPage,
        errors=(404,),
    ),
    Operation(
        path="/v1/entries/{id}/decision",
        handler=entries.entry_decision,
        summary="Why an entry was or was not published",
        tag="entries",
        params=(p.STORY,),
        answer=DecisionOut,
        errors=(400, 404),
    ),
    Operation(
        path="/v1/entries/{id}/feedback",
        method="POST",
        handler=feedback.judge_entry,
        summary="Judge an entry: withdraw what it told, or publish a near miss",
        tag="entries",
        body=FeedbackIn,
        status=202,
        answer=FeedbackOut,
        errors=(401, 403, 404, 413, 415, 422),
        conditional=False,
    ),
    Operation(
        path="/v1/developments/{id}/split",
        method="POST",
        handler=feedback.split_development,
        summary="Move reports out of a development into a new one; a correction tells readers of it",
        tag="admin",
        body=SplitIn,
        status=202,
        answer=RegroupingOut,
        errors=(401, 403, 404, 409, 413, 415, 422),
        conditional=False,
    ),
    Operation(
        path="/v1/developments/{id}/merge",
        method="POST",
        handler=feedback.merge_development,
        summary="Move all reports of a development into another of its story; a correction tells readers of it",
        tag="admin",
        body=MergeIn,
        status=202,
        answer=RegroupingOut,
        errors=(401, 403, 404, 409, 413, 415, 422),
        conditional=False,
    ),
    # -- the service itself
    Operation(
        path="/v1/feeds",
        handler=feeds.list_polled_feeds,
        summary="The polled feeds and their health",
        tag="service",
        params=(p.PLAIN_AFTER, p.FEED_LIMIT),
        answer=FeedPage,
        errors=(400,),
    ),
    Operation(path="/openapi.json", handler=service.openapi_json, summary="This document", tag="service"),
    Operation(path="/docs", handler=service.docs, summary="This document as a page", tag="service", media=HTML),
    Operation(
        path="/schemas/{name}.json",
        handler=service.schema,
        summary="JSON Schema of one kind of object",
        tag="service",
        media="application/schema+json",
        errors=(404,),
    ),
    Operation(
        path="/static/{file}",
        handler=service.static,
        summary="Stylesheet and script of the pages",
        tag="service",
        params=(p.VERSION,),
        media="*/*",
        errors=(404,),
    ),
    Operation(
        path="/healthz",
        handler=service.healthz,
        summary="The process lives",
        tag="service",
        answer=Health,
        conditional=False,
    ),
    Operation(
        path="/readyz",
        handler=service.readyz,
        summary="The process can do its work: store, stories and, where it polls, the scheduler",
        tag="service",
        answer=Health,
        conditional=False,
        errors=(503,),
    ),
    Operation(
        path="/metrics",
        handler=service.metrics,
        summary="What the process counts and measures, as Prometheus reads it",
        tag="service",
        media="text/plain",
        conditional=False,
    ),
    *ADMIN_OPERATIONS,
    *SUBSCRIBER_OPERATIONS,
)
