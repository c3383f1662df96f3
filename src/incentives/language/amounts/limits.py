"""What limits an amount: floor, cap, what was paid before, rounding."""

from collections.abc import Iterator

import attrs

from ...dates import Period, parse_period
from ...errors import one_of
from ...ir import (
    Add,
    All,
    Compare,
    Comparison,
    Condition,
    Constant,
    Greatest,
    Kind,
    Least,
    Negate,
    Not,
    Round,
    Term,
)
from ...money import Rounding
from ...vocabulary import RecordDeclaration
from ..expressions.awards import award_fact
from ..expressions.scope import Context
from ..forms.award_forms import LIMIT_KEYS
from ..keys import Keys
from ..labels import binders_of, by_label
from ..nodes import Mapping, Node, Problems, Scalar
from ..words import VALUES
from .history import paid_before, paid_this_year, paid_within
from .possible import is_never_positive, possible
from .slots import Read, Slots

_ROUNDINGS = {
    "fen half-up": (1, Rounding.HALF_UP),
    "fen down": (1, Rounding.DOWN),
    "yuan half-up": (100, Rounding.HALF_UP),
    "yuan down": (100, Rounding.DOWN),
    "万元 half-up": (1_000_000, Rounding.HALF_UP),
    "万元 down": (1_000_000, Rounding.DOWN),
}
_TO_THE_FEN = "fen half-up"

#: The keys that may stand beside the word of an award.
LIMITS = tuple(key.name for key in LIMIT_KEYS)


def limited(term: Term, slots: Slots) -> Term:
    """The term between the limits that stand beside it."""
    floor, cap = slots.like("floor", term), slots.like("cap", term)
    _check_limits(floor, cap, slots)
    if floor is not None:
        term = Greatest((term, floor))
    if cap is not None:
        term = Least((term, _left_of_cap(cap, slots)))
    elif "cap per" in slots.keys:
        slots.keys.get("cap", required=True)
    return term


def _check_limits(floor: Term | None, cap: Term | None, slots: Slots) -> None:
    """Report a cap that leaves nothing, and a floor that it contradicts."""
    if cap is None:
        return
    at = slots.at("cap")
    if is_never_positive(cap):
        slots.problems.add("no-amount", "a cap that leaves nothing", at)
    elif floor is not None and _is_above(floor, cap):
        slots.problems.add(
            "floor-above-cap",
            "the floor is above the cap",
            slots.at("floor"),
            None,
            ("the cap", at),
        )


def _is_above(floor: Term, cap: Term) -> bool:
    """Whether a floor is above a cap whatever the facts are."""
    low, high = possible(floor).low, possible(cap).high
    return low is not None and high is not None and low > high  # type: ignore[operator]  # one kind


def _left_of_cap(cap: Term, slots: Slots) -> Term:
    """The cap of one item, less what was paid before for it in the same period."""
    paid = _paid_under_cap(slots.keys, slots.context)
    over_items = slots.context.scope.each is not None and _per_subject(slots.keys)
    return cap if paid is None or over_items else Add((cap, Negate(paid)))


def cap_over_items(node: Node, context: Context, read: Read) -> Term | None:
    """What all items of a subject can come to: `cap per: subject, …` with `each:`."""
    if not isinstance(node, Mapping) or context.scope.each is None:
        return None
    # Mistakes in these keys were told when the cap of one item was read.
    quiet = attrs.evolve(context, problems=Problems(), grant=None)
    keys = Keys(node, node.entries, quiet.problems, "'award'")
    cap = Slots(keys, quiet, read).value("cap", Kind.MONEY)
    paid = _paid_under_cap(keys, quiet)
    if cap is None or paid is None or not _per_subject(keys):
        return None
    left = Greatest((Constant(0, Kind.MONEY), Add((cap, Negate(paid)))))
    return Round(left, *_ROUNDINGS[_TO_THE_FEN])


def _per_subject(keys: Keys) -> bool:
    scalar = keys.scalar("cap per")
    return scalar is not None and VALUES.says(_parts(scalar)[0], "subject")


def _parts(scalar: Scalar) -> list[str]:
    """The words of a list in one text, whose commas may be full-width."""
    return [word.strip() for word in scalar.text.replace("，", ",").split(",")]


def _paid_under_cap(keys: Keys, context: Context) -> Term | None:
    """What was paid before for the same thing in the same period."""
    scalar = keys.scalar("cap per")
    if scalar is None:
        return None
    thing, length = (*_parts(scalar), "")[:2]
    each = context.scope.each
    things = ["subject"] if each is None else ["subject", each.binder]
    found = by_label(binders_of(context.scope.subject)).get(thing, thing)
    found = VALUES.meant(found, things) or found
    period = _period(length)
    if len(_parts(scalar)) != 2 or found not in things or period is None:  # noqa: PLR2004  # thing, period
        context.problems.add(
            "unknown-word",
            f"{keys.shown('cap per')!r} cannot be {scalar.text!r}",
            scalar.place,
            _cap_help(things, keys, context),
        )
        return None
    conditions: list[Condition] = []
    if each is not None and found == each.binder:
        conditions += _paid_for_record(each, scalar, context)
    if isinstance(period, Period):
        conditions.append(paid_within(period, context))
    elif period == "per year":
        conditions.append(paid_this_year(context))
    if context.grant is not None:
        # Its own instalments are counted where it is told what is due now.
        conditions.append(Not(All(context.grant)))
    return paid_before((context.rule,), context.policy, context, *conditions)


_PERIODS = ("lifetime", "per year")


def _period(text: str) -> str | Period | None:
    """For how long a cap counts: a word, or a period up to the day asked about."""
    word = VALUES.meant(text, _PERIODS)
    if word is not None:
        return word
    try:
        period = parse_period(text)
    except ValueError:
        return None
    return None if period == Period() else period


def _cap_help(things: list[str], keys: Keys, context: Context) -> str:
    """What a cap can be per, in the language of the keys."""
    labels = dict(binders_of(context.scope.subject)) if keys.lang == "zh" else {}
    said = [labels.get(word) or VALUES.said(word, keys.lang) for word in things]
    periods = [VALUES.said(word, keys.lang) for word in _PERIODS]
    return f"write {one_of(said)}, a comma, and {one_of([*periods, '36个月'])}"


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
    yield Compare(Comparison.EQ, award_fact(context.scope, "record"), key)


def rounding_of(node: Node, problems: Problems) -> tuple[int, Rounding]:
    """None below the fen, then half-up at the fen, unless the rule says otherwise."""
    if not isinstance(node, Mapping):
        return _ROUNDINGS[_TO_THE_FEN]
    allowed = Keys(node, node.entries, problems, "award")
    return _ROUNDINGS[allowed.word("rounding", _ROUNDINGS, _TO_THE_FEN)]
