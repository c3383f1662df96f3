"""What a rule grants: money at once or over time, a support, or what is left open."""

from enum import Enum

from attrs import frozen

from .ir import Condition, Term


class Combination(Enum):
    """How the items of a rule add up."""

    EVERY = "every"
    ONCE = "once"


@frozen
class Instalment:
    """
    A part of an award that falls due on a day of its own (分期).

    ``amount`` is in fen and adds up with the others to the whole; ``on`` is the day,
    which must not be after ``by``, where there is such a day; ``met`` is what else must
    hold by then: a milestone. ``label`` is what the author calls it.
    """

    amount: Term
    on: Term
    by: Term | None = None
    met: Condition | None = None
    label: str = ""


@frozen
class Schedule:
    """
    How an award is paid over time: the ``whole`` of it, and its parts in order.

    ``paid`` is what was paid before of this very award, and ``remaining`` what can
    still be paid of it, now or later, both in fen.
    """

    whole: Term
    instalments: tuple[Instalment, ...]
    paid: Term
    remaining: Term


@frozen
class Repayment:
    """What must be given back (追回), in fen, where a condition is met."""

    condition: Condition
    amount: Term
    label: str = ""


@frozen
class Payer:
    """Who pays which share of an award; None is whatever the others leave."""

    who: str
    share: Term | None = None


@frozen
class Cash:
    """
    An amount in fen; with ``ONCE`` only the highest item (of each `per`) is paid.

    ``cap`` is what all items together can come to, less what was paid before; ``most``
    is how many items are paid at all, the highest ones. With a ``schedule`` the amount
    is what is due of it by the day asked about. ``repayments`` are what may have to be
    given back.
    """

    amount: Term
    combination: Combination = Combination.EVERY
    per: Term | None = None
    cap: Term | None = None
    most: Term | None = None
    schedule: Schedule | None = None
    repayments: tuple[Repayment, ...] = ()


@frozen
class NonCash:
    """A support or a priority that is not money."""

    support: str


@frozen
class Discretionary:
    """An award whose amount the text leaves to the authority."""

    why: str


AwardStandard = Cash | NonCash | Discretionary
