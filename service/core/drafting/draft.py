"""A first story file from an article's text: who and what it is about, in what roles, and what it says happened.

Every guess is by counts, position and the words beside a name, so an author can see why it was made and correct it.
Facts are lines made from events, in the same English as deltas; no sentence of the article is kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from service.core.drafting.baseline import facts_of
from service.core.drafting.candidates import Candidate, NameWords
from service.core.drafting.name_types import Typing
from service.core.drafting.naming import find_names
from service.core.drafting.opening import opening_of
from service.core.drafting.proposal import SETTINGS, Draft, DraftEntity
from service.core.drafting.topics import (
    OF_COURTS,
    possible,
    related,
    special,
)
from service.core.events.dates import Calendar
from service.core.events.event_words import EventWords
from service.core.events.extraction import read_events
from service.core.language.folding import fold, language_of
from service.core.language.lexicon import Lexicon
from service.core.language.number_words import NumberWords
from service.core.matching.reading import Sentence, read_entry
from service.core.matching.watchlist import Watchlist
from service.core.model import Entity, Event, Role, Span, Story, Thread

MOST_CORE = 4
MOST_CONTEXT = 12
_SHORT = 12  # sentences: of a short text every action counts, of a long one those that return
_LONG = 40  # sentences: in a text of fewer a full name that stands there once is worth an entity
_LEAD = frozenset({0, 1, 2})  # headline and the first two sentences
_TELLING_CONCEPTS = frozenset(
    {"base", "troops", "lease", "asylum", "exile", "extradition", "court", "convoy", "compensation", "embassy"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What is drafted from."""

    text: str
    title: str = ""
    outlet: str = ""
    lang: str | None = None  # None: guessed
    published_at: datetime


def draft_story(article: Article, lexicon: Lexicon, words: Mapping[str, NameWords]) -> Draft:
    """Propose a story.

    Args:
        article: The text, with what is known of it.
        lexicon: Says which words tell of actions.
        words: Language → words that help to find names.
    """
    lang = article.lang or guess_language(f"{article.title}\n{article.text}", words)
    helping = _without_words(words.get(lang, NameWords()), lang, lexicon)
    opening = opening_of(article.text, article.title, lang, helping, Calendar(lexicon.months))
    title, text, guessed = opening.headline, opening.text, opening.is_guessed
    candidates = find_names("" if guessed else title, text, lang, helping)
    judge = Typing(lexicon, lang, helping, article.outlet)
    entities, left_out = _chosen(candidates, judge, lexicon)
    story = _provisional(article, lang, title, entities, lexicon)
    watchlist = Watchlist([story], lexicon)
    known = {**lexicon.actions, **lexicon.subject_actions}
    event_words = EventWords(
        actions=known,
        units=lexicon.units,
        numbers=NumberWords.by_language(lexicon.numbers),
        general=frozenset(lexicon.subject_actions),
    )
    classes: Counter[str] = Counter()
    topics: Counter[str] = Counter()  # subjects, wherever they stand
    early: set[str] = set()
    core = {entity.id for entity in entities if entity.role is Role.CORE}
    read, happened = _read(story, ("" if guessed else title, *text.split("\n")), watchlist, event_words)
    for number, sentence in enumerate(read):
        topics.update(sentence.classes() & lexicon.subjects.keys())
        if sentence.entities() & core:
            classes.update(sentence.classes())
            early |= sentence.classes() if number in _LEAD else frozenset()
    often = 1 if len(read) <= _SHORT else 2
    main = early | {name for name, count in classes.items() if count >= often}
    subjects = related(topics, early, known, lexicon)
    concepts = (*(name for name, _ in classes.most_common() if name in _TELLING_CONCEPTS), *subjects)
    court = main | ({"try"} if OF_COURTS.intersection(concepts) else set())
    actions = possible(court, lexicon.actions) + special(
        main | {event.action for event in happened}, lexicon.subject_actions
    )
    return Draft(
        lang=lang,
        headline=title,
        headline_is_guessed=guessed,
        day=opening.day,
        agency=opening.agency,
        entities=entities,
        left_out=left_out,
        actions=actions,
        concepts=concepts,
        patterns=_patterns(entities, actions, concepts),
        facts=facts_of(
            sorted(happened, key=lambda event: event.action not in main),  # the main ones first
            entities,
            known,
        ),
    )


def _read(
    story: Story, paragraphs: Iterable[str], watchlist: Watchlist, words: EventWords
) -> tuple[list[Sentence], list[Event]]:
    """Return an article's sentences, and what happens in them.

    Each paragraph is read like the text of an item that has all names in its title: a surname alone counts where the
    whole name stands elsewhere.
    """
    names = ", ".join(entity.name for entity in story.entities)
    read: list[Sentence] = []
    happened: list[Event] = []
    for paragraph in paragraphs:
        if not paragraph.strip():
            continue
        reading = read_entry(watchlist, story, names, paragraph, story.lang, anyway=True)
        assert reading is not None  # wanted anyway
        told = tuple(sentence for sentence in reading.sentences if sentence.field == "summary")
        read += told
        happened += _first_told(read_events(replace(reading, sentences=told), words))
    return read, happened


def _first_told(events: Iterable[Event]) -> Iterable[Event]:
    """Yield the events of each sentence whose actor is that of the first: who else acts in it is mostly guessed wrong."""
    actors: dict[Span | None, str | None] = {}
    for event in events:
        if actors.setdefault(event.span, event.actor) == event.actor:
            yield event


def _without_words(helping: NameWords, lang: str, lexicon: Lexicon) -> NameWords:
    """Return the helping words where those of the lexicon are no names: in a script without spaces or capitals."""
    if lang not in {"zh", "ja"}:
        return helping
    tables = (lexicon.words.get(lang, {}).values(), (table.get(lang, ()) for table in lexicon.subjects.values()))
    said = {fold(phrase) for table in tables for phrases in table for phrase in phrases if len(phrase) > 1}
    return replace(helping, common=helping.common | (said - helping.person))


def guess_language(text: str, words: Mapping[str, NameWords]) -> str:
    """Return the language of a text: by its script, and among those of one script by its most common words."""
    by_script = language_of(text, None)
    if by_script not in {"en", "ru", "ar"}:
        return by_script
    rivals = {"en": ("en", "fr", "de", "es", "it", "pt", "pl", "tr", "vi"), "ru": ("ru", "uk"), "ar": ("ar", "fa")}
    tokens = Counter(re.findall(r"[^\W\d_]+", fold(text)))
    share = {lang: sum(tokens[word] for word in words[lang].common) for lang in rivals[by_script] if lang in words}
    return max(share, key=lambda lang: (share[lang], lang == by_script), default=by_script)


# --- types and roles ---------------------------------------------------------------------


def _chosen(
    candidates: Sequence[Candidate], judge: Typing, lexicon: Lexicon
) -> tuple[tuple[DraftEntity, ...], tuple[str, ...]]:
    """Return (entities with roles, names that were left out)."""
    ids: set[str] = {*lexicon.groups}
    chosen: list[DraftEntity] = []
    left_out: list[str] = []
    left = {Role.CORE: MOST_CORE, Role.CONTEXT: MOST_CONTEXT, Role.PUBLISHER: len(candidates)}
    is_short = max((place for candidate in candidates for place in candidate.places), default=0) <= _LONG
    for candidate in candidates:
        if judge.is_generic(candidate.name) or judge.is_charge(candidate) or judge.is_kind(candidate):
            continue
        if judge.is_adjective(candidate):
            left_out.append(candidate.name)
            continue
        publisher, names = judge.reports(candidate), _forms(candidate, judge)
        kind = "organization" if publisher else judge.type_of(candidate)
        fitting = (Role.PUBLISHER,) if publisher else _roles(candidate, kind, judge, is_short=is_short)
        role = next((each for each in fitting if left[each]), None)
        if role is None:
            left_out.append(names[0])
            continue
        left[role] -= 1
        chosen.append(
            DraftEntity(
                id=_identifier(names[0], kind, ids),
                type=kind,
                role=role,
                names=names,
                count=candidate.count,
                in_headline=0 in candidate.places,
                in_lead=bool(_LEAD & set(candidate.places)),
            )
        )
    if not any(entity.role is Role.CORE for entity in chosen):  # a short text names things once
        first = next((i for i, entity in enumerate(chosen) if entity.role is Role.CONTEXT), None)
        if first is not None:
            chosen[first] = replace(chosen[first], role=Role.CORE)
    order = {Role.CORE: 0, Role.CONTEXT: 1}
    return tuple(sorted(chosen, key=lambda entity: order.get(entity.role, 2))), tuple(left_out)


def _roles(candidate: Candidate, kind: str, judge: Typing, *, is_short: bool) -> tuple[Role, ...]:
    """Return the roles that a candidate may have, the best first; none for what is named in passing."""
    in_lead, is_setting = bool(_LEAD & set(candidate.places)), kind in SETTINGS
    is_subject = 0 in candidate.places or candidate.count > 2 or not is_setting
    if in_lead and candidate.count >= 2 and is_subject:
        return Role.CORE, Role.CONTEXT
    once_enough = (is_short and (kind == "facility" or (" " in candidate.name and not is_setting))) or (
        kind == "person" and judge.is_introduced(candidate)
    )
    return (Role.CONTEXT,) if in_lead or candidate.count >= 2 or once_enough else ()


def _forms(candidate: Candidate, judge: Typing) -> tuple[str, ...]:
    """Return the forms of a name to look for, the fullest first; of cases of one word only the shortest.

    What kind of thing it is does not stand for it alone, and belongs to it where it always follows.
    """
    whole = judge.whole_of(candidate)
    if whole is not None:
        return (whole,)
    kept: list[str] = []
    counts = candidate.forms
    for form in sorted(counts, key=lambda each: (-len(each.split()), not counts[each], len(each), each)):
        stems = [fold(word)[:5] for word in form.split()]
        if not any(not form.isascii() and stems == [fold(word)[:5] for word in other.split()] for other in kept):
            kept.append(form)
    kind = judge.kind_behind(candidate)
    if kind:
        return (f"{kept[0]} {kind}",)
    return tuple(judge.base_form(form) for form in kept if not judge.is_generic(form)) or tuple(kept)


def _identifier(name: str, kind: str, taken: set[str]) -> str:
    """Return an id that no other entity or word class has; names in other scripts are numbered by type."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-") if name.isascii() or len(plain) > 3 else ""
    base = base or kind
    number, found = 1, base
    while found in taken or (base == kind and number == 1):
        number += 1
        found = f"{base}-{number - 1 if base == kind else number}"
        if found not in taken:
            break
    taken.add(found)
    return found


def _provisional(article: Article, lang: str, title: str, entities: Iterable[DraftEntity], lexicon: Lexicon) -> Story:
    """Return a story that holds just the entities and all general subjects, to read the article by."""
    return Story(
        id="draft",
        title=title,
        as_of=article.published_at,
        headline=title,
        outlet=article.outlet,
        url=None,
        published_at=article.published_at,
        lang=lang,
        entities=tuple(
            Entity(id=each.id, name=each.names[0], type=each.type, role=each.role, names={lang: each.names})
            for each in entities
        ),
        threads=(Thread(id="main", title=title, question="", belongs=()),),
        facts=(),
        digest="",
        words={subject: {lang: table[lang]} for subject, table in lexicon.subjects.items() if lang in table},
        actions=tuple(lexicon.subject_actions.values()),
    )


# --- threads -----------------------------------------------------------------------------


def _patterns(
    entities: Sequence[DraftEntity], actions: Sequence[str], concepts: Sequence[str]
) -> tuple[tuple[str, ...], ...]:
    """Return what an item must say: what the story is about with an action or subject, or with others of the story.

    A country or capital is in too many items to be what a story is about, unless nothing else is.
    """
    core = [entity for entity in entities if entity.role is Role.CORE]
    if not core:
        return ()
    focus = [entity.id for entity in core if entity.type not in SETTINGS] or [core[0].id]
    rest = [each for each in core if each.id not in focus]
    others = [each.id for each in entities if each.role in {Role.CORE, Role.CONTEXT} and each.id not in focus]
    parties = [each.id for each in entities if each.id in others and each.type not in {"place", "country"}]
    patterns: list[tuple[str, ...]] = []
    if actions or concepts:
        patterns.append(("|".join(focus), "|".join(dict.fromkeys((*actions, *concepts)))))
    if parties or (others and not patterns):
        patterns.append(("|".join(focus), "|".join(parties or others)))
    patterns += [(one, "|".join(focus[number + 1 :])) for number, one in enumerate(focus[:-1])]
    if concepts:
        patterns += [(each.id, "|".join(concepts)) for each in rest if each.in_headline and each.type == "place"]
        patterns += [
            (one.id, "|".join(other.id for other in rest[number + 1 :]), "|".join(concepts))
            for number, one in enumerate(rest[:-1])
        ]
    return tuple(patterns) or ((focus[0],),)
