"""Candidate names in scripts with capitals: what has one and is neither a common word nor what begins a sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from service.core.drafting.candidates import Candidate, NameWords
from service.core.language.folding import fold

_TOKEN = re.compile(r"[^\W\d_]+(?:['’\-\u200c.״\"]?[^\W\d_]+)*|\d+")
_POSSESSIVE = re.compile(r"['’](?:s|S)?$|['’](?!\w{4,}).*$")
# What may stand inside a name without a capital: "Hayat Tahrir al-Sham", "Ursula von der Leyen".
_JOINERS = frozenset({"of", "de", "del", "della", "di", "da", "do", "dos", "van", "von", "bin", "al", "el", "la"})
# What may stand between what a thing is and its name.
_BETWEEN = frozenset(
    (
        *("of", "de", "del", "della", "dello", "di", "du", "des", "da", "do", "dos", "la", "las", "los", "el"),
        *("d", "l", "dell", "nell", "all", "sull"),  # their apostrophes are gone by then
    )
)
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|dell|nell|all|sull|un)['’](?=\w)", re.IGNORECASE)
_ARTICLES = ("al-", "el-", "ad-", "as-", "ash-", "ar-", "d'", "d’", "l'", "l’")


@dataclass(frozen=True, slots=True)
class _Run:
    surface: str
    before: str
    after: str
    at_start: bool
    head: tuple[str, str] | None = None


def capitalised(pieces: Sequence[str], lang: str, words: NameWords) -> list[Candidate]:
    """Return what a text with capitals names; one that begins a sentence is a name where it is one elsewhere."""
    lower = Counter(
        fold(token.group()) for piece in pieces[1:] for token in _TOKEN.finditer(piece) if token.group()[0].islower()
    )
    held: dict[str, Candidate] = {}
    unsure: list[tuple[_Run, int]] = []
    runs = [(run, number) for number, piece in enumerate(pieces) for run in _runs(piece, lang, words)]
    for run, number in _without_nouns(runs) if lang == "de" else runs:
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


def _without_nouns(runs: list[tuple[_Run, int]]) -> list[tuple[_Run, int]]:
    """Return runs of a German text without the nouns behind a surname: "dass Sandvoss Geld bekam"."""
    surnames = {fold(run.surface).split()[-1] for run, _ in runs if run.surface.count(" ") == 1}
    often = Counter(run.surface for run, _ in runs)
    cut: list[tuple[_Run, int]] = []
    for run, number in runs:
        first, _, rest = run.surface.partition(" ")
        is_surname = bool(rest) and fold(first) in surnames and often[run.surface] == 1
        cut.append((replace(run, surface=first, after=fold(rest.split()[0])) if is_surname else run, number))
    return cut


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
    if run.head is not None:
        candidate.heads[run.head] += 1


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
        end = _end_of_run(piece, tokens, index, lang)
        for begin, last in _parts(tokens, index, end, words):
            surface = _POSSESSIVE.sub("", piece[tokens[begin].start() : tokens[last - 1].end()])
            before = fold(tokens[begin - 1].group()) if begin else ""
            if begin and "," in piece[tokens[begin - 1].end() : tokens[begin].start()] and not is_title(before, words):
                before = ""  # "the captain of the ferry, Ada Holm"
            after = fold(tokens[last].group()) if last < len(tokens) else ""
            suffix = piece[tokens[begin].start() + len(surface) : tokens[last - 1].end()]
            if lang == "tr" and re.match(r"['’][dt][ae]", suffix):
                before = "@place"  # the locative: "Ankara'da"
            starts = begin == 0 or (begin == index and _opens_quotation(piece, tokens[begin].start()))
            if len(surface) > 1:
                run = _Run(surface, before, after, starts, _head(piece, tokens, begin, surface))
                yield _without_charge(run, words)
        index = end


def _without_charge(run: _Run, words: NameWords) -> _Run:
    """Return a run without what its bearer is in charge of: "ministro dell'Economia Aldo Ferrigno"."""
    charge, _, name = run.surface.partition(" ")
    if run.head is None or " " not in name or not is_title(run.head[0], words):
        return run
    return _Run(name, run.head[0], run.after, at_start=False) if fold(charge) not in _JOINERS else run


def _head(piece: str, tokens: Sequence[re.Match[str]], begin: int, surface: str) -> tuple[str, str] | None:
    """Return what stands before a name with a small word between, and all of that: "the port of Lunde"."""
    if begin < 2 or fold(tokens[begin - 1].group()) not in _BETWEEN:
        return None
    first = begin - 2
    if fold(tokens[first].group()) in _BETWEEN and first:  # "puente de la Reina"
        first -= 1
    return fold(tokens[first].group()), piece[tokens[first].start() : tokens[begin].start()] + surface


def _parts(tokens: Sequence[re.Match[str]], index: int, end: int, words: NameWords) -> Iterable[tuple[int, int]]:
    """Yield the names in a stretch of capitals: "Ruritanian President Ada Holm" is a country's and a person's."""
    begin = index
    for position in range(index, end + 1):
        if position < end and not _says_what(fold(tokens[position].group()), words):
            continue
        first, last = begin, position
        while first < last and fold(tokens[first].group()) in words.common | words.place:
            first += 1
        while last > first and fold(tokens[last - 1].group()) in words.common:
            last -= 1
        if first < last:
            yield first, last
        begin = position + 1


def _says_what(word: str, words: NameWords) -> bool:
    """Say whether a word only says what the name behind it is of: "Ministerin", "Konzern", in any case."""
    return is_title(word, words) or not {word, word.removesuffix("s")}.isdisjoint(words.label | words.state)


def is_title(word: str, words: NameWords) -> bool:
    """Say whether a word says what a person is; German writes it together: "Verkehrsministerin"."""
    return word in words.person or (len(word) > 8 and any(len(t) > 4 and word.endswith(t) for t in words.person))


def _begins_name(token: str) -> bool:
    return token[0].isupper() or (token.lower().startswith(_ARTICLES) and any(c.isupper() for c in token[2:4]))


def _end_of_run(piece: str, tokens: Sequence[re.Match[str]], index: int, lang: str) -> int:
    """Return the index behind the last word of the name that begins at `index`."""
    joiners = _JOINERS - {"von"} if lang == "de" else _JOINERS  # "Verkauf von Lunde": any noun has a capital there
    end = index + 1
    while end < len(tokens):
        gap = piece[tokens[end - 1].end() : tokens[end].start()]
        if gap.strip(" \u00a0-–.&") or tokens[end - 1].group()[-2:] in {"'s", "’s"}:
            break
        token = tokens[end].group()
        if _begins_name(token) or (token.isdigit() and gap == "-"):
            end += 1
        elif token in joiners and end + 1 < len(tokens) and _begins_name(tokens[end + 1].group()):
            end += 2
        else:
            break
    return end


def _opens_quotation(piece: str, start: int) -> bool:
    return start > 0 and piece[start - 1] in "\"“«„'‘"


def merged(candidates: list[Candidate], lang: str) -> list[Candidate]:
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
            _same_stem(a, b) or _are_cases(a, b, lang) for a, b in zip(mine, ends, strict=True)
        ):
            return True
    return False


_CASE = {
    "pl": re.compile(r"(?:a|u|owi|em|ie|e|y|i|o|om|ami|ach|ow|iem|ej|ego|emu|ym|im)?"),
    "de": re.compile(r"(?:e|en|em|er|es|s|n|m|r)?"),
}
_LEAST_STEM = 4
_ADJECTIVE = re.compile(r"(?:n|an|ian|ese|ish|i|ic)$")


def _are_cases(one: str, two: str, lang: str) -> bool:
    """Say whether two words may be cases of one name, folded: "Baltimed", "Baltimedowi"; "Grüner Bund", "Grünen Bund"."""
    ending = _CASE.get(lang)
    if ending is None:
        return False
    shared = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    return shared >= _LEAST_STEM and all(ending.fullmatch(word[shared:]) for word in (one, two))


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
