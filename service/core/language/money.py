"""Sums of money: which currency a word or sign means, how a figure with decimals is read, how a sum is shown.

Currencies are told apart because their figures are not comparable: 88 million euros is no change of 100 million dollars.
"""

from __future__ import annotations

import re

from service.core.language.folding import fold

# Stems of folded words; what is no other currency counts as dollars, the name of the unit in the lexicon.
_NAMES = {
    "euros": re.compile(r"eur|ευρω|евро|євро|يورو|یورو|אירו|avro|ユーロ|欧元"),
    "rupees": re.compile(r"rupee|rupi[aei]|roupi|рупи|روبية|روپیه|卢比|ルピー|ρουπι"),
    "roubles": re.compile(r"r[ou]u?b|rúp|rup|рубл|روبل|רובל|ρουβλ|ルーブル|卢布"),
    "pounds": re.compile(
        r"pound|pfund|livres? sterling|libra|sterlin|funt|фунт|جنيه|پوند|λιρες στερλ|ポンド|英镑|bang anh"
    ),
    "lira": re.compile(r"lir|livres? turq|лир|лір|ليرة|لیره|λιρ"),
    "zlotys": re.compile(r"zlot|złot"),
    "hryvnias": re.compile(r"гривень|гривен"),
    "yen": re.compile(r"\byen|yenes|ienes|иен|єн|ιεν|円|日元|日圓|^ين|\byên"),
    "yuan": re.compile(r"yuan|юан|人民币|亿元|万元|人民元"),
    "won": re.compile(r"\bwon|韩元|ウォン|вон"),
    "francs": re.compile(r"franc|franken|franchi|франк|フラン|瑞士法郎"),
    "dong": re.compile(r"[dđ]ong|đồng"),
}
_SIGNS = {"$": "dollars", "€": "euros", "£": "pounds", "₽": "roubles"}
CURRENCIES = frozenset({"dollars", *_NAMES})
# Before the figure, as English writes it, or after figure and scale: "$4.3 billion", "US$ 5m", "88 Mio. €".
SIGN = re.compile("[" + "".join(_SIGNS) + "]")
# What makes a share of a figure: behind it, or before it as Turkish, Chinese and Persian say it.
_SHARE_WORDS = (
    "per ?cent", "prozent", "pour cent", "por ciento", "por cento", "per cento", "процент", "відсот", "procent", "phần trăm",
    "في المئة", "في المائة", "بالمئة", "بالمائة", "درصد", "אחוז", "τοις εκατό", "パーセント",
)  # fmt: skip
_SHARE = re.compile(rf"\s?(?:[%٪]|{'|'.join(map(fold, _SHARE_WORDS))})")
_SHARE_BEFORE = re.compile(rf"(?:[%٪]|{fold('yüzde')}|百分之)\s?$")
_REACH_BEFORE = 8  # code points
_SHOWN = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))
_GROUP = 3  # digits between separators of thousands


def currency(word: str) -> str:
    """Return the currency that a folded word or a sign names."""
    if word in _SIGNS:
        return _SIGNS[word]
    return next((name for name, stem in _NAMES.items() if stem.search(word)), "dollars")


def is_share(text: str, start: int, end: int) -> bool:
    """Say whether the figure at a place of a folded text is a share: "80% of the troops" are not 80."""
    return (
        _SHARE.match(text, end) is not None
        or _SHARE_BEFORE.search(text[max(0, start - _REACH_BEFORE) : start]) is not None
    )


def is_sum(text: str, start: int, end: int) -> bool:
    """Say whether the figure at a place of a folded text is a sum by its sign: "$500 million", "500 €"."""
    return text[:start].rstrip()[-1:] in _SIGNS or text[end:].lstrip()[:1] in _SIGNS


def figure(written: str) -> float:
    """Return the value of figures with separators: "1.500" and "1,500" are 1500 everywhere, "150,5" is 150.5."""
    marks = [mark for mark in written if mark in ".,"]
    whole, _, part = written.rpartition(marks[-1] if marks else ",")
    if not marks or len(part) == _GROUP or len(marks) > len(set(marks)):
        return int(re.sub(r"\D", "", written))
    return float(f"{re.sub(r'[^0-9]', '', whole)}.{part}")


def shown(value: int, unit: str) -> str:
    """Return a sum as English writes it: "150.5 billion dollars"."""
    for scale, word in _SHOWN:
        if value >= scale:
            return f"{round(value / scale, 2):g} {word} {unit}"
    return f"{value:,} {unit}"
