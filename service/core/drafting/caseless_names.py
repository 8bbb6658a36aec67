"""Candidate names in scripts without capitals: what is repeated, quoted, or told by the words beside it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from service.core.drafting.candidates import Candidate, NameWords
from service.core.language.folding import fold
from service.core.names.unspaced_names import told_by_end

_TOKEN = re.compile(r"[^\W\d_]+(?:['’\-\u200c.״\"]?[^\W\d_]+)*|\d+")
_QUOTED = re.compile(r"[«“„\"「『《]([^«»“”„\"「」『』《》\n]{2,40})[»”“\"」』》]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff々]+")
_KATAKANA = re.compile("[\u30a1-\u30ff]{3,}(?:[・＝][\u30a1-\u30ff]{2,})*")
_MIXED = re.compile("[\u30a1-\u30ff]{3,}[\u4e00-\u9fff]{1,4}|[\u4e00-\u9fff]{1,4}[\u30a1-\u30ff]{3,}")
# One letter (or article) written together with the word behind it.
_CLITICS = {"ar": ("وال", "بال", "لل", "ال", "و", "ب", "ل"), "he": ("וה", "ה", "ו", "ב", "ל", "מ", "ש"), "fa": ()}
_LONGEST_HAN = 6


def repeated_words(pieces: Sequence[str], lang: str, words: NameWords) -> list[Candidate]:
    """Return words and short stretches of words that are repeated and are no common words."""
    common = words.common | words.place | words.person
    rows = [[token.group() for token in _TOKEN.finditer(piece)] for piece in pieces]
    keys = [[_key(token, lang, common) for token in tokens] for tokens in rows]
    counts: Counter[tuple[str, ...]] = Counter()
    for row in keys:
        for size in (2, 3):
            spans = (tuple(row[i : i + size]) for i in range(len(row) - size + 1))
            counts.update(span for span in spans if all(span))
    quoted = {fold(match.group(1)) for piece in pieces for match in _QUOTED.finditer(piece)}
    held: dict[tuple[str, ...], Candidate] = {}
    for number, (tokens, row) in enumerate(zip(rows, keys, strict=True)):
        index = 0
        while index < len(row):
            size = next((s for s in (3, 2) if counts[tuple(row[index : index + s])] > 1), 1)
            span = tuple(row[index : index + size])
            if all(span):
                candidate = held.setdefault(span, Candidate(forms=Counter()))
                candidate.forms[" ".join(tokens[index : index + size])] += 1
                candidate.places.append(number)
                candidate.before[fold(tokens[index - 1]) if index else ""] += 1
                candidate.after[fold(tokens[index + size]) if index + size < len(tokens) else ""] += 1
            index += size
    for candidate in held.values():  # with and without its clitic it is one name: the shortest is the base form
        shortest = min(candidate.forms, key=lambda form: (len(form), form))
        candidate.forms = Counter({shortest: candidate.count})
    return [
        candidate
        for span, candidate in held.items()
        if candidate.count > 2
        or (candidate.count == 2 and (len(span) > 1 or 0 in candidate.places or words.person & candidate.before.keys()))
        or " ".join(span) in quoted
    ]


def _key(token: str, lang: str, common: frozenset[str]) -> str:
    """Return what all forms of a word share, "" for one that cannot be a name."""
    folded = fold(token)
    key = _without_clitics(folded, lang)
    return "" if folded in common or key in common or len(key) < 2 or token.isdigit() else key


def _without_clitics(word: str, lang: str) -> str:
    for clitic in _CLITICS.get(lang, ()):
        if word.startswith(clitic) and len(word) - len(clitic) >= 3:
            return word.removeprefix(clitic)
    return word


def repeated_stretches(pieces: Sequence[str], words: NameWords, *, by_end: bool) -> list[Candidate]:
    """Return stretches of characters that are repeated, none inside another that is as frequent."""
    counts: Counter[str] = Counter()
    for piece in pieces:
        for match in _KATAKANA.finditer(piece):
            counts[match.group()] += 2  # written so because it is foreign or a name
        for match in _MIXED.finditer(piece):
            counts[match.group()] += 1
        for run in _HAN.finditer(piece):
            text = run.group()
            for size in range(2, _LONGEST_HAN + 1):
                counts.update(text[i : i + size] for i in range(len(text) - size + 1))
    for piece in pieces:
        for match in _QUOTED.finditer(piece):
            if _HAN.fullmatch(match.group(1)) and len(match.group(1)) <= _LONGEST_HAN:
                counts[match.group(1)] += 2
    edges = {word for word in words.common if len(word) == 1}
    good = {s: n for s, n in counts.items() if n >= 3 and s[0] not in edges and s[-1] not in edges}
    whole = [s for s, n in good.items() if not any(s != t and s in t and counts[t] >= n * 0.7 for t in good)]
    told = told_by_end(pieces, words.person, words.facility | words.organization, words.common) if by_end else {}
    whole = [s for s in whole if fold(s) not in words.common and not any(s != name and s in name for name in told)]
    found = [
        _unspaced(surface, told.get(surface, Counter()), pieces, words) for surface in dict.fromkeys((*told, *whole))
    ]
    return [candidate for candidate in found if candidate.places]


def _unspaced(surface: str, told: Counter[str], pieces: Sequence[str], words: NameWords) -> Candidate:
    """Return a name of a text without spaces, with what stands beside it; `told` is what told it by its end."""
    before: Counter[str] = Counter({"@place": told["@place"]})
    titles = {title: count for title, count in told.items() if fold(title) in words.person}
    after: Counter[str] = Counter({fold(title): count for title, count in titles.items()})
    places = [number for number, piece in enumerate(pieces) for _ in range(piece.count(surface))]
    for piece in pieces:
        for match in re.finditer(re.escape(surface), piece):
            before.update({word for word in words.place | words.person if piece[: match.start()].endswith(word)})
            after.update({word for word in words.person if piece[match.end() :].startswith(word)})
    forms = Counter({surface: len(places)})
    forms.update({f"{surface[:-2]}{title}": 0 for title in titles if len(surface) > 3})  # 榊原社長, not counted twice
    return Candidate(forms=forms, places=places, before=before, after=after)
