"""What limits an amount: floor, cap, what was paid before, rounding."""

from collections.abc import Iterator

import attrs

from ..errors import one_of
from ..ir import (
    Add,
    AsOf,
    Calendar,
    Compare,
    Comparison,
    Condition,
    Constant,
    Greatest,
    InCalendar,
    Kind,
    Least,
    Negate,
    Round,
    Term,
)
from ..money import Rounding
from ..vocabulary import RecordDeclaration
from . import expressions
from .history import award_fact, paid_before
from .keys import Keys
from .nodes import Mapping, Node, Problems, Scalar
from .scope import Context

_ROUNDINGS = {
    "fen half-up": (1, Rounding.HALF_UP),
    "fen down": (1, Rounding.DOWN),
    "yuan half-up": (100, Rounding.HALF_UP),
    "yuan down": (100, Rounding.DOWN),
    "万元 half-up": (1_000_000, Rounding.HALF_UP),
    "万元 down": (1_000_000, Rounding.DOWN),
}
_TO_THE_FEN = "fen half-up"

#: The order in which limits apply: a floor raises, then a cap lowers, then rounding.
LIMITS = ("floor", "cap", "cap per", "rounding")


def limited(term: Term, keys: Keys, context: Context) -> Term:
    """The term between the limits that stand beside it."""
    floor, cap = (
        expressions.term_under(keys, key, context, Kind.MONEY)
        for key in ("floor", "cap")
    )
    _check_limits(floor, cap, keys)
    if floor is not None:
        term = Greatest((term, floor))
    if cap is not None:
        term = Least((term, _left_of_cap(cap, keys, context)))
    elif "cap per" in keys:
        keys.get("cap", required=True)
    return term


def _check_limits(floor: Term | None, cap: Term | None, keys: Keys) -> None:
    """Report a cap that leaves nothing, and a floor that it contradicts."""
    if not isinstance(cap, Constant):
        return
    at = keys.node.entries["cap"].place
    if cap.value <= 0:  # type: ignore[operator]  # money
        keys.problems.add("no-amount", "a cap that leaves nothing", at)
    elif isinstance(floor, Constant) and floor.value > cap.value:  # type: ignore[operator]
        keys.problems.add(
            "floor-above-cap",
            "the floor is above the cap",
            keys.node.entries["floor"].place,
            None,
            ("the cap", at),
        )


def _left_of_cap(cap: Term, keys: Keys, context: Context) -> Term:
    """The cap of one item, less what was paid before for it in the same period."""
    paid = _paid_under_cap(keys, context)
    over_items = context.scope.each is not None and _per_subject(keys)
    return cap if paid is None or over_items else Add((cap, Negate(paid)))


def cap_over_items(node: Node, context: Context) -> Term | None:
    """What all items of a subject can come to: `cap per: subject, …` with `each:`."""
    if not isinstance(node, Mapping) or context.scope.each is None:
        return None
    # Mistakes in these keys were told when the cap of one item was read.
    quiet = attrs.evolve(context, problems=Problems())
    keys = Keys(node, node.entries, quiet.problems, "'award'")
    cap = expressions.term_under(keys, "cap", quiet, Kind.MONEY)
    paid = _paid_under_cap(keys, quiet)
    if cap is None or paid is None or not _per_subject(keys):
        return None
    left = Greatest((Constant(0, Kind.MONEY), Add((cap, Negate(paid)))))
    return Round(left, *_ROUNDINGS[_TO_THE_FEN])


def _per_subject(keys: Keys) -> bool:
    scalar = keys.scalar("cap per")
    return scalar is not None and scalar.text.startswith("subject")


def _paid_under_cap(keys: Keys, context: Context) -> Term | None:
    """What was paid before for the same thing in the same period."""
    scalar = keys.scalar("cap per")
    if scalar is None:
        return None
    words = [word.strip() for word in scalar.text.replace("，", ",").split(",")]
    each = context.scope.each
    things = ["subject"] if each is None else ["subject", each.binder]
    if len(words) != 2 or words[0] not in things or words[1] not in _PERIODS:  # noqa: PLR2004  # thing, period
        context.problems.add(
            "unknown-word",
            f"'cap per' cannot be {scalar.text!r}",
            scalar.place,
            f"write {one_of(things)}, a comma, and {one_of(_PERIODS)}",
        )
        return None
    conditions: list[Condition] = []
    if each is not None and words[0] == each.binder:
        conditions += _paid_for_record(each, scalar, context)
    if words[1] == "per year":
        conditions.append(_paid_this_year(context))
    return paid_before((context.rule,), context.policy, context, *conditions)


_PERIODS = ("lifetime", "per year")


def _paid_for_record(
    each: RecordDeclaration, scalar: Scalar, context: Context
) -> Iterator[Condition]:
    if each.key is None:
        context.problems.add(
            "missing-key",
            f"the records of {each.records!r} have no key to tell them apart",
            scalar.place,
            f"declare it in facts.yaml: {each.records}: key: …",
        )
        return
    key = each.fields[each.key].as_fact(each.binder)
    yield Compare(Comparison.EQ, award_fact(context, "record"), key)


def _paid_this_year(context: Context) -> Condition:
    # Of an award without a date nobody knows the year: it may be this one.
    dated = attrs.evolve(award_fact(context, "date"), default=None)
    return Compare(
        Comparison.EQ,
        InCalendar(Calendar.YEAR_OF, dated),
        InCalendar(Calendar.YEAR_OF, AsOf()),
    )


def rounding_of(node: Node, problems: Problems) -> tuple[int, Rounding]:
    """None below the fen, then half-up at the fen, unless the rule says otherwise."""
    if not isinstance(node, Mapping):
        return _ROUNDINGS[_TO_THE_FEN]
    allowed = Keys(node, node.entries, problems, "award")
    return _ROUNDINGS[allowed.word("rounding", _ROUNDINGS, _TO_THE_FEN)]
