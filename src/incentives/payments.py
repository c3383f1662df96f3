"""An award over time: each payment, when it is due, what was paid of it, what lapses."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, assert_never

from attrs import evolve, frozen

from .dates import NEVER
from .known import Known
from .money import Rounding, round_fen, yuan
from .verdict import Verdict


class PaymentStatus(Enum):
    """Where a payment stands on the day asked about."""

    PAID = "paid"
    DUE = "due"
    UPCOMING = "upcoming"
    UNMET = "unmet"
    LAPSED = "lapsed"
    OPEN = "open"


@frozen
class Payment:
    """
    One part of an award, in yuan.

    ``day`` is when it falls due, None while nobody knows; ``by`` the last day on which
    it can; ``amount`` is None while it is not known; ``paid`` is what was paid of it
    before. ``record`` is the path of what it is paid for, ``number`` counts from 1.
    """

    number: int
    label: str
    amount: Decimal | None
    day: date | None
    by: date | None
    status: PaymentStatus
    paid: Decimal = Decimal(0)
    record: str = ""

    @property
    def outstanding(self) -> Decimal | None:
        """What is still to be paid of it, now or later; None while not known."""
        if self.status in (PaymentStatus.UNMET, PaymentStatus.LAPSED):
            return Decimal(0)
        return None if self.amount is None else self.amount - self.paid

    def to_dict(self) -> dict[str, Any]:
        """The payment, ready for JSON; a day that never comes is false."""
        return {
            "number": self.number,
            "label": self.label,
            "amount": None if self.amount is None else f"{self.amount:f}",
            "date": _json_day(self.day),
            "by": _json_day(self.by),
            "status": self.status.value,
            "paid": f"{self.paid:f}",
            "record": self.record,
        }


def _json_day(day: date | None) -> str | bool | None:
    if day is None:
        return None
    return False if day == NEVER else day.isoformat()


@frozen
class Looked:
    """What is known of one instalment: amount in fen, days, and its milestone."""

    label: str
    amount: Known
    on: Known
    by: Known | None
    met: Verdict


def payments_of(
    looked: Sequence[Looked], paid: Known, as_of: date, record: str
) -> tuple[Payment, ...]:
    """
    The payments of one award in their order, with what was paid allotted to them.

    What was paid fills what has fallen due first, then what comes later. What comes to
    nothing in any case is no payment.
    """
    found = [
        Payment(
            number=number,
            label=each.label,
            amount=_amount(each),
            day=_day(each.on),
            by=None if each.by is None else _day(each.by),
            status=_status(each, as_of),
            record=record,
        )
        for number, each in enumerate(filter(_is_something, looked), start=1)
    ]
    if not isinstance(paid.value, int):
        return tuple(found)
    left = yuan(paid.value)
    for status in (PaymentStatus.DUE, PaymentStatus.UPCOMING):
        for index, payment in enumerate(found):
            if payment.status is status and payment.amount is not None:
                part = min(left, payment.amount)
                left -= part
                done = part == payment.amount and part > 0
                now = PaymentStatus.PAID if done else status
                found[index] = evolve(payment, paid=part, status=now)
    return tuple(found)


def _is_something(each: Looked) -> bool:
    return each.amount.high != 0


def _amount(each: Looked) -> Decimal | None:
    value = each.amount.value
    return yuan(value) if isinstance(value, int) else None


def _day(known: Known) -> date | None:
    return known.value if isinstance(known.value, date) else None


def _status(each: Looked, as_of: date) -> PaymentStatus:
    on, by = each.on, each.by
    if by is not None and _after(on.low, by.high):
        return PaymentStatus.LAPSED
    if by is not None and not _on_or_before(on.high, by.low):
        # The day is open, or the deadline: while it lies ahead, all may be well yet.
        return PaymentStatus.OPEN
    if not _after(on.low, as_of) and not _on_or_before(on.high, as_of):
        return PaymentStatus.OPEN
    if _after(on.low, as_of):
        return PaymentStatus.UPCOMING
    match each.met:
        case Verdict.MET:
            return PaymentStatus.DUE
        case Verdict.UNKNOWN:
            return PaymentStatus.OPEN
        case Verdict.UNMET:
            return PaymentStatus.UNMET
        case _:
            assert_never(each.met)


def _after(day: object, other: object) -> bool:
    """Whether a day is after another in any case."""
    return isinstance(day, date) and isinstance(other, date) and day > other


def _on_or_before(day: object, other: object) -> bool:
    """Whether a day is not after another in any case."""
    return isinstance(day, date) and isinstance(other, date) and day <= other


def shared_out(amount: Decimal, shares: Sequence[Known]) -> list[Decimal] | None:
    """
    What each payer pays of an amount in yuan, to the fen; None while nobody can tell.

    Each pays up to its part of the running sum, so that nothing is lost by rounding.
    """
    fen = int(amount * 100)
    before, whole = 0, Fraction(0)
    found: list[Decimal] = []
    for share in shares:
        if not isinstance(share.value, int | Fraction):
            return None
        whole += share.value
        upto = round_fen(fen * whole, mode=Rounding.HALF_UP)
        found.append(yuan(upto - before))
        before = upto
    return found
