"""What facts there are: their kinds, labels, units, and how a given value is read."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from attrs import field, frozen

from .errors import did_you_mean, one_of
from .ir import Fact, Kind, Value
from .readers import (
    MAX_TEXT,
    READERS,
    FactValue,
    NotReadableError,
    is_year,
    shown,
    year_among,
)
from .remembering import Remembered
from .units import NO_UNIT, Unit, bare_unit, factor, parse_quantity, unit_of_name


@frozen
class YearlyFigures:
    """A fact that has a value for every year, such as revenue; years ascend."""

    figures: tuple[tuple[int, FactValue], ...]

    def of(self, year: int) -> FactValue | None:
        """The figure of a year, None where it is not known."""
        return dict(self.figures).get(year)


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
    ``unit`` is what a number is given in; ``yearly`` facts have a figure for each year;
    ``negative`` values are read only where they make sense, as of a profit;
    ``question`` and ``english_question`` ask for it.
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
    unit: str = ""
    yearly: bool = False
    negative: bool = False
    question: str = ""
    english_question: str = ""

    def read(self, raw: object) -> FactValue | YearlyFigures | None:
        """
        The value that `raw` stands for; None stays None, which is unknown.

        Raises :class:`NotReadableError`.
        """
        if raw is None:
            return None
        return self._figures(raw) if self.yearly else self.read_one(raw)

    def read_one(self, raw: object) -> FactValue:
        """
        One value, or one figure of a yearly fact.

        Raises :class:`NotReadableError`.
        """
        if isinstance(raw, str) and len(raw) > MAX_TEXT:
            raise NotReadableError(f"text longer than {MAX_TEXT} characters")
        try:
            value: FactValue = READERS[self.kind](self._in_unit(raw))
        except NotReadableError:
            raise
        except ValueError as error:
            raise NotReadableError(str(error)) from None
        if isinstance(value, Decimal) and value < 0 and not self.negative:
            what = "amount" if self.kind is Kind.MONEY else "number"
            raise NotReadableError(f"a negative {what}: {shown(raw)}")
        return self._enumerated(value) if self.values else value

    def _figures(self, raw: object) -> YearlyFigures | None:
        given = dict(raw.figures) if isinstance(raw, YearlyFigures) else raw
        if not isinstance(given, Mapping):
            raise NotReadableError(
                f"expected a figure for each year, got {shown(raw)}",
                "write {'2024': …, '2025': …}",
            )
        figures: dict[int, FactValue] = {}
        wrong: list[tuple[str, NotReadableError]] = []
        for name, figure in given.items():
            try:
                year = year_among(figures, name)
                if figure is not None:
                    figures[year] = self.read_one(figure)
            except NotReadableError as error:
                step = name if is_year(name) else shown(name)
                wrong.append((f"[{step}]", error))
        if wrong:
            raise NotReadableError("figures that cannot be read", inside=tuple(wrong))
        return YearlyFigures(tuple(sorted(figures.items()))) if figures else None

    def _in_unit(self, raw: object) -> object:
        """A text with a unit as a plain value in the unit of the fact."""
        if not self.unit or not isinstance(raw, str):
            return raw
        if self.kind is Kind.MONEY:  # a price: `35元/平方米` is 35元 in its own unit
            return raw.removesuffix("/" + self.unit.partition("/")[2])
        sign = "-" if raw.startswith("-") else ""
        found = parse_quantity(raw.removeprefix(sign))
        if found is None:
            return raw
        if found[1] != self.measure:
            raise NotReadableError(
                f"{shown(raw)} is not in {self.unit}", f"write it in {self.unit}"
            )
        count = (-1 if sign else 1) * found[0] / factor(self.unit)
        decimals = Decimal(count.numerator) / Decimal(count.denominator)
        if Fraction(decimals) != count:
            raise NotReadableError(
                f"{shown(raw)} has no exact value in {self.unit}",
                f"write it in {self.unit}",
            )
        return decimals

    @property
    def measure(self) -> Unit:
        """What its values are measured in, as the kernel has it."""
        return unit_of_name(self.unit) if self.unit else NO_UNIT

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

    def canonical(self, value: Value) -> Value:
        """The value itself, where another name of it is given."""
        labels = {entry.label: entry.value for entry in self.values}
        return {**labels, **self.aliases}.get(value, value)  # type: ignore[arg-type]  # only texts have names

    def synonyms(self, value: Value) -> tuple[Value, ...]:
        """The value and its aliases: what a record may say for it."""
        others = (alias for alias, name in self.aliases.items() if name == value)
        return (value, *others)

    def as_fact(self, scope: str = "") -> Fact:
        """The kernel's leaf for this fact."""
        made = _LEAVES.get(self)
        if made is None:
            made = {}
            _LEAVES.keep(self, made)
        leaf = made.get(scope)
        if leaf is None:
            leaf = made[scope] = self._leaf(scope)
        return leaf

    def _leaf(self, scope: str) -> Fact:
        counted = self.kind in {Kind.MONEY, Kind.NUMBER}
        nonnegative = counted and not self.negative
        return Fact(
            name=self.name,
            kind=self.kind,
            scope=scope,
            low=0 if nonnegative else None,
            default=None if self.default is None else self._default(self.default),
            unit=self.measure,
            scale=factor(self.unit) if self.unit else Fraction(1),
        )

    def _default(self, default: FactValue) -> Value:
        return inner(default, self.kind, factor(self.unit) if self.unit else None)


_LEAVES: Remembered[FactDeclaration, dict[str, Fact]] = Remembered()


@frozen
class RecordDeclaration:
    """
    A list of records of one form, such as `platforms` of `platform`.

    ``key`` is the field that must differ between records; ``at_most`` is how many
    records `bounds` assume of a list that is not known (None: any number). Of a
    ``plain`` list the records are single values, such as qualifications by name: their
    only field is called :data:`PLAIN_VALUE`.
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
    plain: bool = False


#: What the value of a record in a plain list is called.
PLAIN_VALUE = "value"


@frozen
class SubjectDeclaration:
    """Everything that may be known of one kind of subject."""

    facts: Mapping[str, FactDeclaration] = field(hash=False)
    records: Mapping[str, RecordDeclaration] = field(hash=False)

    def names(self) -> Iterator[str]:
        """Every key of a record of this subject."""
        yield from self.facts
        yield from self.records

    def all_facts(self) -> Iterator[FactDeclaration]:
        """Its own facts and those of its records."""
        yield from self.facts.values()
        for records in self.records.values():
            yield from records.fields.values()

    def by_binder(self, binder: str) -> RecordDeclaration | None:
        """The list whose single record is called so, or which itself is."""
        single = (r for r in self.records.values() if r.binder == binder)
        return next(single, None) or self.records.get(binder)


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

    @cached_property
    def units(self) -> tuple[str, ...]:
        """The units that its facts bring along, without multiples before them."""
        named = {
            bare_unit(part)
            for subject in self.subjects.values()
            for fact in subject.all_facts()
            for part in fact.unit.split("/")
        }
        return tuple(sorted(named - {"", "元"}))

    def declaration(self, subject: str, path: str) -> FactDeclaration | None:
        """The declaration behind `city` or `platform.chain`, if there is one."""
        scope, _, name = path.rpartition(".")
        declared = self.subjects[subject]
        if not scope:
            return declared.facts.get(name)
        records = declared.by_binder(scope)
        return None if records is None else records.fields.get(name)


def inner(value: FactValue, kind: Kind, scale: Fraction | None = None) -> Value:
    """
    The value as engines see it: money in whole fen, numbers exact and in base units.

    ``scale`` is how many base units the unit of the value is.

    >>> inner(Decimal("1234.50"), Kind.MONEY)
    123450
    """
    match value:
        case Decimal() if scale is not None:
            return Fraction(value) * (100 if kind is Kind.MONEY else 1) * scale
        case Decimal() if kind is Kind.MONEY:
            return int(value * 100)
        case Decimal():
            return Fraction(value)
        case _:
            return value
