"""
Of several rules only the highest is paid for each record of a list (同一项目就高不重复).

Every record is a contest of its own: what one rule is paid for it supersedes what the
others would be, and different records may be paid under different rules.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import assert_never

from attrs import evolve, frozen

from .combining import Place, Stands, fen_low, highest_only, less, sum_of
from .determination import Determination
from .explanation import Later
from .facts import Subject
from .grouping import Group, Past, PerRecord
from .ir import Term
from .items import NOTHING, Item
from .known import NOTHING_MISSING, Known, between, greatest_of
from .policy import Outcome, ReasonCode

#: What a term over the award history or other facts comes to, in fen.
Find = Callable[[Term], Known]


@frozen
class _Contest:
    """One record with the rules of a group that may pay for it, in their order."""

    group: Group
    past: Past
    per: PerRecord
    path: str
    key: str | None
    claims: Mapping[str, Item]
    find: Find
    stands: Stands

    def paid(self, *rules: str) -> Known:
        """What was paid before for this record under some rules, in fen."""
        ever = self.find(self.past.under(*rules))
        if ever.high == 0:
            return ever
        if self.key is None:
            unknown = frozenset({f"{self.path}.{self.per.key}"})
            return between(0, ever.high, ever.missing | unknown)
        return self.find(self.per.within(self.past, self.key).under(*rules))

    def settled(self) -> tuple[dict[str, Item], Known]:
        """What becomes of the item of every rule, and what is paid for the record."""
        paid = [self.paid(*self._others(rule)) for rule in self.claims]
        pairs = list(zip(self.claims.values(), paid, strict=True))
        dues = [less(item.known, before) for item, before in pairs]
        remaining = [less(item.remaining, before) for item, before in pairs]
        standing, total = highest_only(dues, remaining, self.stands)
        missing = NOTHING_MISSING.union(*(part.missing for part in (*dues, *remaining)))
        by_rule = dict(zip(self.claims, remaining, strict=True))
        found: dict[str, Item] = {}
        for (rule, item), due, place in zip(
            self.claims.items(), dues, standing, strict=True
        ):
            match place:
                case Place.BEATEN:
                    found[rule] = _beaten(item, self._rival(rule, by_rule))
                case Place.PAID:
                    found[rule] = _paying(item, due, by_rule[rule])
                case Place.OPEN:
                    ends = (due.high, by_rule[rule].high)
                    perhaps = (between(0, end, missing) for end in ends)
                    found[rule] = _paying(item, *perhaps)
                case _:
                    assert_never(place)
        return found, total

    def _others(self, rule: str) -> tuple[str, ...]:
        return tuple(other for other in self.group.members if other != rule)

    def _rival(self, rule: str, remaining: Mapping[str, Known]) -> str:
        """The rule that is paid instead: now, or else the one paid the most before."""
        if remaining[rule].high != 0:
            least = {other: fen_low(left) for other, left in remaining.items()}
        else:
            least = {other: fen_low(self.paid(other)) for other in self._others(rule)}
        return max(self._others(rule), key=lambda other: least.get(other, 0))


def highest_of_each(  # noqa: PLR0913, PLR0917  # what is asked, each a different thing
    group: Group,
    members: Sequence[Determination],
    past: Past,
    per: PerRecord,
    subject: Subject,
    find: Find,
    stands: Stands,
) -> tuple[list[Determination], Known]:
    """
    The members with only the highest left for each record, and what they come to.

    What the other members were paid before for a record counts against what a member
    gives for it. Of a list that nobody knows, all members together give no more than
    the one that gives the most for a record, as often as there may be records.
    """
    records = subject.fact(per.records)
    if not isinstance(records, tuple):
        dues = [d.payable for d in members]
        return list(members), between(*greatest_of(dues), sum_of(dues).missing)
    claims: dict[str, dict[str, Item]] = {}
    for determination in members:
        for item in determination.items:
            # Only what may be due, now or later, can be the highest.
            if item.remaining.high != 0:
                claims.setdefault(item.path, {})[determination.rule.id] = item
    found: dict[str, dict[str, Item]] = {}
    totals: list[Known] = []
    for index, record in enumerate(records):
        path = f"{per.records}[{index}]"
        if path in claims:
            key = record.fact(per.key)
            named = key if isinstance(key, str) else None
            claimed = claims[path]
            contest = _Contest(group, past, per, path, named, claimed, find, stands)
            found[path], total = contest.settled()
            totals.append(total)
    return [_recomputed(d, found) for d in members], sum_of(totals)


# --- what becomes of an item -----------------------------------------------------


def _beaten(item: Item, rival: str) -> Item:
    return evolve(
        item,
        outcome=Outcome.INELIGIBLE,
        known=NOTHING,
        remaining=NOTHING,
        code=ReasonCode.SUPERSEDED,
        rival=rival,
    )


def _paying(item: Item, due: Known, remaining: Known) -> Item:
    """An item of which so much is paid now, of so much in all."""
    outcome, code = _outcome(due), item.code
    if outcome is Outcome.INELIGIBLE and code is None:
        code = ReasonCode.ALREADY_AWARDED  # under the others, as much as is due now
    return evolve(item, outcome=outcome, known=due, remaining=remaining, code=code)


def _outcome(due: Known) -> Outcome:
    if not due.is_known:
        return Outcome.UNDETERMINED
    return Outcome.ELIGIBLE if due.value != 0 else Outcome.INELIGIBLE


# --- what becomes of a determination ---------------------------------------------


def _recomputed(
    determination: Determination, found: Mapping[str, Mapping[str, Item]]
) -> Determination:
    """A determination with what its items come to once the contests are over."""
    rule = determination.rule.id
    items = tuple(
        found.get(item.path, {}).get(rule, item) for item in determination.items
    )
    if items == determination.items:
        return determination
    payable = sum_of([item.known for item in items])
    outcome = _outcome(payable)
    leading = _leading(determination, items, outcome)
    undetermined = outcome is Outcome.UNDETERMINED
    return determination.changed(
        outcome=outcome,
        payable=payable,
        details=Later(
            lambda: evolve(determination.details(), items=items, leading=leading)
        ),
        code=None if undetermined else leading.code,
        rival=leading.rival,
    )


def _leading(
    determination: Determination, items: Sequence[Item], outcome: Outcome
) -> Item:
    """
    The item that explains the rule best.

    That is what explained it before, unless that is beaten and others are not; where
    nothing is due, what is paid later explains it.
    """
    first = determination.leading.path
    remaining = {item.path: fen_low(item.remaining) for item in determination.items}
    return min(
        items,
        key=lambda item: (
            item.outcome is not outcome,
            item.remaining.high == 0,
            item.path != first,
            -remaining[item.path],
        ),
    )
