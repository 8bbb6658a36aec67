"""What a verb says by its own form: that it is negated, or that it is still to come. Closed lists by language."""

from __future__ import annotations

import re

from service.core.matching.passages import WordHit
from service.core.matching.reading import Sentence

# What may stand in a subject: "Syria's new leader to visit".
_NOUNS = frozenset(
    {"troops", "soldiers", "military", "president", "ousted", "interim", "delegation", "warship", "court"}
)
# The Turkish verb carries its negation before tense and person; the verbal noun in -me does not.
_NEGATIVE_VERB = re.compile(
    r"\w{2,}(?:m[iıuü]yor|m[ae]y[ae]c[ae]|m[ae]d[iı](?!r)|m[ae]m[iı]ş|m[ae]z(?:\b|lar|ler))\w*$"
)
# The Romance verb carries its future in the ending: "se reunirá", "respectera"; the Slavic one in itself: "выведет".
_FUTURE_VERB = {
    "es": re.compile(r"\w{2,}[aei]r(?:á|án|é|emos)\b"),
    "pt": re.compile(r"\w{2,}[aei]r(?:á|ão|ei|emos)\b"),
    "it": re.compile(r"\w{2,}[ei]r(?:à|anno|ò|emo)\b"),
    "fr": re.compile(r"\w{3,}r(?:a|ont|ai|ons)\b"),
} | {
    # The Slavic perfective has no present: what looks like one is future. No ending tells it, so the verbs are listed.
    lang: re.compile(rf"(?<!\w)(?:{verbs})(?!\w)")
    for lang, verbs in {
        "ru": r"выведе[тм]|выведут|покине[тм]|покинут|останется|останутся|оставит|оставят|закроет|закроют|верн[её]т(?:ся)?"
        r"|вернут(?:ся)?|передаст|передадут|выдаст|выдадут|подпиш[еу]т|продл[ия]т|сократ[ия]т|разреш[ия]т|позвол[ия]т"
        r"|уйд[её]т|уйдут|сохран[ия]т|отправ[ия]т|посет[ия]т|прилет[ия]т|встрет[ия]тся|провед[её]т|проведут|обсуд[ия]т"
        r"|увелич[ия]т|усил[ия]т|расторгн[её]т|расторгнут|отмен[ия]т|выплат[ия]т|предлож[ия]т|потребу[ею]т|попрос[ия]т",
        "uk": r"виведе|виведуть|покине|покинуть|залишиться|залишаться|залишить|закриє|закриють|поверне(?:ться)?"
        r"|повернуть(?:ся)?|передасть|передадуть|видасть|видадуть|підпише|підпишуть|подовжить|продовжить|скоротить"
        r"|скоротять|дозволить|дозволять|збереже|збережуть|розірве|розірвуть|скасує|скасують|відвідає|зустрінеться"
        r"|обговорить|обговорять|перекине|перекинуть|надішле|сплатить|запропонує|попросить",
        # Hebrew tells the future by a letter before the verb, which many a noun begins with too.
        "he": r"תישאר|יישאר|יישארו|ישארו|תעזוב|יעזוב|יעזבו|תפנה|יפנו|תסגור|יסגרו|תחתום|יחתמו|תאריך|תסגיר|יסגיר|תבטל|תחזיר"
        r"|יחזיר|יחזירו|תיסוג|ייסוגו|תצמצם|תאפשר|תשמור|תשאיר|תעביר|יעבירו|תבקר|יבקר|ייפגש|תיפגש",
        "pl": r"wycofa(?:ją)?|opuści|opuszczą|przekaże|przekażą|wyda|wydadzą|podpisze|podpiszą|przedłuży|przedłużą|zamknie"
        r"|zamkną|wróci|wrócą|powróci|utrzyma(?:ją)?|pozwoli|pozwolą|zmniejszy|zmniejszą|pozostanie|pozostaną|zostanie"
        r"|zostaną|odwiedzi|zachowa(?:ją)?|zerwie|zerwą|wypowie|zwróci|zwrócą|odda|oddadzą|spotka się",
    }.items()
}


# "Soll … operiert worden sein" has happened, it is said; "soll … operiert werden" is to come.
_HEARSAY = re.compile(r"\bsoll(?:en)?\b.*\w(?:t|n) (?:worden sein|haben|sein)\b", re.IGNORECASE)


def is_hearsay(sentence: Sentence) -> bool:
    """Say whether a word such as "soll" tells what is said to have happened; in German only."""
    return sentence.lang == "de" and _HEARSAY.search(sentence.text) is not None


def is_negative_verb(text: str, lang: str) -> bool:
    """Say whether the last word of a stretch is a verb that carries its negation inside; Turkish only."""
    return lang == "tr" and _NEGATIVE_VERB.search(text.casefold()) is not None


def is_future_verb(text: str, lang: str) -> bool:
    """Say whether an action's words hold a verb in the future tense that no word beside it shows; Romance and Slavic."""
    future = _FUTURE_VERB.get(lang)
    return future is not None and future.search(text.casefold()) is not None


# An English headline tells what is to come by the infinitive alone: "Putin and Sharaa to meet in Sochi".
_SUBJECT_TO = re.compile(r"(?:[\w'’.-]+\s){0,4}(?P<last>[\w'’.-]+)\sto\s$")


def is_headline_infinitive(action: WordHit, sentence: Sentence) -> bool:
    """Say whether a headline is no more than somebody and what he is to do; in English only."""
    if sentence.lang != "en" or sentence.field != "title":
        return False
    told = sentence.text[: action.start - sentence.start]
    told += "to " if sentence.text.startswith("to ", len(told)) else ""
    subject = _SUBJECT_TO.match(told)
    if subject is None:
        return False
    at = sentence.start + subject.end("last")
    ends_in_noun = subject["last"][0].isupper() or any(w.end == at and w.word_class in _NOUNS for w in sentence.words)
    before = {w.word_class for w in sentence.words if w.end <= at and not w.background}
    return ends_in_noun and before <= _NOUNS


_MAY = re.compile(r"(\w+)['’]?\s+may(?:\s+(?:be|soon|still|yet|well|also|even|now|have|been))*\s+$", re.IGNORECASE)
_ABLE = re.compile(r"\w*(?:\s\w*)?[ae]bil(?:ir|ecek|eceğ)", re.IGNORECASE)
_NEXT_VERB = 14  # code points behind a noun in which its verb stands: "iade edebilir"
_QAD = re.compile(r"(?:^|\s)[وف]?قد\s+$")
# What is agreed, offered or talked about is still to be done: "in talks to buy", "offers to evacuate".
_TO_DO = re.compile(
    r"\b(?:talks|deal|agreement|agree[sd]?|offer(?:s|ed)?|bid|ready|decide[sd]?|decision|vow(?:s|ed)?|pledge[sd]?|promise[sd]?"
    r"|seek(?:s|ing)?|sought|negotiat(?:e|es|ed|ing))\s+to\s+$",
    re.IGNORECASE,
)
_BEFORE_MONTH = frozenset(
    [
        "the",
        "its",
        "their",
        "a",
        "in",
        "of",
        "on",
        "by",
        "since",
        "until",
        "till",
        "from",
        "late",
        "early",
        "mid",
        "last",
        "next",
        "this",
        "each",
        "every",
    ]
)


def may_be(action: WordHit, sentence: Sentence) -> bool:
    """Say whether an action is one that may be, by its own ending or a small word right before it.

    English "may" is a month, too; Arabic "qad" says "may" of what is to come and "already" of what is past.
    """
    begin, end = action.start - sentence.start, action.end - sentence.start
    if sentence.lang == "tr":  # "saldırabilir", "iade edebilir"
        return _ABLE.match(sentence.text, begin, end + _NEXT_VERB) is not None
    if sentence.lang == "ar":
        own = sentence.text[begin:end]
        return own[:1] in {"ي", "ت"} and not own.endswith("ت") and _QAD.search(sentence.text, 0, begin) is not None
    found = _MAY.search(sentence.text, 0, begin) if sentence.lang == "en" else None
    return found is not None and found[1].isalpha() and found[1].lower() not in _BEFORE_MONTH


def is_to_do(action: WordHit, sentence: Sentence) -> bool:
    """Say whether an English infinitive stands behind what is agreed, offered or talked about."""
    return sentence.lang == "en" and _TO_DO.search(sentence.text, 0, action.start - sentence.start) is not None


# A call in quotes: the verb stands right behind the mark and is one that only asks. "Liefert Assad aus!" would be a
# statement elsewhere, but there somebody would stand before it.
_CALLS = {
    "de": re.compile(r"(?:liefert|gebt|übergebt|zieht|verlasst|schließt|räumt|holt|stellt)(?!\w)", re.IGNORECASE),
    "fr": re.compile(r"(?:rendez|livrez|remettez|quittez|fermez|retirez|extradez|partez)(?!\w)", re.IGNORECASE),
    "en": re.compile(r"(?:hand over|give us|give back|extradite|leave|withdraw|close|get out)(?!\w)", re.IGNORECASE),
    "it": re.compile(r"(?:consegnate|consegnateci|ritirate|lasciate|chiudete|andatevene)(?!\w)", re.IGNORECASE),
    "pt": re.compile(r"(?:entreguem|devolvam|saiam|fechem|retirem)(?!\w)", re.IGNORECASE),
}
_OPENING = re.compile(r"[«»„“”\"'‹›]\s*$")
_CALL_REACH = 3  # code points from the mark to the verb


def is_quoted_call(action: WordHit, sentence: Sentence) -> bool:
    """Say whether an action is a call that begins a quote: "«Liefert Assad aus!»"."""
    calls = _CALLS.get(sentence.lang)
    at = action.start - sentence.start
    if calls is None or calls.match(sentence.text, at) is None:
        return False
    return _OPENING.search(sentence.text[max(0, at - _CALL_REACH) : at]) is not None
