"""Candidate names in a text about anything: what a draft of a story proposes, and an author reviews.

Only what stands on the page counts: capitals, repetition, the words beside a name, what is in quotation marks or
brackets. There is no list of known names. Scripts without capitals offer less, so there a candidate must be repeated.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from service.core.language.folding import fold, sentences
from service.core.names.unspaced_names import told_by_end

_TOKEN = re.compile(r"[^\W\d_]+(?:['’\-\u200c.״\"]?[^\W\d_]+)*|\d+")
_POSSESSIVE = re.compile(r"['’](?:s|S)?$|['’](?!\w{4,}).*$")
# What may stand inside a name without a capital: "Hayat Tahrir al-Sham", "Ursula von der Leyen".
_JOINERS = frozenset({"of", "de", "del", "della", "di", "da", "do", "dos", "van", "von", "bin", "al", "el", "la"})
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|dell|nell|all|sull|un)['’](?=\w)", re.IGNORECASE)
_ARTICLES = ("al-", "el-", "ad-", "as-", "ash-", "ar-", "d'", "d’", "l'", "l’")
_QUOTED = re.compile(r"[«“„\"「『《]([^«»“”„\"「」『』《》\n]{2,40})[»”“\"」』》]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff々]+")
_KATAKANA = re.compile("[\u30a1-\u30ff]{3,}(?:[・＝][\u30a1-\u30ff]{2,})*")
_MIXED = re.compile("[\u30a1-\u30ff]{3,}[\u4e00-\u9fff]{1,4}|[\u4e00-\u9fff]{1,4}[\u30a1-\u30ff]{3,}")
_CASELESS = frozenset({"ar", "fa", "he"})
_UNSPACED = frozenset({"zh", "ja"})
# One letter (or article) written together with the word behind it.
_CLITICS = {"ar": ("وال", "بال", "لل", "ال", "و", "ب", "ل"), "he": ("וה", "ה", "ו", "ב", "ל", "מ", "ש"), "fa": ()}
_LONGEST_HAN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class NameWords:
    """Words of one language that help to find names, folded."""

    common: frozenset[str] = frozenset()
    place: frozenset[str] = frozenset()
    person: frozenset[str] = frozenset()
    organization: frozenset[str] = frozenset()
    facility: frozenset[str] = frozenset()


@dataclass(slots=True, kw_only=True)
class Candidate:
    """A thing that a text names, with how it is named.

    Attributes:
        forms: Surface → how often, as written.
        places: The sentence numbers it stands in, 0 for the headline.
        before: Words right before it, folded, each time.
        after: Words right after it, folded, each time.
        is_acronym: It is all capitals.
    """

    forms: Counter[str]
    places: list[int] = field(default_factory=list)
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    is_acronym: bool = False

    @property
    def count(self) -> int:
        """Return how often the text names it."""
        return sum(self.forms.values())

    @property
    def name(self) -> str:
        """Return the fullest form, for display."""
        return max(self.forms, key=lambda form: (len(form.split()), self.forms[form], -len(form)))

    def take(self, other: Candidate) -> None:
        """Count another candidate as this one."""
        self.forms.update(other.forms)
        self.places.extend(other.places)
        self.before.update(other.before)
        self.after.update(other.after)


@dataclass(frozen=True, slots=True)
class _Run:
    surface: str
    before: str
    after: str
    at_start: bool


def find_names(title: str, text: str, lang: str, words: NameWords) -> list[Candidate]:
    """Return the things that a headline and a text name, the most often named first.

    Args:
        title: The headline, "" where there is none.
        text: The body.
        lang: Its language: decides what a name looks like.
        words: The helping words of that language.
    """
    pieces = [title, *(text[start:end] for start, end in sentences(text))]
    if lang in _UNSPACED:
        found = _repeated_stretches(pieces, words, by_end=lang == "ja")
    elif lang in _CASELESS:
        found = _repeated_words(pieces, lang, words)
    else:
        found = _merged(_capitalised(pieces, lang, words), lang)
    return sorted(found, key=lambda each: (-each.count, each.places[:1], each.name))


# --- scripts with capitals ---------------------------------------------------------------


def _capitalised(pieces: Sequence[str], lang: str, words: NameWords) -> list[Candidate]:
    lower = Counter(
        fold(token.group()) for piece in pieces[1:] for token in _TOKEN.finditer(piece) if token.group()[0].islower()
    )
    held: dict[str, Candidate] = {}
    unsure: list[tuple[_Run, int]] = []
    for number, piece in enumerate(pieces):
        for run in _runs(piece, lang, words):
            is_sure = not run.at_start and number > 0 and not (lang == "de" and _is_german_noun(run))
            if is_sure and fold(run.surface) not in lower:
                _count(held, run, number)
            else:
                unsure.append((run, number))
    single = Counter(fold(run.surface) for run, _ in unsure)
    for given, number in unsure:  # a capital that begins a sentence says nothing; being a name elsewhere does
        run = _without_first(given, held)
        known = any(fold(run.surface) in {fold(surface), fold(surface).split()[-1]} for surface in held)
        several = " " in run.surface and number > 0 and (lang != "de" or not _is_german_noun(run))
        repeated = single[fold(run.surface)] > 1 and fold(run.surface) not in lower and lang != "de"
        if known or ((several or repeated) and fold(run.surface) not in lower):
            _count(held, run, number)
    return list(held.values())


def _without_first(run: _Run, held: dict[str, Candidate]) -> _Run:
    """Return a run that begins a sentence without its first word where the rest is a name by itself."""
    first, _, rest = run.surface.partition(" ")
    if not (run.at_start and rest):
        return run
    stems = fold(rest).split()
    for surface in held:
        others = fold(surface).split()
        fits = len(stems) <= len(others) and others[0] != fold(first)
        if fits and all(map(_same_stem, stems, others[-len(stems) :])):
            return _Run(rest, fold(first), run.after, at_start=False)
    return run


def _count(held: dict[str, Candidate], run: _Run, number: int) -> None:
    candidate = held.setdefault(run.surface, Candidate(forms=Counter(), is_acronym=_is_acronym(run.surface)))
    candidate.forms[run.surface] += 1
    candidate.places.append(number)
    candidate.before[run.before] += 1
    candidate.after[run.after] += 1


def _is_acronym(surface: str) -> bool:
    return surface.isupper() and surface.isalpha() and 2 <= len(surface) <= 8


def _is_german_noun(run: _Run) -> bool:
    """Say whether a German capital means no more than a noun: it stands alone or behind an article."""
    articles = {"der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "im", "am", "zum"}
    articles |= {"zur", "vom", "beim", "keine", "kein", "mehr", "viele", "alle", "diese", "dieser", "neue", "neuen"}
    names_follow = {"in", "aus", "nach", "von", "bei", "sagte", "erklarte"}
    if " " in run.surface:
        return False
    return run.before in articles or (run.before not in names_follow and not _is_acronym(run.surface))


def _runs(piece: str, lang: str, words: NameWords) -> Iterable[_Run]:
    """Yield the stretches of capitalised words in a sentence, without common words at their edges."""
    if lang in {"fr", "it"}:  # "l'avocat" is two words; the length stays
        piece = _ELISION.sub(lambda match: match.group()[:-1] + " ", piece)
    tokens = list(_TOKEN.finditer(piece))
    index = 0
    while index < len(tokens):
        if not _begins_name(tokens[index].group()):
            index += 1
            continue
        end = _end_of_run(piece, tokens, index)
        for begin, last in _parts(tokens, index, end, words):
            surface = _POSSESSIVE.sub("", piece[tokens[begin].start() : tokens[last - 1].end()])
            before = fold(tokens[begin - 1].group()) if begin else ""
            after = fold(tokens[last].group()) if last < len(tokens) else ""
            suffix = piece[tokens[begin].start() + len(surface) : tokens[last - 1].end()]
            if lang == "tr" and re.match(r"['’][dt][ae]", suffix):
                before = "@place"  # the locative: "Ankara'da"
            starts = begin == 0 or (begin == index and _opens_quotation(piece, tokens[begin].start()))
            if len(surface) > 1:
                yield _Run(surface, before, after, starts)
        index = end


def _parts(tokens: Sequence[re.Match[str]], index: int, end: int, words: NameWords) -> Iterable[tuple[int, int]]:
    """Yield the names in a stretch of capitals: "Ruritanian President Ada Holm" is a country's and a person's."""
    begin = index
    for position in range(index, end + 1):
        if position < end and not is_title(fold(tokens[position].group()), words):
            continue
        first, last = begin, position
        while first < last and fold(tokens[first].group()) in words.common | words.place:
            first += 1
        while last > first and fold(tokens[last - 1].group()) in words.common:
            last -= 1
        if first < last:
            yield first, last
        begin = position + 1


def is_title(word: str, words: NameWords) -> bool:
    """Say whether a word says what a person is; German writes it together: "Verkehrsministerin"."""
    return word in words.person or (len(word) > 8 and any(len(t) > 4 and word.endswith(t) for t in words.person))


def _begins_name(token: str) -> bool:
    return token[0].isupper() or (token.lower().startswith(_ARTICLES) and any(c.isupper() for c in token[2:4]))


def _end_of_run(piece: str, tokens: Sequence[re.Match[str]], index: int) -> int:
    """Return the index behind the last word of the name that begins at `index`."""
    end = index + 1
    while end < len(tokens):
        gap = piece[tokens[end - 1].end() : tokens[end].start()]
        if gap.strip(" \u00a0-–.&") or tokens[end - 1].group()[-2:] in {"'s", "’s"}:
            break
        token = tokens[end].group()
        if _begins_name(token) or (token.isdigit() and gap == "-"):
            end += 1
        elif token in _JOINERS and end + 1 < len(tokens) and _begins_name(tokens[end + 1].group()):
            end += 2
        else:
            break
    return end


def _opens_quotation(piece: str, start: int) -> bool:
    return start > 0 and piece[start - 1] in "\"“«„'‘"


def _merged(candidates: list[Candidate], lang: str) -> list[Candidate]:
    """Count a surname alone, another case of a name, and an acronym with the name it stands for as that name."""
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda each: (-len(each.name.split()), -each.count)):
        home = next(
            (other for other in kept if _is_part(candidate.name, other, lang) and not candidate.is_acronym), None
        )
        if home is None:
            home = next((other for other in kept if candidate.is_acronym and _stands_for(candidate.name, other)), None)
        if home is None:
            kept.append(candidate)
        else:
            home.take(candidate)
    return kept


def _is_part(name: str, other: Candidate, lang: str) -> bool:
    """Say whether a name is the end of a longer one, or the same in another case."""
    mine = fold(name).split()
    for form in other.forms:
        theirs = fold(form).split()
        ends = theirs[-len(mine) :]
        if len(mine) <= len(theirs) and all(
            _same_stem(a, b) or (lang == "pl" and _are_cases(a, b)) for a, b in zip(mine, ends, strict=True)
        ):
            return True
    return False


_POLISH_CASE = re.compile(r"(?:a|u|owi|em|ie|e|y|i|o|om|ami|ach|ow|iem|ej|ego|emu|ym|im)?")
_LEAST_STEM = 4
_ADJECTIVE = re.compile(r"(?:n|an|ian|ese|ish|i|ic)$")


def _are_cases(one: str, two: str) -> bool:
    """Say whether two Polish words may be cases of one name, folded: "Baltimed", "Baltimedowi"; "Lublin", "Lublinie"."""
    shared = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    return shared >= _LEAST_STEM and all(_POLISH_CASE.fullmatch(word[shared:]) for word in (one, two))


def _same_stem(one: str, two: str) -> bool:
    """Say whether two words are cases of one name, or a country and its adjective."""
    short, long = sorted((one, two), key=len)
    if one.isascii() and two.isascii():
        return one == two or (
            len(short) >= 4 and long.startswith(short) and bool(_ADJECTIVE.fullmatch(long.removeprefix(short)))
        )
    shared = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    return one == two or (shared >= 4 and max(len(one), len(two)) - shared <= 3)


def _stands_for(acronym: str, other: Candidate) -> bool:
    return any(
        "".join(word[0] for word in re.split(r"[\s\-]+", form) if word[:1].isupper()).upper() == acronym
        for form in other.forms
    )


# --- scripts without capitals ------------------------------------------------------------


def _repeated_words(pieces: Sequence[str], lang: str, words: NameWords) -> list[Candidate]:
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


def _repeated_stretches(pieces: Sequence[str], words: NameWords, *, by_end: bool) -> list[Candidate]:
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
