"""What was found of one rule, before and after stacking."""

from attrs import frozen

from .explanation import Later
from .items import Cut, Item
from .known import Known
from .policy import Outcome, ReasonCode


@frozen
class Details:
    """
    What a determination follows from.

    ``items`` are the records that the rule looked at, and ``leading`` explains it best;
    ``cap`` is what all items together can come to, in fen, where the rule has such a
    cap, and ``shares`` are what each of those who pay it takes of it.
    """

    items: tuple[Item, ...]
    leading: Item
    cap: Known | None = None
    shares: tuple[Known, ...] = ()


@frozen
class Found:
    """
    What was found of one rule.

    ``entitlement`` is what the rule alone gives and ``payable`` what is left of it
    after stacking, both in fen and as far as they are known. ``cuts`` are what the
    groups of the rule have taken off, in turn, and ``rival`` is the rule that is paid
    instead. ``details`` makes what it follows from.
    """

    outcome: Outcome
    entitlement: Known
    payable: Known
    details: Later[Details]
    code: ReasonCode | None
    rival: str | None = None
    cuts: tuple[Cut, ...] = ()
