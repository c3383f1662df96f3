"""How a given value is read: by its kind, strictly, and refused with a reason."""

import re

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .dates import FIRST_DAY, LAST_DAY, NEVER, read_date
from .ir import Kind
from .money import parse_rate, read_money, yuan

#: A fact as users give and see it: money and numbers are `Decimal` (money in yuan).
FactValue = str | bool | int | Decimal | Fraction | date


#: No honest number or text of a record is larger.
MAX_NUMBER = Decimal(10) ** 18


MAX_TEXT = 1000


class NotReadableError(ValueError):
    """
    A value that cannot be read as the fact that it is given for.

    ``inside`` holds what is wrong with its parts, each with its step such as `[2024]`.
    """

    def __init__(
        self,
        message: str,
        suggestion: str | None = None,
        inside: tuple[tuple[str, "NotReadableError"], ...] = (),
    ) -> None:
        super().__init__(message)
        self.suggestion = suggestion
        self.inside = inside


def _read_text(raw: object) -> str:
    if not isinstance(raw, str):
        raise NotReadableError(f"expected text, got {shown(raw)}")
    if not raw or raw != raw.strip():
        clean = raw.strip()
        raise NotReadableError(
            f"text with blanks around it: {shown(raw)}" if clean else "empty text",
            f"did you mean {shown(clean)}?"
            if clean
            else "leave it out if it is unknown",
        )
    if not raw.isprintable():
        raise NotReadableError(f"text with invisible characters: {shown(raw)}")
    return raw


def _read_boolean(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    raise NotReadableError(f"expected true or false, got {shown(raw)}")


def _read_money(raw: object) -> Decimal:
    return yuan(read_money(raw))


_PLAIN_NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?", re.ASCII)


def _read_number(raw: object) -> Decimal:
    if isinstance(raw, float):
        raise NotReadableError(
            f"a float is not exact: {raw!r}", "write a decimal string such as '12.5'"
        )
    plain = isinstance(raw, str) and _PLAIN_NUMBER.fullmatch(raw)
    if isinstance(raw, bool) or not (isinstance(raw, int | Decimal) or plain):
        raise NotReadableError(f"expected a number, got {shown(raw)}")
    number = Decimal(raw)  # type: ignore[arg-type]  # int, Decimal or str by now
    if not number.is_finite() or number.copy_abs() > MAX_NUMBER:
        raise NotReadableError(f"a number out of range: {shown(raw)}")
    return number


def _read_rate(raw: object) -> Fraction:
    if isinstance(raw, Fraction):
        return raw
    if isinstance(raw, str):
        return parse_rate(raw)
    raise NotReadableError(f"expected a rate such as '30%', got {shown(raw)}")


def _read_date(raw: object) -> date:
    return NEVER if raw is False else read_date(raw)


def read_year(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        hint = f"write {raw} without quotes" if is_year(raw) else None
        raise NotReadableError(f"expected a year such as 2025, got {shown(raw)}", hint)
    if not FIRST_DAY.year <= raw <= LAST_DAY.year:
        raise NotReadableError(
            f"a year outside {FIRST_DAY.year} to {LAST_DAY.year}: {shown(raw)}"
        )
    return raw


def year_among(figures: Mapping[int, object], name: object) -> int:
    """The year of a figure, for which no other has been given."""
    year = read_year(int(name) if is_year(name) else name)  # type: ignore[call-overload]  # digits
    if year in figures:
        raise NotReadableError("this year is given twice")
    return year


def is_year(raw: object) -> bool:
    return (
        isinstance(raw, str) and re.fullmatch(r"[12]\d{3}", raw, re.ASCII) is not None
    )


READERS: Mapping[Kind, Any] = {
    Kind.TEXT: _read_text,
    Kind.BOOLEAN: _read_boolean,
    Kind.MONEY: _read_money,
    Kind.NUMBER: _read_number,
    Kind.RATE: _read_rate,
    Kind.DATE: _read_date,
    Kind.YEAR: read_year,
}


def shown(raw: object) -> str:
    """
    A value as a message may print it: short, whatever was given.

    A huge integer is not printed: turning it into digits is itself refused by Python.

    >>> shown(2025), shown(10**5000), shown([10**5000])
    ('2025', 'a huge integer', 'a list that cannot be printed')
    """
    if isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) > 10**30:
        return "a huge integer"
    try:
        text = repr(raw)
    except (ValueError, RecursionError):
        return f"a {type(raw).__name__} that cannot be printed"
    return text if len(text) <= 80 else f"{text[:77]}..."  # noqa: PLR2004
