"""The names of stories, each ready to be looked for in texts of its language, with what there is to know of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

from service.core.language.folding import end_of, fold
from service.core.language.lexicon import Lexicon
from service.core.language.phrases import PhrasePattern, name_pattern
from service.core.matching.passages import Passage
from service.core.model import Entity, Role, Story
from service.core.names.loans import lent_patterns
from service.core.names.spelling import asks_for_capital, has_capital, has_same_marks, stands_by_itself

_begin_of = itemgetter(0)
_SHORT = 3  # letters of a Latin name that turn up by chance in other words


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedName:
    """A name, a description that stands for one, or a phrase in which it means something else."""

    story: str
    entity: str
    type: str
    lang: str
    pattern: PhrasePattern
    form: str  # the folded base form
    written: str  # the base form as written
    is_core: bool
    weak: bool
    is_title: bool
    is_veto: bool
    vouches: bool  # a misspelt name may be looked for beside it
    may_slip: bool  # its last word is a proper noun and no one else's: not a people's, nor "base"
    capital: bool = False  # it has one where it stands
    near: tuple[str, ...] = ()  # phrases of which one must stand near: the generic part of a lent name

    def rank(self, surface: str) -> int:
        """Return how well the name stands for a folded surface; 0 is best."""
        if self.is_veto:
            return 0
        return 0 if surface == self.form else 1 if self.is_core else 2


def names_of(story: Story, entity: Entity) -> Iterator[WatchedName]:
    """Yield the names that a story gives an entity."""
    is_telling = entity.role in {Role.CORE, Role.CONTEXT}
    is_person, is_place = entity.type == "person", entity.type in {"place", "facility"}
    for kind, table in (("name", entity.names), ("title", entity.titles), ("veto", entity.veto)):
        for lang, forms in table.items():
            several = any(len(fold(form).split()) > 1 for form in forms)
            for form in forms:
                pattern = name_pattern(form, lang)
                if pattern is None:
                    continue
                folded = fold(form)
                long_words = [word for word in folded.split() if len(word) > 2]
                weak = kind == "name" and is_person and several and len(long_words) <= 1
                yield WatchedName(
                    story=story.id,
                    entity=entity.id,
                    type=entity.type,
                    lang=lang,
                    pattern=pattern,
                    form=folded,
                    written=unicodedata.normalize("NFC", form).casefold(),
                    is_core=entity.role is Role.CORE,
                    weak=weak,
                    is_title=kind == "title",
                    is_veto=kind == "veto",
                    vouches=is_telling and kind != "veto" and not weak and _vouches(pattern),
                    capital=kind == "name" and asks_for_capital(form, lang, entity.type),
                    may_slip=is_telling and kind == "name" and (is_person or (is_place and len(pattern.tokens) == 1)),
                )


def lent_to(story: Story, entity: Entity, lexicon: Lexicon) -> Iterator[WatchedName]:
    """Yield the names of an entity in the languages of its script for which the story gives none."""
    for lent in lent_patterns(entity, lexicon):
        written = " ".join(lent.name.written)
        yield WatchedName(
            story=story.id,
            entity=entity.id,
            type=entity.type,
            lang=lent.lang,
            pattern=lent.pattern,
            form=fold(written),
            written=unicodedata.normalize("NFC", written).casefold(),
            is_core=entity.role is Role.CORE,
            weak=lent.weak,
            is_title=False,
            is_veto=False,
            vouches=not lent.weak and entity.role in {Role.CORE, Role.CONTEXT} and _vouches(lent.pattern),
            may_slip=False,
            capital=asks_for_capital(written, lent.lang, entity.type),
            near=lent.near,
        )


def _vouches(name: PhrasePattern) -> bool:
    """Say whether a misspelt name is looked for beside a name: "US" and "UN" are in every other text."""
    longest = max((token.literal for token in name.tokens), key=len)
    return len(longest) > _SHORT or not longest.isascii()


def is_written_so(passage: Passage, start: int, end: int, name: WatchedName) -> bool:
    """Say whether a match in a passage's own folded text is written as its name is."""
    begin = passage.offsets[start]
    if name.capital and not has_capital(passage.text, begin):
        return False
    if passage.lang == "vi":
        return has_same_marks(passage.text, begin, end_of(passage.text, passage.offsets[end - 1]), name.written)
    return name.is_veto or stands_by_itself(passage.folded, start, end, passage.lang, name.type)


_Match = tuple[int, int, WatchedName]  # start, end


def settled(folded: str, matches: list[_Match]) -> list[_Match]:
    """Return the matches in a folded text that count; only those that overlap are in each other's way."""
    if len(matches) == 1:
        return [] if matches[0][2].is_veto else matches
    kept: list[_Match] = []
    together: list[_Match] = []
    reach = 0  # where the last of those ends
    for match in sorted(matches, key=_begin_of):
        if match[0] >= reach and together:
            kept += together if len(together) == 1 and not together[0][2].is_veto else _settled(folded, together)
            together = []
        together.append(match)
        reach = max(reach, match[1])
    kept += _settled(folded, together)
    return kept


def _settled(folded: str, matches: list[_Match]) -> Iterator[_Match]:
    # of several names on one stretch the one written there, else the story's core: "Асада" is the man in the
    # genitive before it is «Асады», the clan
    matches = _of_their_own(matches)
    first: dict[tuple[int, int], int] = {}
    own_veto: set[tuple[int, int, str]] = set()
    for start, end, name in matches:
        if name.is_veto:
            own_veto.add((start, end, name.entity))
        else:
            first[start, end] = min(first.get((start, end), 9), name.rank(folded[start:end]))
    matches.sort(key=lambda m: (m[0] - m[1], m[2].is_veto, m[2].weak, m[0], m[2].entity))
    taken: list[tuple[int, int, str | None, str]] = []  # start, end, type (None: veto), entity
    for start, end, name in matches:
        if not name.is_veto:
            rank = name.rank(folded[start:end])
            if rank > first[start, end] or (rank and (start, end, name.entity) in own_veto):
                continue
        overlapping = [t for t in taken if t[0] < end and start < t[1]] if taken else taken
        if name.is_veto:
            if not any(t[0] <= start and end <= t[1] and t[2] is not None for t in overlapping):
                taken.append((start, end, None, name.entity))
            continue
        # a name that begins before the phrase is not the phrase's: "al-Golani fighters" are not "Golani fighters"
        if overlapping and any(
            t[0] <= start if t[2] is None else name.type == t[2] or t[3] == name.entity for t in overlapping
        ):
            continue
        taken.append((start, end, name.type, name.entity))
        yield start, end, name


def _of_their_own(matches: list[_Match]) -> list[_Match]:
    """Return matches without descriptions of another's: "Asma Assad's brother" is no brother of Assad's.

    The name that such a description begins with is the end of a longer one, of somebody else.
    """
    if not any(name.is_title for _, _, name in matches):
        return matches
    plain = [(start, end, name.entity) for start, end, name in matches if not name.is_title and not name.is_veto]
    kept = []
    for start, end, name in matches:
        if name.is_title:
            before = {entity for begin, stop, entity in plain if begin < start < stop < end}
            inside = {entity for begin, stop, entity in plain if start <= begin and stop <= end}
            if before and inside and not before & inside:
                continue
        kept.append((start, end, name))
    return kept
