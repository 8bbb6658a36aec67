"""The watchlist: every name of every story and every word of the lexicon, compiled for looking up.

Two stages. The gate says in a few microseconds whether an entry can concern any story at all; only then are names and
words looked for, once for all stories: a passage keeps what was found in it. Spans are those of the original text,
always.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial

from service.core.language.chunks import ChunkedText, Chunks
from service.core.language.folding import end_of
from service.core.language.lexicon import Lexicon
from service.core.language.literals import Literals
from service.core.language.phrases import PhrasePattern, match_at, word_pattern
from service.core.matching.gate import Gate
from service.core.matching.office import rulers_of
from service.core.matching.passages import NameHit, Passage, WordHit
from service.core.matching.watched_names import WatchedName, is_written_so, lent_to, names_of, settled
from service.core.matching.word_table import WordTable
from service.core.model import Role, Story
from service.core.names.loans import Loans, kind_stands_near
from service.core.names.misspellings import Misspellings, Suspect
from service.core.names.sounds import SCRIPT_OF

# Which languages' names are looked for in a text of a language. English transliterations turn up everywhere.
_READABLE: dict[str, frozenset[str]] = {
    "ru": frozenset({"ru", "uk", "en"}),
    "uk": frozenset({"ru", "uk", "en"}),
    "ar": frozenset({"ar", "en"}),
    "fa": frozenset({"ar", "fa", "en"}),
    "zh": frozenset({"zh", "en"}),
    "ja": frozenset({"ja", "zh", "en"}),
}


def readable(lang: str) -> frozenset[str]:
    """Return the languages whose names can stand in a text of this language."""
    return _READABLE.get(lang) or frozenset({lang, "en"})


# What stands in a chunk of a text: ([name], start, end, ""), or where `end` is 0 the names that may begin there and need
# more than the chunk, with their longest literal after the first. Plain tuples: Chinese texts make dozens each time.
_Sighting = tuple[Sequence[WatchedName], int, int, str]


Owned = tuple[str, str]  # story, or "" for the lexicon; its entity or word class
ANY_NAME = ""  # stands for each entity of a story where one of them may be misspelt


class _Finder:
    """Finds where names stand, and in each language's texts only those names that are read there."""

    def __init__(self, names: Iterable[WatchedName]) -> None:
        by_anchor: dict[str, dict[str, dict[str, list[WatchedName]]]] = {}  # anchor → language → need → names
        for name in names:
            by_lang = by_anchor.setdefault(name.pattern.anchor, {})
            by_lang.setdefault(name.lang, {}).setdefault(name.pattern.need, []).append(name)
        self._literals = Literals(
            {
                anchor: (len(anchor), tuple((lang, tuple(by_need.items())) for lang, by_need in by_lang.items()))
                for anchor, by_lang in by_anchor.items()
            }
        )
        self._chunks: dict[str, Chunks[_Sighting]] = {}  # language → its chunks

    def found(self, text: ChunkedText, lang: str) -> Iterator[tuple[int, int, WatchedName]]:
        """Yield (start, end, name) of all names in a text of a language."""
        folded = text.folded
        for begin, sightings in self._chunks_in(lang).holding(text):
            for names, start, end, need in sightings:
                if end:
                    yield begin + start, begin + end, names[0]
                elif need in folded:
                    for name in names:
                        span = match_at(name.pattern, folded, begin + start)
                        if span is not None:
                            yield *span, name

    def sighted(self, text: ChunkedText, lang: str) -> Iterator[tuple[str, Collection[Owned]]]:
        """Yield the (story, entity) whose names may stand in a text, with what else it must hold for that."""
        for sightings in self._chunks_in(lang).telling(text).values():
            for names, _, _, need in sightings:
                yield need, {(name.story, name.entity) for name in names if not name.is_veto}

    def _chunks_in(self, lang: str) -> Chunks[_Sighting]:
        chunks = self._chunks.get(lang)
        if chunks is None:
            chunks = self._chunks[lang] = Chunks(partial(self._look, readable(lang)), apart=lang not in {"zh", "ja"})
        return chunks

    def _look(self, langs: Collection[str], chunk: str) -> tuple[_Sighting, ...]:
        found: list[_Sighting] = []
        for end, (length, by_lang) in self._literals.places(chunk):
            start = end - length
            for lang, by_need in by_lang:
                if lang in langs:
                    for need, names in by_need:
                        if need:
                            found.append((names, start, 0, need))
                            continue
                        for name in names:
                            if name.pattern.article is not None:
                                found.append(([name], start, 0, need))
                            elif (span := match_at(name.pattern, chunk, start)) is not None:
                                found.append(([name], *span, need))
        return tuple(found)


class Watchlist:
    """All names of all stories, and the lexicon, ready for use. Build once; it never changes."""

    def __init__(self, stories: Sequence[Story], lexicon: Lexicon) -> None:
        self.stories: Mapping[str, Story] = {story.id: story for story in stories}
        self.lexicon = lexicon
        self.entities = {story.id: {entity.id: entity for entity in story.entities} for story in stories}
        # of each thread's patterns the slots that only names can fill
        self._named_slots = {
            story.id: tuple(
                dict.fromkeys(
                    tuple(slot for slot in pattern.slots if slot <= self.entities[story.id].keys())
                    for thread in story.threads
                    for pattern in thread.belongs
                )
            )
            for story in stories
        }
        self._names = [
            name
            for story in stories
            for entity in story.entities
            for name in (*names_of(story, entity), *lent_to(story, entity, lexicon))
        ]
        self.rulers = {story.id: rulers_of(story, lexicon) for story in stories}
        self._loans = Loans(stories, lexicon, {lang: readable(lang) for lang in SCRIPT_OF})
        self._finder = _Finder(self._names)
        self._words: dict[str, WordTable] = {}  # language → its table, made when first needed
        company = {(name.story, name.entity) for name in self._names if name.vouches}
        several = {story for story, number in Counter(story for story, _ in company).items() if number > 1}
        self._slips = Misspellings(
            ((name.story, name.pattern) for name in self._names if name.may_slip and name.story in several),
            (name.form for name in self._names if name.story in several),
        )
        by_story: dict[str, list[WatchedName]] = {story.id: [] for story in stories}
        for name in self._names:
            by_story[name.story].append(name)
        self._gate = Gate(
            (gate for story in stories for gate in self._gates_of(story, by_story[story.id])),
            ((n.story, n.pattern) for n in self._names if n.vouches and n.story in self._slips.stories),
        )

    def _gates_of(self, story: Story, names: list[WatchedName]) -> Iterator[tuple[str, PhrasePattern]]:
        """Yield what an item must hold to be of a story: for each thread's pattern, its rarest slot."""
        entities = {entity.id: entity for entity in story.entities}

        def commonness(slot: frozenset[str]) -> tuple[int, int]:
            kinds = [entities[part].role is Role.CORE if part in entities else None for part in slot]
            countries = sum(part in entities and entities[part].type == "country" for part in slot)
            return (kinds.count(None) * 100 + countries * 10 + kinds.count(False), len(slot))

        wanted = {part for thread in story.threads for p in thread.belongs for part in min(p.slots, key=commonness)}
        wanted |= {entity.id for entity in story.entities if entity.role is Role.CORE}
        for name in names:
            if name.entity in wanted and not name.is_veto:
                yield story.id, name.pattern
        for word_class in wanted - entities.keys():
            tables = [
                story.words.get(word_class) or story.more_words.get(word_class, {}),
                {k: v.get(word_class, ()) for k, v in self.lexicon.words.items()},
            ]
            for table in tables:
                for lang, phrases in table.items():
                    for phrase in phrases:
                        pattern = word_pattern(phrase, lang)
                        if pattern is not None:
                            yield story.id, pattern

    def concerned(self, folded: str) -> set[str]:
        """Return the stories that a folded text may follow up on. Cheap; never leaves out one that it does."""
        found, near = self._gate.stories(folded)
        found |= self._loans.stories(folded)
        return found | (near & self._slips.concerned(ChunkedText(folded))) if near else found

    def sighted_names(self, text: ChunkedText, lang: str) -> Iterator[tuple[str, Collection[Owned]]]:
        """Yield the (story, entity) whose names may stand in a text of a language, with what else it must hold for that.

        It leaves out nothing that `names` would find, but for names known by their sound.
        """
        yield from self._finder.sighted(text, lang)
        yield from self.misspelt(text)

    def misspelt(self, text: ChunkedText) -> Iterator[tuple[str, Collection[Owned]]]:
        """Yield the stories any of whose names a text may misspell, as `sighted_names` does."""
        yield "", {(story, ANY_NAME) for story in self._slips.concerned(text)}

    def told_by(self, lang: str) -> Iterator[tuple[str, str, Owned]]:
        """Yield (literal, what else a text must hold, whose and what) of all that is looked for in texts of a language.

        A text that holds neither tells nothing of it, but in a misspelt name or one known by its sound.
        """
        langs = readable(lang)
        for name in self._names:
            if name.lang in langs and not name.is_veto:
                yield name.pattern.anchor, name.pattern.need, (name.story, name.entity)
        yield from self._table(lang).told_by()

    def sighted_words(self, text: ChunkedText, lang: str) -> Iterator[tuple[str, Collection[Owned]]]:
        """Yield the (story, or "" for the lexicon; class) that a text may say, with what else it must hold for that.

        It leaves out nothing that `words` would find.
        """
        return self._table(lang).sighted(text)

    def may_hear(self, passage: Passage) -> set[str]:
        """Return the stories whose names may stand in a passage by their sound."""
        return self._loans.stories(passage.folded) if self._loans.hears(passage.lang) else set()

    def can_belong(self, story: str, named: frozenset[str]) -> bool:
        """Say whether an item that names these could fill a thread's pattern, were all its words there."""
        for slots in self._named_slots[story]:
            for slot in slots:
                if slot.isdisjoint(named):
                    break
            else:
                return True
        return False

    def names(self, passage: Passage, story: str) -> list[NameHit]:
        """Return a story's names in a passage, in order.

        A phrase in which a name means something else removes that name. A name inside a longer one of the same type
        is part of it (the brother's full name is not the brother); inside one of another type it counts as well (the
        town in the name of its base).
        """
        if passage.names is None:
            passage.names = self._found_names(passage)
        return passage.names.get(story, [])

    def _matches(self, passage: Passage, chunked: ChunkedText) -> dict[str, list[tuple[int, int, WatchedName]]]:
        """Return all that matches in the folded text of a passage, or in that with a word spelt right, by story."""
        found: dict[str, list[tuple[int, int, WatchedName]]] = {}
        folded = chunked.folded
        as_it_stands = folded == passage.folded
        for start, end, name in self._finder.found(chunked, passage.lang):
            if as_it_stands and not is_written_so(passage, start, end, name):
                continue
            if not name.near or kind_stands_near(folded, start, end, name.near):
                found.setdefault(name.story, []).append((start, end, name))
        return found

    def _found_names(self, passage: Passage) -> dict[str, list[NameHit]]:
        folded, text = passage.folded, passage.text
        found = self._matches(passage, passage.chunked)
        hits: dict[str, list[NameHit]] = {}
        offsets = passage.offsets if found else ()
        for story, matches in found.items():
            hits[story] = [
                NameHit(
                    story,
                    name.entity,
                    offsets[start],
                    end_of(text, offsets[end - 1]),
                    name.lang,
                    name.weak,
                    name.is_title,
                    False,
                    name.vouches,
                )
                for start, end, name in settled(folded, matches)
            ]
        for hit in self._heard(passage):
            begin, stop = hit.start, hit.end
            mine = hits.setdefault(hit.story, [])
            if not any(each.start < stop and begin < each.end for each in mine):
                mine.append(hit)
        suspects = self._slips.suspects(passage.chunked)
        covered = [(start, end) for matches in found.values() for start, end, _ in matches] if suspects else []
        for suspect in suspects:
            if not any(start < suspect.end and suspect.start < end for start, end in covered):
                for hit in self._misspelt(passage, suspect):
                    hits.setdefault(hit.story, []).append(hit)
        for mine in hits.values():
            if len(mine) > 1:
                mine.sort(key=lambda hit: (hit.start, -hit.end, hit.entity))
        return hits

    def _heard(self, passage: Passage) -> Iterator[NameHit]:
        """Yield the names that stand in a passage by their sound alone, longer ones first."""
        if not self._loans.hears(passage.lang):
            return
        text, offsets = passage.text, passage.offsets
        capitals = (text[offsets[at]].isupper() for at in range(len(passage.folded)))
        for heard in self._loans.find(passage.folded, passage.lang, capitals):
            begin, stop = offsets[heard.start], end_of(text, offsets[heard.end - 1])
            yield NameHit(
                heard.story, heard.entity, begin, stop, passage.lang, heard.is_single, False, vouches=heard.is_sure
            )

    def _misspelt(self, passage: Passage, suspect: Suspect) -> list[NameHit]:
        """Return the names that stand in a passage once a word of it is spelt right.

        A word of the language is not misspelt, nor is one in small letters where names have capitals.
        """
        text, folded = passage.text, passage.folded
        begin, stop = passage.offsets[suspect.start], end_of(text, passage.offsets[suspect.end - 1])
        if text[begin].islower() or any(w.start <= begin and stop <= w.end for w in self.words(passage)):
            return []
        for meant in suspect.meant:
            right = folded[: suspect.start] + meant + folded[suspect.end :]
            right_end = suspect.start + len(meant)
            longer = right_end - suspect.end
            hits = [
                NameHit(
                    name.story,
                    name.entity,
                    passage.offsets[start],
                    end_of(text, passage.offsets[max(end - longer, start + 1) - 1]),
                    name.lang,
                    name.weak,
                    name.is_title,
                    is_typo=True,
                )
                for matches in self._matches(passage, ChunkedText(right)).values()
                for start, end, name in settled(right, matches)
                if start < right_end and suspect.start < end and name.may_slip
            ]
            if hits:
                return hits
        return []

    def _table(self, lang: str) -> WordTable:
        """Return the words of a language, the lexicon's and those of all stories.

        Compiling all languages takes a second, and most processes meet few of them at first.
        """
        table = self._words.get(lang)
        if table is None:
            classes = {("", word_class): phrases for word_class, phrases in self.lexicon.words.get(lang, {}).items()}
            for story in self.stories.values():
                given = story.words | story.more_words  # no class is in both
                classes |= {(story.id, word_class): words[lang] for word_class, words in given.items() if lang in words}
            table = self._words[lang] = WordTable(lang, classes)
        return table

    def words(self, passage: Passage, story: str = "") -> list[WordHit]:
        """Return the lexicon's words in a passage, in order; with `story`, that story's own words too."""
        if passage.words is None:
            passage.words = self._table(passage.lang).find(passage)
        said = passage.said.get(story)
        if said is None:
            said, own = passage.words.get("", []), passage.words.get(story, [])
            if story and own:
                said = sorted({*said, *own}, key=lambda hit: (hit.start, -hit.end, hit.word_class))
            passage.said[story] = said
        return said
