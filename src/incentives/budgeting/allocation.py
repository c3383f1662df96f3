"""What many applications get together, once budgets and quotas are shared out."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from html import escape
from typing import Any

from attrs import field, frozen

from ..assessment import Assessment
from ..book import RuleBook
from ..determination import Determination
from ..errors import UsageError, did_you_mean, one_of
from ..grouping import Budget
from ..items import bounds_of
from ..known import Known, between
from ..money import yuan
from ..policy import Status
from . import allotments
from .claims import Standing


@frozen
class Lacking:
    """A fact that is missing, and the application whose record lacks it."""

    application: str
    fact: str

    def to_dict(self) -> dict[str, str]:
        """The same, ready for JSON."""
        return {"id": self.application, "fact": self.fact}


@frozen
class Grant:
    """
    What one application gets under one rule, and why, in yuan.

    ``demand`` is what the rule comes to, ``share`` what the budget leaves of it, both
    in fen as far as they are known. ``served`` is the day or the figure by which it
    stands in the order, ``rank`` its place, equals sharing theirs; both are None where
    they are not known, or where there is no order.
    """

    application: str
    determination: Determination = field(repr=False)
    budget: Budget | None = field(repr=False)
    demand: Known = field(repr=False)
    share: Known = field(repr=False)
    standing: Standing
    served: object = None
    rank: int | None = None
    exhausted: "Exhaustion | None" = field(default=None, repr=False)
    missing: tuple[Lacking, ...] = ()

    @property
    def rule(self) -> str:
        """The id of the rule."""
        return self.determination.rule.id

    @property
    def demanded(self) -> Decimal | None:
        """Yuan due by the rule alone; None where undetermined, or not money."""
        return self.determination.amount

    @property
    def granted(self) -> Decimal | None:
        """Yuan that the budget leaves of it; None where that depends on an unknown."""
        share = self.share.value
        cash = self.determination.is_cash
        return yuan(share) if cash and isinstance(share, int) else None

    @property
    def bounds(self) -> tuple[Decimal, Decimal | None]:
        """Yuan that the grant can still become; None above is without limit."""
        return bounds_of(self.share)

    def explain(self, lang: str = "zh") -> str:
        """Why it is so much, in a few words."""
        return allotments.why(self, lang)

    def to_dict(self) -> dict[str, Any]:
        """The grant, ready for JSON; money as decimal strings of yuan."""
        low, high = self.bounds
        return {
            "rule": self.rule,
            "budget": None if self.budget is None else self.budget.id,
            "outcome": self.determination.outcome.value,
            "demanded": _text(self.demanded),
            "granted": _text(self.granted),
            "bounds": [f"{low:f}", _text(high)],
            "standing": self.standing.value,
            "rank": self.rank,
            "missing": [lacking.to_dict() for lacking in self.missing],
        }


@frozen
class Exhaustion:
    """The claim that took the last of a budget, and the day or figure it stood at."""

    application: str
    rule: str
    served: object

    @property
    def day(self) -> date | None:
        """The day, where claims are served by their day."""
        return self.served if isinstance(self.served, date) else None


@frozen
class Application:
    """One subject with its grants, in the order of the book."""

    assessment: Assessment
    grants: tuple[Grant, ...]

    @property
    def id(self) -> str:
        """The id of the subject."""
        return self.assessment.subject_id

    def __getitem__(self, rule: str) -> Grant:
        for grant in self.grants:
            if grant.rule == rule:
                return grant
        known = [grant.rule for grant in self.grants]
        hint = did_you_mean(str(rule), known) or one_of(known)
        raise UsageError(f"unknown rule {rule!r}, {hint}")

    def __iter__(self) -> Iterator[Grant]:
        return iter(self.grants)

    @property
    def total(self) -> Decimal:
        """Yuan granted; only what is decided."""
        return _total(self.grants)

    def to_dict(self) -> dict[str, Any]:
        """The application, ready for JSON."""
        return {
            "id": self.id,
            "total": f"{self.total:f}",
            "grants": [grant.to_dict() for grant in self.grants],
        }


@frozen
class Spending:
    """
    What becomes of one budget, in yuan.

    ``exhausted`` is the claim that took the last of it; None where something is left,
    or may be, or where everybody is cut alike.
    """

    budget: Budget
    grants: tuple[Grant, ...] = field(repr=False)
    demand: Known = field(repr=False)
    share: Known = field(repr=False)
    exhausted: Exhaustion | None = None

    @property
    def available(self) -> Decimal | None:
        """Yuan in the budget less what was spent before; None without an amount."""
        amount = self.budget.amount
        return None if amount is None else yuan(max(0, amount - self.budget.spent))

    @property
    def demanded(self) -> tuple[Decimal, Decimal | None]:
        """Between which amounts lies what all claims together ask for."""
        return bounds_of(self.demand)

    @property
    def granted(self) -> Decimal:
        """Yuan granted; only what is decided."""
        return _total(self.grants)

    @property
    def left(self) -> Known:
        """What is left of the budget, in fen; all that can be said without an amount."""
        amount = self.budget.amount
        if amount is None:
            return Known(None, None)
        room = max(0, amount - self.budget.spent)
        given = (self.share.low, self.share.high)
        low, high = (end if isinstance(end, int) else 0 for end in given)
        return between(room - high, room - low, self.share.missing)

    @property
    def remaining(self) -> tuple[Decimal, Decimal] | None:
        """Between which amounts lies what is left of it; None without an amount."""
        left = self.left
        low, high = bounds_of(left)
        return None if self.budget.amount is None or high is None else (low, high)

    def to_dict(self) -> dict[str, Any]:
        """The budget, ready for JSON; money as decimal strings of yuan."""
        exhausted, remaining = self.exhausted, self.remaining
        day = None if exhausted is None else exhausted.day
        return {
            "budget": self.budget.id,
            "rules": list(self.budget.rules),
            "available": _text(self.available),
            "quota": self.budget.quota,
            "demanded": [_text(end) for end in self.demanded],
            "granted": f"{self.granted:f}",
            "remaining": None
            if remaining is None
            else [f"{end:f}" for end in remaining],
            "exhausted_on": None if day is None else day.isoformat(),
            "exhausted_by": None if exhausted is None else exhausted.application,
        }


@frozen(repr=False)
class Allocation:
    """What all applications get on a day, by application and by budget."""

    book: RuleBook
    as_of: date
    applications: tuple[Application, ...]
    budgets: tuple[Spending, ...]

    def __getitem__(self, subject_id: str) -> Application:
        for application in self.applications:
            if application.id == subject_id:
                return application
        known = [application.id for application in self.applications]
        hint = did_you_mean(str(subject_id), known) or "it did not apply"
        raise UsageError(f"unknown application {subject_id!r}, {hint}")

    def __iter__(self) -> Iterator[Application]:
        return iter(self.applications)

    def __len__(self) -> int:
        return len(self.applications)

    def budget(self, name: str) -> Spending:
        """What becomes of a budget, by its name."""
        for spending in self.budgets:
            if spending.budget.id == name:
                return spending
        known = [spending.budget.id for spending in self.budgets]
        hint = did_you_mean(str(name), known) or (
            f"expected {one_of(known)}" if known else "the policy has none"
        )
        raise UsageError(f"unknown budget {name!r}, {hint}")

    @property
    def total(self) -> Decimal:
        """Yuan granted to all applications; only what is decided."""
        return sum((each.total for each in self.applications), Decimal(0))

    @property
    def provisional(self) -> bool:
        """Whether the policy is a draft, so that nothing is due in law yet."""
        return self.book.policy.status is Status.DRAFT

    def to_dict(self) -> dict[str, Any]:
        """The allocation, ready for JSON; money as decimal strings of yuan."""
        return {
            "as_of": self.as_of.isoformat(),
            "policy": self.book.policy.id,
            "digest": self.book.digest,
            "provisional": self.provisional,
            "readings": dict(self.book.readings),
            "total": f"{self.total:f}",
            "budgets": [spending.to_dict() for spending in self.budgets],
            "applications": [each.to_dict() for each in self.applications],
        }

    def show(self, lang: str = "zh") -> str:
        """A table a person can read: every claim, then every budget."""
        return allotments.table(self, lang)

    def __str__(self) -> str:
        return self.show()

    def __repr__(self) -> str:
        return (
            f"Allocation(policy={self.book.policy.id!r}, "
            f"as_of={self.as_of.isoformat()!r}, "
            f"applications={len(self.applications)}, total='{self.total:f}')"
        )

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.show())}</pre>"


def _total(grants: Sequence[Grant]) -> Decimal:
    granted = (grant.granted for grant in grants)
    return sum((amount for amount in granted if amount is not None), Decimal(0))


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"
