"""How a name stands in its sentence: as a place, as whose forces are meant, inside a relative clause, as who speaks.

Short closed lists of function words per language; what a language has no entry for is simply not told apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from service.core.entity_types import SPEAKERS
from service.core.passages import WordHit
from service.core.reading import Sentence, SpottedName

# Words right before a name that make it where, or with whom, something happens.
_PLACED_BEFORE = {
    "en": r"\b(?:in|from|at|inside|across|within|near|into|to|out of|with|between)(?: the)?(?: new)?",
    "de": r"\b(?:in|im|aus|bei|nach|nahe|mit)(?: de[rnm])?",
    "fr": r"\b(?:en|à|au|aux|dans|depuis|vers|avec)(?: la| le)?",
    "es": r"\b(?:en|a|al|con|desde|hacia)(?: el| la)?",
    "it": r"\b(?:in|a|al|dal|dalla|nel|nella|alla|verso)",
    "pt": r"\b(?:em|na|no|à|ao|para)(?: a)?",
    "pl": r"\b(?:w|we|z|ze|na|do)",
    "ru": r"\b(?:в|во|из|на|с|со)",
    "uk": r"\b(?:в|у|з|із|зі|на|до)",
    "el": r"\b(?:σε|στη|στην|στο|στον|από τη|από την|από το)",
    "vi": r"\b(?:ở|tại|khỏi|đến|tới|từ)",
    "ar": r"\b(?:في|من|إلى|داخل)",
    "fa": r"\b(?:در|از|به)",
    "zh": r"(?:在|从|到|向|于|自|驻|与|同)(?:新的?)?",
    "he": r"(?<!\S)ו?[במל]",
}
# Those of them that name whom somebody talks to, rather than where.
_WITH = {
    "en": r"\b(?:with|between)(?: the)?(?: new)?",
    "de": r"\bmit(?: de[rnm])?",
    "fr": r"\bavec(?: la| le)?",
    "es": r"\bcon(?: el| la)?",
    "pl": r"\b(?:z|ze)",
    "ru": r"\b(?:с|со)",
    "uk": r"\b(?:з|із|зі)",
    "zh": r"(?:与|同|随|跟)(?:新的?)?",
    "ar": r"\bمع",
    "pt": r"\bcom(?: [ao])?",
    "it": r"\bcon(?: il| la)?",
    "el": r"\bμε(?: τον?| την?)?",
    "vi": r"\bvới",
}
_FROM_TOO = frozenset({"pl", "ru", "uk"})
_PLACED_AFTER = {"ja": re.compile(r"に|で|から|へ|の")}
GENITIVE_ENDING = {"tr": re.compile(r"['’]n?[ıiuü]n$")}
_PLACED_ENDING = {"tr": re.compile(r"['’](?:d[ea]n?|d[ea]ki|t[ea]n?|t[ea]ki|y[ea]|[ea])$")}
# Words right before a name that make it the subject of a clause of its own: "the convoy that Israel had watched".
_RELATIVE = {
    "en": r"\b(?:that|which|who|whom|where)",
    "de": r",\s*(?:die|der|das|den|dem|welche\w*)",
    "fr": r"\b(?:que|qui|dont|où)|\bqu['’]",
    "es": r"\b(?:que|quien|quienes|donde)",
    "it": r"\b(?:che|cui|dove)",
    "pt": r"\b(?:que|quem|onde)",
    "pl": r"\bktór\w+",
    "ru": r"\bкотор\w+",
    "uk": r"\b(?:як(?:ий|а|е|і|их|ого|ому|им|ими)|котр\w+)",
    "el": r"\bπου",
    "ar": r"\b(?:الذي|التي|الذين)",
    "fa": r"\bکه",
}
# Words between a verb of going and where one goes to; without one, a place may be where one comes from.
_TOWARDS = {
    "en": r"\b(?:to|for|into|towards?)\b",
    "de": r"\b(?:nach|in|zum|zu)\b",
    "fr": r"\b(?:vers|pour|à|au|en)\b",
    "es": r"\b(?:a|al|hacia)\b",
    "it": r"\b(?:a|verso|in)\b",
    "pt": r"\b(?:para|a)\b",
    "pl": r"\bdo\b",
    "ru": r"\b(?:в|на)\b",
    "uk": r"\b(?:до|в|у|на)\b",
    "el": r"\b(?:στη|στην|στο|σε|προς)\b",
    "vi": r"\b(?:sang|đến|tới|về)\b",
    "ar": r"\bإلى\b",
    "fa": r"\bبه\b",
    "zh": r"[往到至抵]",
}
# Words right before an action that make it only the setting of what is told: "after the offensive".
_SETTING = {
    "en": r"\b(?:after|amid|following|despite|during)(?: an?| the)?",
    "de": r"\b(?:nach|inmitten|trotz|während)(?: de[rmns]| eine[rmns]?)?",
    "fr": r"\b(?:après|malgré|pendant|sur fond d['’e])(?: une?| la| le| les)?",
    "es": r"\b(?:tras|después de|durante|en medio de)(?: una?| la| el| los)?",
    "it": r"\b(?:dopo|durante|nonostante)(?: una?| la| il| l['’])?",
    "pt": r"\b(?:após|depois d[aeo]|durante|apesar d[aeo])(?: uma?| a| o)?",
    "pl": r"\b(?:po|podczas|mimo)",
    "ru": r"\b(?:после|во время|на фоне|несмотря на)",
    "uk": r"\b(?:після|під час|на тлі|попри)",
    "el": r"\b(?:μετά από|μετά|κατά|παρά)(?: τη[νς]?| το[νυ]?)?",
    "vi": r"\b(?:sau|giữa|bất chấp)(?: cuộc| vụ)?",
    "ar": r"\b(?:بعد|خلال|وسط|رغم)",
    "fa": r"\b(?:پس از|بعد از|در پی|با وجود)",
    "he": r"\b(?:אחרי|לאחר|במהלך|למרות)",
}
_SETS = {lang: re.compile(f"(?:{words})\\s*$") for lang, words in _SETTING.items()}
_GOES_TO = {lang: re.compile(words) for lang, words in _TOWARDS.items()}
_BEFORE = {lang: re.compile(f"(?:{words})\\s*$") for lang, words in _PLACED_BEFORE.items()}
_COMPANION = {lang: re.compile(f"(?:{words})\\s*$") for lang, words in _WITH.items()}
_BOUND_FOR = {
    lang: re.compile(f"(?:{words})\\s*$")
    for lang, words in {
        "en": r"\b(?:to|for|into|towards?)",
        "de": r"\b(?:nach|in die|in den|zum|zur)",
        "fr": r"\b(?:vers|pour|vers la|vers le|vers l['’]|jusqu'en|en direction de)(?: la| le)?",
        "es": r"\b(?:a|al|hacia|rumbo a)",
        "it": r"\b(?:a|in|alla|al|verso|verso la)",
        "pt": r"\b(?:para|à|ao|rumo a)(?: a| o)?",
        "pl": r"\bdo",
        "ru": r"\b(?:в|на)",
        "uk": r"\b(?:до|в|у)",
        "el": r"\b(?:στη|στην|στο|προς τη|προς την|προς)",
        "vi": r"\b(?:sang|đến|tới|về)",
        "ar": r"\b(?:إلى|نحو)",
        "fa": r"\bبه",
        "he": r"(?<!\S)(?:ו?ל|אל)",
        "zh": r"[往到至向]",
    }.items()
}
_COMING_FROM = {
    lang: re.compile(f"(?:{words})\\s*$")
    for lang, words in {
        "en": r"\b(?:from|out of)",
        "de": r"\b(?:aus|von|vom)(?: der| dem)?",
        "fr": r"\b(?:de|depuis|hors de)(?: la| l['’])?",
        "es": r"\b(?:de|desde)",
        "it": r"\b(?:da|dal|dalla)",
        "pt": r"\b(?:de|da|do|desde)",
        "pl": r"\b(?:z|ze)",
        "ru": r"\b(?:из|с|со)",
        "uk": r"\b(?:з|із|зі)",
        "el": r"\bαπό(?: τη| την| το)?",
        "vi": r"\b(?:khỏi|từ)",
        "ar": r"\bمن",
        "fa": r"\bاز",
        "zh": r"[从自]",
    }.items()
}
_BOUND_ENDING = {"tr": re.compile(r"['’]y?[ae](?:\b|.{0,2}$)"), "ja": re.compile(r"(?:に|へ)$|(?:に|へ).$")}
_OPENS = {lang: re.compile(f"(?:{words})\\s*$") for lang, words in _RELATIVE.items()}
_REACH = 16  # code points before a name that are looked at
VERB_LAST = frozenset({"tr", "ja", "fa"})
_FAR_OFF = 2  # words between the subject of a relative clause and a verb that is no longer its own
# What belongs to whose name stands beside it: "Russian troops", "troupes russes".
_FORCES = frozenset({"troops", "military", "presence", "warship", "aircraft", "equipment", "convoy", "patrol"})
_BESIDE = 2  # code points between
_TRAILS = re.compile(r"[,—–、](?:\s*\w+){0,2}$")  # "…, Lavrov", "…, según Peskov"
_SITES = frozenset({"base", "port", "airport", *_FORCES})
_ADJECTIVE_LAST = frozenset({"fr", "es", "it", "pt", "ar", "he", "fa", "vi"})
_JOINTS = frozenset({"", "的", "の", "ال", "ה", "của"})  # what may stand between whose it is and what it is
_LOCAL = frozenset({"base", "port", "airport"})
_POSSESSIVE = ("'s", "\N{RIGHT SINGLE QUOTATION MARK}s", "s'", "s\N{RIGHT SINGLE QUOTATION MARK}")
# What parts a sentence in two halves that say the opposite: "has not met him but plans to". By language, in small letters.
_BUT = {
    lang: re.compile(rf"(?<!\w)(?:{words})(?!\w)")
    for lang, words in {
        "en": "but|however",
        "de": "aber|sondern|jedoch",
        "fr": "mais|toutefois|cependant",
        "es": "pero|sino",
        "pt": "mas|porém",
        "it": "ma|bensì|però",
        "pl": "ale|lecz|jednak",
        "ru": "но|однако|зато",
        "uk": "але|проте|однак",
        "tr": "ama|ancak|fakat",
        "ar": "لكن|ولكن|لكنه|ولكنه|لكنها|ولكنها|لكني|لكنني|بل",
        "fa": "اما|ولی|بلکه",
        "he": "אבל|אך|אלא|אולם",
        "el": "αλλά|όμως|ωστόσο",
        "vi": "nhưng",
    }.items()
} | {"zh": re.compile("但|不过|不過|然而"), "ja": re.compile("しかし|だが|ものの")}


# Words of the class `demanded` by which nobody asks: they say what ought to be.
_OUGHT = {
    "en": "must|should|ought to|has to|have to|need to",
    "de": "muss|müssen|soll|sollen|sollte|sollten",
    "fr": "doit|doivent|devrait|devraient|il faut",
    "es": "debe|deben|debería|deberían|tiene que|tienen que",
    "it": "deve|devono|dovrebbe|dovrebbero",
    "pt": "deve|devem|deveria|deveriam|tem de|têm de",
    "pl": "musi|muszą|powinn\\w+|należy",
    "ru": "должн\\w+|обязан\\w*|следует|необходимо",
    "uk": "мусить|мусять|повинн\\w+|має|мають|слід|необхідно",
    "tr": "\\w+m[ae]l[ıi]\\w*|gerek\\w*|zorunda\\w*",
    "ar": "يجب|ينبغي|لا بد",
    "fa": "باید|بایست\\w*",
    "he": "חייב\\w*|צריכ\\w*|צריך|על",
    "el": "πρέπει|οφείλ\\w+",
    "vi": "phải|nên|cần",
    "zh": "必须|应该|应当|应|须|需要",
    "ja": "べき|必要|ねばならない",
}
_IS_OUGHT = {lang: re.compile(f"(?:{words})") for lang, words in _OUGHT.items()}


def is_asked_for(sentence: Sentence) -> bool:
    """Say whether somebody asks for what a sentence demands, rather than that it only ought to be."""
    ought = _IS_OUGHT.get(sentence.lang)
    texts = (
        sentence.text[word.start - sentence.start : word.end - sentence.start].casefold()
        for word in sentence.words
        if word.word_class in {"demand", "demanded"}
    )
    return any(ought is None or not ought.fullmatch(text) for text in texts)


def _before(name: SpottedName, sentence: Sentence) -> str:
    at = name.start - sentence.start
    return sentence.text[max(0, at - _REACH) : at].casefold()


@lru_cache(maxsize=1024)  # the same is asked of a name for each action beside it
def _ends_placed(lang: str, before: str) -> bool:
    return _BEFORE[lang].search(before) is not None


def is_placed(name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a name stands as where something happens, not as who does it: "in Syria", "Suriye'den"."""
    lang, end = sentence.lang, name.end - sentence.start
    if lang in _BEFORE:
        return _ends_placed(lang, _before(name, sentence))
    if lang in _PLACED_AFTER:
        return _PLACED_AFTER[lang].match(sentence.text, end) is not None
    ending = _PLACED_ENDING.get(lang)
    return ending is not None and ending.search(sentence.text[name.start - sentence.start : end].casefold()) is not None


def is_companion(name: SpottedName, sentence: Sentence, *, of_talks: bool = True) -> bool:
    """Say whether a name stands as with whom something is done: "talks with Damascus".

    Slavic says "with" and "from" in one word; of what is no talks, it is "from".
    """
    if not of_talks and sentence.lang in _FROM_TOO:
        return False
    companion = _COMPANION.get(sentence.lang)
    return companion is not None and companion.search(_before(name, sentence)) is not None


def is_located(name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a name stands as where something happens; with whom somebody talks is no place."""
    return is_placed(name, sentence) and not is_companion(name, sentence)


def is_opposed(a: WordHit, b: WordHit, sentence: Sentence) -> bool:
    """Say whether a word such as "but" stands between two words: "has not met him but plans to"."""
    but = _BUT.get(sentence.lang)
    first, last = (a, b) if a.start <= b.start else (b, a)
    between = sentence.text[first.end - sentence.start : last.start - sentence.start]
    return but is not None and but.search(between.casefold()) is not None


def is_where_to(name: SpottedName, verb: WordHit, sentence: Sentence) -> bool:
    """Say whether a place after a verb of going is where one goes to."""
    towards = _GOES_TO.get(sentence.lang)
    if towards is None or name.start < verb.start:
        return False
    return (
        towards.search(sentence.text[verb.start - sentence.start : name.start - sentence.start].casefold()) is not None
    )


def is_bound_for(name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a name stands as where to: "to Libya", "в Ливию"; the word before it, or the ending, says so."""
    ending = _BOUND_ENDING.get(sentence.lang)
    if ending is not None:
        text = sentence.text[name.start - sentence.start : name.end - sentence.start + 2].casefold()
        return ending.search(text) is not None
    towards = _BOUND_FOR.get(sentence.lang)
    return towards is not None and towards.search(_before(name, sentence)) is not None


def is_from(name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a name stands as where from: "from Syria", "из Сирии"."""
    leaving = _COMING_FROM.get(sentence.lang)
    return leaving is not None and leaving.search(_before(name, sentence)) is not None


def is_setting(verb: WordHit, sentence: Sentence) -> bool:
    """Say whether an action is only the setting of what is told: "after an offensive", "nach dem Angriff"."""
    sets = _SETS.get(sentence.lang)
    at = verb.start - sentence.start
    return sets is not None and sets.search(sentence.text[max(0, at - _REACH) : at].casefold()) is not None


def is_possessor(name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a name stands in a genitive that shows: of his handover another speaks, not he."""
    if sentence.lang == "ja":
        return sentence.text.startswith(("の", "氏の"), name.end - sentence.start)
    surface = sentence.text[name.start - sentence.start : name.end - sentence.start]
    ending = GENITIVE_ENDING.get(sentence.lang)
    return ending is not None and ending.search(surface.casefold()) is not None


def is_owner(name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a name only says whose something is: "Russian bases", "Assad's cruelty"."""
    surface = sentence.text[name.start - sentence.start : name.end - sentence.start]
    if sentence.lang == "en" and surface.endswith(_POSSESSIVE):
        return True
    return name.type == "country" and any(
        word.word_class in _SITES and _is_beside(name, word, sentence) for word in sentence.words
    )


def is_site_owner(name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a country's name only says whose base or port is meant: "the Russian base"."""
    return name.type == "country" and is_site(name, sentence)


def is_site(name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a place's name says which base or port is meant: "Tartus base"."""
    return any(word.word_class in _LOCAL and _is_beside(name, word, sentence) for word in sentence.words)


def _is_beside(name: SpottedName, word: WordHit, sentence: Sentence) -> bool:
    """Say whether a word follows a name at once, or stands right before it where adjectives follow their nouns."""
    if name.start <= word.start and word.end > name.end:
        begin, end = name.end, max(name.end, word.start)
    elif sentence.lang in _ADJECTIVE_LAST and word.start < name.start:
        begin, end = word.end, max(word.end, name.start)
    else:
        return False
    between = sentence.text[begin - sentence.start : end - sentence.start]
    return between.strip(" -\u00a0\u200c") in _JOINTS


def is_apart(name: SpottedName, verb: WordHit, sentence: Sentence) -> bool:
    """Say whether a name is the subject of a relative clause before the verb, and so not the verb's own."""
    opens = _OPENS.get(sentence.lang)
    if opens is None or verb.start < name.end or opens.search(_before(name, sentence)) is None:
        return False
    between = sentence.text[name.end - sentence.start : verb.start - sentence.start]
    return len(between.split()) > _FAR_OFF


def whose_forces(names: Iterable[SpottedName], sentence: Sentence) -> SpottedName | None:
    """Return the country whose troops, ships or equipment the sentence names."""
    forces = [word for word in sentence.words if word.word_class in _FORCES]
    for name in names:
        if name.type == "country" and any(
            0 <= word.start - name.end <= _BESIDE
            or 0 <= name.start - word.end <= _BESIDE
            or _is_beside(name, word, sentence)
            for word in forces
        ):
            return name
    return None


def headline_speaker(names: Sequence[SpottedName], sentence: Sentence) -> SpottedName | None:
    """Return who speaks where the form alone says so: "Peskov: …", "…, Lavrov"."""
    for name in names:
        if name.type not in SPEAKERS or is_placed(name, sentence):
            continue
        before = sentence.text[: name.start - sentence.start].strip()
        after = sentence.text[name.end - sentence.start :].lstrip()
        if after[:1] in {":", "："} and len(before.split()) <= _FAR_OFF:
            return name
        if not after.strip(".") and _TRAILS.search(before):
            return name
    return None
