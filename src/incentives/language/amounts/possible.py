"""What a term can come to whatever the facts are, as far as the rule alone tells."""

from collections.abc import Callable, Mapping

from ...ir import (
    Add,
    Choose,
    Constant,
    Fact,
    Greatest,
    Least,
    Lookup,
    Multiply,
    Negate,
    Term,
)
from ...known import (
    Ends,
    Known,
    exactly,
    greatest_of,
    hull_of,
    least_of,
    negative_of,
    product_of,
    total_of,
)

_ANYTHING = Known(None, None)
_COMPUTED: Mapping[type, Callable[[list[Known]], Ends]] = {
    Add: total_of,
    Negate: negative_of,
    Multiply: product_of,
    Least: least_of,
    Greatest: greatest_of,
}


def possible(term: Term) -> Known:
    """
    The ends between which a term lies for any facts; None is an end nobody knows.

    >>> from ..ir import Kind
    >>> possible(Least((Fact("revenue", Kind.MONEY, low=0), Constant(5, Kind.MONEY))))
    Known(low=0, high=5, missing=frozenset())
    """
    match term:
        case Constant():
            return exactly(term.value)
        case Fact():
            return Known(term.low, term.high)
        case Add() | Least() | Greatest():
            return _computed(term, *term.terms)
        case Negate():
            return _computed(term, term.term)
        case Multiply():
            return _computed(term, term.left, term.right)
        case Choose():
            parts = [branch.term for branch in term.branches]
            return hull_of([possible(part) for part in (*parts, term.otherwise)])
        case Lookup():
            cells = map(exactly, set(term.rows.values()))
            return hull_of([*cells, possible(term.otherwise)])
        case _:
            return _ANYTHING


def _computed(term: Term, *parts: Term) -> Known:
    return Known(*_COMPUTED[type(term)]([possible(part) for part in parts]))


def is_never_positive(term: Term) -> bool:
    """Whether a term is nothing or less, whatever the facts are."""
    high = possible(term).high
    return high is not None and high <= 0  # type: ignore[operator]  # a measure
