"""What a sentence says in passing: its background clauses, where things are, and what it dates to long ago."""

from __future__ import annotations

from collections.abc import Container

from service.core.matching.clauses import CLAUSE_WORDS, background_spans, bygone_spans, where_spans
from service.core.matching.passages import NameHit, Passage, WordHit
from service.core.matching.watchlist import Watchlist
from service.core.model import Story, TextField

_PEOPLE = frozenset({"person", "group"})
_EARLIER = "earlier"
_OPENING = 12  # characters in which a sentence says that it goes back: "The president earlier said that"
_BEFORE_WHERE = 2  # characters of a clause that says where, before its first word
_PLACES = frozenset({"place", "facility", "country"})


def background(
    watchlist: Watchlist,
    story: Story,
    field: TextField,
    passage: Passage,
    sentence: tuple[int, int],
    named: list[NameHit],
    words: list[WordHit],
    actions: Container[str],
    *,
    says_where: bool,
) -> list[tuple[int, int]]:
    """Return the stretches of a sentence that only say what is long known.

    Args:
        watchlist: The names and words that are looked for.
        story: For which the sentence is read.
        field: Where it stands.
        passage: The text of that field.
        sentence: Where it begins and ends.
        named: Its names.
        words: Its words.
        actions: The classes of words that say what happens.
        says_where: The field may say where things are.
    """
    text, lang = passage.text, passage.lang
    start, end = sentence
    entities = watchlist.entities[story.id]
    spans: list[tuple[int, int]] = []
    if not CLAUSE_WORDS.isdisjoint(word.word_class for word in words):
        people = [hit for hit in named if entities[hit.entity].type in _PEOPLE]
        places = [hit for hit in named if entities[hit.entity].type in _PLACES]
        spans = background_spans(text, lang, end, _cues(words, story), people, places)
    if says_where and named and words:
        asked = _asks_where(words, story, [hit for hit in named if entities[hit.entity].type in _PEOPLE])
        spans += [
            span
            for span in where_spans(text, lang, start, end, words, actions)
            if not any(0 <= place - span[0] <= _BEFORE_WHERE for place in asked)
        ]
    if field == "summary":
        spans += [(word.start, end) for word in words if word.word_class == _EARLIER and word.start - start <= _OPENING]
    if named and field == "summary":  # a title that dates what happened tells of it
        months = watchlist.lexicon.months.get(lang, {})
        spans += bygone_spans(passage, start, end, words, actions, months, story.as_of)
    return spans


def _cues(words: list[WordHit], story: Story) -> list[WordHit]:
    """Return the words that may open a background clause: "the night he fled" opens none where it is told of itself."""
    own = {(word.start, word.end) for word in words if word.word_class in story.words}
    return [word for word in words if word.word_class not in CLAUSE_WORDS or (word.start, word.end) not in own]


def _asks_where(words: list[WordHit], story: Story, people: list[NameHit]) -> list[int]:
    """Return where phrases of the story begin that hold a person's name: "where X is" may be what it asks."""
    return [
        word.start
        for word in words
        if word.word_class in story.words and any(word.start <= hit.start and hit.end <= word.end for hit in people)
    ]
