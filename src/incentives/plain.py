"""What a rule comes to where its records decide and nothing else needs a look."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from attrs import frozen

from .known import Known, exactly
from .money import yuan
from .policy import Outcome, ReasonCode


@frozen(cache_hash=True)
class Plain:
    """
    An outcome without its reasons, which are found when somebody asks.

    ``payable`` is in fen and ``amount`` the same in yuan, None where that is to be
    found too; ``code`` is that of the rule as a whole, and ``reason`` that of what
    decides, None where several records must be compared to tell.
    """

    outcome: Outcome
    payable: Known | None
    amount: Decimal | None
    code: ReasonCode | None = None
    reason: ReasonCode | None = None


_NOTHING = exactly(0)


def _ruled_out(code: ReasonCode | None, reason: ReasonCode | None) -> Plain:
    return Plain(Outcome.INELIGIBLE, _NOTHING, Decimal(0), code, reason)


#: Nothing is due, and somebody must say why.
UNMET = _ruled_out(None, None)
#: Nothing is due, and one requirement decides that.
UNMET_BY: Mapping[ReasonCode, Plain] = {
    code: _ruled_out(None, code) for code in ReasonCode
}
#: The conditions are met, and yet it comes to nothing.
NOTHING_OF: Mapping[ReasonCode, Plain] = {
    code: _ruled_out(code, code)
    for code in (ReasonCode.NOTHING_DUE, ReasonCode.ALREADY_AWARDED)
}
NO_RECORD = _ruled_out(ReasonCode.NO_RECORD, ReasonCode.NO_RECORD)
OTHER_SUBJECT = _ruled_out(ReasonCode.OTHER_SUBJECT, ReasonCode.OTHER_SUBJECT)

#: A support that is not money, or an award that the text leaves to the authority.
GRANTED = Plain(Outcome.ELIGIBLE, _NOTHING, None, None, ReasonCode.CONDITION_MET)
LEFT_OPEN = Plain(
    Outcome.DISCRETIONARY,
    _NOTHING,
    None,
    ReasonCode.NO_AMOUNT_IN_TEXT,
    ReasonCode.NO_AMOUNT_IN_TEXT,
)

#: A fact that is missing decides: on an amount, or on what is not money.
OPEN = Plain(Outcome.UNDETERMINED, None, None)
UNDECIDED = Plain(Outcome.UNDETERMINED, _NOTHING, None)


@lru_cache(maxsize=8_192)
def due(fen: int) -> Plain:
    """That so much is due, all of it known."""
    known, amount = exactly(fen), yuan(fen)
    return Plain(Outcome.ELIGIBLE, known, amount, None, ReasonCode.CONDITION_MET)
