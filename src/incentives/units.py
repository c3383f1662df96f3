"""Units of measure: what a number counts, and how units convert and combine."""

import re

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

#: What a value is measured in: units with their exponents, sorted; a bare number
#: or an amount of yuan has none. `300元/平方米` is money in `(("平方米", -1),)`.
Unit = tuple[tuple[str, int], ...]

NO_UNIT: Unit = ()

_THOUSAND = 1000
_HECTARE = 10_000

#: Every unit that converts: what it is a multiple of, and how many of it.
_MEASURED: Mapping[str, Mapping[str, int | Fraction]] = {
    "平方米": {
        "㎡": 1,
        "m²": 1,
        "平米": 1,
        "公顷": _HECTARE,
        "亩": Fraction(2000, 3),
        "平方公里": 1_000_000,
    },
    "立方米": {"m³": 1, "方": 1},
    "米": {"公里": _THOUSAND, "千米": _THOUSAND},
    "吨": {
        "公斤": Fraction(1, _THOUSAND),
        "千克": Fraction(1, _THOUSAND),
        "t": 1,
    },
    "吨标准煤": {"tce": 1, "吨标煤": 1},
    "千瓦时": {"度": 1, "kWh": 1, "兆瓦时": _THOUSAND, "MWh": _THOUSAND},
    "千瓦": {"kW": 1, "兆瓦": _THOUSAND, "MW": _THOUSAND},
    "千伏安": {"kVA": 1},
    "人": {"名": 1, "位": 1},
    "家": {"户": 1},
    "天": {"日": 1, "day": 1, "days": 1, "周": 7, "week": 7, "weeks": 7},
    "月": {"个月": 1, "month": 1, "months": 1},
    "年": {"year": 1, "years": 1},
    "小时": {"h": 1},
    "美元": {"USD": 1, "美金": 1},
    "欧元": {"EUR": 1},
    "港元": {"HKD": 1, "港币": 1},
    "日元": {"JPY": 1, "日圆": 1},
    "英镑": {"GBP": 1},
}
#: Units that a stated rate turns into yuan.
CURRENCIES = frozenset({"美元", "欧元", "港元", "日元", "英镑"})
_CONVERTED: Mapping[str, tuple[str, Fraction]] = {
    name: (base, Fraction(count))
    for base, names in _MEASURED.items()
    for name, count in (*names.items(), (base, 1))
}

#: Units that convert into nothing else.
_COUNTED = frozenset(
    [
        *("个", "项", "件", "台", "套", "头", "只", "张", "辆", "次", "场", "人次"),
        *("人天", "标准箱", "TEU", "架次", "航次", "株", "盏", "批", "篇", "部", "集"),
        *("座", "间", "床", "个百分点"),
    ]
)

#: Every unit that rules and facts know without declaring it, longest first.
KNOWN_UNITS = tuple(
    sorted({*_CONVERTED, *_COUNTED}, key=lambda name: (-len(name), name))
)

#: Multiples that may stand before a unit, longest first.
_MULTIPLES = {"百万": 10**6, "百": 100, "千": 1000, "万": 10_000, "亿": 10**8}

_QUANTITY = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+|\d{1,30})(?:\.(?P<decimals>\d{1,30}))?"
    r" ?(?P<unit>[^\d\s.,]{1,20})",
    re.ASCII,
)


def unit_of_name(name: str) -> Unit:
    """
    The unit that a name stands for; a name that nobody knows stands for itself.

    >>> unit_of_name("亩"), unit_of_name("元/平方米"), unit_of_name("标段")
    ((('平方米', 1),), (('平方米', -1),), (('标段', 1),))
    """
    if name == "元":
        return NO_UNIT
    above, _, below = name.partition("/")
    return times(_single(above), inverse(_single(below)))


def _single(name: str) -> Unit:
    if name in ("", "元"):
        return NO_UNIT
    bare = bare_unit(name)
    base, _ = _CONVERTED.get(bare, (bare, Fraction(1)))
    return ((base, 1),)


def factor(name: str) -> Fraction:
    """
    How many of its base unit a unit is.

    >>> factor("公顷"), factor("万千瓦时"), factor("人")
    (Fraction(10000, 1), Fraction(10000, 1), Fraction(1, 1))
    """
    above, slash, below = name.partition("/")
    if slash:
        return factor(above) / factor(below)
    multiple, bare = _split(name)
    return multiple * _CONVERTED.get(bare, (bare, Fraction(1)))[1]


def _split(name: str) -> tuple[Fraction, str]:
    """A multiple such as 万 before a unit, and the unit."""
    for word, count in _MULTIPLES.items():
        rest = name.removeprefix(word)
        if rest not in ("", name) and name not in _CONVERTED:
            return Fraction(count), rest
    return Fraction(1), name


def bare_unit(name: str) -> str:
    """The unit without a multiple before it: `万千瓦时` counts 千瓦时."""
    return _split(name)[1]


def parse_quantity(text: str) -> tuple[Fraction, Unit] | None:
    """
    A number with its unit, in base units; None where the text is no such thing.

    >>> parse_quantity("1.5公顷"), parse_quantity("20万千瓦时")
    ((Fraction(15000, 1), (('平方米', 1),)), (Fraction(200000, 1), (('千瓦时', 1),)))
    >>> parse_quantity("很多")
    """
    found = _QUANTITY.fullmatch(text)
    if found is None:
        return None
    digits = found["number"].replace(",", "")
    number = Fraction(Decimal(f"{digits}.{found['decimals'] or 0}"))
    return number * factor(found["unit"]), unit_of_name(found["unit"])


def times(left: Unit, right: Unit) -> Unit:
    """The unit of a product."""
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def inverse(unit: Unit) -> Unit:
    """The unit of one divided by it."""
    return tuple((name, -power) for name, power in unit)


def unit_words(unit: Unit) -> str:
    """
    What follows a number: units that multiply, then those that divide.

    >>> unit_words((("平方米", 1),)), unit_words((("人", -1),)), unit_words(())
    ('平方米', '/人', '')
    """
    above = [name for name, power in unit for _ in range(power)]
    below = [f"/{name}" for name, power in unit for _ in range(-power)]
    return "·".join(above) + "".join(below)


def counted(value: Fraction, unit: Unit) -> tuple[Fraction, str]:
    """
    A number of base units as people write it: in a unit in which its digits end.

    >>> counted(Fraction(20000, 3), (("平方米", 1),))
    (Fraction(10, 1), '亩')
    """
    if len(unit) == 1 and unit[0][1] == 1 and not _ends(value):
        for name, size in _MEASURED.get(unit[0][0], {}).items():
            if _ends(value / size):
                return value / size, name
    return value, unit_words(unit)


def _ends(value: Fraction) -> bool:
    """Whether a number has a last decimal: no prime but 2 and 5 divides it."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1
