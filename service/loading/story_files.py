"""Story files to values. A bad file gives one line that names file, line, place and remedy; nothing half-applied."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from service.core.errors import Invalid, InvalidDocument, place_text
from service.core.instants import in_utc
from service.core.language.lexicon import Lexicon
from service.core.language.phrases import spelled_out
from service.core.model import (
    ActionClass,
    Attribution,
    ChangeRule,
    Entity,
    Fact,
    Pattern,
    Role,
    Story,
    Thread,
)
from service.loading.story_faults import owner_of, told
from service.loading.story_references import Modality, alternatives, unknown_references, used_classes
from service.loading.yaml_files import line_of, read_yaml

_ALWAYS = ("chief",)  # subjects by whose words general actions are read

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[_-][a-z0-9]+)*$", max_length=64)]
LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
NonEmpty = Annotated[str, Field(min_length=1, max_length=1000)]
PerLanguage = dict[LanguageCode, list[NonEmpty]]


def _some(names: list[str]) -> list[str]:
    if not names:
        raise ValueError("names nothing; give a name or leave the language out")
    return names


Names = dict[LanguageCode, Annotated[list[NonEmpty], AfterValidator(_some)]]


def _instant(value: object) -> object:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(), tzinfo=UTC)
    return value


Instant = Annotated[datetime, BeforeValidator(_instant), AfterValidator(in_utc)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ArticleFile(_Model):
    """The stored article: what is known of it, never its text."""

    headline: NonEmpty
    outlet: NonEmpty
    url: str | None = None
    published: Instant
    language: LanguageCode = "en"


class EntityFile(_Model):
    """A person, place, facility … with its names. Inflection, clitics and transliteration are the matcher's job."""

    id: Identifier
    name: NonEmpty | None = Field(default=None, description="English display name; default: the first English name")
    type: NonEmpty
    wikidata: Annotated[str, Field(pattern=r"^Q[1-9][0-9]*$")] | None = None
    role: Role
    names: Names = Field(min_length=1)
    speaks_for: Identifier | None = Field(
        default=None, description="Entity whose side it takes in talks: a capital or a ministry its country"
    )
    titles: PerLanguage = Field(
        default={}, description="Descriptions that stand for it where no name is given; (a|b) writes out both"
    )
    not_: PerLanguage = Field(
        default={}, alias="not", description="Phrases in which a name means something or somebody else"
    )


Slot = Annotated[str, Field(pattern=r"^[a-z0-9_|-]+$")]


class ThreadFile(_Model):
    """A sub-story with its own question and feed."""

    id: Identifier
    title: NonEmpty
    question: NonEmpty
    belongs: list[Annotated[list[Slot], Field(min_length=1)]] = Field(
        min_length=1,
        description="Any of these; each a list of slots, each slot ids with | between (core_as_time: a core name as a time)",
    )
    answered_by: list[Identifier] = Field(
        default=[], description="Facts of this thread that answer its question, the one that says most first"
    )


class AttributionFile(_Model):
    """Who says so."""

    text: NonEmpty
    origin: Identifier = Field(description="The one source it rests on; several titles repeating it are one origin")
    on_record: bool = False


Stance = Literal["contradicts", "confirms", "develops"]
ChangeType = Literal[
    "contradiction", "status_change", "value_change", "confirmation", "new_development", "update", "correction"
]


class ChangeFile(_Model):
    """What would change a fact."""

    action: Slot = Field(description='Action ids with | between, or "any"')
    with_: list[Slot] = Field(default=[], alias="with", description="Slots that must be filled beside the action")
    negated: bool | None = None
    modality: str | None = None
    type: ChangeType
    stance: Stance
    after: NonEmpty


class FactFile(_Model):
    """One atomic statement of the baseline, in our own words."""

    id: Identifier
    thread: Identifier
    statement: NonEmpty
    actor: Identifier | None = None
    action: Identifier | None = None
    object: Identifier | None = None
    place: Identifier | None = None
    value: str | None = None
    negated: bool = False
    modality: Modality = "reported"
    attribution: AttributionFile
    changed_by: list[ChangeFile] = []


class ActionFile(_Model):
    """An action of the story's own; its words stand under `words`."""

    id: Identifier
    plover: str | None = None
    family: NonEmpty
    line: NonEmpty
    noun: NonEmpty


class StoryFile(_Model):
    """A story file: what one configuration follows."""

    id: Identifier
    title: NonEmpty
    language: LanguageCode = "en"
    as_of: Instant = Field(description="Time from which an item can be news")
    article: ArticleFile
    entities: list[EntityFile] = Field(min_length=1)
    threads: list[ThreadFile] = Field(min_length=1)
    facts: list[FactFile] = []
    words: dict[Identifier, PerLanguage] = Field(default={}, description="Word classes of this story alone")
    more_words: dict[Identifier, PerLanguage] = Field(
        default={}, description="Phrases that this story adds to classes of the lexicon: those in which its names stand"
    )
    actions: list[ActionFile] = []

    @model_validator(mode="after")
    def _ids_are_unique(self) -> StoryFile:
        for kind, rows in (("entity", self.entities), ("thread", self.threads), ("fact", self.facts)):
            seen: set[str] = set()
            for row in rows:
                if row.id in seen:
                    raise ValueError(f"{kind} id {row.id!r} is there twice; ids must be unique")
                seen.add(row.id)
        return self


_KEYS = frozenset(
    field.alias or name
    for model in (StoryFile, ArticleFile, EntityFile, ThreadFile, FactFile, ChangeFile, AttributionFile, ActionFile)
    for name, field in model.model_fields.items()
)


def _place(location: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Return a place without pydantic's mark for a key that is wrong itself."""
    return location[:-1] if location and location[-1] == "[key]" else location


# --- documents -----------------------------------------------------------------------------


def checked_document(document: object, lexicon: Lexicon) -> StoryFile:
    """Return a parsed document as a sound story file.

    Raises:
        InvalidDocument: With every fault and its place.
    """
    if not isinstance(document, dict):
        message = "must be a mapping with id, title, as_of, article, entities, threads and facts"
        raise InvalidDocument((((), message),))
    try:
        file = StoryFile.model_validate(document)
    except ValidationError as error:
        # a misspelt key is also a missing one: its line says more, so it comes first
        errors = sorted(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
        raise InvalidDocument(tuple((_place(each["loc"]), told(each, _KEYS)) for each in errors)) from error
    if unknown := tuple(unknown_references(file, lexicon)):
        raise InvalidDocument(unknown)
    return file


def digest_of(text: str) -> str:
    """Return what tells one version of a story from another."""
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _read_checked(path: Path, lexicon: Lexicon) -> tuple[StoryFile, Story]:
    text, document = read_yaml(path)
    try:
        file = checked_document(document, lexicon)
    except InvalidDocument as error:
        place, message = error.faults[0]
        more = f" (and {len(error.faults) - 1} more)" if len(error.faults) > 1 else ""
        owner = owner_of(document, place)
        raise Invalid(f"{path}:{line_of(text, place)}: {place_text(place)}: {message}{owner}{more}") from error
    return file, to_story(file, digest_of(text), lexicon)


def read_story(path: Path, lexicon: Lexicon) -> Story:
    """Read and check one story file.

    Raises:
        Invalid: With one line that names the file, the line in it, the place and what to do.
    """
    return _read_checked(path, lexicon)[1]


def _slots(slots: list[str]) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(alternatives(slot)) for slot in slots)


def _per_language(table: PerLanguage) -> dict[str, tuple[str, ...]]:
    return {lang: tuple(forms) for lang, forms in table.items()}


def _forms(table: PerLanguage) -> dict[str, tuple[str, ...]]:
    spelled = {lang: [name for form in forms for name in spelled_out(form)] for lang, forms in table.items()}
    return {lang: tuple(dict.fromkeys(names)) for lang, names in spelled.items()}


def to_story(file: StoryFile, digest: str, lexicon: Lexicon) -> Story:
    """Return a sound story file as the value the core works with.

    General subjects that it names come with their words in every language; its own words take their place in the
    languages it gives them for. With a subject come all general actions: what happens next is of no one's choosing.
    """
    used = {each for each in used_classes(file) if each in lexicon.subjects}
    if used:
        used |= ({*lexicon.subject_actions, *_ALWAYS} & lexicon.subjects.keys()) - {
            entity.id for entity in file.entities
        }
    general = {each: lexicon.subjects[each] for each in sorted(used)}
    own = {word_class: _per_language(table) for word_class, table in file.words.items()}
    own_actions = {action.id for action in file.actions}
    entities = tuple(
        Entity(
            id=entity.id,
            name=entity.name or next(iter(entity.names.get("en") or next(iter(entity.names.values())))),
            type=entity.type,
            role=entity.role,
            names=_forms(entity.names),
            titles=_forms(entity.titles),
            veto=_forms(entity.not_),
            wikidata=entity.wikidata,
            speaks_for=entity.speaks_for,
        )
        for entity in file.entities
    )
    threads = tuple(
        Thread(
            id=thread.id,
            title=thread.title,
            question=thread.question,
            belongs=tuple(Pattern(slots=_slots(slots), text=" + ".join(slots)) for slots in thread.belongs),
            answered_by=tuple(thread.answered_by),
        )
        for thread in file.threads
    )
    facts = tuple(
        Fact(
            id=fact.id,
            thread=fact.thread,
            statement=fact.statement,
            actor=fact.actor,
            action=fact.action,
            object=fact.object,
            place=fact.place,
            value=fact.value,
            negated=fact.negated,
            modality=fact.modality,
            attribution=Attribution(
                text=fact.attribution.text, origin=fact.attribution.origin, on_record=fact.attribution.on_record
            ),
            as_of=file.as_of,
            changed_by=tuple(
                ChangeRule(
                    actions=frozenset(alternatives(change.action)),
                    slots=_slots(change.with_),
                    stance=change.stance,
                    type=change.type,
                    after=change.after,
                    negated=change.negated,
                    modality=frozenset(alternatives(change.modality or "")),
                )
                for change in fact.changed_by
            ),
        )
        for fact in file.facts
    )
    return Story(
        id=file.id,
        title=file.title,
        as_of=file.as_of,
        headline=file.article.headline,
        outlet=file.article.outlet,
        url=file.article.url,
        published_at=file.article.published,
        lang=file.article.language,
        entities=entities,
        threads=threads,
        facts=facts,
        digest=digest,
        more_words={word_class: _per_language(table) for word_class, table in file.more_words.items()},
        words={each: {**general.get(each, {}), **own.get(each, {})} for each in (*general, *own)},
        actions=(
            *(action for each, action in lexicon.subject_actions.items() if each in used - own_actions),
            *(ActionClass(id=a.id, plover=a.plover, family=a.family, active=a.line, noun=a.noun) for a in file.actions),
        ),
    )


def read_stories(folder: Path, lexicon: Lexicon) -> dict[str, Story]:
    """Read every story file of a folder, by id.

    Raises:
        Invalid: The folder or a file is bad, or two files share an id.
    """
    return {story_id: story for story_id, (story, _) in read_story_folder(folder, lexicon).items()}


def read_story_folder(folder: Path, lexicon: Lexicon) -> dict[str, tuple[Story, StoryFile]]:
    """Read every story file of a folder, by id, each with its document.

    Raises:
        Invalid: As of `read_stories`.
    """
    if not folder.is_dir():
        raise Invalid(f"{folder}: no such folder of story files (AFTERMATH_STORIES)")
    stories: dict[str, tuple[Story, StoryFile]] = {}
    for path in sorted(folder.glob("*.yaml")):
        file, story = _read_checked(path, lexicon)
        if story.id in stories:
            raise Invalid(f"{path}:1: id: story {story.id!r} is already defined by another file of this folder")
        if not re.fullmatch(re.escape(story.id), path.stem):
            raise Invalid(f"{path}:1: id: must be the file's name, {path.stem!r}, not {story.id!r}")
        stories[story.id] = (story, file)
    if not stories:
        raise Invalid(f"{folder}: holds no story file (*.yaml)")
    return stories
