"""
What stands beside an amount and changes it, in one order however it is written.

Bonuses, then multipliers, then what phases out, then the share of time, then what was
paid before under lower rules; limits come last (:mod:`.limits`).
"""

from collections.abc import Iterable

from ...errors import Place
from ...ir import (
    Add,
    Branch,
    Choose,
    Constant,
    Kind,
    Least,
    Multiply,
    Negate,
    Quotient,
    Term,
)
from ...ir_kinds import kind_of, unit_of
from ..conjunctions import condition_of
from ..expressions.awards import paid_under
from ..forms.award_forms import BONUS, MULTIPLIER, PHASE_OUT, PRORATE
from ..forms.form_kinds import names
from ..keys import as_scalar
from ..nodes import Sequence
from .possible import is_never_positive
from .slots import Slots, not_below_nothing, nothing, whole
from .time_shares import share_of_time

#: What a bonus adds, and where it stands.
Bonus = tuple[Term, Place]


def bonuses(slots: Slots) -> tuple[Bonus, ...]:
    """`bonus:`: what is added, each where its condition is met."""
    found: list[Bonus] = []
    for item in slots.items(
        "bonus", "a bonus", names(BONUS), empty="write {if: …, add: …}"
    ):
        added = item.measure("add", required=True)
        if added is None:
            continue
        if is_never_positive(added):
            slots.problems.add("bad-modifier", "a bonus adds something", item.at("add"))
            continue
        term = _where_met(item, added, nothing(kind_of(added), unit_of(added)))
        if term is not None:
            found.append((term, item.at("add")))
    return tuple(found)


def with_bonuses(term: Term, added: Iterable[Bonus], slots: Slots) -> Term | None:
    """An amount with what is added to it; the order of bonuses is of no account."""
    terms = [term]
    for bonus, place in added:
        if kind_of(term) is Kind.MONEY and kind_of(bonus) is Kind.RATE:
            slots.problems.add(
                "kind-mismatch",
                "percentage points are added to a rate, and here is none",
                place,
                f"write {slots.keys.shown('multiply')!r} for a share of the amount",
            )
            return None
        if not slots.is_like(term, bonus, place):
            return None
        terms.append(bonus)
    return Add(tuple(terms)) if len(terms) > 1 else term


def changed(term: Term, slots: Slots) -> Term | None:
    """An amount multiplied, phased out, prorated and topped up, in this order."""
    before = len(slots.problems.found)
    factors = [*_multipliers(slots), *_phased_out(slots), *_prorated(slots)]
    for factor in factors:
        term = Multiply(term, factor)
    if "top up" in slots.keys:
        paid = _paid_before(term, slots)
        if paid is not None:
            term = not_below_nothing(Add((term, Negate(paid))))
    return term if len(slots.problems.found) == before else None


def _where_met(item: Slots, met: Term, unmet: Term) -> Term | None:
    """A value where the condition under `if` is met, and another where it is not."""
    node = item.keys.get("if")
    if node is None:
        return met
    condition = condition_of(node, item.context)
    return None if condition is None else Choose((Branch(condition, met),), unmet)


def _multipliers(slots: Slots) -> Iterable[Term]:
    """`multiply:`: several factors multiply each other."""
    empty = "write {if: …, by: …}"
    for item in slots.items("multiply", "a multiplier", names(MULTIPLIER), empty=empty):
        by = item.value("by", None, required=True)
        if by is None:
            continue
        if kind_of(by) not in (Kind.RATE, Kind.NUMBER):
            said = "an amount is multiplied by a number or a rate"
            slots.problems.add("kind-mismatch", said, item.at("by"))
        elif not slots.is_in((), by, item.at("by")):
            continue
        elif is_never_positive(by):
            said = "a multiplier is above 0"
            slots.problems.add("bad-modifier", said, item.at("by"))
        else:
            once = whole() if kind_of(by) is Kind.RATE else Constant(1, Kind.NUMBER)
            factor = _where_met(item, by, once)
            yield from () if factor is None else (factor,)


def _phased_out(slots: Slots) -> Iterable[Term]:
    """`phase out:` all up to one value, nothing from another, a line between them."""
    inner = slots.inner("phase out", names(PHASE_OUT))
    base = None if inner is None else inner.measure("of", required=True)
    if inner is None or base is None:
        return
    start = inner.like("from", base, required=True)
    end = inner.like("to", base, required=True)
    if start is None or end is None:
        return
    for key, edge in (("from", start), ("to", end)):
        if not isinstance(edge, Constant):
            said = f"{inner.keys.shown(key)!r} needs a value that is written here"
            slots.problems.add("bad-modifier", said, inner.at(key))
            return
    assert isinstance(start, Constant)  # noqa: S101  # told above
    assert isinstance(end, Constant)  # noqa: S101  # told above
    if end.value <= start.value:  # type: ignore[operator]  # one kind
        slots.problems.add(
            "empty-interval",
            "it runs out before it begins to",
            inner.at("to"),
            None,
            ("where it begins to", inner.at("from")),
        )
        return
    length = Constant(end.value - start.value, kind_of(base), unit_of(base))  # type: ignore[operator, arg-type]  # measures
    left = Quotient(Add((end, Negate(base))), length, nothing(Kind.RATE))
    yield not_below_nothing(Least((left, whole())))


def _prorated(slots: Slots) -> Iterable[Term]:
    """`prorate:` the share of a time, never more than all of it."""
    inner = slots.inner("prorate", names(PRORATE))
    share = None if inner is None else share_of_time(inner, "over")
    if share is not None:
        yield Least((share, whole()))


def _paid_before(term: Term, slots: Slots) -> Term | None:
    """`top up:` what lower rules have paid, or any other amount."""
    node = slots.keys.get("top up")
    if not isinstance(node, Sequence):
        return slots.like("top up", term)
    items = list(slots.keys.items("top up", empty="write the lower rules"))
    rules = [as_scalar(item, slots.problems, "the id of a rule") for item in items]
    found = tuple(rule.text for rule in rules if rule is not None)
    return paid_under(found, slots.context.scope) if found else None
