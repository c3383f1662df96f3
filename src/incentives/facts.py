"""Enterprise, County and their records: immutable, strict, unknown where nothing is said."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, Self

import attrs

from attrs import field, frozen

from .dates import NEVER
from .errors import Mistake, RecordError
from .ir import Kind
from .money import rate_words
from .vocabulary import (
    EnumerationValue,
    FactDeclaration,
    FactValue,
    NotReadableError,
    RecordDeclaration,
    SubjectDeclaration,
    Vocabulary,
)

if TYPE_CHECKING:
    from .policy import RuleBook

#: The type, where a field is itself called `date`.
Day = date

#: What a record may hold for a fact: a value, further records, or None for unknown.
Given = FactValue | tuple["Record", ...] | None


def _converted(raw: object, attribute: "attrs.Attribute[Any]") -> object:
    declaration: FactDeclaration = attribute.metadata["declaration"]
    try:
        return declaration.read(raw)
    except NotReadableError as error:
        name = attribute.name
        raise RecordError([Mistake(name, str(error), error.suggestion)]) from None


def _needed(raw: object, attribute: "attrs.Attribute[Any]") -> object:
    if raw is None:
        raise RecordError([Mistake("id", "missing: every record has an id")])
    return _converted(raw, attribute)


def _fact(kind: Kind, *, initial: FactValue | None = None, **declared: Any) -> Any:
    """An optional field for a fact; None is unknown."""
    declaration = FactDeclaration("", kind, **declared)
    return field(
        default=initial,
        converter=attrs.Converter(_converted, takes_field=True),
        metadata={"declaration": declaration},
    )


def _records(form: "type[Record]", binder: str, **declared: Any) -> Any:
    """An optional field for a list of records; None is unknown, () is none."""

    def converted(raw: Iterable[Record] | None) -> tuple[Record, ...] | None:
        if raw is None:
            return () if declared.get("closed") else None
        records = tuple(raw)
        for index, record in enumerate(records):
            if not isinstance(record, form):
                wrong = f"expected {form.__name__}, got {type(record).__name__}"
                raise RecordError([Mistake(f"{binder}[{index}]", wrong)])
        return records

    return field(
        default=None,
        converter=converted,
        metadata={"form": form, "binder": binder, "declared": declared},
    )


def _further(facts: object) -> tuple[tuple[str, Given], ...]:
    if isinstance(facts, Mapping):
        return tuple(sorted(facts.items()))
    return tuple(facts)  # type: ignore[arg-type]  # evolve() passes the tuple itself


@frozen(kw_only=True)
class Record:
    """Facts that belong together; ``facts`` holds those that a rule pack declares."""

    facts: tuple[tuple[str, Given], ...] = field(default=(), converter=_further)

    def fact(self, name: str) -> Given:
        """
        The value given for a fact, None if unknown or never heard of.

        Lists of records come back as tuples.
        """
        if name in _core_names(type(self)):
            value: Given = getattr(self, name)
            return value
        return dict(self.facts).get(name)

    def to_dict(self) -> dict[str, Any]:
        """What is known, ready for JSON; reading it back gives an equal record."""
        core = {name: getattr(self, name) for name in _core_names(type(self))}
        known = {**core, **dict(self.facts)}
        return {
            name: _plain(value)
            for name, value in known.items()
            if value is not None and not (name == "awards" and value == ())
        }


def _core_names(form: type[Record]) -> tuple[str, ...]:
    return tuple(a.name for a in attrs.fields(form) if a.name != "facts")


def _plain(value: Given) -> object:
    match value:
        case tuple():
            return [record.to_dict() for record in value]
        case bool() | int() | str() | None:
            return value
        case date():
            return False if value == NEVER else value.isoformat()
        case Decimal():
            return f"{value:f}"
        case Fraction():
            return rate_words(value)


@frozen(kw_only=True)
class Listing(Record):
    """
    An entry on a published list, such as 中国民营企业500强 of 2025.

    ``year`` is the year in the list's title, ``published`` the day of publication.
    """

    list: str | None = _fact(Kind.TEXT)
    publisher: str | None = _fact(Kind.TEXT)
    year: int | None = _fact(Kind.YEAR)
    published: date | None = _fact(Kind.DATE)


LEVELS = (
    EnumerationValue("national", "国家级", "national"),
    EnumerationValue("provincial", "省级", "provincial"),
    EnumerationValue("municipal", "市级", "municipal"),
    EnumerationValue("county", "县级", "county"),
)


@frozen(kw_only=True)
class Recognition(Record):
    """A title granted on a day; ``first`` is whether it is the first grant of it."""

    title: str | None = _fact(Kind.TEXT)
    level: str | None = _fact(Kind.TEXT, values=LEVELS)
    first: bool | None = _fact(Kind.BOOLEAN)
    date: Day | None = _fact(Kind.DATE)


@frozen(kw_only=True)
class Platform(Record):
    """A pilot-scale platform; costs in yuan, ``recognised`` the day of recognition."""

    id: str | None = _fact(Kind.TEXT)
    stage: str | None = _fact(Kind.TEXT)
    chain: str | None = _fact(Kind.TEXT)
    market_operated: bool | None = _fact(Kind.BOOLEAN)
    recognised: date | None = _fact(Kind.DATE)
    recognised_by: str | None = _fact(Kind.TEXT)
    equipment_cost: Decimal | None = _fact(Kind.MONEY)
    software_cost: Decimal | None = _fact(Kind.MONEY)
    fiscal_funding: Decimal | None = _fact(Kind.MONEY)


@frozen(kw_only=True)
class Honour(Record):
    """A prize won by a county for a year."""

    title: str | None = _fact(Kind.TEXT)
    year: int | None = _fact(Kind.YEAR)
    date: Day | None = _fact(Kind.DATE)


@frozen(kw_only=True)
class Award(Record):
    """
    An amount paid before, in yuan, under a rule; ``record`` is what it was paid for.

    ``policy`` names another policy when the rule is not one of the book's.
    """

    rule: str | None = _fact(Kind.TEXT)
    policy: str | None = _fact(Kind.TEXT)
    amount: Decimal | None = _fact(Kind.MONEY)
    date: Day | None = _fact(Kind.DATE)
    year: int | None = _fact(Kind.YEAR)
    record: str | None = _fact(Kind.TEXT)


KINDS = (
    EnumerationValue("enterprise", "企业", "enterprise"),
    EnumerationValue("university-or-institute", "高校院所", "university or institute"),
    EnumerationValue("park-or-base", "园区基地", "park or base"),
)
COUNTY = EnumerationValue("county", "县域", "county")


@frozen(kw_only=True)
class Subject(Record):
    """Whom rules are applied to."""

    id: str = field(
        converter=attrs.Converter(_needed, takes_field=True),  # type: ignore[misc]  # mypy cannot see through a converter that takes the field
        metadata={"declaration": FactDeclaration("", Kind.TEXT)},
    )

    @classmethod
    def from_dict(
        cls, mapping: Mapping[str, Any], *, rules: "RuleBook | None" = None
    ) -> Self:
        """
        Read a record strictly; the facts of `rules` may be given besides the core.

        Raises :class:`RecordError`, which lists every mistake of the record.
        """
        from .structuring import structured  # noqa: PLC0415  # it needs these classes

        return structured(mapping, cls, rules)


@frozen(kw_only=True)
class Enterprise(Subject):
    """An enterprise, institute or park: facts known of it; None is unknown."""

    subject: ClassVar[str] = "enterprise"

    name: str | None = _fact(Kind.TEXT)
    kind: str | None = _fact(Kind.TEXT, values=KINDS)
    city: str | None = _fact(Kind.TEXT)
    county: str | None = _fact(Kind.TEXT)
    listings: tuple[Listing, ...] | None = _records(Listing, "listing")
    recognitions: tuple[Recognition, ...] | None = _records(Recognition, "recognition")
    platforms: tuple[Platform, ...] | None = _records(Platform, "platform", key="id")
    awards: tuple[Award, ...] = _records(Award, "award", closed=True)


@frozen(kw_only=True)
class County(Subject):
    """A county-level division: ``id`` is its name."""

    subject: ClassVar[str] = "county"

    name: str | None = _fact(Kind.TEXT)
    kind: str | None = _fact(Kind.TEXT, values=(COUNTY,), initial="county")
    county_class: str | None = _fact(Kind.TEXT)
    industrial_revenue: Decimal | None = _fact(Kind.MONEY)
    honours: tuple[Honour, ...] | None = _records(Honour, "honour")
    awards: tuple[Award, ...] = _records(Award, "award", closed=True)


def core_vocabulary() -> Vocabulary:
    """What these classes declare; rule packs add wording and further facts."""
    return Vocabulary(
        {form.subject: _subject_declaration(form) for form in (Enterprise, County)}
    )


def _subject_declaration(form: type[Enterprise | County]) -> SubjectDeclaration:
    records = {
        a.name: RecordDeclaration(
            records=a.name,
            binder=a.metadata["binder"],
            fields=_field_declarations(a.metadata["form"]),
            **a.metadata["declared"],
        )
        for a in attrs.fields(form)
        if "form" in a.metadata
    }
    return SubjectDeclaration(_field_declarations(form), records)


def _field_declarations(form: type[Record]) -> dict[str, FactDeclaration]:
    return {
        a.name: attrs.evolve(a.metadata["declaration"], name=a.name)
        for a in attrs.fields(form)
        if "declaration" in a.metadata
    }
