"""
The kernel: conditions and terms as closed unions of frozen classes, and their fold.

Everything that a rule says is one of these nodes by the time an engine sees it.
A term comes to a value of one :class:`Kind`; a condition comes to a verdict.
Money is whole fen (a `Fraction` of fen until it is rounded), a rate is a `Fraction`.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Generic, TypeVar, assert_never

from attrs import field, frozen

from .dates import Period
from .money import Rounding
from .units import NO_UNIT, Unit, inverse, times

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


# --- terms ---------------------------------------------------------------------


@frozen
class Constant:
    """A value written in a rule."""

    value: Value
    kind: Kind
    unit: Unit = NO_UNIT


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

# --- conditions ----------------------------------------------------------------


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

# --- the fold ------------------------------------------------------------------


C = TypeVar("C")
T = TypeVar("T")


class Algebra(ABC, Generic[C, T]):
    """
    What each node means to one reader: an engine, the wording, a check.

    A method gets the node and the meanings of its children, in the node's order.
    """

    @abstractmethod
    def leaf(self, node: Leaf) -> T: ...

    @abstractmethod
    def figure(self, node: Figure, year: T) -> T: ...

    @abstractmethod
    def arithmetic(self, node: Arithmetic, terms: tuple[T, ...]) -> T: ...

    @abstractmethod
    def function(self, node: Round | Shift | InCalendar, term: T) -> T: ...

    @abstractmethod
    def choose(
        self, node: Choose, branches: tuple[tuple[C, T], ...], otherwise: T
    ) -> T: ...

    @abstractmethod
    def lookup(self, node: Lookup, keys: tuple[T, ...], otherwise: T) -> T: ...

    @abstractmethod
    def total(self, node: Sum, where: C, term: T) -> T: ...

    @abstractmethod
    def extreme(self, node: Extreme, where: C, term: T, otherwise: T) -> T: ...

    @abstractmethod
    def holds(self, node: Holds, term: T) -> C: ...

    @abstractmethod
    def compare(self, node: Compare, left: T, right: T) -> C: ...

    @abstractmethod
    def member(self, node: Member, terms: tuple[T, ...]) -> C: ...

    @abstractmethod
    def connective(self, node: All | Any | Not, parts: tuple[C, ...]) -> C: ...

    @abstractmethod
    def exists(self, node: Exists, where: C) -> C: ...

    def condition(self, node: Condition) -> C:
        """The meaning of a condition."""
        match node:
            case Holds():
                return self.holds(node, self.term(node.term))
            case Compare():
                return self.compare(node, self.term(node.left), self.term(node.right))
            case Member():
                return self.member(node, tuple(map(self.term, node.terms)))
            case All() | Any():
                return self.connective(node, tuple(map(self.condition, node.parts)))
            case Not():
                return self.connective(node, (self.condition(node.part),))
            case Exists():
                return self.exists(node, self.condition(node.where))
            case _:
                assert_never(node)

    def term(self, node: Term) -> T:  # noqa: C901  # one line for every node
        """The meaning of a term."""
        match node:
            case Constant() | Fact() | AsOf() | Uncertain() | Entitlement():
                return self.leaf(node)
            case Figure():
                return self.figure(node, self.term(node.year))
            case Add() | Least() | Greatest():
                return self.arithmetic(node, tuple(map(self.term, node.terms)))
            case Negate():
                return self.arithmetic(node, (self.term(node.term),))
            case Multiply():
                both = (self.term(node.left), self.term(node.right))
                return self.arithmetic(node, both)
            case Quotient():
                parts = (node.left, node.right, node.otherwise)
                return self.arithmetic(node, tuple(map(self.term, parts)))
            case Elapsed():
                days = (self.term(node.start), self.term(node.end))
                return self.arithmetic(node, days)
            case Round() | Shift() | InCalendar():
                return self.function(node, self.term(node.term))
            case Choose():
                branches = tuple(
                    (self.condition(branch.condition), self.term(branch.term))
                    for branch in node.branches
                )
                return self.choose(node, branches, self.term(node.otherwise))
            case Lookup():
                keys = tuple(map(self.term, node.keys))
                return self.lookup(node, keys, self.term(node.otherwise))
            case Sum():
                where = self.condition(node.where)
                return self.total(node, where, self.term(node.term))
            case Extreme():
                where = self.condition(node.where)
                term = self.term(node.term)
                return self.extreme(node, where, term, self.term(node.otherwise))
            case _:
                assert_never(node)


def kind_of(term: Term) -> Kind:  # noqa: C901  # one line for every node
    """The kind of value that a well-formed term comes to."""
    match term:
        case Constant() | Fact():
            return term.kind
        case Figure():
            return term.fact.kind
        case AsOf() | Uncertain():
            return Kind.DATE
        case Entitlement():
            return Kind.MONEY
        case Add() | Least() | Greatest():
            return kind_of(term.terms[0])
        case Negate() | Round() | Shift() | Sum() | Extreme():
            return kind_of(term.term)
        case Multiply():
            return product_kind(kind_of(term.left), kind_of(term.right))
        case Quotient() | Choose() | Lookup():
            return kind_of(term.otherwise)
        case Elapsed():
            return Kind.NUMBER
        case InCalendar(function=Calendar.YEAR_OF):
            return Kind.YEAR
        case InCalendar():
            return Kind.DATE
        case _:
            assert_never(term)


def product_kind(left: Kind, right: Kind) -> Kind:
    """The kind of a product: money times a number or a rate is money."""
    if Kind.MONEY in (left, right):
        return Kind.MONEY
    return Kind.NUMBER if Kind.NUMBER in (left, right) else Kind.RATE


def unit_of(term: Term) -> Unit:
    """What a well-formed term is measured in, besides yuan."""
    match term:
        case Constant() | Fact():
            return term.unit
        case Figure():
            return term.fact.unit
        case Add() | Least() | Greatest():
            return unit_of(term.terms[0])
        case Negate() | Round() | Sum() | Extreme():
            return unit_of(term.term)
        case Multiply():
            return times(unit_of(term.left), unit_of(term.right))
        case Quotient():
            return times(unit_of(term.left), inverse(unit_of(term.right)))
        case Elapsed():
            return ((term.span.value, 1),)
        case Choose() | Lookup():
            return unit_of(term.otherwise)
        case AsOf() | Uncertain() | Entitlement() | Shift() | InCalendar():
            return NO_UNIT
        case _:
            assert_never(term)
