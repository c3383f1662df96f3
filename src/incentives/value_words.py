"""A value of any kind as a person reads it."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from .dates import date_words
from .ir import (
    Kind,
    Value,
)
from .money import rate_words, words
from .phrasebook import language_index, phrase
from .units import NO_UNIT, Unit, counted, unit_words


def plain_words(value: Value, kind: Kind, lang: str, unit: Unit = NO_UNIT) -> str:
    """
    A value of a kind as a person reads it, with its unit.

    >>> plain_words(50000000, Kind.MONEY, "zh")
    '50万元'
    >>> plain_words(30000, Kind.MONEY, "zh", (("平方米", -1),))
    '300元/平方米'
    """
    if kind is Kind.NUMBER and isinstance(value, int | Fraction):
        count, name = counted(Fraction(value), unit)
        return number_words(count) + name
    return _bare_words(value, kind, lang) + unit_words(unit)


def _bare_words(value: Value, kind: Kind, lang: str) -> str:
    match value:
        case bool():
            return phrase("yes" if value else "no", lang)
        case str():
            return quoted(value, lang)
        case date():
            return date_words(value, lang)
        case int() if kind is Kind.MONEY:
            return words(value, lang)
        case int():
            return str(value)
        case Fraction() if kind is Kind.MONEY:
            return words(round(value), lang)
        case Fraction() if kind is Kind.RATE:
            return rate_words(value)
        case Fraction():
            return number_words(value)
        case _:
            assert_never(value)


def quoted(text: str, lang: str) -> str:
    """
    A text between quotation marks that it does not use itself.

    >>> quoted("运动鞋", "zh"), quoted("所谓“强链”", "zh"), quoted("运动鞋", "en")
    ('“运动鞋”', '「所谓“强链”」', '"运动鞋"')
    """
    outer, inner = _MARKS[language_index(lang)]
    clash = any(mark in text for mark in outer)
    left, right = inner if clash else outer
    return f"{left}{text}{right}"


_MARKS = ((("“", "”"), ("「", "」")), (('"', '"'), ("'", "'")))


def number_words(value: Fraction) -> str:
    """A number in decimal digits where these end, else as a fraction."""
    decimals = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{decimals:f}" if Fraction(decimals) == value else str(value)
