"""What facts there are: their kinds, labels, units, and how a given value is read."""

import re

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import field, frozen

from .dates import FIRST_DAY, LAST_DAY, NEVER, read_date
from .errors import did_you_mean, one_of
from .ir import Fact, Kind, Value
from .money import parse_rate, read_money, yuan

#: A fact as users give and see it: money and numbers are `Decimal` (money in yuan).
FactValue = str | bool | int | Decimal | Fraction | date

#: No honest number or text of a record is larger.
MAX_NUMBER = Decimal(10) ** 18
MAX_TEXT = 1000


class NotReadableError(ValueError):
    """A value that cannot be read as the fact that it is given for."""

    def __init__(self, message: str, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.suggestion = suggestion


@frozen
class EnumerationValue:
    """One value of an enumeration: as stored, in Chinese, in English."""

    value: str
    label: str
    english: str


@frozen
class FactDeclaration:
    """
    One fact: its name, kind, wording, and who certifies it.

    ``values`` is not empty for an enumeration; ``aliases`` maps other names of a value
    to the value; ``closed`` means that absence says ``default`` instead of unknown.
    """

    name: str
    kind: Kind
    label: str = ""
    english: str = ""
    values: tuple[EnumerationValue, ...] = ()
    aliases: Mapping[str, str] = field(factory=dict, hash=False)
    closed: bool = False
    default: FactValue | None = None
    certified_by: str = ""
    note: str = ""

    def read(self, raw: object) -> FactValue | None:
        """
        The value that `raw` stands for; None stays None, which is unknown.

        Raises :class:`NotReadableError`.
        """
        if raw is None:
            return None
        if isinstance(raw, str) and len(raw) > MAX_TEXT:
            raise NotReadableError(f"text longer than {MAX_TEXT} characters")
        try:
            value = _READERS[self.kind](raw)
        except NotReadableError:
            raise
        except ValueError as error:
            raise NotReadableError(str(error)) from None
        return self._enumerated(value) if self.values else value

    def _enumerated(self, value: FactValue) -> FactValue:
        known = {entry.value: entry.value for entry in self.values}
        known |= {entry.label: entry.value for entry in self.values}
        known |= self.aliases
        if value in known:
            return known[str(value)]
        values = [entry.value for entry in self.values]
        expected = one_of(values) if len(values) > 1 else repr(values[0])
        raise NotReadableError(
            f"expected {expected}, got {shown(value)}",
            did_you_mean(str(value), known),
        )

    def names(self) -> Iterator[str]:
        """Every word that an enumeration understands."""
        for entry in self.values:
            yield from (entry.value, entry.label)
        yield from self.aliases

    def synonyms(self, value: Value) -> tuple[Value, ...]:
        """The value and its aliases: what a record may say for it."""
        others = (alias for alias, name in self.aliases.items() if name == value)
        return (value, *others)

    def as_fact(self, scope: str = "") -> Fact:
        """The kernel's leaf for this fact."""
        nonnegative = self.kind in {Kind.MONEY, Kind.NUMBER}
        return Fact(
            name=self.name,
            kind=self.kind,
            scope=scope,
            low=0 if nonnegative else None,
            default=None if self.default is None else inner(self.default, self.kind),
        )


@frozen
class RecordDeclaration:
    """
    A list of records of one form, such as `platforms` of `platform`.

    ``key`` is the field that must differ between records; ``at_most`` is how many
    records `bounds` assume of a list that is not known (None: any number).
    """

    records: str
    binder: str
    fields: Mapping[str, FactDeclaration] = field(hash=False)
    label: str = ""
    english: str = ""
    key: str | None = None
    at_most: int | None = None
    closed: bool = False
    note: str = ""


@frozen
class SubjectDeclaration:
    """Everything that may be known of one kind of subject."""

    facts: Mapping[str, FactDeclaration] = field(hash=False)
    records: Mapping[str, RecordDeclaration] = field(hash=False)

    def names(self) -> Iterator[str]:
        """Every key of a record of this subject."""
        yield from self.facts
        yield from self.records

    def by_binder(self, binder: str) -> RecordDeclaration | None:
        """The list whose single record is called so."""
        return next((r for r in self.records.values() if r.binder == binder), None)


@frozen
class Label:
    """What something is called, in Chinese and in English."""

    label: str
    english: str


@frozen
class Vocabulary:
    """
    The facts of enterprises and of counties that a rule book knows.

    ``tables`` says what its tables are called.
    """

    subjects: Mapping[str, SubjectDeclaration] = field(hash=False)
    tables: Mapping[str, Label] = field(factory=dict, hash=False)

    def __getitem__(self, subject: str) -> SubjectDeclaration:
        return self.subjects[subject]

    def declaration(self, subject: str, path: str) -> FactDeclaration | None:
        """The declaration behind `city` or `platform.chain`, if there is one."""
        scope, _, name = path.rpartition(".")
        declared = self.subjects[subject]
        if not scope:
            return declared.facts.get(name)
        records = declared.by_binder(scope)
        return None if records is None else records.fields.get(name)


def inner(value: FactValue, kind: Kind) -> Value:
    """
    The value as engines see it: money in whole fen, numbers exact.

    >>> inner(Decimal("1234.50"), Kind.MONEY)
    123450
    """
    match value:
        case Decimal() if kind is Kind.MONEY:
            return int(value * 100)
        case Decimal():
            return Fraction(value)
        case _:
            return value


# --- reading -------------------------------------------------------------------


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
    fen = read_money(raw)
    if fen < 0:
        raise NotReadableError(f"a negative amount: {shown(raw)}")
    return yuan(fen)


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
    if number < 0:
        raise NotReadableError(f"a negative number: {shown(raw)}")
    return number


def _read_rate(raw: object) -> Fraction:
    if isinstance(raw, Fraction):
        return raw
    if isinstance(raw, str):
        return parse_rate(raw)
    raise NotReadableError(f"expected a rate such as '30%', got {shown(raw)}")


def _read_date(raw: object) -> date:
    return NEVER if raw is False else read_date(raw)


def _read_year(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        hint = f"write {raw} without quotes" if _is_year(raw) else None
        raise NotReadableError(f"expected a year such as 2025, got {shown(raw)}", hint)
    if not FIRST_DAY.year <= raw <= LAST_DAY.year:
        raise NotReadableError(
            f"a year outside {FIRST_DAY.year} to {LAST_DAY.year}: {shown(raw)}"
        )
    return raw


def _is_year(raw: object) -> bool:
    return (
        isinstance(raw, str) and re.fullmatch(r"[12]\d{3}", raw, re.ASCII) is not None
    )


_READERS: Mapping[Kind, Any] = {
    Kind.TEXT: _read_text,
    Kind.BOOLEAN: _read_boolean,
    Kind.MONEY: _read_money,
    Kind.NUMBER: _read_number,
    Kind.RATE: _read_rate,
    Kind.DATE: _read_date,
    Kind.YEAR: _read_year,
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
