"""One record of a rule, or the subject itself: what was found makes an item of it."""

from datetime import date
from typing import assert_never

from attrs import evolve, frozen

from .engines.engine import NOTHING_DUE, Bound, Due, Engine, Look
from .facts import Subject
from .ir import Term
from .items import NOTHING, Item
from .known import Known, between, perhaps
from .payments import Payment, PaymentStatus, payments_of
from .policy import Outcome, ReasonCode, Rule
from .selection import Candidate
from .standards import Cash, Discretionary, NonCash
from .verdict import Verdict


@frozen
class Asked:
    """What is asked: a rule, a subject, a day, and who looks."""

    rule: Rule
    subject: Subject
    as_of: date
    engine: Engine
    due: Due = NOTHING_DUE

    def look(self, at: Bound | None, subject: Subject | None = None) -> Look:
        """What the engine says of one record, or of the subject itself."""
        whom = self.subject if subject is None else subject
        return self.engine.look(self.rule, whom, self.as_of, at, self.due)

    def amount(self, term: Term | None) -> Known | None:
        """What a term over the facts of the subject comes to."""
        if term is None:
            return None
        return self.engine.amount(term, self.subject, self.as_of, self.due)


def candidate(asked: Asked, at: Bound | None) -> Candidate:
    """What comes of one record, or of the subject itself where there is none."""
    look = asked.look(at)
    path = "" if at is None else at.path
    payments: tuple[Payment, ...] = ()
    if look.instalments:
        paid = NOTHING if look.paid is None else look.paid
        payments = payments_of(look.instalments, paid, asked.as_of, path)
    due = NOTHING if look.known is None else look.known
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
        return NOTHING
    if look.verdict is Verdict.MET:
        return known
    some = perhaps(known)
    return between(some.low, some.high, known.missing | look.lacking)


def _item_code(
    asked: Asked, at: Bound | None, look: Look, payments: tuple[Payment, ...]
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
