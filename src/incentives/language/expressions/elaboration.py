"""Expressions of rule files: from text to the kernel, or one diagnostic."""

from collections.abc import Callable
from typing import TypeVar

from ...ir import Condition, Kind, Term
from ..keys import Keys
from ..nodes import Problems, Scalar
from .conditions import Conditions
from .scope import Context, Scope
from .syntax import Told, Wrong, parse, parts

Meaning = TypeVar("Meaning")


def condition(scalar: Scalar, scope: Scope, problems: Problems) -> Condition | None:
    """The condition that a text states, or None with a diagnostic."""

    def elaborate() -> Condition:
        return Conditions(scope).condition(parse(scalar.text, units=scope.units))

    return _reported(elaborate, scalar, problems)


def term(
    scalar: Scalar, scope: Scope, problems: Problems, kind: Kind | None = None
) -> Term | None:
    """The term that a text states, of a kind if one is wanted, or None."""

    def elaborate() -> Term:
        terms = Conditions(scope).terms
        return terms.term(parse(scalar.text, units=scope.units), kind)

    return _reported(elaborate, scalar, problems)


def term_under(
    keys: Keys, key: str, context: Context, kind: Kind | None, *, required: bool = False
) -> Term | None:
    """The term under a key, or None; with a diagnostic where it is required."""
    scalar = keys.scalar(key, required=required)
    if scalar is None:
        return None
    return term(scalar, context.scope, context.problems, kind)


#: `in [a, b)` alone is no expression: this is put before it, and counted off again.
_BEGINNING = "as_of in "


def test_of(
    scalar: Scalar, subject: Term, scope: Scope, problems: Problems
) -> Condition | None:
    """The condition that a term lies in the interval or list that a text states."""

    def elaborate() -> Condition:
        shift = len(_BEGINNING)
        tree = parse(_BEGINNING + scalar.text, shift=shift, units=scope.units)
        if tree.data != "inside":
            raise Wrong(
                "kind-mismatch",
                "expected a list, an interval or a table",
                (len(_BEGINNING), len(_BEGINNING) + len(scalar.text)),
            )
        return Conditions(scope).membership(subject, parts(tree)[1])

    return _reported(elaborate, scalar, problems, len(_BEGINNING))


def _reported(
    elaborate: Callable[[], Meaning],
    scalar: Scalar,
    problems: Problems,
    shift: int = 0,
) -> Meaning | None:
    try:
        return elaborate()
    except Told:
        return None
    except Wrong as wrong:
        start, end = (max(0, offset - shift) for offset in wrong.at)
        place = scalar.part(start, end)
        help_ = wrong.help
        if _is_folded(scalar) and (help_ is None or _NEXT in scalar.text[:start]):
            help_ = _FOLDED
        problems.add(wrong.code, str(wrong), place, help_)
        return None


_FOLDED = "the line below belongs to the text: indent a new item of a list as the first"
#: How an item that was indented too far begins in the text above it.
_NEXT = " - "


def _is_folded(scalar: Scalar) -> bool:
    return not scalar.offsets and _NEXT in scalar.text
