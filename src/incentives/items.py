"""What came of one record of a rule, and why: the parts of a determination."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import field, frozen

from .explanation import Explanation, Ground, Working
from .grouping import Group
from .known import NOTHING_MISSING, Known, exactly
from .money import yuan
from .payments import Payment
from .policy import Outcome, ReasonCode
from .verdict import Verdict


@frozen
class Reason:
    """
    Why: a code, a verdict, the condition, the fact's value and the threshold.

    ``condition`` is in Chinese; ``words("en")`` says it in English. ``value`` and
    ``threshold`` are ready for JSON (money as decimal strings of yuan). ``because``
    holds the reasons for the parts of a compound condition.
    """

    code: ReasonCode
    verdict: Verdict
    condition: str
    fact: str | None = None
    value: object = None
    threshold: object = None
    missing: tuple[str, ...] = ()
    because: tuple["Reason", ...] = ()
    words: Callable[[str], str] = field(eq=False, repr=False, kw_only=True)

    def to_dict(self) -> dict[str, Any]:
        """The reason, ready for JSON."""
        return {
            "code": self.code.value,
            "verdict": self.verdict.value,
            "condition": self.condition,
            "fact": self.fact,
            "value": self.value,
            "threshold": self.threshold,
            "missing": list(self.missing),
            "because": [reason.to_dict() for reason in self.because],
        }


NOTHING = exactly(0)


@frozen
class Item:
    """
    One record that a rule looked at, or the subject itself where `path` is empty.

    ``known`` is what it adds, in fen, of ``worth``, what the rule comes to for it
    (None where that is not money); ``code`` says why a met item adds nothing;
    ``lacking`` is what its conditions miss. ``explain`` makes grounds and working when
    they are asked for: of an award that is paid over time the working is that of all
    of it. ``payments`` are its parts, and ``remaining`` is what can still be paid of it, now or later, in fen;
    ``repayable`` is what must be given back, in fen.
    ``rival`` is the rule that is paid for this record instead.
    """

    path: str
    label: str
    outcome: Outcome
    known: Known = field(repr=False)
    explain: Callable[[], Explanation] = field(
        default=Explanation, repr=False, eq=False
    )
    worth: Known | None = field(default=None, repr=False)
    lacking: frozenset[str] = field(default=NOTHING_MISSING, repr=False)
    dated: date | None = None
    code: ReasonCode | None = None
    remaining: Known = field(default=NOTHING, repr=False)
    payments: tuple[Payment, ...] = field(default=(), repr=False)
    repayable: Known | None = field(default=None, repr=False)
    rival: str | None = field(default=None, repr=False)

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """Every requirement of the rule with what was found about it."""
        return self.explain().grounds

    @property
    def working(self) -> Working | None:
        """How its amount was computed; None where it is not money."""
        return self.explain().working

    @property
    def amount(self) -> Decimal | None:
        """Yuan that this record adds, None where undetermined or not money."""
        return amount_of(self.outcome, self.known, is_cash=self.worth is not None)

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that would still decide about this record."""
        if self.outcome is not Outcome.UNDETERMINED:
            return ()
        return facts_only(self.known.missing | self.lacking)

    @property
    def amount_needs(self) -> tuple[str, ...]:
        """The facts without which its amount cannot be computed."""
        if self.outcome is not Outcome.UNDETERMINED or self.worth is None:
            return ()
        return facts_only(self.worth.missing)


@frozen
class Alternative:
    """What another reading of one ambiguous word would come to, in yuan."""

    reading: str
    value: str
    outcome: Outcome
    amount: Decimal | None

    def to_dict(self) -> dict[str, Any]:
        """The alternative, ready for JSON."""
        return {
            "reading": self.reading,
            "value": self.value,
            "outcome": self.outcome.value,
            "amount": None if self.amount is None else f"{self.amount:f}",
        }


@frozen
class Cut:
    """What a group made of an amount, in fen; ``room`` is what its cap leaves."""

    group: Group
    before: Known
    after: Known
    room: Known | None = None


def facts_only(missing: frozenset[str]) -> tuple[str, ...]:
    """What a record can supply; the effective date is for the policy to state."""
    return tuple(sorted(path for path in missing if not path.startswith("policy.")))


def decisive(item: Item) -> list[Ground]:
    return [g for g in item.grounds if g.found.verdict is not Verdict.MET]


def amount_of(outcome: Outcome, known: Known, *, is_cash: bool) -> Decimal | None:
    if outcome is Outcome.INELIGIBLE:
        return Decimal(0)
    if not is_cash or outcome is not Outcome.ELIGIBLE:
        return None
    assert isinstance(known.value, int)  # noqa: S101  # eligible money is known
    return yuan(known.value)


def bounds_of(known: Known) -> tuple[Decimal, Decimal | None]:
    """Fen that are known in part, as yuan; awards are never negative."""
    low = known.low if isinstance(known.low, int) else 0
    high = known.high if isinstance(known.high, int) else None
    return (yuan(max(0, low)), None if high is None else yuan(max(0, high)))
