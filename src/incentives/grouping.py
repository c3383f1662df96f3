"""What several rules, or several subjects, share: groups and budgets."""

from collections.abc import Mapping
from enum import Enum

from attrs import evolve, field, frozen

from .ir import (
    All,
    Compare,
    Comparison,
    Condition,
    Constant,
    Fact,
    Kind,
    Member,
    Sum,
    Term,
    Value,
)


@frozen
class Past:
    """
    The awards paid before that a group counts: those of the policy, of its period.

    ``where`` does not say under which rules; :meth:`under` does.
    """

    where: Condition
    rule: Fact
    amount: Fact

    def under(self, *rules: str) -> Sum:
        """What was paid before under some rules, in fen."""
        rows: frozenset[tuple[Value, ...]] = frozenset((rule,) for rule in rules)
        among = Member((self.rule,), rows, shown=rules)
        return Sum("awards", "award", All((among, self.where)), self.amount)


class Sharing(Enum):
    """Who gives way where several amounts exceed what there is for them."""

    IN_ORDER = "in order"
    PRO_RATA = "pro rata"


@frozen
class PerRecord:
    """
    That a group is about each record of a list by itself (同一项目就高不重复).

    ``key`` is the field that tells the records apart, and ``named`` the fact of an
    award of the past that says which record it was for.
    """

    records: str
    key: str
    named: Fact

    def within(self, past: Past, key: Value) -> Past:
        """Of the awards paid before, those for the record with a key."""
        same = Compare(Comparison.EQ, self.named, Constant(key, Kind.TEXT))
        return evolve(past, where=All((past.where, same)))


@frozen
class Highest:
    """
    Only the highest is paid (就高不重复), less what the others were paid before.

    With ``per`` that holds of each record of a list, which all members look at.
    """

    past: Past
    per: PerRecord | None = None


@frozen
class Capped:
    """
    All members together come to no more than a cap (合计封顶), a cap per subject.

    ``room`` is, for each kind of subject, the cap less what was paid before in the
    period that it is for, in fen.
    """

    room: Mapping[str, Term] = field(hash=False)
    sharing: Sharing = Sharing.IN_ORDER


@frozen
class Group:
    """Rules, in the order of the book, whose amounts do not simply add up (叠加)."""

    id: str
    members: tuple[str, ...]
    combine: Highest | Capped
    english: str = ""

    def name_in(self, lang: str) -> str:
        """What the group is called in a language; Chinese where there is no other."""
        return self.english if lang == "en" and self.english else self.id


class Exceeded(Enum):
    """How a budget is shared out where it does not suffice for everybody."""

    PRO_RATA = "pro rata"
    FIRST_COME = "first come"
    RANKING = "ranking"


class Ties(Enum):
    """What becomes of equals of whom not all can be paid in full."""

    REFUSED = "refused"
    PRO_RATA = "pro rata"
    BY_ID = "by id"


@frozen
class Budget:
    """
    What all subjects together can be paid under some rules (资金规模).

    ``amount`` and ``spent`` are in fen; without an amount only the quota, the number
    of subjects, is limited. ``order`` is, for each rule, the day or the figure by
    which its claims are served, at one of its records where it has any.
    """

    id: str
    rules: tuple[str, ...]
    amount: int | None
    spent: int = 0
    exceeded: Exceeded = Exceeded.PRO_RATA
    order: Mapping[str, Term] = field(factory=dict, hash=False)
    ascending: bool = True
    quota: int | None = None
    ties: Ties = Ties.REFUSED
    english: str = ""

    def name_in(self, lang: str) -> str:
        """What the budget is called in a language; Chinese where there is no other."""
        return self.english if lang == "en" and self.english else self.id
