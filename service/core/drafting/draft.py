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

from service.core.deltas.wording import event_phrase
from service.core.drafting.name_types import Typing
from service.core.drafting.naming import Candidate, NameWords, find_names
from service.core.drafting.topics import (
    FOLLOWS,
    OF_COURTS,
    SPEECH_FAMILY,
    as_done,
    is_open,
    is_whole,
    possible,
    related,
    special,
)
from service.core.events.event_words import EventWords
from service.core.events.extraction import read_events
from service.core.language.folding import fold, language_of, sentences
from service.core.language.lexicon import Lexicon
from service.core.language.number_words import NumberWords
from service.core.matching.reading import Sentence, read_entry
from service.core.matching.watchlist import Watchlist
from service.core.model import ActionClass, Entity, Event, Role, Story, Thread

MOST_CORE = 4
MOST_CONTEXT = 12
MOST_FACTS = 6
# "VALLETTA - ", "Hamburg, 3. März (dpa) – ": where a report was written is no one in it.
_DATELINE = re.compile(
    r"^\s*(?:[^\W\d_][\w.'’ /]{1,40}?(?:, ?\d{1,2}\.? ?\w*)?(?: ?\([\w ]{2,16}\))?|\([\w ]{2,16}\)) ?[–—-]{1,2} (?=\w)"
)
_SHORT = 12  # sentences: of a short text every action counts, of a long one those that return
_LEAD = frozenset({0, 1, 2})  # headline and the first two sentences
_SAYING = frozenset({"says", "reported", "anonymous", "confirmed"})
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


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftEntity:
    """A proposed entity, and why."""

    id: str
    type: str
    role: Role
    names: tuple[str, ...]
    count: int
    in_headline: bool
    in_lead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFact:
    """A proposed fact: a line of our own for an event of the article."""

    id: str
    statement: str
    event: Event
    speaker: str | None  # display name of who says so
    opposite: str | None  # the line of what would undo it, with its action ids
    opposing: tuple[str, ...] = ()
    following: tuple[str, ...] = ()  # actions that would take it further
    done: str | None = None  # the line of its happening, where it has not happened yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """All that is proposed."""

    lang: str
    headline: str
    headline_is_guessed: bool
    entities: tuple[DraftEntity, ...]
    left_out: tuple[str, ...]  # named once or in passing
    actions: tuple[str, ...]  # what may happen next, by the families of what has happened
    concepts: tuple[str, ...]
    patterns: tuple[tuple[str, ...], ...]
    facts: tuple[DraftFact, ...]


def draft_story(article: Article, lexicon: Lexicon, words: Mapping[str, NameWords]) -> Draft:
    """Propose a story.

    Args:
        article: The text, with what is known of it.
        lexicon: Says which words tell of actions.
        words: Language → words that help to find names.
    """
    title, text, guessed = _headline(article)
    lang = article.lang or guess_language(f"{title}\n{text}", words)
    helping = _without_words(words.get(lang, NameWords()), lang, lexicon)
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
    happened: list[tuple[Event, Sentence]] = []
    classes: Counter[str] = Counter()
    topics: Counter[str] = Counter()  # subjects, wherever they stand
    early: set[str] = set()
    core = {entity.id for entity in entities if entity.role is Role.CORE}
    pieces = [*([] if guessed else [title]), *(text[start:end] for start, end in sentences(text))]
    for number, piece in enumerate(pieces):
        reading = read_entry(watchlist, story, piece, "", lang, anyway=True)
        assert reading is not None  # wanted anyway
        for sentence in reading.sentences:
            topics.update(sentence.classes() & lexicon.subjects.keys())
            if sentence.entities() & core:
                classes.update(sentence.classes())
                early |= sentence.classes() if number in _LEAD else frozenset()
            happened += [
                (event, sentence) for event in read_events(replace(reading, sentences=(sentence,)), event_words)
            ]
    often = 1 if len(pieces) <= _SHORT else 2
    main = early | {name for name, count in classes.items() if count >= often}
    subjects = related(topics, early, known, lexicon)
    concepts = (*(name for name, _ in classes.most_common() if name in _TELLING_CONCEPTS), *subjects)
    court = main | ({"try"} if OF_COURTS.intersection(concepts) else set())
    actions = possible(court, lexicon.actions) + special(
        main | {event.action for event, _ in happened}, lexicon.subject_actions
    )
    return Draft(
        lang=lang,
        headline=title,
        headline_is_guessed=guessed,
        entities=entities,
        left_out=left_out,
        actions=actions,
        concepts=concepts,
        patterns=_patterns(entities, actions, concepts),
        facts=_facts(
            sorted((event for event, _ in happened), key=lambda event: event.action not in main),  # the main ones first
            entities,
            known,
        ),
    )


def _without_words(helping: NameWords, lang: str, lexicon: Lexicon) -> NameWords:
    """Return the helping words where those of the lexicon are no names: in a script without spaces or capitals."""
    if lang not in {"zh", "ja"}:
        return helping
    tables = (lexicon.words.get(lang, {}).values(), (table.get(lang, ()) for table in lexicon.subjects.values()))
    said = {fold(phrase) for table in tables for phrases in table for phrase in phrases if len(phrase) > 1}
    return replace(helping, common=helping.common | (said - helping.person))


def _headline(article: Article) -> tuple[str, str, bool]:
    """Return (headline, text, whether the headline is only the first sentence)."""
    text = article.text.strip()
    if article.title:
        return " ".join(article.title.split()), _without_dateline(text), False
    first, _, rest = text.partition("\n")
    first = first.strip()
    if rest.strip() and len(first) <= 160 and not first.endswith((".", "。", "!", "؟", "۔")):
        return first, _without_dateline(rest.strip()), False
    text = _without_dateline(text)
    spans = sentences(text)
    sentence = text[spans[0][0] : spans[0][1]] if spans else text
    return " ".join(sentence.split())[:300], text, True


def _without_dateline(text: str) -> str:
    """Return a text without the place and agency that open it, which look like the end of a name."""
    found = _DATELINE.match(text)
    return text[found.end() :] if found and text[: found.end()].count(" ") <= 6 else text


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
    cores = contexts = 0
    for candidate in candidates:
        in_lead = bool(_LEAD & set(candidate.places))
        if judge.is_adjective(candidate):
            left_out.append(candidate.name)
            continue
        publisher, names = judge.reports(candidate), _forms(candidate, judge)
        kind = "organization" if publisher else judge.type_of(candidate)
        if publisher:
            role = Role.PUBLISHER
        elif in_lead and candidate.count >= 2 and cores < MOST_CORE:
            role, cores = Role.CORE, cores + 1
        elif (
            in_lead or candidate.count >= 2 or (kind == "person" and judge.is_introduced(candidate))
        ) and contexts < MOST_CONTEXT:
            role, contexts = Role.CONTEXT, contexts + 1
        else:
            left_out.append(names[0])
            continue
        chosen.append(
            DraftEntity(
                id=_identifier(names[0], kind, ids),
                type=kind,
                role=role,
                names=names,
                count=candidate.count,
                in_headline=0 in candidate.places,
                in_lead=in_lead,
            )
        )
    if not any(entity.role is Role.CORE for entity in chosen):  # a short text names things once
        first = next((i for i, entity in enumerate(chosen) if entity.role is Role.CONTEXT), None)
        if first is not None:
            chosen[first] = replace(chosen[first], role=Role.CORE)
    order = {Role.CORE: 0, Role.CONTEXT: 1}
    return tuple(sorted(chosen, key=lambda entity: order.get(entity.role, 2))), tuple(left_out)


def _forms(candidate: Candidate, judge: Typing) -> tuple[str, ...]:
    """Return the forms of a name to look for, the fullest first; of cases of one word only the shortest.

    What kind of thing it is does not stand for it alone, and belongs to it where it always follows.
    """
    kept: list[str] = []
    counts = candidate.forms
    for form in sorted(counts, key=lambda each: (-len(each.split()), not counts[each], len(each), each)):
        stems = [fold(word)[:5] for word in form.split()]
        if not any(not form.isascii() and stems == [fold(word)[:5] for word in other.split()] for other in kept):
            kept.append(form)
    kind = judge.kind_behind(candidate)
    if kind:
        return (f"{kept[0]} {kind}",)
    return tuple(form for form in kept if not judge.is_generic(form)) or tuple(kept)


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
    things = [entity for entity in core if entity.type not in {"place", "country"}]
    focus = [entity.id for entity in things if entity.in_headline] or [entity.id for entity in things[:2]]
    focus = focus or [core[0].id]
    rest = [each for each in core if each.id not in focus]
    others = [each.id for each in entities if each.role in {Role.CORE, Role.CONTEXT} and each.id not in focus]
    parties = [each.id for each in entities if each.id in others and each.type not in {"place", "country"}]
    patterns: list[tuple[str, ...]] = []
    if actions or concepts:
        patterns.append(("|".join(focus), "|".join((*actions, *concepts))))
    if parties or (others and not patterns):
        patterns.append(("|".join(focus), "|".join(parties or others)))
    if concepts:
        patterns += [
            (one.id, "|".join(other.id for other in rest[number + 1 :]), "|".join(concepts))
            for number, one in enumerate(rest[:-1])
        ]
    return tuple(patterns) or ((focus[0],),)


# --- facts -------------------------------------------------------------------------------


def _facts(
    happened: Sequence[Event], entities: Sequence[DraftEntity], actions: Mapping[str, ActionClass]
) -> tuple[DraftFact, ...]:
    """Return one fact per event that names who or what; the first telling of it counts."""
    names = {entity.id: entity.names[0] for entity in entities}
    roles = {entity.id: entity.role for entity in entities}
    settings = {entity.id for entity in entities if entity.type in {"place", "facility"}}  # they do nothing
    facts: dict[tuple[str, str | None], DraftFact] = {}
    ids: set[str] = set()
    for event in happened:
        action = actions[event.action]
        parties = [each for each in (event.actor, event.target) if each is not None]
        if action.family == SPEECH_FAMILY or not any(roles.get(each) is Role.CORE for each in parties):
            continue
        if event.actor == event.target or event.actor in settings or not is_whole(event, action):
            continue
        key = (event.action, event.actor or event.target)
        if key in facts or len(facts) >= MOST_FACTS:
            continue
        undoing = {each.id for each in actions.values() if action.id in each.opposes and not each.derived_from}
        opposing = tuple(sorted((action.opposes | undoing) & actions.keys()))
        undone = replace(event, action=opposing[0], negated=False) if opposing else None
        facts[key] = DraftFact(
            id=_unlike(f"{event.action.replace('_', '-')}-{event.target or event.actor}"[:60].strip("-"), ids),
            statement=_sentence(event_phrase(event, actions, names, (), settings)),
            event=event,
            speaker=names.get(event.speaker or "") if event.speaker not in {event.actor, event.target} else None,
            opposite=_sentence(event_phrase(undone, actions, names)) if undone else None,
            opposing=opposing,
            done=_sentence(event_phrase(as_done(event), actions, names, (), settings)) if is_open(event) else None,
            following=tuple(each for each in FOLLOWS.get(event.action, ()) if each in actions),
        )
    return tuple(facts.values())


def _unlike(base: str, taken: set[str]) -> str:
    """Return an id that is not taken, numbered where it must be, and take it: two may do the same to one."""
    number, found = 1, base
    while found in taken:
        number += 1
        found = f"{base}-{number}"
    taken.add(found)
    return found


def _sentence(clause: str) -> str:
    return clause[:1].upper() + clause[1:] + "."
