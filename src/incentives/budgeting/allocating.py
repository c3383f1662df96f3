"""`allocate()`: many applications, a day, a rule book; out comes who gets how much."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen

from ..assessment import Assessment
from ..book import RuleBook
from ..combining import sum_of
from ..determination import Determination
from ..engines.meanings import work_out
from ..engines.world import World
from ..errors import RecordError, UsageError
from ..evaluation import asked, evaluate
from ..facts import County, Enterprise
from ..grouping import Budget, Exceeded
from ..ir import Kind, Term
from ..ir_kinds import kind_of
from ..items import Item
from ..known import Known, between, exactly
from ..money import yuan
from ..policy import Outcome, ReasonCode, Rule
from ..standards import Discretionary, NonCash
from ..structuring import subjects_of
from .allocation import Allocation, Application, Exhaustion, Grant, Lacking, Spending
from .claims import ANY_TURN, Claim, Place, Shared, Standing, Turn, earliest
from .sharing import shared

_NOTHING = exactly(0)
#: Between an application and the fact that its record lacks: in no id and no path.
_OF = "\0"


def allocate(
    subjects: Iterable[Enterprise | County | Mapping[str, Any]],
    *,
    as_of: date | str | None = None,
    rules: RuleBook | None = None,
    readings: Mapping[str, str | date] | None = None,
) -> Allocation:
    """
    What all applications get on a day, once the budgets of a policy are shared out.

    Every application is evaluated by itself; then each budget is shared out among the
    claims under its rules. The order in which applications are given decides nothing.
    What is in no budget is granted as evaluated. An amount that depends on a fact that
    is missing, of whichever application, is None and has bounds.

    A claim is served by what `order by` says: at the subject, or at the records that
    are paid for, of which the earliest (the best, for a ranking) counts. A ranking
    ranks an application as a whole, by the best of its claims.

    >>> firm = {"id": "91350582MA31ABCD0M", "kind": "enterprise", "city": "泉州市"}
    >>> allocation = allocate([firm], as_of="2025-10-01")
    >>> allocation["91350582MA31ABCD0M"].total
    Decimal('0')

    Raises :class:`RecordError` with every mistake of every record, and
    :class:`UsageError` for two applications with one id, or for a day, a book or a
    reading that makes no sense.
    """
    day, given, book = asked(as_of, rules, readings)
    records = _read(subjects, given)
    entrants = [
        _Entrant(subject, evaluate(subject, as_of=day, rules=book))
        for subject in sorted(records, key=lambda subject: subject.id)
    ]
    grants = {
        (entrant.id, d.rule.id): _unbudgeted(entrant, d)
        for entrant in entrants
        for d in entrant.assessment
        if d.code is not ReasonCode.OTHER_SUBJECT
    }
    budgets = []
    for budget in book.budgets:
        spending = _spending(budget, entrants, book, grants)
        budgets.append(spending)
        grants |= {(grant.application, grant.rule): grant for grant in spending.grants}
    applications = tuple(
        Application(
            entrant.assessment,
            tuple(
                grants[entrant.id, d.rule.id]
                for d in entrant.assessment
                if (entrant.id, d.rule.id) in grants
            ),
        )
        for entrant in entrants
    )
    return Allocation(book, day, applications, tuple(budgets))


@frozen
class _Entrant:
    """A subject and what it is entitled to by itself."""

    subject: Enterprise | County
    assessment: Assessment

    @property
    def id(self) -> str:
        return self.subject.id

    def lacking(self, paths: Iterable[str]) -> frozenset[str]:
        """Missing facts, with whose they are; the policy's own are nobody's."""
        facts = (path for path in paths if not path.startswith("policy."))
        return frozenset(f"{self.id}{_OF}{path}" for path in facts)


# --- the applications --------------------------------------------------------------


def _read(subjects: Iterable[object], book: RuleBook) -> list[Enterprise | County]:
    """The subjects; raises one error that tells the mistakes of all of them."""
    if isinstance(subjects, str | Mapping) or not isinstance(subjects, Iterable):
        kind = type(subjects).__name__
        raise UsageError(f"subjects: expected applications, got {kind}: write [record]")
    found, wrong = subjects_of(subjects, book, "applications")
    if wrong:
        raise RecordError([each for mistakes in wrong.values() for each in mistakes])
    counts = Counter(subject.id for subject in found)
    twice = sorted(name for name, count in counts.items() if count > 1)
    if twice:
        said = (f"two applications have the id {name!r}" for name in twice)
        raise UsageError("\n".join(said))
    return found


# --- one budget --------------------------------------------------------------------


def _spending(
    budget: Budget,
    entrants: Sequence[_Entrant],
    book: RuleBook,
    alone: Mapping[tuple[str, str], Grant],
) -> Spending:
    """What becomes of a budget, with what every claim gets of it."""
    order = {rule.id: index for index, rule in enumerate(book.rules)}
    claims = {
        (entrant.id, d.rule.id): (_claim(entrant, d, budget, order[d.rule.id]))
        for entrant in entrants
        for d in entrant.assessment
        if d.rule.id in budget.rules and (entrant.id, d.rule.id) in alone
    }
    open_ = [made.claim for made in claims.values() if made is not None]
    found = {
        (each.claim.application, each.claim.rule): each
        for each in shared(open_, budget)
    }
    exhausted = _exhaustion(found, claims, budget)
    grants = []
    for key, made in claims.items():
        if made is None:
            nothing = evolve(alone[key], budget=budget, standing=Standing.NOTHING_DUE)
            grants.append(nothing)
            continue
        each = found[key]
        grants.append(_grant(alone[key], each, made.served, budget, exhausted))
    return Spending(
        budget,
        tuple(grants),
        demand=sum_of([claim.demand for claim in open_]),
        share=_all_shares(budget, grants),
        exhausted=exhausted,
    )


def _all_shares(budget: Budget, grants: Sequence[Grant]) -> Known:
    """What is granted together: never more than there is."""
    together = sum_of([grant.share for grant in grants])
    if budget.amount is None:
        return together
    room = max(0, budget.amount - budget.spent)
    high = room if together.high is None else min(room, together.high)
    return between(together.low, high, together.missing)


def _grant(
    alone: Grant,
    found: Shared,
    served: object,
    budget: Budget,
    exhausted: Exhaustion | None,
) -> Grant:
    missing = [path.partition(_OF) for path in sorted(found.granted.missing)]
    return evolve(
        alone,
        budget=budget,
        share=found.granted,
        standing=found.standing,
        served=served,
        rank=found.rank,
        exhausted=exhausted,
        missing=tuple(Lacking(whose, fact) for whose, _, fact in missing),
    )


def _unbudgeted(entrant: _Entrant, d: Determination) -> Grant:
    """A claim under a rule that is in no budget: what it comes to is granted."""
    known = d.payable if d.is_cash else _NOTHING
    nothing = d.outcome is Outcome.INELIGIBLE
    missing = tuple(Lacking(entrant.id, path) for path in d.missing)
    standing = Standing.NOTHING_DUE if nothing else Standing.NO_BUDGET
    return Grant(entrant.id, d, None, known, known, standing, missing=missing)


def _exhaustion(
    found: Mapping[tuple[str, str], Shared],
    claims: Mapping[tuple[str, str], "_Made | None"],
    budget: Budget,
) -> Exhaustion | None:
    """The last claim that got anything, where nothing is left and all is known."""
    if budget.amount is None or budget.exceeded is Exceeded.PRO_RATA:
        return None
    shares = list(found.values())
    if not all(each.granted.is_known for each in shares):
        return None
    total = sum_of([each.granted for each in shares]).low
    room = max(0, budget.amount - budget.spent)
    paid = [each for each in shares if each.granted.low != 0]
    if total != room or not paid:
        return None
    last = max(paid, key=lambda each: (each.claim.turn.last, each.claim.application))
    made = claims[last.claim.application, last.claim.rule]
    served = None if made is None else made.served
    return Exhaustion(last.claim.application, last.claim.rule, served)


# --- one claim ---------------------------------------------------------------------


@frozen
class _Made:
    """A claim, and the day or figure that it is served by, as people see it."""

    claim: Claim
    served: object


def _claim(
    entrant: _Entrant, d: Determination, budget: Budget, order: int
) -> _Made | None:
    """The claim on a budget that follows from a determination, if there may be one."""
    if d.outcome is Outcome.INELIGIBLE:
        return None
    match d.rule.award:
        case NonCash():
            demand = _NOTHING
        case Discretionary():
            demand = Known(0, None)
        case _:
            lacking = entrant.lacking((*d.payable.missing, *d.missing))
            demand = between(d.payable.low, d.payable.high, lacking)
    term = budget.order.get(d.rule.id)
    turn, served = ANY_TURN, None
    if term is not None:
        turn, served = _turn(term, entrant, d, ascending=budget.ascending)
    sure = d.outcome is not Outcome.UNDETERMINED or demand.low not in (0, None)
    return _Made(Claim(entrant.id, d.rule.id, order, demand, turn, sure), served)


def _turn(
    term: Term, entrant: _Entrant, d: Determination, *, ascending: bool
) -> tuple[Turn, object]:
    """When a claim is served: at the subject, or first of the records paid for."""
    due = {other.rule.id: other.entitlement for other in entrant.assessment}
    world = World(entrant.subject, entrant.assessment.as_of, {}, due)
    each = d.rule.each
    if each is None:
        known = [(work_out(term, world).known, True)]
    else:
        known = [
            (_at(term, world, d.rule, item), item.outcome is not Outcome.UNDETERMINED)
            for item in d.items or (d.leading,)
            if item.outcome is not Outcome.INELIGIBLE
        ]
    turns = [(_place(value, entrant, ascending), sure) for value, sure in known]
    turn = earliest(turns)
    # The first of the values that lie there is what people see.
    seen = (v.value for (v, _), (t, _) in zip(known, turns, strict=True) if t == turn)
    served = next(seen, None) if turn.is_known else None
    if kind_of(term) is Kind.MONEY and isinstance(served, int):
        return turn, yuan(served)
    return turn, served


def _at(term: Term, world: World, rule: Rule, item: Item) -> Known:
    """What a term comes to at the record of an item."""
    assert rule.each is not None  # noqa: S101  # the caller looked
    records = world.subject.fact(rule.each.records)
    record = None
    if isinstance(records, tuple) and records:
        record = records[int(item.path.rpartition("[")[2].rstrip("]"))]
    bound = world.with_record(rule.each.binder, record, item.path)
    return work_out(term, bound).known


def _place(known: Known, entrant: _Entrant, ascending: bool) -> Turn:
    """Where a day or a figure puts a claim, the lowest place first."""
    first = -INFINITE if known.low is None else _number(known.low)
    last = INFINITE if known.high is None else _number(known.high)
    if not ascending:
        first, last = -last, -first
    missing = frozenset[str]() if first == last else entrant.lacking(known.missing)
    return Turn(first, last, missing)


#: No day or figure lies beyond; a place in an order only, never an amount.
INFINITE = float("inf")


def _number(value: object) -> Place:
    if isinstance(value, date):
        return value.toordinal()
    assert isinstance(value, int | Fraction)  # noqa: S101  # ordered kinds are these
    return value
