"""A draft of a story as a YAML file with notes for its author, and the words that drafting needs."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml

from service.core.drafting.candidates import NameWords
from service.core.drafting.proposal import Draft, DraftEntity, DraftFact
from service.core.errors import Invalid, ServiceError
from service.core.language.folding import fold
from service.core.language.lexicon import Lexicon
from service.core.model import Role
from service.loading.lexicon_files import LEXICON_FOLDER
from service.loading.story_files import StoryFile, checked_document

_FILE = LEXICON_FOLDER / "drafting.yaml"
_ID = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
_UNSEEN = re.compile("[\u2028\u2029\u0085\x7f\x00-\x1f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_LIMIT_BYTES = 1_000_000
_DATE_NOTES = {
    "option": "",
    "text": "  # the day that the article gives: news of before is none",
    None: "  # today: put when the article was published",
}
_NO_CAPITALS = frozenset({"ar", "fa", "he", "zh", "ja"})


@lru_cache(maxsize=1)
def load_name_words(path: Path = _FILE) -> dict[str, NameWords]:
    """Read the words that help to find names, by language.

    Raises:
        Invalid: The file is no mapping of languages to lists of words.
    """
    try:
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
        return {
            lang: NameWords(**{kind: frozenset(fold(word) for word in words) for kind, words in kinds.items()})
            for lang, kinds in table.items()
        }
    except (OSError, yaml.YAMLError, TypeError, AttributeError) as error:
        raise Invalid(f"{path}: must hold lists of words by language ({error})") from error


def read_article(path: Path) -> str:
    """Return the text of an article.

    Raises:
        Invalid: It cannot be read, is no text, too long or empty.
    """
    try:
        body = path.read_bytes()
        text = body.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{path}: cannot be read as text ({error}); save the article's text as UTF-8") from error
    if len(body) > _LIMIT_BYTES:
        raise Invalid(f"{path}: is {len(body)} bytes; the limit is {_LIMIT_BYTES}")
    if not text.strip():
        raise Invalid(f"{path}: is empty; an article's text is needed")
    return text.replace("\r\n", "\n")


def story_id_of(draft: Draft, out: Path | None) -> str:
    """Return the id of a draft: the name of its file, which must be the id, else made from its core."""
    if out is not None and _ID.fullmatch(out.stem) and len(out.stem) <= 64:
        return out.stem
    core = [entity.id for entity in draft.entities if entity.role is Role.CORE]
    return "-".join(core[:2])[:64].strip("-") or "draft"


def draft_text(
    draft: Draft,
    lexicon: Lexicon,
    *,
    story_id: str,
    outlet: str,
    url: str | None,
    published_at: datetime,
    dated: Literal["option", "text"] | None,
) -> str:
    """Return a draft as the text of a story file; `story check` accepts it.

    Args:
        draft: What is proposed.
        lexicon: To check the result by.
        story_id: Its id.
        outlet: Who printed the article; "" where unknown.
        url: Where; None where unknown.
        published_at: When.
        dated: Who said when: the author, or the article's own first lines; None where nobody did.

    Raises:
        Invalid: The text names nothing to follow.
    """
    if not draft.patterns:
        raise Invalid("the text names nothing that could be followed; give a longer one, or --title with a name in it")
    lines = [
        "# A draft, made from the article's text by rules: counts, positions, the words beside a name. Nothing in it is",
        "# certain. Review from top to bottom, then `story check` and `explain` it. What to look at stands beside it.",
        f"id: {story_id}",
        f"title: {_q(draft.headline)}  # what the story is called in feeds; short",
        f"as_of: {_at(published_at)}{_DATE_NOTES[dated]}",
        "article:",
        f"  headline: {_q(draft.headline)}" + ("  # its first sentence" if draft.headline_is_guessed else ""),
        f"  outlet: {_q(outlet or 'unknown')}" + ("" if outlet and outlet != draft.agency else "  # who printed it"),
        *([f"  url: {_q(url)}"] if url else []),
        f"  published: {_at(published_at)}",
        f"  language: {draft.lang}",
        "",
        "# core: the story is about it; context: it takes part; background: a mere setting; publisher: it reports.",
        "# Check the types: roles in a sentence follow from them (person, group, organization, country, place, facility,",
        "# vessel, object, event, document). A state is a country, a product an object. Join what is one thing, part what",
        '# is two. Write descriptions that stand for a name under `titles`: `en: ["(founder|boss) of Rollo"]`.',
        "# Give names in the languages of your feeds, base forms only; inflection is the matcher's job. Known are",
        f"# {', '.join(lexicon.languages)}.",
        "# Under `not` go phrases in which a name means somebody else.",
    ]
    if draft.lang in _NO_CAPITALS:
        lines.append(
            "# This script has no capitals: only what is repeated or quoted was found, and some of it is no name."
        )
    lines.append("entities:")
    for entity in draft.entities:
        lines += _entity_lines(entity, draft.lang)
    if draft.left_out:
        lines.append(f"  # left out, since named in passing: {_plain(', '.join(draft.left_out[:30]))}")
    lines += [
        "",
        "# One thread takes all. Part it where readers would want a feed of their own, each with its question.",
        "# An item belongs where any line's slots are all filled; `|` means or. The first line is what the story is about",
        "# with what may happen next (the actions of the article and their relatives), then with whom else it names.",
        "# Strike what is too wide, add what the headline does not name. `story words` lists all that a slot may name.",
        "threads:",
        "  - id: main",
        f"    title: {_q(' and '.join(_core_names(draft)[:2]))}",
        f"    question: {_q('What becomes of ' + ', '.join(_core_names(draft)) + '?')}",
        "    belongs:",
        *(f"      - [{', '.join(_q(slot) for slot in pattern)}]" for pattern in draft.patterns),
        "",
        "# What the article says, as events read from it: correct who did what, add what matters, strike what does not.",
        "# `changed_by` says what a later report would have to tell, and what is then known.",
    ]
    lines.append("facts:" if draft.facts else "facts: []  # no event could be read: write the statements yourself")
    for fact in draft.facts:
        lines += _fact_lines(fact, outlet)
    text = "\n".join(lines) + "\n"
    _checked(text, lexicon)
    return text


def _checked(text: str, lexicon: Lexicon) -> StoryFile:
    """Return the draft as a story file: what `story check` would refuse is never written."""
    try:
        return checked_document(yaml.safe_load(text), lexicon)
    except (Invalid, yaml.YAMLError) as error:
        raise ServiceError(f"the draft came out unsound ({error}); please report the article") from error


def _core_names(draft: Draft) -> list[str]:
    return [entity.names[0] for entity in draft.entities if entity.role is Role.CORE]


def _entity_lines(entity: DraftEntity, lang: str) -> list[str]:
    where = "in headline or lead" if entity.in_lead else "later in the text"
    return [
        f"  - id: {entity.id}",
        *([f"    name: {_q(entity.names[0])}  # in English"] if lang != "en" else []),
        f"    type: {entity.type}  # a guess",
        f"    role: {entity.role.value}  # named {entity.count} times, {where}",
        "    names:",
        f"      {_q(lang)}: [{', '.join(_q(name) for name in entity.names)}]",
    ]


def _fact_lines(fact: DraftFact, outlet: str) -> list[str]:
    event = fact.event
    source = fact.speaker or outlet or "the article"
    told = event.target or event.actor
    counts_dead = event.action == "kill" and (event.quantity or "").endswith(" killed")
    lines = [
        f"  - id: {fact.id}",
        "    thread: main",
        f"    statement: {_q(fact.statement)}",
        *(f"    {key}: {value}" for key, value in _slots_of(fact).items()),
        *([f"    value: {_q(event.quantity)}"] if counts_dead and event.quantity else []),
        *(["    negated: true"] if event.negated else []),
        f"    modality: {event.modality}",
        f"    attribution: {{text: {_q(source)}, origin: {_origin(source)}, on_record: {str(event.on_record).lower()}}}",
        "    changed_by:",
    ]
    same = f"action: {event.action}, with: [{told}]"
    if counts_dead:
        lines.append(
            f'      - {{action: "kill|die", with: [killed, {told}], negated: false, type: value_change, '
            f"stance: contradicts, after: {_q('The number of dead is another than ' + str(event.quantity) + '.')}}}"
        )
        return lines
    if fact.done is not None:
        stance = "contradicts" if event.negated else "develops"
        lines.append(
            f'      - {{{same}, negated: false, modality: "reported|confirmed", type: status_change, '
            f"stance: {stance}, after: {_q(fact.done)}}}"
        )
    if not event.negated:
        denied = _q(f"It is denied that this is so: {fact.statement}")
        lines.append(f"      - {{{same}, modality: denied, type: contradiction, stance: contradicts, after: {denied}}}")
        lines.append(
            f"      - {{{same}, negated: true, type: contradiction, stance: contradicts, "
            f"after: {_q('This is reported not to be so: ' + fact.statement)}}}"
        )
    if fact.opposite is not None:
        actions = "|".join(fact.opposing)
        lines.append(
            f"      - {{action: {_q(actions)}, with: [{told}], type: status_change, stance: contradicts, "
            f"after: {_q(fact.opposite)}}}"
        )
    if fact.following:
        steps = "|".join(fact.following)
        further = f"{fact.statement.rstrip('.')}; a further step is taken. (write it)"
        lines.append(
            f"      - {{action: {_q(steps)}, with: [{told}], negated: false, type: status_change, stance: develops, "
            f"after: {_q(further)}}}"
        )
    lines.append(
        f"      - {{{same}, modality: confirmed, type: confirmation, stance: confirms, "
        f"after: {_q('Confirmed: ' + fact.statement)}}}"
    )
    return lines


def _slots_of(fact: DraftFact) -> dict[str, str]:
    event = fact.event
    slots = {"actor": event.actor, "action": event.action, "object": event.target, "place": event.place}
    if event.place in {event.actor, event.target}:
        slots["place"] = None
    return {key: value for key, value in slots.items() if value is not None}


def _origin(source: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", fold(source).encode("ascii", "ignore").decode()).strip("-")[:60].strip("-")
    return plain or "source"


def _q(text: str) -> str:
    """Return a quoted YAML scalar; characters that turn text round or cannot be seen are escaped or dropped."""
    return json.dumps(_plain(text)[:1000].strip(), ensure_ascii=False)


def _plain(text: str) -> str:
    return " ".join(_UNSEEN.sub(" ", text).split())


def _at(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
