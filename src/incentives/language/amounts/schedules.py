"""`pay:` — an award in instalments: shares of it, or amounts, each on a day of its own."""

from collections.abc import Sequence
from fractions import Fraction

from attrs import frozen

from ...dates import LAST_DAY
from ...errors import Place
from ...ir import (
    Add,
    All,
    Any,
    AsOf,
    Branch,
    Choose,
    Compare,
    Comparison,
    Condition,
    Constant,
    Greatest,
    Kind,
    Least,
    Multiply,
    Negate,
    Not,
    Round,
    Term,
)
from ...ir_kinds import kind_of
from ...money import Rounding, rate_words
from ...standards import Instalment, Schedule
from .. import expressions
from ..expressions.scope import Context
from ..forms.pack_forms import INSTALMENT, names
from ..keys import Keys, as_mapping
from ..nodes import Node
from .sugar import value_of

_ZERO = Constant(0, Kind.MONEY)


@frozen
class _Part:
    """An instalment as it is written: a share of the whole, or an amount."""

    share: Term | None
    amount: Term | None
    on: Term
    by: Term | None
    met: Condition | None
    label: str
    place: Place


def schedule_of(
    items: Sequence[Node], whole: Term | None, paid: Term, context: Context
) -> Schedule | None:
    """
    The schedule of an award of which the whole is known, or of amounts alone.

    ``paid`` is what was paid before of this very award.
    """
    before = len(context.problems.found)
    found = [
        part for item in items if (part := _part(item, whole, context)) is not None
    ]
    if len(context.problems.found) > before or not found:
        return None
    if whole is None:
        amounts = [_rounded(part.amount) for part in found if part.amount is not None]
        whole = Add(tuple(amounts)) if len(amounts) > 1 else amounts[0]
    else:
        shares = [part.share for part in found if part.share is not None]
        _check_shares(found, context)
        amounts = _split(whole, shares)
    instalments = tuple(
        Instalment(amount, part.on, part.by, part.met, part.label)
        for part, amount in zip(found, amounts, strict=True)
    )
    left = Add((_possible(whole, instalments), Negate(paid)))
    remaining = Round(Greatest((_ZERO, left)), 1, Rounding.HALF_UP)
    return Schedule(whole, instalments, paid, remaining)


def _possible(whole: Term, instalments: Sequence[Instalment]) -> Term:
    """What of the award was paid, is due, or may still fall due; the rest is lost."""
    possible = [_can_be_paid(each) for each in instalments]
    one_by_one = tuple(
        Choose((Branch(can_be, each.amount),), _ZERO)
        for can_be, each in zip(possible, instalments, strict=True)
    )
    bounded = Least((Add(one_by_one), whole))
    return Choose((Branch(All(tuple(possible)), whole),), bounded)


def _can_be_paid(instalment: Instalment) -> Condition:
    """That its day comes, and in time, and that what else must hold may still do so."""
    ever = Constant(LAST_DAY, Kind.DATE)
    conditions: list[Condition] = [Compare(Comparison.LE, instalment.on, ever)]
    if instalment.by is not None:
        conditions.append(Compare(Comparison.LE, instalment.on, instalment.by))
    if instalment.met is not None:
        ahead = Compare(Comparison.GT, instalment.on, AsOf())
        conditions.append(Any((ahead, instalment.met)))
    return All(tuple(conditions))


def due_now(schedule: Schedule) -> Term:
    """What has fallen due by the day asked about, less what was paid before."""
    net = Add((_fallen_due(schedule), Negate(schedule.paid)))
    return Round(Greatest((_ZERO, net)), 1, Rounding.HALF_UP)


def _fallen_due(schedule: Schedule) -> Term:
    """
    What has fallen due, whether it was paid or not: never more than the whole.

    Instalments mostly fall due in their order. What the first few of them come to is
    said as one amount, so that it stays exact while the whole is not known: each
    instalment alone is a difference, and differences of open amounts add up to much.
    """
    instalments = schedule.instalments
    due = [_is_due(each) for each in instalments]
    in_order: list[Branch] = []
    for count in range(len(instalments), -1, -1):
        met = (*due[:count], *(Not(each) for each in due[count:]))
        amount = _upto(schedule, count)
        in_order.append(Branch(All(met), amount))
    one_by_one = tuple(
        Choose((Branch(is_due, each.amount),), _ZERO)
        for is_due, each in zip(due, instalments, strict=True)
    )
    return Choose(tuple(in_order), Least((Add(one_by_one), schedule.whole)))


def _upto(schedule: Schedule, count: int) -> Term:
    """What the first few instalments come to."""
    if count == len(schedule.instalments):
        return schedule.whole
    amounts = [each.amount for each in schedule.instalments[:count]]
    if not amounts:
        return _ZERO
    match amounts[-1]:
        case Add(terms=(upto, Negate())):  # a running sum, less the one before
            return upto
        case _:
            return Add(tuple(amounts))


def _is_due(instalment: Instalment) -> Condition:
    conditions: list[Condition] = [Compare(Comparison.LE, instalment.on, AsOf())]
    if instalment.by is not None:
        conditions.append(Compare(Comparison.LE, instalment.on, instalment.by))
    if instalment.met is not None:
        conditions.append(instalment.met)
    return All(tuple(conditions))


def _split(whole: Term, shares: Sequence[Term]) -> list[Term]:
    """
    Each share of a whole, to the fen, so that together they are the whole.

    An instalment is the difference of two running sums, each of which is rounded.
    """
    found: list[Term] = []
    before: Term | None = None
    for index in range(len(shares)):
        last = index == len(shares) - 1
        upto = whole if last else _rounded(Multiply(whole, _sum(shares[: index + 1])))
        found.append(upto if before is None else Add((upto, Negate(before))))
        before = upto
    return found


def _sum(shares: Sequence[Term]) -> Term:
    constants = [share.value for share in shares if isinstance(share, Constant)]
    if len(constants) == len(shares):
        return Constant(sum(map(Fraction, constants), Fraction(0)), Kind.RATE)  # type: ignore[arg-type]  # rates
    return Add(tuple(shares))


def _rounded(term: Term) -> Term:
    return Round(Greatest((_ZERO, term)), 1, Rounding.HALF_UP)


def _part(item: Node, whole: Term | None, context: Context) -> _Part | None:
    problems = context.problems
    body = as_mapping(item, problems, "an instalment")
    if body is None:
        return None
    keys = Keys(body, names(INSTALMENT), problems, "an instalment")
    wanted, other = ("share", "amount") if whole is not None else ("amount", "share")
    if other in keys:
        said = (
            "an instalment of an award is a share of it"
            if whole is not None
            else "a share of what? the award states no amount"
        )
        help_ = (
            "write 'share', or leave 'award' out"
            if whole is not None
            else "write 'amount', or state the whole under 'award'"
        )
        problems.add("bad-instalment", said, body.place_of(other), help_)
        return None
    kind = Kind.RATE if wanted == "share" else Kind.MONEY
    given = keys.get(wanted, required=True)
    size = None if given is None else value_of(given, context, kind)
    on = expressions.term_under(keys, "on", context, Kind.DATE, required=True)
    by = expressions.term_under(keys, "by", context, Kind.DATE)
    test = keys.scalar("if")
    met = (
        None
        if test is None
        else expressions.condition(test, context.scope, context.problems)
    )
    if size is None or on is None:
        return None
    is_share = kind_of(size) is Kind.RATE
    return _Part(
        share=size if is_share else None,
        amount=None if is_share else size,
        on=on,
        by=by,
        met=met,
        label=keys.text("label"),
        place=body.place,
    )


def _check_shares(parts: Sequence[_Part], context: Context) -> None:
    """Report shares that do not come to the whole, and those that are nothing."""
    shares = [part.share for part in parts]
    known = [share.value for share in shares if isinstance(share, Constant)]
    for part in parts:
        if isinstance(part.share, Constant) and part.share.value <= 0:  # type: ignore[operator]  # a rate
            context.problems.add("bad-instalment", "a share of nothing", part.place)
    whole = sum(map(Fraction, known), Fraction(0))  # type: ignore[arg-type]  # rates
    if len(known) == len(shares) and whole != 1:
        context.problems.add(
            "shares-not-whole",
            f"the shares come to {rate_words(whole)}, not to 100%",
            parts[-1].place,
            "the instalments of an award come to the whole of it",
        )
