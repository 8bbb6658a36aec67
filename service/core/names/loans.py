"""Names lent to languages for which a story gives none.

An author lists names in the languages they know. In others a proper name is looked for as it stands where the script is
the same, with the endings of that language, and by its sound where it is not. What is generic in a name is taken
for what it is: "Nordhanse Bank" is also a bank, called by that language's word, named Nordhanse.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from service.core.language.folding import fold
from service.core.language.lexicon import Lexicon
from service.core.language.phrases import LETTERS, PhrasePattern, name_pattern
from service.core.model import Entity, Role, Story
from service.core.model.entity_types import PLACES
from service.core.names.sounds import CASED, LATIN, SCRIPT_OF, readings, sounds_of, vowels_agree

_JOINERS = frozenset((
    "of", "the", "de", "del", "della", "di", "da", "do", "dos", "des", "du", "la", "le", "von", "van", "der", "den",
    "bin", "al", "el", "and", "und", "et", "y", "e", "i", "&", "d", "l",
))  # fmt: skip
# A single word in capitals is a name in any language but German, unless it names what must have one.
_NAMED_KINDS = PLACES | {"person"}
_LEAST_SINGLE = 4  # letters
# English names are looked for in texts of all languages; only in these do endings hide one that is given in English.
_ENDINGS_OF_THEIR_OWN = frozenset({"pl", "tr"})
_NEAR_WORDS = 3
_NEAR_CHARACTERS = 4  # in scripts without spaces
_WORD = re.compile(r"[^\s\-]+")
_CLITICS = {"arabic": frozenset("وفبكلس"), "hebrew": frozenset("והבכלמש")}
_ARTICLE = "ال"
# Case endings that hold a consonant; others vanish with the vowels.
_ENDINGS = {
    "cyrillic": re.compile(r"(?:ом|ем|ам|ами|ах|ям|ями|ях|ов|ев|ого|его|ым|им|ові|еві|ск\w{2,4}|цев)$"),
    "greek": re.compile(r"(?:σ|ν|ων|ου)$"),
}
_FOREIGN_WORD = re.compile("[\u0370-\u03ff\u0400-\u04ff\u0590-\u06ff\u30a1-\u30fc]")
_WORDS = {
    "greek": re.compile("[\u0370-\u03ff]+"),
    "cyrillic": re.compile("[\u0400-\u04ff]+"),
    "hebrew": re.compile("[\u0590-\u05ff]+"),
    "arabic": re.compile("[\u0600-\u06ff]+"),
    "kana": re.compile("[\u30a1-\u30fc]{2,}"),
}
_REMEMBERED = 100_000  # words whose sounds are remembered, before all are forgotten


class LentName(NamedTuple):
    """A name as it is lent.

    Attributes:
        written: Its proper words, as written.
        lang: The language it was given in.
        kind: The word class of what is generic in it: one of its words must stand near; None where nothing is.
    """

    written: tuple[str, ...]
    lang: str
    kind: str | None


def lent_names(entity: Entity, lexicon: Lexicon) -> list[LentName]:
    """Return the proper names of an entity in Latin letters, without what is generic in them."""
    found: dict[tuple[tuple[str, ...], str | None], LentName] = {}
    if entity.role is Role.PUBLISHER:
        return []
    for lang, forms in entity.names.items():
        if lang not in LATIN:
            continue
        kinds_of = _kind_names(tuple((kind, lexicon.kind_words(kind, lang)) for kind in lexicon.kinds))
        for form in forms:
            words = tuple(_WORD.findall(form))
            kinds = [kinds_of.kind(fold(word)) for word in words]
            if all(_is_proper(word) for word in words) and _is_name(words, lang, entity):
                found.setdefault((words, None), LentName(words, lang, None))
            kind = next(filter(None, kinds), None)
            proper = _trimmed([word for word, own in zip(words, kinds, strict=True) if own is None])
            if kind and proper and all(_is_proper(word) for word in proper) and len("".join(proper)) >= _LEAST_SINGLE:
                found.setdefault((proper, kind), LentName(proper, lang, kind))
    return list(found.values())


class LentPattern(NamedTuple):
    """A lent name ready to be looked for in a language of its own script.

    Attributes:
        near: Phrases of which one must stand near; empty where the name is whole.
        weak: A surname alone.
    """

    name: LentName
    lang: str
    pattern: PhrasePattern
    near: tuple[str, ...]
    weak: bool


def lent_patterns(entity: Entity, lexicon: Lexicon) -> Iterator[LentPattern]:
    """Yield the names of an entity for the languages in Latin letters in which it has none."""
    missing = sorted(LATIN & lexicon.words.keys() - entity.names.keys())
    names = lent_names(entity, lexicon) if missing else []
    is_person = entity.type == "person" and any(len(name.written) > 1 for name in names)
    english = {tuple(_WORD.findall(form)) for form in entity.names.get("en", ())}
    for lang in missing:
        for name in names:
            if name.kind is None and name.written in english and lang not in _ENDINGS_OF_THEIR_OWN:
                continue
            pattern = name_pattern(" ".join(name.written), lang)
            near = lexicon.kind_words(name.kind, lang) if name.kind else ()
            if pattern is not None and (near or name.kind is None):
                yield LentPattern(name, lang, pattern, near, is_person and len(name.written) == 1)


def _trimmed(words: list[str]) -> tuple[str, ...]:
    while words and fold(words[0]) in _JOINERS:
        words = words[1:]
    while words and fold(words[-1]) in _JOINERS:
        words = words[:-1]
    return tuple(words)


def _is_proper(word: str) -> bool:
    return word[:1].isupper() or word[:1].isdigit() or fold(word) in _JOINERS or word == "&"


def _is_name(words: tuple[str, ...], lang: str, entity: Entity) -> bool:
    if len(words) > 1:
        return True
    return len(words[0]) >= _LEAST_SINGLE and (lang != "de" or entity.type in _NAMED_KINDS)


class _KindNames:
    """The words of a language for kinds of things, for asking of many words at once what they are."""

    def __init__(self, phrases: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        self._phrases = [(kind, phrase) for kind, mine in phrases for phrase in mine]
        bare = [(phrase, _bare(phrase)) for _, phrase in self._phrases]
        self._whole = frozenset(word for _, word in bare)
        self._begins = tuple(word for phrase, word in bare if phrase.endswith("*"))
        self._ends = tuple(word for phrase, word in bare if phrase.startswith("*"))

    def kind(self, word: str) -> str | None:
        """Return the first kind that a folded word says."""
        if word not in self._whole and not word.startswith(self._begins) and not word.endswith(self._ends):
            return None  # as nearly all names' words
        return next((kind for kind, phrase in self._phrases if _says(word, phrase)), None)


@lru_cache(maxsize=64)
def _kind_names(phrases: tuple[tuple[str, tuple[str, ...]], ...]) -> _KindNames:
    return _KindNames(phrases)


@lru_cache(maxsize=20_000)  # each is asked for with every word of every name
def _bare(phrase: str) -> str:
    return fold(phrase.strip("*"))


def _says(word: str, phrase: str) -> bool:
    """Say whether a folded word is a phrase of one word, which may have a star at either end."""
    bare = _bare(phrase)
    if phrase.startswith("*") or " " in bare:
        return len(bare) < len(word) and word.endswith(bare) and " " not in bare
    return word.startswith(bare) if phrase.endswith("*") else word == bare


def kind_stands_near(folded: str, start: int, end: int, phrases: Iterable[str]) -> bool:
    """Say whether a word of some phrases stands within a few words of a span of a folded text."""
    before = LETTERS.findall(folded[max(0, start - 40) : start])[-_NEAR_WORDS:]
    after = LETTERS.findall(folded[end : end + 40])[:_NEAR_WORDS]
    beside = folded[max(0, start - _NEAR_CHARACTERS) : start] + " " + folded[end : end + _NEAR_CHARACTERS]
    for phrase in phrases:
        bare = _bare(phrase)
        if bare and not LETTERS.search(bare):  # a script without spaces
            if bare in beside:
                return True
        elif any(_says(word, phrase) or _says(_without_article(word), phrase) for word in (*before, *after)):
            return True
    return False


def _without_article(word: str) -> str:
    for clitic in ("وال", "بال", "لل", "ال", "ה", "ב", "ל", "מה"):
        if word.startswith(clitic) and len(word) - len(clitic) > 1:
            return word.removeprefix(clitic)
    return word


# --- names by their sound ----------------------------------------------------------------


class HeardName(NamedTuple):
    """A stretch of a folded text that sounds like a lent name."""

    start: int
    end: int
    story: str
    entity: str
    is_single: bool  # one word of a name of one word: needs company
    is_sure: bool  # several words, or one beside what kind of thing it is


@dataclass(frozen=True, slots=True)
class _Sound:
    story: str
    entity: str
    type: str
    langs: frozenset[str]
    words: tuple[frozenset[str], ...]  # readings of each word
    plain: str  # its first word, folded
    kind: str | None


class Loans:
    """Finds names in scripts other than the one they were given in."""

    def __init__(self, stories: Iterable[Story], lexicon: Lexicon, readable: Mapping[str, frozenset[str]]) -> None:
        """Compile the names of all stories.

        Args:
            stories: The stories.
            lexicon: Says which words are generic.
            readable: Language → the languages whose names can stand in its texts.
        """
        self._lexicon = lexicon
        # script → reading of a first word → of a second, "" where there is none → names
        self._first: dict[str, dict[str, dict[str, list[_Sound]]]] = {}
        self._heard: dict[tuple[str, str], tuple[str, ...]] = {}
        for story in stories:
            for entity in story.entities:
                mute = {lang for lang in SCRIPT_OF if not readable[lang] - {"en"} & entity.names.keys()}
                if mute:
                    for sound in self._sounds(story, entity, mute & lexicon.words.keys()):
                        script = SCRIPT_OF[next(iter(sound.langs))]
                        for reading in sound.words[0]:
                            by_second = self._first.setdefault(script, {}).setdefault(reading, {})
                            for second in sound.words[1] if len(sound.words) > 1 else ("",):
                                by_second.setdefault(second, []).append(sound)

    def _sounds(self, story: Story, entity: Entity, mute: set[str]) -> Iterator[_Sound]:
        for name in lent_names(entity, self._lexicon):
            words = [part for word in name.written for part in LETTERS.findall(word) if fold(part) not in _JOINERS]
            for script in {SCRIPT_OF[lang] for lang in mute}:
                langs = frozenset(lang for lang in mute if SCRIPT_OF[lang] == script)
                heard = tuple(readings(word, name.lang, script) for word in words)
                if heard and all(heard) and self._says_enough(heard, script, name.kind):
                    yield _Sound(story.id, entity.id, entity.type, langs, heard, fold(words[0]), name.kind)

    @staticmethod
    def _says_enough(heard: tuple[frozenset[str], ...], script: str, kind: str | None) -> bool:
        length = sum(min(map(len, each)) for each in heard)
        if len(heard) > 1:
            return length >= 4
        return length >= (2 if kind else 3 if script in CASED or script == "kana" else 4)

    def stories(self, folded: str) -> set[str]:
        """Return the stories whose names a folded text may hold: a quick look that may say too much."""
        if not self._first or folded.isascii() or not _FOREIGN_WORD.search(folded):
            return set()
        found: set[str] = set()
        for script in self._first:
            words = list(_WORDS[script].finditer(folded))
            for index in range(len(words)):
                found.update(sound.story for sound in self._begun(words, index, script))
        return found

    def _begun(self, words: list[re.Match[str]], index: int, script: str) -> Iterator[_Sound]:
        """Yield the names that may begin at a word: their second is one of the next two words, too."""
        for reading in self._readings_in(words[index].group(), script):
            by_second = self._first[script].get(reading)
            if by_second:
                yield from by_second.get("", ())
                for match in words[index + 1 : index + 3]:
                    for second in self._readings_in(match.group(), script):
                        yield from by_second.get(second, ())

    def hears(self, lang: str) -> bool:
        """Say whether names may be found by their sound in texts of a language."""
        return SCRIPT_OF.get(lang) in self._first

    def find(self, folded: str, lang: str, is_capital: Iterable[bool] | None = None) -> list[HeardName]:
        """Return what sounds like a name in a folded text of a language, longer names first.

        Args:
            folded: The text.
            lang: Its language.
            is_capital: For each of its characters whether it is a capital, in scripts that have them.
        """
        if not self.hears(lang):
            return []
        script = SCRIPT_OF[lang]
        capitals = list(is_capital) if is_capital is not None and script in CASED else None
        words = list(_WORDS[script].finditer(folded))
        found: list[HeardName] = []
        for index, match in enumerate(words):
            if capitals is not None and not capitals[match.start()]:
                continue
            for sound in self._begun(words, index, script):
                if lang in sound.langs:
                    found += self._whole(sound, folded, words, index, script, lang)
        return sorted(set(found), key=lambda heard: (heard.start - heard.end, heard))

    def _whole(
        self, sound: _Sound, folded: str, words: list[re.Match[str]], index: int, script: str, lang: str
    ) -> Iterator[HeardName]:
        last = index
        for readings_of in sound.words[1:]:
            following = [at for at in (last + 1, last + 2) if at < len(words)]
            nearby = [at for at in following if words[at].start() - words[last].end() <= 1 or at == last + 2]
            if len(nearby) == 2 and len(words[nearby[0]].group()) > 3:
                nearby.pop()  # only a short word may stand between: "&", "i", "de"
            fitting = (at for at in nearby if readings_of & set(self._readings_in(words[at].group(), script)))
            at = next(fitting, None)
            if at is None:
                return
            last = at
        start, end = words[index].start(), words[last].end()
        if sound.kind is not None and not kind_stands_near(
            folded, start, end, self._lexicon.kind_words(sound.kind, lang)
        ):
            return
        single = len(sound.words) == 1
        if single and script in CASED and not vowels_agree(sound.plain, words[index].group()):
            return
        length = min(map(len, sound.words[0]))
        sure = not single or sound.kind is not None
        weak = not sure and (sound.type == "person" or (script not in CASED and length < 5) or length < 3)
        yield HeardName(start, end, sound.story, sound.entity, weak, sure)

    def _readings_in(self, word: str, script: str) -> tuple[str, ...]:
        """Return the consonants of a word of a text, with and without what may be clitics or an ending."""
        found = self._heard.get((word, script))
        if found is None:
            if len(self._heard) >= _REMEMBERED:
                self._heard.clear()
            found = tuple(dict.fromkeys(sounds_of(stem, script) for stem in _stems(word, script)))
            self._heard[word, script] = found = tuple(filter(None, found))
        return found


def _stems(word: str, script: str) -> Iterator[str]:
    yield word
    for index, letter in enumerate(word[:3]):
        if letter not in _CLITICS.get(script, ()) or len(word) - index < 4:
            break
        yield word[index + 1 :]
        if word.startswith(_ARTICLE, index + 1):
            yield word[index + 3 :]
    if script == "arabic" and word.startswith(_ARTICLE) and len(word) > 4:
        yield word.removeprefix(_ARTICLE)
    ending = _ENDINGS.get(script)
    if ending is not None and len(word) > 4:
        shorter = ending.sub("", word)
        if shorter != word:
            yield shorter
