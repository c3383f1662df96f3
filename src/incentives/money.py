"""Exact money and rates: whole fen inside, `Decimal` yuan outside, never a float."""

import re

from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from unicodedata import normalize

#: The largest amount that is read, either sign, in fen: 1亿亿元, far beyond any
#: budget, so that anything larger is a slip of the unit.
MOST_FEN = 10**18

_FEN_PER_YUAN = 100
_FEN_PER_WAN = 10**6
_FEN_PER_YI = 10**10

_UNITS = {
    "元": _FEN_PER_YUAN,
    "千元": 10**5,
    "万": _FEN_PER_WAN,
    "万元": _FEN_PER_WAN,
    "百万元": 10**8,
    "亿": _FEN_PER_YI,
    "亿元": _FEN_PER_YI,
}

# One fen is 10 decimals of 亿元, the largest unit: more never make a whole fen.
_MOST_DECIMALS = 10

# Python refuses to turn very long digit strings into numbers; no rate needs them.
_RATE_DIGITS = "[0-9]{1,30}"

# Full-width forms and hard spaces only. NFKC over the whole text would also turn
# `5²元` into `52元` and `①` into `1`, which is guessing.
_PLAIN = {
    code: normalize("NFKC", chr(code))
    for code in (0x00A0, 0x202F, 0x3000, *range(0xFF01, 0xFF5F), 0xFFE5)
}

_MONEY = re.compile(
    r"""
    (?P<minus>-?) (?:(?:¥|人民币)\ *)? (?P<inner>-?)
    (?P<whole> [0-9]+ | [1-9][0-9]{0,2}(?P<gap>[,\ ])[0-9]{3}(?:(?P=gap)[0-9]{3})* )
    (?:\.(?P<decimals>[0-9]+))?
    (?: \ * (?P<unit>元|千元|万元?|百万元|亿元?) )?
    """,
    re.VERBOSE,
)

_SIGN_AND_NUMBER = r"-?(?:(?:¥|人民币) *)?-?[0-9][0-9, ]*(?:\.[0-9]+)?"

#: Why a text is not an amount and what to write instead; the first that is found
#: in the text is said, so the more telling ones come first.
_REFUSALS = tuple(
    (re.compile(pattern), why)
    for pattern, why in (
        (r"\A\Z", "is empty; write an amount such as '500万元'"),
        (
            r"[%‰]|百分之|千分之",
            "is a rate, not an amount; write an amount such as '500万元'",
        ),
        (
            (
                r"(?i:USD|EUR|JPY|GBP|HKD|TWD|KRW)|[$€£₩]|[美欧日港韩澳加]元|美金|[港台]币"
                r"|英镑|卢布|法郎"
            ),
            "is not in yuan; convert it at a stated rate, such as '500万元'",
        ),
        (
            r"[0-9][eE][+-]?[0-9]",
            "has an exponent; write all the digits, such as '5000000'",
        ),
        (
            r"[0-9元万亿] *[-~—–至到] *[¥0-9]",
            "is a range; write one amount, such as '500万元'",
        ),
        (
            (
                r"[约近超逾余多起]|以[上下内外]|不[超低高少多足]|[至最][少多高低]|左右"
                r"|[<>≤≥≈]"
            ),
            "is not one exact amount; write the number alone, such as '500万元'",
        ),
        (
            r"[零〇一二三四五六七八九十两半壹贰叁肆伍陆柒捌玖拾佰仟]",
            "has Chinese numerals; write digits, such as '500万元'",
        ),
        (
            r"[千百万亿元] *[0-9]",
            "has more than one unit; write one unit, such as '1.2亿元'",
        ),
        (
            r",|[0-9] +[0-9]",
            "is grouped wrongly; group digits in threes, such as '1,234.50元'",
        ),
        (
            r"(?<![0-9])\.|\.(?![0-9])",
            "lacks a digit beside the point; write it, such as '0.5亿元'",
        ),
        (r"\A[^0-9]*\Z", "has no number; write an amount such as '500万元'"),
    )
)


def parse_money(text: str) -> int:
    """
    Read the amount in fen that *text* says in one unit; a bare number is in yuan.

    Digits may be grouped in threes by commas or single spaces, full-width forms
    count as their plain ones, and a minus may lead: forbidding it is up to callers.

    >>> parse_money("500万元"), parse_money("1,234.50元"), parse_money("¥3")
    (500000000, 123450, 300)

    Raises ValueError, saying what to write instead, if *text* is anything else than
    one exact amount of yuan in whole fen, at most `MOST_FEN`.
    """
    # Most amounts are plain already, and translating costs more than matching.
    found = _MONEY.fullmatch(text) or _MONEY.fullmatch(_plain(text))
    if found is None or (found["minus"] and found["inner"]):
        raise ValueError(f"{text!r} {_why_not(_plain(text))}")
    whole = found["whole"].replace(",", "").replace(" ", "").lstrip("0")
    decimals = (found["decimals"] or "").rstrip("0")
    if len(whole) > len(str(MOST_FEN)):
        raise _too_large(repr(text))
    if len(decimals) > _MOST_DECIMALS:
        raise _too_fine(text)
    scaled = int(f"0{whole}{decimals}") * _UNITS[found["unit"] or "元"]
    fen, rest = divmod(scaled, 10 ** len(decimals))
    if rest:
        raise _too_fine(text)
    negative = found["minus"] or found["inner"]
    return _bounded(-fen if negative else fen, repr(text))


def read_money(raw: object) -> int:
    """
    Read the amount in fen of a value from outside: yuan as a number, or words.

    >>> read_money(2000), read_money(Decimal("0.50")), read_money("2000万")
    (200000, 50, 2000000000)

    Raises ValueError if *raw* is a float, a bool, of any other type, or not an exact
    amount, as `parse_money` has it.
    """
    match raw:
        case str():
            return parse_money(raw)
        case bool():
            raise ValueError(f"{raw!r} is a bool, not an amount; write it in yuan")
        case int():
            return _bounded(int(raw) * _FEN_PER_YUAN, "the number")
        case Decimal():
            return _from_decimal(raw)
        case float():
            raise ValueError(
                f"{raw!r} is a float, which is not exact; "
                "write a decimal string such as '1234.50'"
            )
        case _:
            raise ValueError(
                f"an amount cannot be of type {type(raw).__name__}; "
                "write a decimal string such as '1234.50'"
            )


def yuan(fen: int) -> Decimal:
    """
    *fen* in yuan, exactly: without decimals where whole, else with two.

    >>> yuan(500000000), yuan(123450)
    (Decimal('5000000'), Decimal('1234.50'))
    """
    # From a string: arithmetic on Decimals would round to the caller's context.
    return Decimal(decimal_string(fen))


def decimal_string(fen: int) -> str:
    """
    *fen* in yuan as digits, as in JSON.

    >>> decimal_string(123450), decimal_string(-300)
    ('1234.50', '-3')
    """
    return _in_yuan(fen, "")


def words(fen: int, lang: str = "zh") -> str:
    """
    *fen* as people write it, in one unit, so that `parse_money` reads it back.

    Chinese takes the larger of 亿元 and 万元 that gives at least 1 and at most four
    decimals, otherwise 元 with separators; English ("en") takes ¥ with separators.

    >>> words(12000000000), words(499998000), words(123450), words(123450, "en")
    ('1.2亿元', '499.998万元', '1,234.50元', '¥1,234.50')

    Raises ValueError if *lang* is neither "zh" nor "en".
    """
    match lang:
        case "zh":
            return _chinese(fen)
        case "en":
            sign = "-" if fen < 0 else ""
            return f"{sign}¥{_in_yuan(abs(fen), ',')}"
        case _:
            raise ValueError(f"unknown language {lang!r}; write 'zh' or 'en'")


_RATE = re.compile(
    rf"(?P<number>-?{_RATE_DIGITS}(?:\.{_RATE_DIGITS})?) *(?P<unit>[%‰])"
    rf"|(?P<fraction>-?{_RATE_DIGITS}/{_RATE_DIGITS})"
)

_PER = {"%": 100, "‰": 1000}


def parse_rate(text: str) -> Fraction:
    """
    Read the exact share that *text* says in percent, per mille or as a fraction.

    >>> parse_rate("12.5%"), parse_rate("3‰"), parse_rate("1/3")
    (Fraction(1, 8), Fraction(3, 1000), Fraction(1, 3))

    Raises ValueError if *text* is anything else; a bare number is ambiguous.
    """
    plain = _plain(text)
    found = _RATE.fullmatch(plain)
    if found is None:
        raise ValueError(f"{text!r} {_why_no_rate(plain)}")
    if found["fraction"] is None:
        return Fraction(found["number"]) / _PER[found["unit"]]
    numerator, denominator = map(int, found["fraction"].split("/"))
    if denominator == 0:
        raise ValueError(f"{text!r} divides by zero; write a rate such as '30%'")
    return Fraction(numerator, denominator)


def rate_words(rate: Fraction) -> str:
    """
    *rate* as the shortest exact percentage, or as a fraction where there is none.

    >>> rate_words(Fraction(1, 8)), rate_words(Fraction(1, 3))
    ('12.5%', '1/3')
    """
    percent = rate * 100
    # Some power of ten is a multiple of the denominator exactly if 2 and 5 are its
    # only prime factors, and then no exponent above its bit length is needed.
    places = percent.denominator.bit_length()
    shifted, rest = divmod(percent.numerator * 10**places, percent.denominator)
    return str(rate) if rest else f"{_decimal(shifted, places)}%"


class Rounding(Enum):
    """Which neighbour an amount goes to that lies between two whole units."""

    HALF_UP = "half-up"
    """The nearer one; from the middle, away from zero (四舍五入)."""

    DOWN = "down"
    """The one towards zero."""

    UP = "up"
    """The one away from zero."""


_GOES_UP: dict[Rounding, Callable[[int, int], bool]] = {
    Rounding.HALF_UP: lambda rest, step: 2 * rest >= step,
    Rounding.DOWN: lambda rest, step: False,
    Rounding.UP: lambda rest, step: rest > 0,
}


def round_fen(amount: Fraction | int, *, unit: int = 1, mode: Rounding) -> int:
    """
    Round *amount* fen to a multiple of *unit* fen.

    >>> round_fen(Fraction(5, 2), mode=Rounding.HALF_UP)
    3
    >>> round_fen(-199, unit=100, mode=Rounding.DOWN)
    -100

    Raises ValueError if *unit* is below 1 fen.
    """
    if unit < 1:
        raise ValueError(f"cannot round to {unit!r} fen; the unit is 1 fen or more")
    return nearest(amount.numerator, amount.denominator * unit, mode) * unit


def nearest(over: int, under: int, mode: Rounding) -> int:
    """
    The whole number next to a ratio of two, of which the second is positive.

    >>> nearest(5, 2, Rounding.HALF_UP), nearest(-199, 100, Rounding.DOWN)
    (3, -1)
    """
    count, rest = divmod(abs(over), under)
    size = count + _GOES_UP[mode](rest, under)
    return -size if over < 0 else size


def round_to(
    measure: Fraction | int, unit: int | Fraction, mode: Rounding
) -> Fraction | int:
    """
    Round any measure to a multiple of *unit*; an amount is measured in fen.

    >>> round_to(Fraction(7, 2), 1, Rounding.DOWN), round_to(199, 100, Rounding.DOWN)
    (3, 100)

    Raises ValueError if *unit* is not positive.
    """
    if unit <= 0:
        raise ValueError(f"cannot round to multiples of {unit!r}")
    if unit == 1 and isinstance(measure, int):
        return measure
    return round_fen(Fraction(measure) / unit, mode=mode) * unit


def _plain(text: str) -> str:
    return text.translate(_PLAIN).strip()


def _from_decimal(raw: Decimal) -> int:
    if not raw.is_finite():
        raise ValueError(f"{raw!r} is not finite; write an amount such as '1234.50'")
    if raw == 0:
        return 0
    # Bounded before it is written out: Decimal('1E+999999') is short, its digits not.
    if raw.adjusted() >= len(str(MOST_FEN)):
        raise _too_large("the number")
    if raw.adjusted() < -2:  # noqa: PLR2004 - a fen is the second decimal
        raise _too_fine(str(raw))
    return parse_money(format(raw, "f"))


def _bounded(fen: int, said: str) -> int:
    if abs(fen) > MOST_FEN:
        raise _too_large(said)
    return fen


def _too_large(said: str) -> ValueError:
    most = words(MOST_FEN)
    return ValueError(f"{said} is beyond {most}, either sign; check the unit")


def _too_fine(text: str) -> ValueError:
    return ValueError(
        f"{text!r} is finer than a fen; "
        "write at most two decimals of a yuan, such as '1234.50元'"
    )


def _why_not(plain: str) -> str:
    for pattern, why in _REFUSALS:
        if pattern.search(plain):
            return why
    number = re.match(_SIGN_AND_NUMBER, plain)
    if number and number.end() < len(plain):
        unit = plain[number.end() :].strip()
        known = ", ".join(name for name in _UNITS if name.endswith("元"))
        return f"has the unknown unit {unit!r}; write one of {known}"
    return "is not an amount; write an amount such as '500万元'"


def _why_no_rate(plain: str) -> str:
    if re.fullmatch(r"-?[0-9.]+", plain):
        return "is ambiguous without a unit; write a rate such as '30%' or '3‰'"
    return "is not a rate; write a rate such as '30%' or '3‰'"


def _chinese(fen: int) -> str:
    for unit, size, places in (("亿元", _FEN_PER_YI, 10), ("万元", _FEN_PER_WAN, 6)):
        # At least 1 of the unit, and whole in its fourth decimal.
        if abs(fen) >= size and fen % (size // 10**4) == 0:
            return f"{_decimal(fen, places)}{unit}"
    return f"{_in_yuan(fen, ',')}元"


def _in_yuan(fen: int, separator: str) -> str:
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), _FEN_PER_YUAN)
    decimals = f".{rest:02}" if rest else ""
    return f"{sign}{whole:{separator}}{decimals}"


def _decimal(shifted: int, places: int) -> str:
    """*shifted* divided by 10**places, in as few digits as are exact."""
    sign = "-" if shifted < 0 else ""
    whole, rest = divmod(abs(shifted), 10**places)
    decimals = f"{rest:0{places}}".rstrip("0")
    return f"{sign}{whole}.{decimals}".rstrip(".")
