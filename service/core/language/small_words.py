"""Closed lists of small words by language: prepositions, relative pronouns, case endings, as expressions. Data only.

Who asks them stands in `function_words` (how a name stands in its sentence) and `dealings` (who does it to whom). A
language that has no entry is simply not told apart.
"""

from __future__ import annotations

import re


def _right_before(words: dict[str, str]) -> dict[str, re.Pattern[str]]:
    """Return expressions that end where something else begins, but for spaces."""
    return {lang: re.compile(f"(?:{each})\\s*$") for lang, each in words.items()}


def _anywhere(words: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {lang: re.compile(f"(?:{each})") for lang, each in words.items()}


# Words right before a name that make it where, or with whom, something happens.
PLACED_BEFORE = _right_before(
    {
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
)
# Those of them that name whom somebody talks to, rather than where.
WITH = _right_before(
    {
        "en": r"\b(?:with|between)(?: the)?(?: new)?",
        "de": r"\bmit(?: de[rnm])?",
        "fr": r"\bavec(?: la| le)?",
        "es": r"\bcon(?: el| la)?",
        "pl": r"\b(?:z|ze)",
        "ru": r"\b(?:с|со)",
        "uk": r"\b(?:з|із|зі)",
        "zh": r"(?:与|同|随|跟)(?:新的?)?",
        "ar": r"\bمع",
        "fa": r"\bبا",
        "he": r"(?<!\S)ו?עם",
        "pt": r"\bcom(?: [ao])?",
        "it": r"\bcon(?: il| la)?",
        "el": r"\bμε(?: τον?| την?)?",
        "vi": r"\bvới",
    }
)
# Words right before a name that make it the subject of a clause of its own: "the convoy that Israel had watched".
RELATIVE = _right_before(
    {
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
)
# Words between a verb of going and where one goes to; without one, a place may be where one comes from.
TOWARDS = _anywhere(
    {
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
)
# Words right before an action that make it only the setting of what is told: "after the offensive".
SETTING = _right_before(
    {
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
)
# Words right before an action that put it off: "before lifting sanctions".
AHEAD = _right_before(
    {
        "en": r"\b(?:before|prior to|condition for)(?: the)?",
        "de": r"\b(?:vor|bevor)(?: de[rmn]| einer)?",
        "fr": r"\bavant(?: de| la| le| l['’]| toute)?",
        "es": r"\bantes de(?: la| el|l)?",
        "it": r"\bprima d(?:i|el|ella|ell['’])",
        "pt": r"\bantes d(?:e|a|o)",
        "pl": r"\b(?:przed|zanim)",
        "ru": r"\b(?:до|перед|прежде чем)",
        "uk": r"\b(?:до|перед|перш ніж)",
        "el": r"\bπριν(?: από)?(?: τη[νς]?)?",
        "vi": r"\btrước khi",
        "ar": r"\bقبل",
        "fa": r"\b(?:پیش از|قبل از)",
        "he": r"\bלפני",
    }
)
# Words for who publishes: the country they belong to says nothing.
MEDIA = {
    lang: re.compile(rf"(?:{words})", re.IGNORECASE)
    for lang, words in {
        "en": r"(?:state |news )?(?:daily|newspaper|paper|media|outlet|channel|broadcaster|agency|website|tabloid|tv)\b",
        "de": r"(?:Zeitung|Medien|Sender|Nachrichten\w*|Tageszeitung|Blatt|Staats\w+|Agentur|Portal)",
        "fr": r"(?:quotidien|journal|médias?|chaîne|presse|agence|site|télévision)\b",
        "es": r"(?:diario|periódico|medios?|cadena|prensa|agencia|portal|televisión)\b",
        "it": r"(?:quotidiano|giornale|media|emittente|stampa|agenzia|televisione)\b",
        "pt": r"(?:jornal|diário|mídia|media|emissora|imprensa|agência|televisão|canal)\b",
        "pl": r"(?:dziennik|gazet|medi|telewizj|agencj|portal|pras)\w*",
        "ru": r"(?:газет|СМИ|издани|телеканал|агентств|портал|пресс)\w*",
        "uk": r"(?:газет|ЗМІ|видання|телеканал|агент|портал|прес)\w*",
        "tr": r"(?:gazete|medya|kanal|basın|ajans|televizyon)\w*",
        "el": r"(?:εφημερίδα|μέσα|κανάλι|πρακτορείο|τηλεόραση)",
        "ar": r"(?:صحيفة|إعلام|قناة|وكالة|وسائل إعلام|صحف)",
        "fa": r"(?:روزنامه|رسانه(?:‌?های)?|شبکه|خبرگزاری)",
        "he": r"(?:עיתון|תקשורת|ערוץ|סוכנות)",
        "vi": r"(?:báo|truyền thông|kênh|hãng tin|đài)",
        "zh": r"(?:媒体|媒體|报纸|报|电视台|通讯社|官媒)",
        "ja": r"(?:紙|メディア|テレビ|通信|放送|報道)",
    }.items()
}
# Words right before a verb that make it what somebody goes or meets for: "to demand", "pour réclamer".
PURPOSE = _right_before(
    {
        "en": r"\b(?:to|in order to)",
        "de": r"\bum(?: \w+){0,4} zu",
        "fr": r"\b(?:pour|afin de)",
        "es": r"\b(?:para|a)",
        "it": r"\b(?:per|a)",
        "pt": r"\b(?:para|a)",
        "pl": r"\b(?:by|aby|żeby)",
        "ru": r"\bчтобы",
        "uk": r"\b(?:щоб|аби)",
        "el": r"\bγια να",
        "vi": r"\bđể",
        "he": r"\bכדי",
        "zh": r"[以来去]",
    }
)
BOUND_FOR = _right_before(
    {
        "en": r"\b(?:to|for|into|towards?)",
        "de": r"\b(?:nach|in die|in den|zum|zur|an|an die)",
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
    }
)
COMING_FROM = _right_before(
    {
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
    }
)
# What parts a sentence in two halves that say the opposite: "has not met him but plans to". By language, in small letters.
BUT = {
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
OUGHT = {
    lang: re.compile(words if lang in {"zh", "ja"} else rf"(?<!\w)(?:{words})(?!\w)")
    for lang, words in {
        "en": "must|should|ought to|has to|have to|need to",
        "de": "muss|müssen|soll|sollen|sollte|sollten",
        "fr": "doit|doivent|devrait|devraient|il faut",
        "es": "debe|deben|debería|deberían|tiene que|tienen que",
        "it": "deve|devono|dovrebbe|dovrebbero",
        "pt": "deve|devem|deveria|deveriam|tem de|têm de",
        "pl": "musi|muszą|powinn\\w+|należy",
        "ru": "должн\\w+|обязан\\w*|следует|необходимо",
        "uk": "мусить|мусять|повинн\\w+|слід|необхідно",
        "tr": "\\w+m[ae]l[ıi]\\w*|gerek\\w*|zorunda\\w*",
        "ar": "يجب|ينبغي|لا بد|يتعين",
        "fa": "باید|بایست\\w*",
        "he": "חייב\\w*|צריכ\\w*|צריך",
        "el": "πρέπει|οφείλ\\w+",
        "vi": "phải|nên|cần",
        "zh": "必须|应该|应当|应|须|需要",
        "ja": "べき|必要|ねばならない",
    }.items()
}
# What other languages say after a name, or by its ending.
PLACED_AFTER = {"ja": re.compile(r"(?:[東西南北]{1,2}部|沿岸部?|領内|国内|各地)?(?:に|で|から|へ|の)")}
PLACED_ENDING = {"tr": re.compile(r"['’](?:d[ea]n?|d[ea]ki|t[ea]n?|t[ea]ki|y[ea]|[ea])$")}
GENITIVE_ENDING = {"tr": re.compile(r"['’]n?[ıiuü]n$")}
BOUND_ENDING = {"tr": re.compile(r"['’]y?[ae](?:\b|.{0,2}$)"), "ja": re.compile(r"(?:に|へ)$|(?:に|へ).$")}
# Who does it to whom: what stands before, after or at the end of a party's name.
BY = _right_before(
    {
        "en": r"\bby(?: the)?",
        "de": r"\b(?:von|vom|durch)(?: de[rm])?",
        "fr": r"\bpar(?: la| le| les| l['’])?",
        "es": r"\bpor(?: la| el)?",
        "it": r"\b(?:da|dal|dalla|dall['’])",
        "pt": r"\b(?:por|pela|pelo)",
        "pl": r"\bprzez",
        "el": r"\bαπό(?: την?| τον?)?",
        "ar": r"\b(?:من قبل|على يد)",
        "fa": r"\b(?:توسط|از سوی)",
        "he": r"(?:על ידי|בידי|מצד)",
        "zh": r"[被遭由]",
    }
)
BY_AFTER = {"tr": re.compile(r"\s*tarafından"), "ja": re.compile(r"によって|により")}
AGAINST = _right_before(
    {
        "en": r"\b(?:against|for|to|with|on|from|at)(?: the)?",
        "de": r"\b(?:gegen|für|an|mit|bei)(?: de[rnm]| die| das)?",
        "fr": r"\b(?:contre|à|pour|avec|chez|au)(?: la| le| les)?",
        "es": r"\b(?:contra|a|al|con|en)(?: la| el)?",
        "it": r"\b(?:contro|a|alla|per|con|su)(?: la| il)?",
        "pt": r"\b(?:contra|à|ao|com|na|no)(?: a| o)?",
        "pl": r"\b(?:przeciw|przeciwko|wobec|z|na|w)",
        "ru": r"\b(?:против|к|с|на|за)",
        "uk": r"\b(?:проти|до|з|на|за)",
        "el": r"\b(?:κατά(?: της| του)?|εναντίον(?: της| του)?|στην?|στον?|με)",
        "ar": r"\b(?:ضد|على|مع|من)",
        "fa": r"\b(?:علیه|به|با|برای)",
        "he": r"(?:נגד|על|עם|את)",
        "zh": r"[对向与]",
    }
)
# Of an offer these say what it is for; elsewhere some of them say by whom.
FOR = _right_before(
    {"es": r"\bpor(?: la| el)?", "pt": r"\b(?:por|pela|pelo)", "it": r"\bper(?: la)?", "pl": r"\bza", "vi": r"\bmua"}
)
AGAINST_AFTER = {
    "tr": re.compile(r"\s*(?:hakkında|aleyhine|için|ile)\b"),
    "ja": re.compile(r"を|に対|と(?!い)"),
    "fa": re.compile(r"\s+را\b"),
}
AGAINST_ENDING = {"tr": re.compile(r"['’](?:y?[ea]|y?[iıuü]|n[iıuü])$")}
OWNS_ENDING = GENITIVE_ENDING | {"en": re.compile(r"['’]s$|s['’]$")}
OWNS_AFTER = {"ja": re.compile(r"の"), "zh": re.compile(r"的"), "de": re.compile(r"-[A-ZÄÖÜ]")}
