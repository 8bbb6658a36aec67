"""Names that a text mentions in passing: somebody's cousin, an example, what a time is told by."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence

from service.core.matching.passages import NameHit, Passage, WordHit

_BREAK = re.compile("[,;:،؛，、；：]")  # what comes behind it says nothing of the name before
_TITLES = frozenset({"president", "ousted", "interim"})
_LONGEST_TITLE = 40
LIKE = {
    lang: re.compile(rf"\b(?:{word})\s$", re.IGNORECASE)
    for lang, word in {
        "de": "wie",
        "fr": "comme",
        "es": "como",
        "it": "come",
        "pt": "como",
        "pl": "jak",
        "ru": "как",
        "uk": "як",
        "el": "όπως ο|σαν τον|όπως",
        "vi": "như|như ông",
    }.items()
}
# "X's fate awaits Y", where it names who shares it last
_AWAITS = {
    lang: re.compile(rf" ?(?:{verbs})\b", re.IGNORECASE)
    for lang, verbs in {
        "en": "(?:could |may |might |would )?awaits?|could befall",
        "de": "droht|wartet auf|könnte",
        "ru": "ждет|ждёт|грозит|постигнет|(?:может|могут) (?:повторить|ждать|постигнуть)",
        "uk": "чекає|загрожує|спіткає|(?:може|можуть) (?:повторити|чекати|спіткати)",
        "pl": "czeka|grozi|może spotkać",
        "fa": "در انتظار|منتظر|دچار|گرفتار",
        "he": "מחכה|מצפה|ממתין|אורב",
        "tr": "(?:onu|seni|onları) da bekl\\w*",
        "fr": "attend|guette",
        "es": "espera a|aguarda a|amenaza a",
        "it": "attende|aspetta|incombe",
        "pt": "espera por|aguarda",
        "el": "περιμένει",
    }.items()
}
_LONGEST_ARTICLE = 4
_LONGEST_LIKE = 12  # characters, with the spaces behind it
_AFTER = {
    lang: re.compile(rf"\W*(?:{word})\s+(?:[ae]l[- ])?", re.IGNORECASE)
    for lang, word in {
        "en": "after",
        "de": "nach",
        "fr": "après",
        "es": "después de|tras",
        "it": "dopo",
        "pt": "depois de|após",
        "pl": "po",
        "ru": "после",
        "uk": "після",
        "ar": "(?:ما )?بعد",
        "fa": "بعد از|پس از|پسا",
        "he": "אחרי|לאחר",
        "el": "μετά τον",
        "vi": "sau|hậu",
    }.items()
}
_LONGEST_AFTER = 16  # characters, with the spaces behind it
_SETS_OFF = re.compile(r"\s*(?:[,:;،؛?…]|\.\.|[–—-]\s)")
_WORD_BEFORE = re.compile(r"(\w+) (?:[ae]l[- ])?$")
# Where surnames are given names too, and only names have capitals: "Esad Yılmaz", but "Esad Fransa'da".
_WORD_BEHIND = re.compile(r" ([^\W\d_]{3,})(?!['’\w])")
_GIVEN_TOO = frozenset({"tr", "es", "it", "fr", "pt"})
_MARKS = " .!?…»”\"'"
_ARTICLE = re.compile(r"\b\w{2,3} $")
_CLAUSE_ENDS = frozenset(",;:，；：،؛")


def is_anothers(passage: Passage, surname: NameHit, words: Iterable[WordHit]) -> bool:
    """Say whether a surname belongs to somebody else: it stands behind a given name, or is one before a surname.

    His own given name would make it a full name. A capital says so only where the text has small letters too, and the
    word is no word of the lexicon ("Diktator").
    """
    text = passage.text
    if not any(len(word) > 3 and word.islower() for word in text.split()):
        return False
    before = _WORD_BEFORE.search(text, 0, surname.start)
    behind = _WORD_BEHIND.match(text, surname.end) if passage.lang in _GIVEN_TOO else None
    return any(
        name is not None
        and name.group(1).istitle()
        and not any(word.start <= name.start(1) < word.end for word in words)
        for name in (before, behind)
    )


def oblique_of(
    text: str, name: NameHit, labels: Iterable[WordHit], words: Sequence[WordHit], actions: Container[str]
) -> str | None:
    """Return in what manner a name is only mentioned, "background" or "analogy", or None where it is meant itself.

    Args:
        text: The field it stands in.
        name: The name.
        labels: The words of its sentence that say whose or what for a name is mentioned.
        words: All words of its sentence.
        actions: The word classes that are actions.
    """
    for hit in labels:
        if hit.word_class == "background_before" and 0 <= name.start - hit.end <= _LONGEST_TITLE:
            start = _title_start(text, hit.end, name.start, words)
            between = text[hit.end : start] if hit.end <= start <= hit.end + 4 else "no label"
            if not between.strip(" '’-–al") or between.isspace():
                return "background"
        if hit.word_class == "background_before" and hit.start < name.start < hit.end:
            return "background"
        is_beside = hit.word_class == "background_after" and 0 <= hit.start - name.end <= 3
        if is_beside and not _BREAK.search(text, name.end, hit.start):
            return "background"
        if (
            hit.word_class == "analogy"
            and 0 <= name.start - hit.end <= 24
            and text[hit.end : name.start].count(" ") <= 3
            and not _CLAUSE_ENDS.intersection(text[hit.end : name.start])
            # another warrant for X makes nobody an example
            and not any(w.word_class in actions and hit.end <= w.start and w.end <= name.start for w in words)
        ):
            return "analogy"
    return None


def is_example(text: str, name: NameHit, lang: str, end: int, *, beside_another: bool = False) -> bool:
    """Say whether a name stands behind the word for "like", which elsewhere means "how": "…, wie X".

    That is so where it ends its sentence, or where somebody of old standing is named `beside_another`.
    """
    like = LIKE.get(lang)
    if like is None or not like.search(text, max(0, name.start - _LONGEST_LIKE), name.start):
        return False
    return beside_another or not text[name.end : end].strip(_MARKS)


def is_time(text: str, name: NameHit, lang: str, start: int) -> bool:
    """Say whether a sentence that begins at `start` opens with a time told by a name: "After X, …", "After X: …".

    With another word behind the name ("After X's arrival in …") it may be what the sentence is about.
    """
    after = _AFTER.get(lang) if name.start - start <= _LONGEST_AFTER else None
    return (
        after is not None
        and after.fullmatch(text, start, name.start) is not None
        and _SETS_OFF.match(text, name.end) is not None
    )


def awaits_another(text: str, name: NameHit, lang: str) -> bool:
    """Say whether what is told of a name comes to somebody else: "his fate awaits Y"."""
    awaits = _AWAITS.get(lang)
    return awaits is not None and awaits.match(text, name.end) is not None


def is_own(label: WordHit, held: list[WordHit], *, shared: bool) -> bool:
    """Say whether a label is none beside phrases that hold the name: "after the fall" is a time, "fate of" theirs.

    Args:
        label: A word that may make the name a label or an example.
        held: The phrases.
        shared: Somebody else is named whose fate it may be.
    """
    if label.word_class == "background_after":
        return True
    return (
        label.word_class == "analogy"
        and not shared
        and any(abs(word.start - label.start) <= _LONGEST_ARTICLE and label.end <= word.end for word in held)
    )


def _title_start(text: str, after: int, start: int, words: Sequence[WordHit]) -> int:
    """Return where a name begins with what its bearer is or was: "cousin of the former president X".

    Args:
        text: The field.
        after: Where the word ends that the name may belong to.
        start: Where the name itself begins.
        words: The sentence's words.
    """
    for word in reversed(words):
        if word.word_class in _TITLES and word.start < start and not text[word.end : start].strip(" -–"):
            start = word.start
    article = _ARTICLE.search(text, after, start)
    return article.start() if article else start
