"""Stories: their entities, threads and facts, as a story file says them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal


class Role(StrEnum):
    """What a mention of an entity is worth."""

    CORE = "core"  # the story is about it
    CONTEXT = "context"  # it takes part
    BACKGROUND = "background"  # an analogy or setting: never makes a match
    PUBLISHER = "publisher"  # it reports: never makes a match


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A person, place, facility … of a story with its names per language."""

    id: str
    name: str  # English display name
    type: str
    role: Role
    names: dict[str, tuple[str, ...]]  # language → base forms
    titles: dict[str, tuple[str, ...]] = field(default_factory=dict)  # language → descriptions that stand for it
    veto: dict[str, tuple[str, ...]] = field(default_factory=dict)  # phrases in which a name means something else
    wikidata: str | None = None
    speaks_for: str | None = None  # entity whose side it takes in talks: a capital its country


# The id by which a slot asks for a name of the story's core that only tells a time or labels: "after the fall of X".
CORE_AS_TIME = "core_as_time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A conjunction of slots; each slot is a set of entity or word-class ids, any of which fills it."""

    slots: tuple[frozenset[str], ...]
    text: str  # as the author wrote it, for explanations


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A sub-story with its own question and feed."""

    id: str
    title: str
    question: str
    belongs: tuple[Pattern, ...]
    answered_by: tuple[str, ...] = ()  # facts that answer the question, the one that says most first


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who says so, and whether they stand by it with their name."""

    text: str
    origin: str  # the one source it rests on, however many outlets repeat it
    on_record: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRule:
    """What an event must say to touch a fact, and what that does to it."""

    actions: frozenset[str]
    slots: tuple[frozenset[str], ...]  # entities or word classes that must be there
    stance: Literal["contradicts", "confirms", "develops"]
    type: str  # the delta type it gives
    after: str  # what is then known, one English sentence
    negated: bool | None = None  # None: either
    modality: frozenset[str] = frozenset()  # empty: any


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One atomic statement: slots, attribution, modality, and what would change it."""

    id: str
    thread: str
    statement: str
    actor: str | None = None
    action: str | None = None
    object: str | None = None
    place: str | None = None
    value: str | None = None
    negated: bool = False
    modality: str = "reported"
    attribution: Attribution
    as_of: datetime
    changed_by: tuple[ChangeRule, ...] = ()
    delta: str | None = None  # id of the delta that brought it; None for a baseline fact


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionClass:
    """A class of events, with the words that put it in an English line."""

    id: str
    plover: str | None
    family: str  # actions of one family can confirm, develop or contradict each other
    active: str  # "withdraws from"
    noun: str  # "withdrawal"
    in_country: str | None = None  # the active form where only a country is named: "keeps its forces in"
    noun_with: str = "of"  # joins the noun to what it is done to: "withdrawal from"
    alone: str | None = None  # the active form without an object, where that is not just the verb: "holds a meeting"
    passive: str | None = None  # the form of what it is done to, where nobody is known to do it: "is attacked"
    undone: str | None = None  # the active form of what has not happened: "has not met"
    carries: str | None = None  # the active form that takes what is moved as its object: "withdraws"
    opposes: frozenset[str] = frozenset()
    counts_as: frozenset[str] = frozenset()  # wider actions whose rules hold for it too: who sues brings a charge
    whose: bool = False  # what its target has is what it is done to: "keeps away from Russia's troops"
    derived_from: str | None = None  # has no words of its own: this action in that modality
    derived_modality: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What one configuration follows."""

    id: str
    title: str
    as_of: datetime
    headline: str
    outlet: str
    url: str | None
    published_at: datetime
    lang: str
    entities: tuple[Entity, ...]
    threads: tuple[Thread, ...]
    facts: tuple[Fact, ...]
    digest: str  # of the file: part of rules_version
    words: dict[str, dict[str, tuple[str, ...]]] = field(
        default_factory=dict
    )  # own word classes: class → lang → phrases
    more_words: dict[str, dict[str, tuple[str, ...]]] = field(
        default_factory=dict
    )  # what it adds to classes of the lexicon: class → lang → phrases
    actions: tuple[ActionClass, ...] = ()  # own actions


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStory:
    """A story as the store keeps it, so that what was published can be served when it is followed no more."""

    id: str
    source: Literal["file", "api"]
    document: str  # the story file as JSON
    followed: bool = True
    changed_at: datetime
