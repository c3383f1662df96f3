"""
The kernel: conditions and terms as closed unions of frozen classes, and their fold.

Everything that a rule says is one of these nodes by the time an engine sees it.
A term comes to a value of one :class:`Kind`; a condition comes to a verdict.
Money is whole fen (a `Fraction` of fen until it is rounded), a rate is a `Fraction`.
"""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from fractions import Fraction

from attrs import field, frozen

from .dates import Period
from .money import Rounding
from .units import NO_UNIT, Unit

#: A value as engines see it: money in fen, numbers and rates exact.
Value = str | bool | int | Fraction | date


class Kind(Enum):
    """What a value is; two values compare or add only within one kind."""

    TEXT = "text"
    BOOLEAN = "boolean"
    MONEY = "money"
    NUMBER = "number"
    RATE = "rate"
    DATE = "date"
    YEAR = "year"

    @property
    def ordered(self) -> bool:
        """Whether `<` means anything for it."""
        return self not in {Kind.TEXT, Kind.BOOLEAN}


class Comparison(Enum):
    """How two values of one kind are compared."""

    EQ = "="
    NE = "≠"
    LT = "<"
    LE = "≤"
    GT = ">"
    GE = "≥"


class Span(Enum):
    """What passes between two days: days, or whole months or years."""

    DAYS = "天"
    MONTHS = "月"
    YEARS = "年"


class Calendar(Enum):
    """From a day to its year, and from a year to its first or last day."""

    YEAR_OF = "year"
    FIRST_DAY_OF = "first_day"
    LAST_DAY_OF = "last_day"


@frozen
class Constant:
    """A value written in a rule; ``said`` is how, where a unit was converted."""

    value: Value
    kind: Kind
    unit: Unit = NO_UNIT
    said: str = field(default="", eq=False, repr=False)


@frozen
class Fact:
    """
    One fact of the subject (empty scope) or of the record that `scope` names.

    ``low`` and ``high`` are what its declaration promises of any value (money is not
    negative); ``default`` is what absence means for a closed fact; ``scale`` is how
    many base units the unit is in which records give it.
    """

    name: str
    kind: Kind
    scope: str = ""
    low: Value | None = None
    high: Value | None = None
    default: Value | None = None
    unit: Unit = NO_UNIT
    scale: Fraction = Fraction(1)

    @property
    def path(self) -> str:
        """`platform.chain`, or `city` for a fact of the subject."""
        return f"{self.scope}.{self.name}" if self.scope else self.name


@frozen
class AsOf:
    """The day at which law and facts are taken."""


@frozen
class Uncertain:
    """
    A day that the law leaves open, known to lie in `low` .. `high`, both included.

    ``cause`` names what is missing, such as ``policy.effective_date``.
    """

    low: date
    high: date
    cause: str


@frozen
class Entitlement:
    """What another rule of the book comes to for the same subject, in fen."""

    rule: str


@frozen
class Figure:
    """The figure of one year in a fact that has one for every year."""

    fact: Fact
    year: "Term"


@frozen
class Add:
    """A sum of terms of one kind."""

    terms: tuple["Term", ...]


@frozen
class Negate:
    """A number or an amount with the opposite sign."""

    term: "Term"


@frozen
class Multiply:
    """A product; at most one factor is money."""

    left: "Term"
    right: "Term"


@frozen
class Quotient:
    """One term divided by another, or `otherwise` where that is zero."""

    left: "Term"
    right: "Term"
    otherwise: "Term"


@frozen
class Elapsed:
    """How many days, whole months or whole years pass from one day to another."""

    span: Span
    start: "Term"
    end: "Term"


@frozen
class Least:
    """The smallest of several terms: a cap."""

    terms: tuple["Term", ...]


@frozen
class Greatest:
    """The largest of several terms: a floor."""

    terms: tuple["Term", ...]


@frozen
class Round:
    """A measure rounded to a multiple of `unit`, for money in fen."""

    term: "Term"
    unit: int | Fraction
    mode: Rounding


@frozen
class Shift:
    """A day, or a year, moved by a period, forwards or back."""

    term: "Term"
    period: Period
    back: bool = False


@frozen
class InCalendar:
    """A year of a day, or a day of a year."""

    function: Calendar
    term: "Term"


@frozen
class Branch:
    """What a term is where a condition is met."""

    condition: "Condition"
    term: "Term"


@frozen
class Choose:
    """The term of the first branch whose condition is met: tiers."""

    branches: tuple[Branch, ...]
    otherwise: "Term"


@frozen
class Lookup:
    """The value of a table for the keys, or `otherwise` where it has no such row."""

    table: str
    column: str
    keys: tuple["Term", ...]
    rows: Mapping[tuple[Value, ...], Value] = field(hash=False)
    otherwise: "Term"


@frozen
class Sum:
    """
    A term added up over the records of a list that meet a condition.

    ``at_most`` is how many records an unknown list may hold (None: any number).
    """

    records: str
    binder: str
    where: "Condition"
    term: "Term"
    at_most: int | None = None


@frozen
class Extreme:
    """
    The largest (or smallest) of a term over the records that meet a condition.

    ``otherwise`` is what holds where no record does.
    """

    records: str
    binder: str
    where: "Condition"
    term: "Term"
    largest: bool
    otherwise: "Term"


Term = (
    Constant
    | Fact
    | AsOf
    | Uncertain
    | Entitlement
    | Figure
    | Add
    | Negate
    | Multiply
    | Quotient
    | Elapsed
    | Least
    | Greatest
    | Round
    | Shift
    | InCalendar
    | Choose
    | Lookup
    | Sum
    | Extreme
)


#: Terms without parts, and terms computed from their parts alone.
Leaf = Constant | Fact | AsOf | Uncertain | Entitlement


Arithmetic = Add | Negate | Multiply | Quotient | Elapsed | Least | Greatest


@frozen
class Holds:
    """A boolean term is true."""

    term: Term


@frozen
class Compare:
    """Two terms of one kind stand in a relation."""

    comparison: Comparison
    left: Term
    right: Term


@frozen
class Member:
    """
    The terms, taken together, are a row of a named set.

    ``name`` is the table it comes from, empty for a list written in the rule;
    ``shown`` are the members to print when they are few.
    """

    terms: tuple[Term, ...]
    rows: frozenset[tuple[Value, ...]]
    name: str = ""
    shown: tuple[Value, ...] = ()


@frozen
class All:
    """Every part is met."""

    parts: tuple["Condition", ...]


@frozen
class Any:
    """Some part is met."""

    parts: tuple["Condition", ...]


@frozen
class Not:
    """The part is not met."""

    part: "Condition"


@frozen
class Exists:
    """Some record of a list meets a condition."""

    records: str
    binder: str
    where: "Condition"


Condition = Holds | Compare | Member | All | Any | Not | Exists
