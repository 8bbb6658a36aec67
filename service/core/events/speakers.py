"""Who says what a sentence tells, and whether they stand by it with their name."""

from __future__ import annotations

from service.core.events.function_words import headline_speaker, is_of_media, is_placed, is_possessor
from service.core.events.sides import CLAUSE_ENDS, is_ousted
from service.core.language.folding import fold
from service.core.matching.passages import WordHit
from service.core.matching.reading import Sentence, SpottedName
from service.core.model import Role
from service.core.model.entity_types import PARTIES, SPEAKERS

_VOICES = frozenset({"says", "confirm", "confirmed", "deny", "denied", "state"})
_SAYS_THAT = frozenset(
    {"en", "fr", "es", "it", "pt", "el", "ru", "uk", "pl"}
)  # there who says something stands last only at the end of it
_PREPOSITIONS = {
    "en": frozenset({"according to"}),
    "de": frozenset({"laut"}),
    "fr": frozenset({"selon", "d'apres"}),
    "ru": frozenset({"по словам"}),
    "uk": frozenset({"за словами"}),
    "el": frozenset({"συμφωνα με"}),
    "fa": frozenset({"به گفته"}),
    "he": frozenset({"לדברי"}),
}
_NAMED_NEXT = 40  # code points from such a word to whom it names
_AFTER_SAYS = 12  # code points from "says" to whom it has for its subject
_SUBJECT_FIRST = frozenset({"zh", "vi"})  # there who says something always stands before the verb


def speaker_of(sentence: Sentence, names: list[SpottedName]) -> tuple[str | None, bool]:
    """Return (entity that says so, on the record)."""
    if any(word.word_class == "anonymous" for word in sentence.words):
        return None, False
    named = headline_speaker(names, sentence)
    if named is not None:
        return named.entity, True
    for word in sentence.words:
        if word.word_class == "says" and _is_preposition(word, sentence):
            told = [n for n in names if n.type in PARTIES and _is_named_next(word, n, sentence)]
            if told:
                speaker = min(told, key=lambda n: n.start)
                return speaker.entity, speaker.type in {"person", "organization"}
        elif word.word_class in _VOICES and not _is_of_reports(word, sentence):
            near = [
                n
                for n in names
                if n.type in PARTIES
                and not is_placed(n, sentence)
                and not is_possessor(n, sentence)
                and not is_ousted(n, sentence)
                and not is_of_media(n, sentence)
                and not _has_own_voice(word, n, sentence)
                and not (n.type == "country" and _is_object(word, n, sentence))
                and not _is_said_of(word, n, sentence)
                and min(abs(n.end - word.start), abs(word.end - n.start)) <= 40
                and (n.end <= word.start or sentence.lang not in _SUBJECT_FIRST)
            ]
            if near:
                speaker = min(near, key=lambda n: min(abs(n.end - word.start), abs(word.end - n.start)))
                if word.word_class == "state":
                    speaker = _who_leads(near, sentence) or speaker
                # "a Syrian official said" names a side, not a person who stands by it
                return speaker.entity, speaker.type in {"person", "organization"}
    return None, False


def _has_own_voice(word: WordHit, name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a word of saying has a subject of its own after a comma: "Assad leaves Moscow, a source says"."""
    between = sentence.text[name.end - sentence.start : max(name.end, word.start) - sentence.start]
    before, comma, after = between.rpartition(",")
    return bool(comma) and any(c.isalpha() for c in before + after) and any(c.isalpha() for c in after)


def _is_preposition(word: WordHit, sentence: Sentence) -> bool:
    """Say whether a word of saying stands before who says so, and never behind: "according to"."""
    own = sentence.text[word.start - sentence.start : word.end - sentence.start]
    return fold(own) in _PREPOSITIONS.get(sentence.lang, ())


def _is_named_next(word: WordHit, name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a name stands behind "according to" before a comma, not behind whom else it names: "a doctor, Assad"."""
    between = sentence.text[word.end - sentence.start : max(word.end, name.start) - sentence.start]
    return word.end <= name.start <= word.end + _NAMED_NEXT and not CLAUSE_ENDS.search(between)


def _is_of_reports(word: WordHit, sentence: Sentence) -> bool:
    """Say whether a word of saying is part of "reports say", which no name says."""
    return any(
        other.word_class == "reported"
        and other.start <= word.start
        and word.end <= other.end
        and other.end - other.start > word.end - word.start
        for other in sentence.words
    )


def _is_said_of(word: WordHit, name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a name begins what another says: "Aide says Assad is ready to go"."""
    if sentence.lang not in _SAYS_THAT or name.start < word.end:
        return False
    before = CLAUSE_ENDS.split(sentence.text[: word.start - sentence.start])[-1]
    after = CLAUSE_ENDS.split(sentence.text[name.end - sentence.start :])[0]
    return any(map(str.isalpha, before)) and len(after.split()) > 1


def _is_object(word: WordHit, name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a country only ends what is said: "… to leave Syria, reports say", "says he will leave Syria"."""
    if name.start >= word.end:
        return name.start - word.end > _AFTER_SAYS
    between = sentence.text[name.end - sentence.start : max(name.end, word.start) - sentence.start]
    return between.strip() == "," and any(map(str.isalpha, sentence.text[: name.start - sentence.start]))


def _who_leads(names: list[SpottedName], sentence: Sentence) -> SpottedName | None:
    """Return whom a sentence begins with: "Putin comments on the statement of …" has one who speaks now."""
    first = min(names, key=lambda n: n.start)
    begins = len(sentence.text[: first.start - sentence.start].split()) <= 1
    return first if begins and first.type in SPEAKERS else None


def parties_named(sentence: Sentence) -> list[SpottedName]:
    """Return the names of a sentence that can speak: not who publishes it, and no labels."""
    return [n for n in sentence.names if n.role is not Role.PUBLISHER and n.oblique is None]
