"""What authors write where an expression should be, and what to write instead."""

import re

from collections.abc import Iterable

#: The words of a statute, and the signs of some keyboards, for a comparison.
_SIGNS = {
    "大于或等于": "≥",
    "大于等于": "≥",
    "不低于": "≥",
    "不少于": "≥",
    "不小于": "≥",
    "达到": "≥",
    "≧": "≥",
    "小于或等于": "≤",
    "小于等于": "≤",
    "不超过": "≤",
    "不高于": "≤",
    "不大于": "≤",
    "不多于": "≤",
    "≦": "≤",
    "超过": ">",
    "高于": ">",
    "大于": ">",
    "多于": ">",
    "低于": "<",
    "少于": "<",
    "小于": "<",
    "不足": "<",
    "不满": "<",
    "不等于": "≠",
    "等于": "=",
}
_CONNECTIVES = {
    "并且": "'and' or '且'",
    "而且": "'and' or '且'",
    "或者": "'or' or '或'",
}
#: The words among them that stand for a sign where blanks stand around them.
_LAW = (
    *("不低于", "不少于", "不小于", "达到", "不超过", "不高于", "不大于", "不多于"),
    *("超过", "高于", "大于", "多于", "低于", "少于", "小于", "不足", "不满"),
)
_OPERATORS = ("属于", "至", "且", "或", "以上", "以下", "以内")
_HALVES = dict(zip("（），＋－＝＜＞［］＊｛｝", "(),+-=<>[]*[]", strict=True))

_AMOUNT = r"\d[\d.,]* ?(?:百万|[千万亿])?元"
_FROM = r" ?(?:（含）|\(含\))?及? ?以上"
_UP_TO = r" ?(?:（含）|\(含\))?及? ?以下"
_BELOW = r"(?:不足|不满|不到|低于|小于)"
_COLLECTED = r"(?:\bin|属于) ?"

#: What an author has written before and at the place of an error, and what to write.
#: The groups of both patterns stand in the help.
_HABITS: tuple[tuple[str, str, str], ...] = (
    # intervals in the words of a statute
    (
        rf"(?P<low>{_AMOUNT})$",
        rf"{_FROM}[，,、 ]*{_BELOW} ?(?P<high>{_AMOUNT})",
        "write '[{low}, {high})'",
    ),
    (
        r"",
        rf"(?P<low>{_AMOUNT}){_FROM}[，,、 ]*{_BELOW} ?(?P<high>{_AMOUNT})",
        "write 'in [{low}, {high})'",
    ),
    (
        rf"(?P<low>{_AMOUNT})$",
        rf"(?:[-~～—–]+|到) ?(?P<high>{_AMOUNT})",
        "write '[{low}, {high})', or '{low} 至 {high}' with both ends",
    ),
    (rf"{_COLLECTED}(?P<low>{_AMOUNT})$", _FROM, "write '[{low}, ∞)'"),
    (rf"{_COLLECTED}(?P<high>{_AMOUNT})$", _UP_TO, "write '(-∞, {high}]'"),
    (rf"(?P<low>{_AMOUNT})$", _FROM, "write '≥ {low}'"),
    (rf"(?P<high>{_AMOUNT})$", _UP_TO, "write '≤ {high}'"),
    (r"", rf"(?P<low>{_AMOUNT}){_FROM}", "write '≥ {low}'"),
    (r"", rf"(?P<high>{_AMOUNT}){_UP_TO}", "write '≤ {high}'"),
    (rf"{_COLLECTED}$", r"(?:[≥>]=?|=>)", "write '[a, ∞)' or '(a, ∞)'"),
    (rf"{_COLLECTED}$", r"(?:[≤<]=?|=<)", "write '(-∞, b)' or '(-∞, b]'"),
    (
        rf"{_COLLECTED}[“\"'].*[”\"']$",
        r"$",
        "an interval stands in straight quotes, or in none",
    ),
    (r",$", r"[)\]]", "an interval without an upper end ends with '∞)'"),
    (r"[(\[]$", r",", "an interval without a lower end begins with '(-∞'"),
    # amounts and days
    (
        r"(?P<number>\d[\d.,]*)$",
        r"(?P<word>[万亿])(?!\w)",
        "an amount is written with 元: '{number}{word}元'",
    ),
    (
        r"",
        r"[¥￥] ?(?P<number>\d[\d.,]*[百千万亿]*)",
        "an amount is written with 元: '{number}元'",
    ),
    (
        r"\d$",
        r"[百千万亿]*(?P<currency>[加澳瑞新韩泰]\w)(?!\w)",
        "this unit is unknown: declare a fact with 'unit: {currency}', or convert it",
    ),
    (r"\d$", r"\.", "a day is written with hyphens: 2025-12-31"),
    (r"\d年$", r"\d+月", "a day is written with hyphens: 2025-12-31"),
    # signs
    (r"=$", r">", "write '≥' or '>='"),
    (r"=$", r"<", "write '≤' or '<='"),
    (r"<$", r">", "write '≠' or '!='"),
    (r"(?P<sign>[<>])$", r"=", "write '{sign}=' without a blank"),
    (r"=$", r"=", "equality is written '='"),
    (r"", r"[=<>≤≥≠]", "join two comparisons by 'and', or write an interval"),
    (rf"[=<>≤≥≠] ?({'|'.join(_LAW)})$", r"", "one sign is enough: leave out the other"),
    *((r"", rf"{word}$", f"a value follows {word!r}, after a blank") for word in _LAW),
    *(
        (r"", rf"{word}\S", f"leave a blank on either side of {word!r}")
        for word in _LAW
        if word not in ("大于", "小于")
    ),
    *((r"", re.escape(word), f"write {sign!r}") for word, sign in _SIGNS.items()),
    *((r"", word, f"write {words}") for word, words in _CONNECTIVES.items()),
    (r"", r"：", "equality is written '='"),
    (r"", r"&", "write 'and'"),
    (r"", r"\|", "write 'or'"),
    (r"", r"!", "write 'not', or '!=' between two values"),
    (r"", r"[\"“”'‘’]", "a text stands between two quotes of one kind: “…”"),
    (r"", r"[、；]", "values are separated by ','"),
    (r"", r"[\u00a0\u2000-\u200b\u3000]", "write a plain blank"),
    (r"", r"。", "leave out the '。'"),
    (
        r"\w(?P<operator>属于|至|且|或|非)(?:\[[^\]]*)?$",
        r"",
        "leave a blank on either side of {operator!r}",
    ),
    (r"\w$", r"\w", "an operator is missing before it, such as '=', '≥' or 'and'"),
    *(
        (r"", re.escape(full), f"write the half-width {half!r}")
        for full, half in _HALVES.items()
    ),
)

#: Names that are none, and what to write.
_NO_NAMES = (
    (r"百分之.*", "a rate is written in digits, such as 8%"),
    (r"正?无穷大?|无限大?|无上限|inf|infinity", "write '∞'"),
    (rf"{_BELOW}({_AMOUNT})", r"write '(-∞, \1)'"),
    (rf"(?:不超过|不高于)({_AMOUNT})", r"write '(-∞, \1]'"),
    (r".*元", "an amount is written in digits, such as 500万元"),
)


def at_place(text: str, start: int) -> str | None:
    """What to write where the syntax of a text breaks at an offset."""
    before, rest = text[:start].rstrip(), text[start:]
    for ending, beginning, help_ in _HABITS:
        ended, begun = re.search(ending, before), re.match(beginning, rest)
        if ended is not None and begun is not None:
            return help_.format(**ended.groupdict(), **begun.groupdict())
    return None


def in_name(word: str, known: Iterable[str]) -> str | None:
    """What to write for a name that nothing has; ``known`` names something."""
    names = frozenset(known)
    for operator in _OPERATORS:
        before, found_operator, _ = word.partition(operator)
        if found_operator and before in names:
            return f"leave a blank on either side of {operator!r}"
    for sign_word, sign in _SIGNS.items():
        before, found_sign, _ = word.partition(sign_word)
        if found_sign and before in names:
            if sign_word in _LAW:
                return f"leave a blank on either side of {sign_word!r}"
            return f"write {sign!r} for {sign_word!r}"
    for pattern, help_ in _NO_NAMES:
        if found := re.fullmatch(pattern, word):
            return found.expand(help_)
    return None
