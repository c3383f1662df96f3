"""Words for what is paid bit by bit: in brackets, for each unit, for each step."""

from collections.abc import Sequence
from itertools import pairwise

import attrs

from attrs import frozen

from ...errors import Place
from ...ir import Add, Constant, Kind, Least, Multiply, Negate, Quotient, Round, Term
from ...ir_kinds import kind_of
from ...money import Rounding
from ..forms.award_forms import BRACKET
from ..forms.form_kinds import names
from .amounts import check_rate
from .possible import is_never_positive
from .slots import Slots, not_below_nothing, nothing

# --- brackets (超额累进) ---------------------------------------------------------


@frozen
class _Bracket:
    """What is paid on each unit of a base, up to an edge; None is without end."""

    edge: Term | None
    price: Term
    place: Place


def brackets(slots: Slots, kind: Kind | None) -> Term | None:
    """`brackets:` `of: x`: each part of x at the rate of the bracket it lies in."""
    base = slots.measure("of", required=True)
    found: list[_Bracket] = []
    complete = True
    items = slots.items(
        "brackets", "a bracket", names(BRACKET), empty="write {to: …, rate: …}"
    )
    for item in items:
        bracket = None if base is None else _bracket(item, base, slots)
        complete = complete and bracket is not None
        if bracket is not None:
            found.append(bracket)
    if base is None or not found or not complete or not _ascend(found, slots):
        return None
    edges = [bracket.edge for bracket in found]
    parts = [
        Multiply(bracket.price, _between(base, low, bracket.edge))
        for low, bracket in zip([None, *edges], found, strict=False)
    ]
    return parts[0] if len(parts) == 1 else Add(tuple(parts))


def _bracket(item: Slots, base: Term, outer: Slots) -> _Bracket | None:
    """One bracket: its edge, and a rate of money or a price of units."""
    word = "price" if "price" in item.keys else "rate"
    if word == "price" and "rate" in item.keys:
        item.problems.add(
            "two-amounts",
            f"{item.keys.shown('price')!r} stands beside {item.keys.shown('rate')!r}",
            item.keys.node.place_of("price"),
        )
        return None
    edge = item.like("to", base) if "to" in item.keys else None
    wanted = Kind.MONEY if word == "price" else Kind.RATE
    price = item.value(word, wanted, required=True)
    if price is None or ("to" in item.keys and edge is None):
        return None
    if word == "rate":
        check_rate(price, item.at(word), outer)
    if not _fits(price, base, item.at(word), outer):
        return None
    return _Bracket(edge, price, item.at("to"))


def _fits(price: Term, base: Term, place: Place, slots: Slots) -> bool:
    """Whether a price times a base is an amount of money, with a diagnostic if not."""
    if Kind.MONEY in (kind_of(price), kind_of(base)) and not (
        kind_of(price) is Kind.MONEY is kind_of(base)
    ):
        product = Multiply(price, base)
        return slots.is_in((), product, place)
    said = "a rate is of an amount of money, a price of a number"
    slots.problems.add("kind-mismatch", said, place)
    return False


def _ascend(found: Sequence[_Bracket], slots: Slots) -> bool:
    """Whether every bracket but the last one ends, above where the one before does."""
    above_zero = _Bracket(nothing(Kind.MONEY), found[0].price, found[0].place)
    for lower, upper in pairwise([above_zero, *found]):
        if lower.edge is None:
            said = "a bracket without an end is the last one"
            slots.problems.add("brackets-not-ascending", said, lower.place)
            return False
        if (
            isinstance(lower.edge, Constant)
            and isinstance(upper.edge, Constant)
            and upper.edge.value <= lower.edge.value  # type: ignore[operator]  # one kind
        ):
            first = lower is above_zero
            slots.problems.add(
                "brackets-not-ascending",
                "a bracket ends above 0"
                if first
                else "this bracket ends no higher than the one before",
                upper.place,
                None,
                *(() if first else (("the one before", lower.place),)),
            )
            return False
    return True


def _between(base: Term, low: Term | None, high: Term | None) -> Term:
    """The part of a base that lies between two edges."""
    if low is None:
        above = not_below_nothing(base)
        return above if high is None else Least((above, high))
    above = not_below_nothing(Add((base, Negate(low))))
    if high is None:
        return above
    return Least((above, _width(low, high)))


def _width(low: Term, high: Term) -> Term:
    """How wide a bracket is; nothing where it ends below its beginning."""
    if isinstance(low, Constant) and isinstance(high, Constant):
        return attrs.evolve(high, value=high.value - low.value)  # type: ignore[operator, arg-type]  # measures
    return not_below_nothing(Add((high, Negate(low))))


# --- units and steps -------------------------------------------------------------


def per_unit(slots: Slots, kind: Kind | None) -> Term | None:
    """`per unit: 500元/平方米` `of: area`: a price times a quantity."""
    price = slots.value("per unit", Kind.MONEY)
    quantity = _counted(slots)
    if price is None or quantity is None:
        return None
    if kind_of(quantity) is not Kind.NUMBER:
        said = "a price is paid for a number, such as an area"
        slots.problems.add("kind-mismatch", said, slots.at("of"))
        return None
    quantity = _at_most(quantity, slots)
    if not slots.is_in((), Multiply(price, quantity), slots.at("per unit")):
        return None
    return Multiply(price, quantity)


def per_step(slots: Slots, kind: Kind | None) -> Term | None:
    """`per step: 10万元` `each: 1000万元` `of: x`: for every whole step of x."""
    amount = slots.value("per step", kind)
    counted = _counted(slots)
    if amount is not None and not slots.is_measure(amount, slots.at("per step")):
        return None
    step = None if counted is None else slots.like("each", counted, required=True)
    if amount is None or counted is None or step is None:
        return None
    if is_never_positive(step):
        said = f"{slots.keys.shown('each')!r} needs a step above 0"
        slots.problems.add("bad-step", said, slots.at("each"))
        return None
    steps = Round(Quotient(counted, step, nothing(Kind.NUMBER)), 1, Rounding.DOWN)
    return Multiply(_at_most(steps, slots), amount)


def _counted(slots: Slots) -> Term | None:
    """What is counted: `of:`, less what lies below `above:`, never negative."""
    base = slots.measure("of", required=True)
    if base is None or "above" not in slots.keys:
        return None if base is None else not_below_nothing(base)
    start = slots.like("above", base)
    return None if start is None else not_below_nothing(Add((base, Negate(start))))


def _at_most(quantity: Term, slots: Slots) -> Term:
    """A quantity up to `at most:`."""
    if "at most" not in slots.keys:
        return quantity
    most = slots.like("at most", quantity)
    if most is not None and is_never_positive(most):
        slots.problems.add(
            "no-amount", "a limit that leaves nothing", slots.at("at most")
        )
    return quantity if most is None else Least((quantity, most))
