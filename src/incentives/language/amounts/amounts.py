"""Words for amounts: sums, shares, matching, interest, and several amounts at once."""

from ...errors import Place
from ...ir import Add, Greatest, Kind, Least, Multiply, Term
from ...ir_kinds import kind_of, unit_of
from ..forms.award_forms import INTEREST
from ..forms.form_kinds import names
from ..words import VALUES
from .possible import is_never_positive, possible
from .slots import Slots, not_below_nothing
from .time_shares import share_of_time

OVER_ALL = "rate over 100%"


def amount(slots: Slots, kind: Kind | None) -> Term | None:
    """`amount: 50万元`: a value by itself."""
    return slots.value("amount", kind)


def rate(slots: Slots, kind: Kind | None) -> Term | None:
    """`rate: 30%` `of: …`: a share of a base that is never negative."""
    return _share("rate", slots)


def matching(slots: Slots, kind: Kind | None) -> Term | None:
    """`matching: 50%` `of: …`: a share of what somebody else grants."""
    return _share("matching", slots)


def _share(word: str, slots: Slots) -> Term | None:
    share = slots.value(word, Kind.RATE, required=True)
    base = slots.value("of", Kind.MONEY, required=True)
    share = None if share is None else with_points(share, slots)
    if share is not None:
        check_rate(share, slots.at(word), slots)
    if share is None or base is None:
        return None
    return Multiply(share, not_below_nothing(base))


def with_points(share: Term, slots: Slots) -> Term:
    """A rate with the percentage points that bonuses add."""
    return Add((share, *slots.points)) if slots.points else share


def check_rate(share: Term, place: Place, slots: Slots) -> None:
    """Report a rate that pays nothing, or more than all, whatever the facts are."""
    said = "a rate is above 0 and at most 100 %"
    high = possible(share).high
    if is_never_positive(share):
        slots.problems.add("rate-out-of-range", said, place)
    elif high is not None and high > 1 and not _allows_over_all(slots):  # type: ignore[operator]  # a rate
        lang = slots.keys.lang
        allow = f"{slots.keys.shown('allow')}: {VALUES.said(OVER_ALL, lang)}"
        help_ = f"write '{allow}' beside it if the clause says so"
        slots.problems.add("rate-out-of-range", said, place, help_)


def _allows_over_all(slots: Slots) -> bool:
    return slots.keys.word("allow", (OVER_ALL,), "") == OVER_ALL


def interest(slots: Slots, kind: Kind | None) -> Term | None:
    """`interest: {principal, rate, from, to, basis}`: simple interest over a time."""
    inner = slots.inner("interest", names(INTEREST))
    if inner is None:
        return None
    principal = inner.value("principal", Kind.MONEY, required=True)
    share = inner.value("rate", Kind.RATE, required=True)
    time = share_of_time(inner, "basis")
    share = None if share is None else with_points(share, slots)
    if share is not None:
        check_rate(share, inner.at("rate"), slots)
    if principal is None or share is None or time is None:
        return None
    return Multiply(Multiply(not_below_nothing(principal), share), time)


def sum_of(slots: Slots, kind: Kind | None) -> Term | None:
    """`sum of: [a, b]`: several amounts together."""
    return _several("sum of", Add, slots, kind)


def lowest_of(slots: Slots, kind: Kind | None) -> Term | None:
    """`lowest of: [a, b]`: the lowest of several amounts (孰低)."""
    return _several("lowest of", Least, slots, kind)


def highest_of(slots: Slots, kind: Kind | None) -> Term | None:
    """`highest of: [a, b]`: the highest of several amounts (就高)."""
    return _several("highest of", Greatest, slots, kind)


def _several(
    word: str,
    node: type[Add | Least | Greatest],
    slots: Slots,
    kind: Kind | None,
) -> Term | None:
    """Several values of one kind, in one unit."""
    found: list[Term] = []
    complete = True
    for item in slots.keys.items(word, empty="write what they are"):
        model = found[0] if found else None
        term = slots.read(item, slots.context, kind_of(model) if model else kind)
        fits = term is not None and (
            slots.is_measure(term, item.place)
            if model is None
            else slots.is_in(unit_of(model), term, item.place)
        )
        if term is None or not fits:
            complete = False
        else:
            found.append(term)
    return node(tuple(found)) if found and complete else None
