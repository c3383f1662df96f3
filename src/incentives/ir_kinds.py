"""What kind of value a term comes to, and what it is measured in."""

from typing import assert_never

from .ir import (
    Add,
    AsOf,
    Calendar,
    Choose,
    Constant,
    Elapsed,
    Entitlement,
    Extreme,
    Fact,
    Figure,
    Greatest,
    InCalendar,
    Kind,
    Least,
    Lookup,
    Multiply,
    Negate,
    Quotient,
    Round,
    Shift,
    Sum,
    Term,
    Uncertain,
)
from .units import NO_UNIT, Unit, inverse, times


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
