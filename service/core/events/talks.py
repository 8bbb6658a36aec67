"""What talks are about: "talks on the handover of Assad" hand nobody over, and Assad does not take part.

What is spoken of stands after a small word ("on", "über", "بشأن"), after a verb that means to discuss, or, where the
verb comes last, right before it. Closed lists by language; where a language has none, nothing is told apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from service.core.events.function_words import is_companion, is_located
from service.core.matching.passages import WordHit
from service.core.matching.reading import Sentence, SpottedName
from service.core.model import ActionClass, Role

_TALKS = frozenset({"negotiate", "meet", "mediate"})
_WAIVES = "waive"  # of "handing him over is not a condition" all that is named is only what it is said of
_NO_TOPIC = _TALKS | {"visit", "call", "plan_to_meet", "state", "demand", _WAIVES}
_ABOUT = {
    lang: re.compile(words, re.IGNORECASE)
    for lang, words in {
        "en": r"\b(?:on|over|about|regarding|concerning)\b",
        "de": r"\b(?:über|bezüglich|hinsichtlich|um|zum Thema)\b",
        "fr": r"\b(?:sur|concernant|au sujet d\w*|à propos d\w*)\b",
        "es": r"\b(?:sobre|acerca de)\b",
        "it": r"\b(?:su|sul|sullo|sulla|sulle|sui|sugli|riguardo)\b",
        "pt": r"\b(?:sobre|acerca d\w)\b",
        "pl": r"\b(?:o|na temat|w sprawie|dotycząc\w+)\b",
        "ru": r"\b(?:о|об|обо|относительно|по поводу|по вопрос\w+)\b",
        "uk": r"\b(?:про|щодо|стосовно)\b",
        "el": r"\b(?:για|σχετικά με)\b",
        "vi": r"\b(?:về)\b",
        "ar": r"(?<!\w)(?:حول|بشأن|بخصوص)(?!\w)",
        "fa": r"(?<!\w)(?:درباره|درمورد|در مورد|پیرامون|بر سر)(?!\w)",
        "he": r"(?<!\w)(?:על|בנוגע ל|בעניין|לגבי|בדבר)",
        "zh": r"(?:就|关于|關於|围绕|圍繞)",
    }.items()
}
_DISCUSSES = {
    lang: re.compile(words, re.IGNORECASE)
    for lang, words in {
        "en": r"discuss(?:e[sd]|ing)?\b|negotiat(?:e[sd]?|ing)\b(?! with| in| at| to)",
        "de": r"(?:erörter|bespr[aeio]ch|bespricht)\w*|(?:sprech|sprach|rede|redete)n über",
        "fr": r"(?:discut|débatt)\w*\s+d(?:es|e|u)?\b['’]?|évoqu\w*|négoci\w*\s+(?:le|la|les|une?)\b|négoci\w*\s+l['’]",
        "es": r"(?:discut|abord|analiz)\w*|(?:habl|convers)\w*\s+(?:de|del)\b|negoci\w*\s+(?:el|la|los|las|una?)\b",
        "it": r"(?:discut|parl)\w*\s+d(?:i|el|ella|ell|ei|elle)\b['’]?|affront\w*|(?:negozia|tratta)\w*\s+(?:il|la|lo|le|i|una?)\b|(?:negozia|tratta)\w*\s+l['’]",
        "pt": r"(?:discut|abord|debat)\w*|negoci\w*\s+(?:o|a|os|as|uma?)\b",
        "pl": r"(?:omów|omaw)\w*|negocjuj\w*(?! z\b)",
        "ru": r"обсу\w*",
        "uk": r"обговор\w*",
        "el": r"συζητ\w*|διαπραγματεύ\w*",
        "vi": r"thảo luận|bàn thảo|bàn|đàm phán(?! với| tại| ở| giữa)",
        "ar": r"[وي]?[تي]?(?:بحث|ناقش)(?:ان|ون|ا|ت)?(?!\w)",
        "he": r"(?:דן|דנה|דנו|דנים|ידונו|לדון)(?!\w)",
        "zh": r"(?:讨论|討論|商讨|商討|商谈|商談|磋商|探讨|探討|谈判(?=延|续|租|撤|引渡|移交))",
    }.items()
}
# What may stand between a topic and a verb that comes after it: behind a word of action, behind a name.
_BEFORE_VERB = {
    "tr": (
        re.compile(r"\s*(?:konusu\w*|hakkında|için|üzerine)?\s*", re.IGNORECASE),
        re.compile(r"\s+(?:\w+n[iıuü]|konusu\w*|hakkında|için|üzerine)\s*", re.IGNORECASE),
    ),
    "ja": (
        re.compile(r"(?:問題|の|など)*(?:を|について|をめぐり|を巡り|に関し|に関して|へ|で)?"),
        re.compile(r"(?:問題|将来|今後|地位|扱い|の|氏|など)*(?:を|について|をめぐり|を巡り|に関し|に関して)"),
    ),
}
_MARKED_BEFORE = frozenset({"fa", "zh"})  # there the small word and its topic may stand before the verb
_ENDS = re.compile(
    r"[;:；：،؛。…–—]|[,，](?!\d)"
    r"|\b(?:as|after|while|amid|nachdem|während|alors que|après|mientras|tras|dopo|mentre|после|після)\b",
    re.IGNORECASE,
)
_CLOSING = " .!?»\"'"
_MOST_BETWEEN = 2  # code points between a name and the action that stands behind it: "Esad'ın iadesi"


@dataclass(frozen=True, slots=True)
class Topic:
    """Where in its field a sentence says what talks are about, in code points."""

    start: int
    end: int

    def holds(self, part: WordHit | SpottedName) -> bool:
        """Say whether a word or a name stands in it."""
        return self.start <= part.start and part.end <= self.end


def topic_of(sentence: Sentence, actions: Mapping[str, ActionClass]) -> Topic | None:
    """Return what the talks of a sentence are about; None where it tells of none, or not what they are about.

    Args:
        sentence: The sentence.
        actions: Action classes by id.
    """
    if any(word.word_class == _WAIVES for word in sentence.words):
        return Topic(sentence.start, sentence.end)
    for word in sentence.words:
        if word.word_class in _TALKS and not word.background:
            topic = _of_verb_last(word, sentence, actions) if sentence.lang in _BEFORE_VERB else _marked(word, sentence)
            topic = topic or _of_passive(word, sentence, actions)
            if topic is not None and any(map(topic.holds, _parts(sentence, actions))):
                return topic
    return None


def is_topic_of(topic: Topic, word: WordHit) -> bool:
    """Say whether an action is only talked about."""
    return topic.holds(word) and word.word_class not in _NO_TOPIC


def who_talks(names: list[SpottedName], topic: Topic, sentence: Sentence) -> list[SpottedName]:
    """Return the names that are not what talks are about: who talks, with whom and where."""
    return [n for n in names if not topic.holds(n) or _is_beside(n, sentence)]


def subject_of(
    topic: Topic, sentence: Sentence, actions: Mapping[str, ActionClass]
) -> tuple[str | None, SpottedName | None]:
    """Return what talks are about as (action, name), either of which may not be said.

    Of several names a core entity of the story comes first, then what is no country, then what comes first. Where talks
    are is not what they are about, unless something is to happen there: "on the withdrawal from Tartus".
    """
    act = next((part.word_class for part in _acts(sentence, actions) if topic.holds(part)), None)
    names = [
        n
        for n in sentence.names
        if topic.holds(n)
        and n.role is not Role.PUBLISHER
        and not is_companion(n, sentence)
        and (act is not None or not is_located(n, sentence))
    ]
    return act, min(names, key=lambda n: (n.role is not Role.CORE, n.type == "country", n.start), default=None)


def _is_beside(name: SpottedName, sentence: Sentence) -> bool:
    return is_located(name, sentence) or is_companion(name, sentence)


def _acts(sentence: Sentence, actions: Mapping[str, ActionClass]) -> list[WordHit]:
    return [w for w in sentence.words if w.word_class in actions and w.word_class not in _NO_TOPIC]


def _parts(sentence: Sentence, actions: Mapping[str, ActionClass]) -> list[WordHit | SpottedName]:
    """Return what can be a topic: actions but talks, and names that are neither where nor with whom one talks."""
    return [*_acts(sentence, actions), *(n for n in sentence.names if not _is_beside(n, sentence))]


def _marked(word: WordHit, sentence: Sentence) -> Topic | None:
    """Return what stands behind a word that says "about", or behind a verb that says "discuss"."""
    text, first, lang = sentence.text, sentence.start, sentence.lang
    begin, about = word.start - first, _ABOUT.get(lang)
    if about is None:
        return None
    ends = _ENDS.search(text, word.end - first)
    end = ends.start() if ends else len(text)
    verb = _DISCUSSES[lang].match(text, begin) if lang in _DISCUSSES else None
    found = verb or about.search(text, word.end - first, end)
    if found is not None and text[found.end() : end].strip(_CLOSING):
        return Topic(first + found.end(), first + end)
    if found is None and lang not in _MARKED_BEFORE:
        return None
    before = [m.end() for m in about.finditer(text, 0, begin)]
    return Topic(first + before[-1], word.start) if before and not _ENDS.search(text, before[-1], begin) else None


def _of_passive(word: WordHit, sentence: Sentence, actions: Mapping[str, ActionClass]) -> Topic | None:
    """Return what is said not to be talked about, before the verb: "l'estradizione di Assad non è in discussione"."""
    text, first = sentence.text, sentence.start
    begin = max((m.end() for m in _ENDS.finditer(text, 0, word.start - first)), default=0)
    topic = Topic(first + begin, word.start)
    is_said = any(actions[a.word_class].family == "refuge" for a in _acts(sentence, actions) if topic.holds(a))
    held = [n for n in sentence.names if topic.holds(n)]
    is_denied = any(w.word_class == "negation" and begin <= w.start - first < word.end - first for w in sentence.words)
    return topic if is_said and is_denied and held and all(n.role is Role.CORE for n in held) else None


def _of_verb_last(word: WordHit, sentence: Sentence, actions: Mapping[str, ActionClass]) -> Topic | None:
    """Return what stands right before the word of talking, with the name that it is done to."""
    text, first = sentence.text, sentence.start
    behind_action, behind_name = _BEFORE_VERB[sentence.lang]
    for part in _parts(sentence, actions):
        behind = behind_name if isinstance(part, SpottedName) else behind_action
        if part.end > word.start or not behind.fullmatch(text, part.end - first, word.start - first):
            continue
        whose = [n.start for n in sentence.names if 0 <= part.start - n.end <= _MOST_BETWEEN]
        return Topic(min([part.start, *whose]), word.start)
    return None
