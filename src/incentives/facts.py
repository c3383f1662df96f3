"""Enterprise, County and their records: immutable, strict, unknown where nothing is said."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Self,
    TypeGuard,
    assert_never,
)

import attrs

from attrs import field, frozen

from .dates import NEVER
from .errors import Mistake, RecordError
from .fields import (
    day,
    declared_as,
    fact,
    list_of,
    many,
    money,
    of_form,
    paid,
    text_id,
)
from .ir import Kind
from .money import rate_words
from .readers import FactValue, shown
from .vocabulary import (
    PLAIN_VALUE,
    EnumerationValue,
    FactDeclaration,
    RecordDeclaration,
    SubjectDeclaration,
    Vocabulary,
    YearlyFigures,
)

if TYPE_CHECKING:
    from .book import RuleBook

#: The type, where a field is itself called `date`.
Day = date

#: What a record may hold for a fact: a value, a figure for each year, further records,
#: or None for unknown.
Given = FactValue | YearlyFigures | tuple["Record", ...] | None


def _further(
    given: object, record: "attrs.AttrsInstance"
) -> tuple[tuple[str, Given], ...]:
    """Facts sorted by name; raises :class:`RecordError`."""
    facts = dict(given) if _is_pairs(given) else given  # evolve() passes pairs
    if not isinstance(facts, Mapping):
        wrong = f"expected a mapping of facts, got {type(facts).__name__}"
        raise RecordError([Mistake("facts", wrong)])
    core = _core_names(type(record))
    for name in facts:
        if not isinstance(name, str):
            wrong = f"field names are text, got {shown(name)}"
            raise RecordError([Mistake("facts", wrong)])
        if name in core:
            hint = f"write {type(record).__name__}({name}=…)"
            raise RecordError([Mistake(f"facts.{name}", "a field of its own", hint)])
    known = {name: _held(name, facts[name]) for name in sorted(facts)}
    return tuple((name, value) for name, value in known.items() if value is not None)


def _is_pairs(given: object) -> TypeGuard[tuple[tuple[object, object], ...]]:
    return isinstance(given, tuple) and all(
        isinstance(pair, tuple) and len(pair) == 2  # noqa: PLR2004  # name and value
        for pair in given
    )


def _held(name: str, value: object) -> Given:
    match value:
        case list() | tuple():
            return of_form(value, Record, name)
        case str() | int() | Decimal() | Fraction() | date() | YearlyFigures() | None:
            return value
        case _:
            wrong = f"not a fact: {shown(value)}"
            raise RecordError([Mistake(name, wrong)])


if TYPE_CHECKING:
    Facts = Mapping[str, Given | Sequence["Record"]] | tuple[tuple[str, Given], ...]

    # What may be given, as a type checker sees it.
    def _facts(raw: Facts) -> tuple[tuple[str, Given], ...]: ...

else:
    _facts = attrs.Converter(_further, takes_self=True)


@frozen(kw_only=True, repr=False)
class Record:
    """Facts that belong together; ``facts`` holds those that a rule pack declares."""

    facts: tuple[tuple[str, Given], ...] = field(default=(), converter=_facts)
    #: The same by their names; nobody changes it.
    _by_name: dict[str, Given] = field(
        default=attrs.Factory(lambda self: dict(self.facts), takes_self=True),
        init=False,
        eq=False,
        repr=False,
    )

    def fact(self, name: str) -> Given:
        """
        The value given for a fact, None if unknown or never heard of.

        Lists of records come back as tuples.
        """
        if name in _core_names(type(self)):
            value: Given = getattr(self, name)
            return value
        return self.further(name)

    def further(self, name: str) -> Given:
        """The same for a fact that a rule pack declares."""
        return self._by_name.get(name)

    def to_dict(self) -> dict[str, Any]:
        """What is known, ready for JSON; reading it back gives an equal record."""
        core = {name: getattr(self, name) for name in _core_names(type(self))}
        known = {**core, **dict(self.facts)}
        return {
            name: _plain(value)
            for name, value in known.items()
            if value is not None and not (name == "awards" and value == ())
        }

    def __repr__(self) -> str:
        core = {name: getattr(self, name) for name in _core_names(type(self))}
        said = [
            f"{name}={_counted(value)}"
            for name, value in {**core, **dict(self.facts)}.items()
            if value is not None and not (name == "awards" and value == ())
        ]
        return f"{type(self).__name__}({', '.join(said)})"


def _counted(value: Given) -> str:
    """A value as a `repr` shows it; of a list, how many records it holds."""
    if not isinstance(value, tuple):
        return repr(value)
    return f"<{len(value)} record{'' if len(value) == 1 else 's'}>"


#: The attributes that are no facts of their own, but hold those of a pack.
FURTHER = frozenset({"facts", "_by_name"})

_CORE_NAMES: dict[type, tuple[str, ...]] = {}


def _core_names(form: type[Any]) -> tuple[str, ...]:
    """The fields of a class, which stay what they are."""
    found = _CORE_NAMES.get(form)
    if found is None:
        names = (a.name for a in attrs.fields(form) if a.name not in FURTHER)
        found = _CORE_NAMES[form] = tuple(names)
    return found


def _plain(value: Given) -> object:
    match value:
        case tuple():
            return [_plain_record(record) for record in value]
        case YearlyFigures():
            return {str(year): _plain(figure) for year, figure in value.figures}
        case bool() | int() | str() | None:
            return value
        case date():
            return False if value == NEVER else value.isoformat()
        case Decimal():
            return f"{value:f}"
        case Fraction():
            return rate_words(value)
        case _:
            assert_never(value)


def _plain_record(record: Record) -> object:
    return _plain(record.value) if isinstance(record, Entry) else record.to_dict()


@frozen(kw_only=True, repr=False)
class Entry(Record):
    """A single value in a list of plain values, such as a qualification by name."""

    value: FactValue

    def further(self, name: str) -> Given:
        """Its one value: no pack gives it any other fact."""
        return self.value if name == PLAIN_VALUE else None


@frozen(kw_only=True, repr=False)
class Listing(Record):
    """
    An entry on a published list, such as 中国民营企业500强 of 2025.

    ``year`` is the year in the list's title, ``published`` the day of publication.
    """

    list: str | None = fact(Kind.TEXT, "榜单名称", "title of the list")
    publisher: str | None = fact(Kind.TEXT, "发布单位", "publisher")
    year: int | None = fact(Kind.YEAR, "榜单年度", "year of the list")
    published: date | None = field(
        default=None,
        converter=day,
        metadata=declared_as(Kind.DATE, "发布日期", "day of publication"),
    )


LEVELS = (
    EnumerationValue("national", "国家级", "national"),
    EnumerationValue("provincial", "省级", "provincial"),
    EnumerationValue("municipal", "市级", "municipal"),
    EnumerationValue("county", "县级", "county"),
)


@frozen(kw_only=True, repr=False)
class Recognition(Record):
    """A title granted on a day; ``first`` is whether it is the first grant of it."""

    title: str | None = fact(Kind.TEXT, "称号", "title")
    level: str | None = fact(Kind.TEXT, "认定级别", "level", values=LEVELS)
    first: bool | None = fact(Kind.BOOLEAN, "首次认定", "first recognition")
    date: Day | None = field(
        default=None,
        converter=day,
        metadata=declared_as(Kind.DATE, "认定日期", "day of recognition"),
    )


@frozen(kw_only=True, repr=False)
class Platform(Record):
    """A pilot-scale platform; costs in yuan, ``recognised`` the day of recognition."""

    id: str | None = fact(Kind.TEXT, "平台编号", "id of the platform")
    stage: str | None = fact(Kind.TEXT, "中试阶段", "stage")
    chain: str | None = fact(
        Kind.TEXT, "平台所属产业链", "industrial chain of the platform"
    )
    market_operated: bool | None = fact(
        Kind.BOOLEAN, "市场化运营", "operated on the market"
    )
    recognised: date | None = field(
        default=None,
        converter=day,
        metadata=declared_as(Kind.DATE, "认定日期", "day of recognition"),
    )
    recognised_by: str | None = fact(Kind.TEXT, "认定单位", "recognised by")
    equipment_cost: Decimal | None = field(
        default=None,
        converter=money,
        metadata=declared_as(Kind.MONEY, "设备购置费", "equipment cost"),
    )
    software_cost: Decimal | None = field(
        default=None,
        converter=money,
        metadata=declared_as(Kind.MONEY, "软件购置费", "software cost"),
    )
    fiscal_funding: Decimal | None = field(
        default=None,
        converter=money,
        metadata=declared_as(Kind.MONEY, "其中财政资金", "fiscal funding used for it"),
    )


@frozen(kw_only=True, repr=False)
class Honour(Record):
    """A prize won by a county for a year."""

    title: str | None = fact(Kind.TEXT, "奖项名称", "title")
    year: int | None = fact(Kind.YEAR, "获奖年度", "year of the honour")
    date: Day | None = field(
        default=None,
        converter=day,
        metadata=declared_as(Kind.DATE, "获评日期", "day of the honour"),
    )


@frozen(kw_only=True, repr=False)
class Award(Record):
    """
    An amount paid before, in yuan, under a rule; ``record`` is what it was paid for.

    ``policy`` names another policy when the rule is not one of the book's.
    """

    rule: str | None = fact(Kind.TEXT, "奖补规则", "rule")
    policy: str | None = fact(Kind.TEXT, "奖补政策", "policy")
    amount: Decimal | None = field(
        default=None,
        converter=money,
        metadata=declared_as(Kind.MONEY, "奖补金额", "amount"),
    )
    date: Day | None = field(
        default=None,
        converter=day,
        metadata=declared_as(Kind.DATE, "拨付日期", "day of payment"),
    )
    year: int | None = fact(Kind.YEAR, "所奖年度", "year it was paid for")
    record: str | None = fact(Kind.TEXT, "所奖记录", "record it was paid for")


KINDS = (
    EnumerationValue("enterprise", "企业", "enterprise"),
    EnumerationValue("university-or-institute", "高校院所", "university or institute"),
    EnumerationValue("park-or-base", "园区基地", "park or base"),
)
COUNTY = EnumerationValue("county", "县域", "county")


@frozen(kw_only=True, repr=False)
class Subject(Record):
    """Whom rules are applied to."""

    id: str = field(converter=text_id, metadata=declared_as(Kind.TEXT, "编号", "id"))

    @classmethod
    def from_dict(
        cls, mapping: Mapping[str, Any], *, rules: "RuleBook | None" = None
    ) -> Self:
        """
        Read a record strictly; the facts of `rules` may be given besides the core.

        With `rules`, every award must be under one of them or name another policy.
        Without, the facts are those of the bundled pack.

        Raises :class:`RecordError`, which lists every mistake of the record.
        """
        from .structuring import structured  # noqa: PLC0415  # it needs these classes

        return structured(mapping, cls, rules)


@frozen(kw_only=True, repr=False)
class Enterprise(Subject):
    """An enterprise, institute or park: facts known of it; None is unknown."""

    subject: ClassVar[str] = "enterprise"

    name: str | None = fact(Kind.TEXT, "名称", "name")
    kind: str | None = fact(Kind.TEXT, "单位类型", "kind of applicant", values=KINDS)
    city: str | None = fact(Kind.TEXT, "所在市", "city")
    county: str | None = fact(Kind.TEXT, "所在县域", "county")
    listings: tuple[Listing, ...] | None = field(
        default=None,
        converter=many,
        metadata=list_of(Listing, "listing", label="入选榜单", english="listings"),
    )
    recognitions: tuple[Recognition, ...] | None = field(
        default=None,
        converter=many,
        metadata=list_of(
            Recognition, "recognition", label="称号认定", english="recognitions"
        ),
    )
    platforms: tuple[Platform, ...] | None = field(
        default=None,
        converter=many,
        metadata=list_of(
            Platform, "platform", label="中试平台", english="pilot platforms", key="id"
        ),
    )
    awards: tuple[Award, ...] = field(
        default=None,
        converter=paid,
        metadata=list_of(
            Award, "award", label="已获奖补", english="awards paid before", closed=True
        ),
    )


@frozen(kw_only=True, repr=False)
class County(Subject):
    """A county-level division: ``id`` is its name."""

    subject: ClassVar[str] = "county"

    name: str | None = fact(Kind.TEXT, "名称", "name")
    kind: str | None = fact(
        Kind.TEXT, "类型", "kind", values=(COUNTY,), initial="county"
    )
    county_class: str | None = fact(Kind.TEXT, "县域类别", "class of the county")
    industrial_revenue: Decimal | None = field(
        default=None,
        converter=money,
        metadata=declared_as(
            Kind.MONEY,
            "规上工业企业营收",
            "revenue of industrial enterprises above designated size",
        ),
    )
    honours: tuple[Honour, ...] | None = field(
        default=None,
        converter=many,
        metadata=list_of(Honour, "honour", label="获评奖项", english="honours"),
    )
    awards: tuple[Award, ...] = field(
        default=None,
        converter=paid,
        metadata=list_of(
            Award, "award", label="已获奖补", english="awards paid before", closed=True
        ),
    )


@cache
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
