"""Expressions that values must match, each with the words for whoever sent something else."""

from __future__ import annotations

from service.core.model import POLE

HTTP_URL = "^[Hh][Tt][Tt][Pp][Ss]?://"
LANG = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"
FEED_LANG = "^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$"
CURSOR = "^[A-Za-z0-9_-]{39}$"
CURSOR_OR_NOW = "^(now|[A-Za-z0-9_-]{39})$"

FORMS = {
    HTTP_URL: "an http or https address",
    LANG: "a language such as `en` or `zh-TW`",
    FEED_LANG: "a language such as `en` or `zh-TW`, in small letters up to the hyphen",
    POLE: "small letters, digits and hyphens, such as `state-media`",
    CURSOR: "a cursor from `next_cursor` of an earlier answer",
    CURSOR_OR_NOW: "a cursor from `next_cursor` of an earlier answer, or `now`",
}
