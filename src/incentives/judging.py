"""One rule for one subject on one day: its items, and how they combine."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import assert_never

from attrs import evolve, frozen

from .book import RuleBook
from .combining import fen_low
from .determination import Consider, Determination, no_alternatives
from .engines.engine import NOTHING_DUE, Bound, Due, Engine, Look
from .explanation import Explanation
from .facts import Subject
from .ir import Term
from .items import Item
from .known import (
    NOTHING_MISSING,
    Ends,
    Known,
    between,
    exactly,
    least_of,
    negative_of,
    perhaps,
    times,
    total_of,
)
from .payments import Payment, PaymentStatus, payments_of
from .policy import Outcome, ReasonCode, Rule, Status
from .selection import Candidate, highest_few, once_each, together
from .standards import Cash, Combination, Discretionary, NonCash
from .verdict import Verdict

_NOTHING = exactly(0)


@frozen
class _Question:
    """What is asked: a rule of a book, a subject, a day, and who looks."""

    book: RuleBook
    rule: Rule
    subject: Subject
    as_of: date
    engine: Engine
    due: Due = NOTHING_DUE
    consider: Consider = no_alternatives

    def look(self, at: Bound | None, subject: Subject | None = None) -> Look:
        """What the engine says of one record, or of the subject itself."""
        whom = self.subject if subject is None else subject
        return self.engine.look(self.rule, whom, self.as_of, at, self.due)

    def amount(self, term: Term | None) -> Known | None:
        """What a term over the facts of the subject comes to."""
        if term is None:
            return None
        return self.engine.amount(term, self.subject, self.as_of, self.due)


def determine(  # noqa: PLR0913, PLR0917  # what is asked, each a different thing
    book: RuleBook,
    rule: Rule,
    subject: Subject,
    as_of: date,
    engine: Engine,
    due: Due = NOTHING_DUE,
    consider: Consider = no_alternatives,
) -> Determination:
    """
    The determination of one rule before stacking.

    ``due`` is what the rules that it uses come to; ``consider`` tells what other
    readings would make of it, when somebody asks.
    """
    asked = _Question(book, rule, subject, as_of, engine, due, consider)
    if rule.subject != getattr(subject, "subject", ""):
        return _other_subject(asked)
    if rule.each is None:
        return _combined(asked, [_candidate(asked, None)])
    records = subject.fact(rule.each.records)
    if records is None:
        return _unknown_list(asked)
    assert isinstance(records, tuple)  # noqa: S101  # declared as a list of records
    if not records:
        return _empty_list(asked)
    bounds = (
        Bound(record, f"{rule.each.records}[{index}]")
        for index, record in enumerate(records)
    )
    return _combined(asked, [_candidate(asked, bound) for bound in bounds])


# --- one item ------------------------------------------------------------------


def _candidate(asked: _Question, at: Bound | None) -> Candidate:
    look = asked.look(at)
    path = "" if at is None else at.path
    payments: tuple[Payment, ...] = ()
    if look.instalments:
        paid = _NOTHING if look.paid is None else look.paid
        payments = payments_of(look.instalments, paid, asked.as_of, path)
    due = _NOTHING if look.known is None else look.known
    item = Item(
        path=path,
        label=look.label,
        outcome=_outcome(asked.rule, look),
        known=_amount(look, due),
        remaining=_amount(look, due if look.remaining is None else look.remaining),
        explain=look.explain,
        worth=look.whole or look.known,
        lacking=look.lacking,
        dated=look.dated,
        code=_item_code(asked, at, look, payments),
        payments=payments,
        repayable=look.repayable,
    )
    return Candidate(item, look.key, look.unmet)


def _outcome(rule: Rule, look: Look) -> Outcome:
    if look.verdict is Verdict.UNMET or _comes_to_nothing(look.known):
        return Outcome.INELIGIBLE
    if look.verdict is Verdict.UNKNOWN:
        return Outcome.UNDETERMINED
    match rule.award:
        case NonCash():
            return Outcome.ELIGIBLE
        case Discretionary():
            return Outcome.DISCRETIONARY
        case Cash():
            known = look.known is not None and look.known.is_known
            return Outcome.ELIGIBLE if known else Outcome.UNDETERMINED
        case _:
            assert_never(rule.award)


def _comes_to_nothing(known: Known | None) -> bool:
    return known is not None and known.high == 0


def _amount(look: Look, known: Known) -> Known:
    """What an item adds: all of an amount, perhaps it, or nothing."""
    if look.verdict is Verdict.UNMET:
        return _NOTHING
    if look.verdict is Verdict.MET:
        return known
    some = perhaps(known)
    return between(some.low, some.high, known.missing | look.lacking)


def _item_code(
    asked: _Question, at: Bound | None, look: Look, payments: tuple[Payment, ...]
) -> ReasonCode | None:
    if isinstance(asked.rule.award, Discretionary) and look.verdict is Verdict.MET:
        return ReasonCode.NO_AMOUNT_IN_TEXT
    if look.verdict is Verdict.UNMET or not _comes_to_nothing(look.known):
        return None
    if payments and not _comes_to_nothing(look.whole):
        return _waiting_code(payments)
    never_paid = evolve(asked.subject, awards=())  # type: ignore[call-arg]  # every subject that rules know has a history
    before = asked.look(at, never_paid)
    nothing = _comes_to_nothing(before.known)
    return ReasonCode.NOTHING_DUE if nothing else ReasonCode.ALREADY_AWARDED


def _waiting_code(payments: tuple[Payment, ...]) -> ReasonCode:
    """Why nothing is due now of an award that is paid over time."""
    statuses = {payment.status for payment in payments}
    if PaymentStatus.UPCOMING in statuses:
        return ReasonCode.NOT_YET_DUE
    if PaymentStatus.UNMET in statuses:
        return ReasonCode.CONDITION_UNMET
    paid = PaymentStatus.PAID in statuses
    return ReasonCode.ALREADY_AWARDED if paid else ReasonCode.LAPSED


# --- lists that are unknown or empty -------------------------------------------


def _ghost(asked: _Question) -> Item:
    """What could be said of one record of a list of which nobody knows anything."""
    each = asked.rule.each
    assert each is not None  # noqa: S101  # the callers looked
    return _candidate(asked, Bound(None, each.records)).item


def _unknown_list(asked: _Question) -> Determination:
    """Nobody knows the records: what one of them could come to, as often as may be."""
    item = _ghost(asked)
    known = item.known
    if item.outcome is not Outcome.INELIGIBLE:
        known = _as_often(known, item.path, asked.rule)
        item = evolve(
            item,
            outcome=Outcome.UNDETERMINED,
            known=known,
            remaining=_as_often(item.remaining, item.path, asked.rule),
            code=None,
        )
    return _determination(asked, known, (), item)


def _as_often(one: Known, path: str, rule: Rule) -> Known:
    """What a list that nobody knows comes to, if one of its records comes to so much."""
    most = None if rule.each is None else rule.each.at_most
    total = times(perhaps(one), 1 if _is_once(rule) else most)
    return between(total.low, total.high, one.missing | {path})


def _is_once(rule: Rule) -> bool:
    award = rule.award
    if not isinstance(award, Cash):
        return True
    return award.combination is Combination.ONCE and award.per is None


def _empty_list(asked: _Question) -> Determination:
    ghost = _ghost(asked)

    def explain() -> Explanation:
        """What is decided of any record whatever."""
        grounds = ghost.grounds
        known = (g for g in grounds if g.found.verdict is not Verdict.UNKNOWN)
        return Explanation(tuple(known), ghost.working)

    item = evolve(
        ghost,
        outcome=Outcome.INELIGIBLE,
        known=_NOTHING,
        remaining=_NOTHING,
        explain=explain,
        lacking=NOTHING_MISSING,
        code=ReasonCode.NO_RECORD,
        payments=(),
    )
    return _determination(asked, _NOTHING, (), item)


def _other_subject(asked: _Question) -> Determination:
    item = Item("", "", Outcome.INELIGIBLE, _NOTHING, code=ReasonCode.OTHER_SUBJECT)
    return _determination(asked, _NOTHING, (), item)


# --- items together ------------------------------------------------------------


def _combined(asked: _Question, candidates: Sequence[Candidate]) -> Determination:
    award = asked.rule.award
    ranked = _ranked(candidates, asked)
    alone = _alone(ranked)
    if alone is not None:
        total = alone
    elif isinstance(award, Cash) and award.combination is Combination.ONCE:
        ranked, total = once_each(ranked)
    else:
        total = together(candidate.item.known for candidate in ranked)
    most = asked.amount(award.most) if isinstance(award, Cash) else None
    if most is not None:
        ranked, total = highest_few(ranked, total, most)
    items = sorted((c.item for c in ranked), key=lambda item: _index(item.path))
    leading = _leading(asked, [candidate.item for candidate in ranked], total)
    return _determination(asked, total, tuple(items), leading)


def _alone(ranked: Sequence[Candidate]) -> Known | None:
    """What an item comes to beside which no other counts, now or later."""
    counting = [
        candidate.item.known
        for candidate in ranked
        if candidate.item.known.high != 0 or candidate.item.remaining.high != 0
    ]
    if not counting:
        return _NOTHING
    return counting[0] if len(counting) == 1 and counting[0].is_known else None


def _between(ends: Ends, parts: Sequence[Known]) -> Known:
    missing = NOTHING_MISSING.union(*(part.missing for part in parts))
    return between(*ends, missing)


def _index(path: str) -> int:
    """The place in its list of the record at a path."""
    return int(path.rpartition("[")[2].rstrip("]")) if path else 0


_ORDER = (
    Outcome.ELIGIBLE,
    Outcome.DISCRETIONARY,
    Outcome.UNDETERMINED,
    Outcome.INELIGIBLE,
)


def _ranked(candidates: Sequence[Candidate], asked: _Question) -> list[Candidate]:
    """
    What is due first, the highest before the lower, then what is nearest to being due.

    Nothing in the order of the list may decide which record is paid: among equals it
    is the earliest, then the one whose facts come first.
    """
    if len(candidates) == 1:
        return list(candidates)
    found: list[Candidate] = []
    for _, equals in groupby(sorted(candidates, key=_rank), key=_rank):
        tied = list(equals)
        if len(tied) > 1:
            tied.sort(key=lambda candidate: _content(candidate, asked))
        found += tied
    return found


def _rank(candidate: Candidate) -> tuple[int, int, int, date]:
    item = candidate.item
    due = -fen_low(item.remaining)
    day = item.dated or date.max
    return (_ORDER.index(item.outcome), due, candidate.unmet, day)


def _content(candidate: Candidate, asked: _Question) -> str:
    """All facts of a record, in an order of their own."""
    each = asked.rule.each
    records = () if each is None else asked.subject.fact(each.records)
    assert isinstance(records, tuple)  # noqa: S101  # declared as a list of records
    record = records[_index(candidate.item.path)]
    return repr(sorted(record.to_dict().items(), key=str))


def _leading(asked: _Question, ranked: Sequence[Item], total: Known) -> Item:
    """The item that explains the rule best."""
    best = min(ranked, key=lambda item: _ORDER.index(item.outcome))
    if isinstance(asked.rule.award, Cash) and not total.is_known:
        # What leaves the rule open explains it, not what is due in any case.
        is_open = (item for item in ranked if item.outcome is Outcome.UNDETERMINED)
        return next(is_open, best)
    return best


# --- the determination ---------------------------------------------------------


def _determination(
    asked: _Question, total: Known, items: tuple[Item, ...], leading: Item
) -> Determination:
    award = asked.rule.award
    cap = asked.amount(award.cap) if isinstance(award, Cash) else None
    if cap is not None:
        if cap.high == 0 and total.high != 0:
            leading = evolve(leading, code=ReasonCode.ALREADY_AWARDED)
        total = _between(least_of([total, cap]), [total, cap])
    outcome = _rule_outcome(asked.rule, total, items, leading)
    undetermined = outcome is Outcome.UNDETERMINED
    book = asked.book
    return Determination(
        rule=asked.rule,
        outcome=outcome,
        entitlement=total,
        payable=total,
        items=items,
        leading=leading,
        code=None if undetermined else leading.code,
        as_of=asked.as_of,
        vocabulary=book.vocabulary,
        readings={name: book.readings[name] for name in asked.rule.readings},
        declared=book.declared_readings,
        cap=cap,
        shares=_shares(asked),
        provisional=book.policy.status is Status.DRAFT,
        consider=asked.consider,
    )


def _shares(asked: _Question) -> tuple[Known, ...]:
    """The share of each payer; one may pay whatever the others leave."""
    if not asked.rule.payers:
        return ()
    given = [asked.amount(payer.share) for payer in asked.rule.payers]
    known = [share for share in given if share is not None]
    taken = _between(total_of(known), known)
    rest = _between(total_of([exactly(1), Known(*negative_of([taken]))]), [taken])
    return tuple(rest if share is None else share for share in given)


def _rule_outcome(
    rule: Rule, total: Known, items: tuple[Item, ...], leading: Item
) -> Outcome:
    outcomes = {item.outcome for item in items} or {leading.outcome}
    if isinstance(rule.award, Cash):
        if not total.is_known:
            return Outcome.UNDETERMINED
        return Outcome.ELIGIBLE if total.value != 0 else Outcome.INELIGIBLE
    for outcome in (Outcome.ELIGIBLE, Outcome.DISCRETIONARY, Outcome.UNDETERMINED):
        if outcome in outcomes:
            return outcome
    return Outcome.INELIGIBLE
