"""What a report is about, in the words of a line, where no event was read in it or its event names nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from service.core.matching.reading import Reading
from service.core.model import Role

ON_CONDITION = " on a condition"
# Concepts that say what a report is about, where no event was read in it.
_TOPICS = (
    *("base", "port", "airport", "troops", "warship", "aircraft", "equipment", "convoy", "drone", "lease", "presence"),
    *("asylum", "exile", "extradition", "court", "talks_noun", "delegation", "embassy", "compensation"),
    *("family_members", "satellite", "military", "intelligence", "parliament"),
)
_TOPIC_NAMES = {"talks_noun": "talks", "family_members": "family", "satellite": "satellite pictures"}
_MOST_TOPICS, _MOST_NAMES = 2, 3


def topic(reading: Reading, names: Mapping[str, str]) -> str:
    """Return what a report is about, from its headline, as "Khmeimim Air Base and Russia: convoy"; empty if unknown."""
    sentences = [s for s in reading.title_sentences if s.names] or list(reading.lead)
    said = {word.word_class for sentence in sentences for word in sentence.words}
    concepts = [_TOPIC_NAMES.get(each, each) for each in _TOPICS if each in said][:_MOST_TOPICS]
    spotted = sorted(
        (name for s in sentences for name in s.names if name.role in {Role.CORE, Role.CONTEXT} and not name.oblique),
        key=lambda name: name.role is not Role.CORE,
    )
    entities = list(dict.fromkeys(names[name.entity] for name in spotted))[:_MOST_NAMES]
    about = _listed(concepts) if concepts else ""
    if any(word.word_class in {"condition", "hinges"} for s in sentences for word in s.words):
        about = f"{about}{ON_CONDITION}" if about else "a condition"
    if not entities:
        return about
    return f"{_listed(entities)}: {about}" if about else f"New report on {_listed(entities)}"


def named_in(reading: Reading, names: Mapping[str, str]) -> str:
    """Return whom a headline, or else the lead, names of a story's own: for an event that names nobody itself."""
    sentences = [s for s in reading.title_sentences if s.names] or list(reading.lead)
    core = [n.entity for s in sentences for n in s.names if n.role is Role.CORE and not n.oblique]
    entities = list(dict.fromkeys(names[entity] for entity in core))[:_MOST_TOPICS]
    return _listed(entities) if entities else ""


def _listed(names: Iterable[str]) -> str:
    """Return names as a list in a sentence: "Syria, Iran and Russia"."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
