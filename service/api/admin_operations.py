"""The operations that change what is followed and polled. All but `one_feed` need the admin token."""

from __future__ import annotations

from service.api.handlers import admin
from service.api.operation import Operation
from service.api.wire_admin import FeedIn, ReloadOut, StoryDocument
from service.api.wire_stories import FeedOut, StoryOut

_REFUSED = (401, 403, 409)
_BODY = (413, 415, 422)

ADMIN_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        path="/v1/stories",
        method="POST",
        handler=admin.create_story,
        summary="Follow a new story, over the entries already stored too; the body is what its file would say",
        tag="admin",
        body=StoryDocument,
        body_media=admin.STORY_MEDIA,
        status=201,
        answer=StoryOut,
        errors=(*_REFUSED, *_BODY),
        conditional=False,
    ),
    Operation(
        path="/v1/stories/{story}",
        method="PUT",
        handler=admin.put_story,
        summary="Follow a story, or replace the one made over the API; one that comes from a file is refused",
        tag="admin",
        body=StoryDocument,
        body_media=admin.STORY_MEDIA,
        also=(201,),
        answer=StoryOut,
        errors=(*_REFUSED, *_BODY),
        conditional=False,
    ),
    Operation(
        path="/v1/stories/{story}",
        method="DELETE",
        handler=admin.delete_story,
        summary="Follow a story no more; its feeds and deltas go on answering with what was published",
        tag="admin",
        status=204,
        errors=(*_REFUSED, 404),
        conditional=False,
    ),
    Operation(
        path="/v1/feeds",
        method="POST",
        handler=admin.create_feed,
        summary="Poll a feed; 200 where it is polled already. The address is checked when it is polled",
        tag="admin",
        body=FeedIn,
        status=201,
        also=(200,),
        answer=FeedOut,
        errors=(*_REFUSED, *_BODY),
        conditional=False,
    ),
    Operation(
        path="/v1/feeds/{id}",
        handler=admin.one_feed,
        summary="One polled feed and its health",
        tag="service",
        answer=FeedOut,
        errors=(404,),
    ),
    Operation(
        path="/v1/feeds/{id}",
        method="DELETE",
        handler=admin.delete_feed,
        summary="Poll a feed no more, even if the feeds file lists it; what it brought stays",
        tag="admin",
        status=204,
        errors=(*_REFUSED, 404),
        conditional=False,
    ),
    Operation(
        path="/v1/feeds/{id}/poll",
        method="POST",
        handler=admin.poll_feed,
        summary="Make a feed due now; refused while it waits after failures",
        tag="admin",
        status=202,
        answer=FeedOut,
        errors=(*_REFUSED, 404),
        conditional=False,
    ),
    Operation(
        path="/v1/admin/reload",
        method="POST",
        handler=admin.reload,
        summary="Take over what changed in story files, OPML, lexicon and settings; one fault, and nothing changes",
        tag="admin",
        answer=ReloadOut,
        errors=(*_REFUSED, 422),
        conditional=False,
    ),
)
