"""Phrases to patterns: what forms of a written phrase count as that phrase.

Two notations come in. A *name* is a base form; the inflection, clitics, articles and suffixes of its language are
added here. A *word phrase* of the lexicon says itself where it may vary: `word*` any ending, `*word` up to three
letters before (in German, whose nouns grow at the front, any other word), `..` up to three words (eight characters in Chinese and Japanese) in between.

A pattern is a row of tokens; the literal of the first is its *anchor*. One automaton over all anchors finds where a
pattern may stand, and `match_at` tries it there. What may stand before and after a literal is one regular expression
for each language and kind, shared by all patterns: compiling one for each of some 40,000 phrases took half a minute.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from service.core.language.folding import fold

# A letter that can continue a word. Chinese and Japanese characters do not: their words have no boundaries.
_LETTER = "[^\\W_\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]"
_IS_LETTER = re.compile(_LETTER)


class _Letters(dict[str, bool]):
    """Remembers of each character whether it can continue a word."""

    def __missing__(self, character: str) -> bool:
        self[character] = _IS_LETTER.match(character) is not None
        return self[character]


IS_LETTER: dict[str, bool] = _Letters()
LETTERS = re.compile(f"{_LETTER}+")
_END = f"(?!{_LETTER})"

_CJK = frozenset({"zh", "ja"})

# --- what may follow a literal: closed sets of endings, folded -------------------------------
# Sources: the paradigms of proper nouns in the grammars of each language.
_CYRILLIC_VOWELS = "аеиоуыэюяьі"
_CYRILLIC_CASE = (
    "(?:а|у|ом|ем|ым|им|е|ы|и|і|о|ю|я|ь|ои|еи|ии|ою|ею|єю|ию|ія|ію|іею|ієи|ов|ев|ів|ам|ами|ах|ям|ями|ях|ові|еві|єві"
    "|ыи|ия|ие|ием|оі|ьоі|иеи|иям|иями|иях|ые|ья|ьи|ье|ью|ьеи|ього|ьому|ея|ого|его|ому|ему|ая|ое|ую|юю|яя|ее|ых|их|ыми|ими|іи|є|ії|иі|ією|іі)?"
)
_CYRILLIC_ADJECTIVE = "(?:о?в?сь?к(?:ии|ого|ому|им|ом|ая|ои|ую|ое|ие|их|ими|а|е|у|и|і|ою|оі|іи))"
_GREEK_VOWELS = "αεηιουωσ"
_POLISH_VOWELS = "aeiouy"
_QUOTED_SUFFIX = f"(?:'{_LETTER}{{0,8}})?"
_ROMANCE_VOWELS = {"o": "(?:o|a|os|as|i|e)", "a": "(?:a|as|e)", "e": "(?:e|es|i)"}

_AFTER: dict[str, re.Pattern[str]] = {
    kind: re.compile(source + _END)
    for kind, source in {
        "exact": "(?:'s)?",
        "any": f"{_LETTER}*{_QUOTED_SUFFIX}",  # "Russia's quiet return" is one of "Russia* .. return"
        "ru": f"(?:{_CYRILLIC_ADJECTIVE}|{_CYRILLIC_CASE})",
        "ru-case": _CYRILLIC_CASE,
        "el": "(?:υσ|ασ|α|ησ|η|οσ|ου|ο|ον|οι|ων|ουσ|εσ|ε|ισ|ι|ιου|ια|ιασ|ουν|ω|υ)?",
        "pl": (
            "(?:a|u|owi|em|iem|ie|y|i|e|o|ow|om|ami|ach|ego|emu|ym|im|ej|iej|ich|imi|ych|ymi|zie|cie|sie|ze|ii|ji|je|ja|iego"
            f"|iemu|'{_LETTER}{{0,8}})?"
        ),
        "pl-adjective": f"(?:k{_LETTER}*|cy)",
        "ar": "(?:ه|ين|ون|ات|ان)?",
        "he": "(?:ת|ה|ימ|ות|יה|ית)?",
        "tr": f"(?:'{_LETTER}{{1,9}}|l[ae]r{_LETTER}{{0,5}}|[yn]?[aeiou]|[dt][ae]n?|n?[iu]n|[yn]?l[ae])?",
        "tr-long": (  # "Esadlı yıllar"; of a short name it makes another word
            f"(?:'{_LETTER}{{1,9}}|l[ae]r{_LETTER}{{0,5}}|[yn]?[aeiou]|[dt][ae]n?|n?[iu]n|[yn]?l[ae]"
            f"|l[iu](?:l[ae]r{_LETTER}{{0,5}})?)?"
        ),
        "tr-inner": _QUOTED_SUFFIX,
        "de": "(?:'?s|es|e[nrsm]?|sche[nrsm]?|regime|clan|familie|sturz|gegner|anhanger|truppen|zeit)?",
        "de-inner": "(?:e[nrsm]?|s)?",
        "o": _ROMANCE_VOWELS["o"] + _QUOTED_SUFFIX,
        "a": _ROMANCE_VOWELS["a"] + _QUOTED_SUFFIX,
        "e": _ROMANCE_VOWELS["e"] + _QUOTED_SUFFIX,
        "romance": "(?:'s|es?|s)?",
        "en": "(?:'?s|'|ns?)?",
    }.items()
}

# --- what may stand between the beginning of a word and a literal ----------------------------
_BEFORE: dict[str, re.Pattern[str]] = {
    "": re.compile(""),
    "three": re.compile(f"{_LETTER}{{0,3}}"),
    "compound": re.compile(f"(?:{_LETTER}{{3,}})?"),
    "ar": re.compile("[وف]?(?:لل|[بكلس]?(?:ال)?)"),
    "ar-article": re.compile("[وف]?[بك]?ال|[وف]?لل"),
    "ar-three": re.compile(f"[وف]?(?:لل|[بكلس]?(?:ال)?){_LETTER}{{0,3}}"),
    "fa": re.compile("(?:و|ال)?"),
    "fa-three": re.compile(f"(?:و|ال)?{_LETTER}{{0,3}}"),
    "he": re.compile("[והבכלמש]{0,3}"),
    "he-three": re.compile(f"[והבכלמש]{{0,3}}{_LETTER}{{0,3}}"),
}
_AT_END = re.compile(_END)
_LONGEST_BEFORE = 7
_LONGEST_COMPOUND = 24

# The Arabic article in Latin transliteration, in the forms that sun letters give it.
_LATIN_ARTICLES = frozenset({"al", "el", "ash", "as", "ad", "an", "ar", "at", "esh", "es", "ul"})
_ARTICLE_BEFORE = {
    "latin": re.compile(f"(?<!{_LETTER})(?:al|el|ash|ad|an|ar|at|esh|es|ul)[ ']?$"),
    "hebrew": re.compile(f"(?<!{_LETTER})[והבכלמש]{{0,3}}(?:אל ?|א )$"),
    "arabic": re.compile("ال$"),
}
_SUN_LETTERS = {"ash": "s", "esh": "s", "es": "s", "ad": "d", "an": "n", "ar": "r", "at": "t"}

# --- what may stand between two tokens -------------------------------------------------------
_GLUE: dict[str, re.Pattern[str]] = {
    " ": re.compile(" +"),
    "article": re.compile(" +(?:(?:al|el|ash|as|ad|an|ar|at|esh|es|ul)[ ']?)?|'?"),
    "maybe": re.compile(" ?"),
}
_GAP_WORDS, _GAP_CHARACTERS = {"gap": 3, "wide gap": 6}, 8  # German puts the prefix of a verb at the end
_GAP_WORD = re.compile(" +[\"'(]?[^ ]+")
_GAP_END = re.compile(" +[\"'(]?")


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a pattern: its literal, what may stand before and after it, and what joins it to the token before."""

    literal: str
    before: str | None  # key of _BEFORE; None: no word boundary is asked for
    after: str | None  # key of _AFTER; None as above
    glue: str = " "  # key of _GLUE or _GAP_WORDS
    tail: str = ""  # what stemming took off the base form: it may always follow


@dataclass(frozen=True, slots=True)
class PhrasePattern:
    """A phrase ready to be looked for in folded text.

    Attributes:
        tokens: Its words, in order.
        article: A Latin ("al-") or Hebrew ("אל") article belongs to it where one stands before.
    """

    tokens: tuple[Token, ...]
    article: str | None = None

    @property
    def need(self) -> str:
        """Return the longest literal after the anchor: most texts that hold the anchor do not hold it."""
        return max((token.literal for token in self.tokens[1:]), key=len, default="")

    @property
    def begins_a_word(self) -> bool:
        """Say whether nothing but the edge of a word may stand before it."""
        return self.tokens[0].before == ""

    @property
    def anchor(self) -> str:
        """Return the literal that every match begins with, clitics aside."""
        return self.tokens[0].literal


def _word_start(folded: str, position: int, longest: int) -> int | None:
    """Return where the word begins that holds a position; None where it begins too far before."""
    start = position
    while start > 0 and IS_LETTER[folded[start - 1]]:
        start -= 1
        if position - start > longest:
            return None
    return start


def _token_end(token: Token, folded: str, position: int, *, first: bool) -> int | None:
    """Return where a token ends whose literal begins at a position, clitics before it checked; None: not there."""
    if not first:
        if not folded.startswith(token.literal, position):
            return None
    elif token.before == "":  # the automaton has found the literal itself
        if position and IS_LETTER[folded[position - 1]]:
            return None
    elif token.before is not None:
        start = _word_start(folded, position, _LONGEST_COMPOUND if token.before == "compound" else _LONGEST_BEFORE)
        if start is None or not _BEFORE[token.before].fullmatch(folded, start, position):
            return None
    end = position + len(token.literal)
    if token.after is None:
        return end
    if end == len(folded) or (not IS_LETTER[folded[end]] and folded[end] != "'"):
        return end  # the word ends here: most do
    match = _AFTER[token.after].match(folded, end)
    if match is None and token.tail and folded.startswith(token.tail, end):
        match = _AT_END.match(folded, end + len(token.tail))
    return match.end() if match else None


def _next_end(token: Token, folded: str, position: int) -> int | None:
    """Return where the token after a joint ends, or None."""
    if token.glue in _GAP_WORDS:
        return _after_gap(token, folded, position)
    joint = _GLUE[token.glue].match(folded, position)
    if joint is None:
        return None
    return _clitic_end(token, folded, joint.end())


def _clitic_end(token: Token, folded: str, position: int) -> int | None:
    """Return where a token ends that begins at a position with its clitics, or None."""
    if token.before is None or token.before == "":
        return _token_end(token, folded, position, first=False)
    for shift in range((_LONGEST_COMPOUND if token.before == "compound" else _LONGEST_BEFORE) + 1):
        start = position + shift
        if folded.startswith(token.literal, start) and _BEFORE[token.before].fullmatch(folded, position, start):
            end = _token_end(token, folded, start, first=False)
            if end is not None:
                return end
    return None


def _after_gap(token: Token, folded: str, position: int) -> int | None:
    if token.before is None:  # a script without spaces
        limit = position + _GAP_CHARACTERS + len(token.literal)
        start = folded.find(token.literal, position, limit)
        return start + len(token.literal) if start >= 0 else None
    for _ in range(_GAP_WORDS[token.glue] + 1):
        joint = _GAP_END.match(folded, position)
        if joint is None:
            return None
        end = _clitic_end(token, folded, joint.end())
        if end is not None:
            return end
        word = _GAP_WORD.match(folded, position)
        if word is None:
            return None
        position = word.end()
    return None


def match_at(pattern: PhrasePattern, folded: str, position: int) -> tuple[int, int] | None:
    """Return (start, end) of a pattern whose anchor begins at a position of a folded text, or None.

    The start takes in an article that belongs to the name, but not clitics such as the Arabic conjunction.
    """
    tokens = pattern.tokens
    first = tokens[0]
    end = _token_end(first, folded, position, first=True)
    for token in tokens[1:]:
        if end is None:
            return None
        end = _next_end(token, folded, end)
    if end is None:
        return None
    start = position
    if pattern.article is not None:
        article = _ARTICLE_BEFORE[pattern.article].search(folded[max(0, position - 6) : position])
        if article and _SUN_LETTERS.get(article.group().strip(" '"), first.literal[0]) == first.literal[0]:
            start -= article.end() - article.start()
        elif pattern.article == "latin" and len(tokens) == 1:
            return None  # a bare surname counts where the list has it without its article
    return start, end


# --- names -------------------------------------------------------------------------------

_ALTERNATIVES = re.compile(r"\(([^()]*)\)")


def spelled_out(form: str) -> Iterator[str]:
    """Yield the names that a form such as "(former|ousted) Syrian (president|leader)" stands for."""
    parts = _ALTERNATIVES.split(form)
    choices = [part.split("|") if index % 2 else [part] for index, part in enumerate(parts)]
    return map("".join, product(*choices))


def _stem(word: str, vowels: str, limit: int, least: int) -> str:
    for _ in range(limit):
        if len(word) > least and word[-1] in vowels:
            word = word[:-1]
    return word


def _name_token(word: str, lang: str, glue: str, *, last: bool, only: bool) -> Token:
    """Return the token of one folded word of a name."""
    before, after, literal = "", "en", word
    if lang in {"ru", "uk"}:
        literal = _stem(word, _CYRILLIC_VOWELS, 2, 3)
        after = "ru-case" if literal.endswith("ск") or len(word) <= 3 else "ru"
    elif lang == "el":
        literal, after = _stem(word, _GREEK_VOWELS, 2, 3), "el"
    elif lang == "pl":
        literal, after = _stem(word, _POLISH_VOWELS, 2 if word.endswith("ie") else 1, 3), "pl"
    elif lang in {"ar", "fa"}:
        bare = word.removeprefix("ال")
        before = lang
        if bare != word and len(bare) >= 2:
            literal, before = bare, "ar-article" if lang == "ar" else "fa"
        after = "ar" if last and len(literal) >= 4 else "exact"
    elif lang == "he":
        before, after = "he", "he" if last and len(word) >= 4 and "'" not in word else "exact"
    elif lang == "tr":
        after = "tr-inner" if not last or len(word) < 3 else "tr-long" if len(word) > 3 else "tr"
    elif lang == "de":
        after = "de" if last else "de-inner"
        ending = "" if last else "er" if word.endswith("er") else "e" if word.endswith("e") else ""
        if len(word) - len(ending) >= 3:
            literal = word.removesuffix(ending)  # "die neue Regierung", "der neuen Regierung", "neuer Machthaber"
    elif lang in {"es", "it", "pt"} and only and len(word) >= 4 and word[-1] in _ROMANCE_VOWELS:
        literal, after = word[:-1], word[-1]
    elif lang in {"es", "it", "pt", "fr"}:
        after = "romance"
    elif not last:
        after = "exact"
    return Token(literal, before, after, glue, word[len(literal) :] if word.startswith(literal) else "")


def name_pattern(name: str, lang: str) -> PhrasePattern | None:
    """Return the pattern of a name's base form in a language, or None where nothing can be matched.

    Hyphens, spaces and nothing at all are the same between an Arabic article and its noun in Latin script, and
    between the parts of a Chinese or Japanese name.
    """
    parts = fold(name).split()
    if not parts:
        return None
    if lang in _CJK and not "".join(parts).isascii():
        tokens = tuple(Token(part, None, None, "maybe") for part in parts)
        return PhrasePattern(tokens) if len("".join(parts)) >= 2 or parts[0] == "俄" else None
    tokens_: list[Token] = []
    article: str | None = None
    glue = " "
    for index, word in enumerate(parts):
        last = index == len(parts) - 1
        if word in _LATIN_ARTICLES and not last:
            if tokens_:
                glue = "article"
            else:
                article = "latin"
            continue
        if lang == "he" and word in {"אל", "א"} and not last and not tokens_:
            article = "hebrew"
            continue
        if lang in {"ar", "fa"} and not tokens_ and word.startswith("ال") and len(word) > 3:
            article = "arabic"
        tokens_.append(_name_token(word, lang, glue, last=last, only=len(parts) == 1))
        glue = " "
    if len(tokens_[0].literal) < 2:
        return None
    return PhrasePattern(tuple(tokens_), article)


# --- word phrases ------------------------------------------------------------------------


def _phrase_token(part: str, lang: str, glue: str) -> Token:
    starred = part.startswith("*")
    open_end = part.endswith("*")
    literal = part.strip("*")
    if lang in _CJK:
        return Token(literal, None, None, glue)
    before = lang if lang in {"ar", "fa", "he"} else ""
    if starred:
        before = "compound" if lang == "de" else f"{before}-three" if before else "three"
    if lang == "pl" and open_end and literal.endswith("sk"):
        return Token(literal[:-1], before, "pl-adjective", glue)  # rosyjski, rosyjskiego, but rosyjscy
    return Token(literal, before, "any" if open_end else "exact", glue)


def word_pattern(phrase: str, lang: str) -> PhrasePattern | None:
    """Return the pattern of a lexicon phrase, or None where it is empty."""
    tokens: list[Token] = []
    glue = "maybe" if lang in _CJK else " "
    for part in fold(phrase.replace("..", " .. ")).split():
        if part == "..":
            glue = "wide gap" if lang == "de" else "gap"
        elif part.strip("*"):
            tokens.append(_phrase_token(part, lang, glue))
            glue = "maybe" if lang in _CJK else " "
    return PhrasePattern(tuple(tokens)) if tokens else None
