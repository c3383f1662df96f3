"""
Several versions of a rule, each from a day on, become one rule of the kernel.

Which of them counts is decided by the day that the rule is dated by: its event, the
application, or the day asked about. No engine learns of it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from difflib import SequenceMatcher
from functools import reduce
from itertools import pairwise
from typing import Any as Anything
from typing import TypeVar

import attrs

from attrs import frozen

from ...ir import (
    All,
    Any,
    AsOf,
    Branch,
    Choose,
    Compare,
    Comparison,
    Condition,
    Constant,
    Kind,
    Term,
    Uncertain,
)
from ...ir_kinds import kind_of
from ...policy import Requirement, Rule
from ...standards import AwardStandard, Cash, Repayment, Schedule

Same = TypeVar("Same")

#: What is put together, what is as the last version has it, what all versions have.
_MERGED = ("requirements", "award")
_NEWEST = ("title", "english", "clause", "payer", "departments", "window")
_GATHERED = ("readings", "uses")

#: Keys of rule files for what no notice can change.
_KEYS = {
    "dated": "dated by",
    "combination": "once",
    "per": "once",
    "most": "at most",
    "schedule": "pay",
    "repayments": "claw back",
}

_ONE_DAY = timedelta(days=1)


@frozen
class Period:
    """The days from a first one, and before an end; None where there is none."""

    first: date | None
    end: date | None

    def condition(self, dated: Term) -> Condition:
        """That a day lies in the period."""
        bounds = [
            Compare(comparison, dated, Constant(day, Kind.DATE))
            for comparison, day in (
                (Comparison.GE, self.first),
                (Comparison.LT, self.end),
            )
            if day is not None
        ]
        return bounds[0] if len(bounds) == 1 else All(tuple(bounds))


def conflicts(rules: Sequence[Rule]) -> Iterator[tuple[int, str]]:
    """The number of a version, and what of it cannot be put together with the last."""
    for index, (old, new) in enumerate(pairwise(rules), start=1):
        for field in attrs.fields(Rule):
            if field.name not in (*_MERGED, *_NEWEST, *_GATHERED):
                yield from _differing(index, old, new, field.name)
        yield from _award_conflicts(index, old.award, new.award)


def _differing(
    index: int, old: object, new: object, name: str
) -> Iterator[tuple[int, str]]:
    if getattr(old, name) != getattr(new, name):
        yield index, _KEYS.get(name, name)


def _award_conflicts(
    index: int, old: AwardStandard, new: AwardStandard
) -> Iterator[tuple[int, str]]:
    if type(old) is not type(new):
        yield index, "award"
        return
    for field in attrs.fields(type(old)):
        was, now = getattr(old, field.name), getattr(new, field.name)
        if not _can_choose(was, now):
            yield from _differing(index, old, new, field.name)


def _can_choose(was: object, now: object) -> bool:
    """Whether both are terms of one kind, texts for people, or paid over time."""
    if isinstance(was, str) and isinstance(now, str):
        return True
    if isinstance(was, tuple) and isinstance(now, tuple):
        return True  # repayments, which add up
    if isinstance(was, Schedule) and isinstance(now, Schedule):
        return was.paid == now.paid
    both_terms = isinstance(was, Term) and isinstance(now, Term)
    return both_terms and kind_of(was) is kind_of(now)  # type: ignore[arg-type]  # terms


def merged(rules: Sequence[Rule], days: Sequence[date]) -> Rule:
    """
    One rule for several, the second from the first of the days on, and so forth.

    There must be no :func:`conflicts`.
    """
    last = rules[-1]
    dated = last.dated or AsOf()
    return attrs.evolve(
        last,
        requirements=_requirements(rules, days, dated),
        award=_award([rule.award for rule in rules], days, dated),
        readings=_all_of(rule.readings for rule in rules),
        uses=_all_of(rule.uses for rule in rules),
    )


def _all_of(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({each for every in lists for each in every}))


# --- requirements --------------------------------------------------------------


def _requirements(
    rules: Sequence[Rule], days: Sequence[date], dated: Term
) -> tuple[Requirement, ...]:
    lists = [rule.requirements for rule in rules]
    keys = [[_key(requirement) for requirement in each] for each in lists]
    by_key = {_key(each): each for every in lists for each in every}
    found = []
    for key in reduce(_woven, keys):
        absent = _periods([key not in each for each in keys], days)
        requirement = by_key[key]
        condition = _guarded(requirement.condition, absent, dated)
        if condition is not None:
            found.append(attrs.evolve(requirement, condition=condition))
    return tuple(found)


def _key(requirement: Requirement) -> tuple[object, Condition]:
    return requirement.code, requirement.condition


_Keys = list[tuple[object, Condition]]


def _woven(left: _Keys, right: _Keys) -> _Keys:
    """Both lists as one: in the order of each, as far as that goes, each thing once."""
    woven: _Keys = []
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for _, start, end, first, last in matcher.get_opcodes():
        woven += [*left[start:end], *right[first:last]]
    return list(dict.fromkeys(woven))


def _periods(holds: Sequence[bool], days: Sequence[date]) -> list[Period]:
    """The periods in which something holds, those that touch as one."""
    found: list[Period] = []
    bounds = [None, *days, None]
    for index, held in enumerate(holds):
        if not held:
            continue
        period = Period(bounds[index], bounds[index + 1])
        if found and found[-1].end == period.first and period.first is not None:
            period = Period(found.pop().first, period.end)
        found.append(period)
    return found


def _guarded(
    condition: Condition, absent: list[Period], dated: Term
) -> Condition | None:
    """The condition outside of some periods; None where it can only be met."""
    if _is_void(condition, absent, dated):
        return None
    guards = [p for p in absent if not _is_implied(condition, p, dated)]
    if not guards:
        return condition
    return Any((*(period.condition(dated) for period in guards), condition))


def _limits(condition: Condition, dated: Term) -> tuple[date | None, date | None]:
    """The first and the last day that a condition on the dated day leaves, if any."""
    match condition:
        case Compare(
            comparison=Comparison.LE, left=left, right=Constant(value=date() as day)
        ) if left == dated:
            return None, day
        case Compare(
            comparison=Comparison.GE,
            left=left,
            right=Constant(value=date() as day) | Uncertain(high=day),
        ) if left == dated:
            return day, None
        case _:
            return None, None


def _is_implied(condition: Condition, period: Period, dated: Term) -> bool:
    """Whether every day of a period meets the condition in any case."""
    first, last = _limits(condition, dated)
    if last is not None:
        return period.end is not None and period.end <= last + _ONE_DAY
    return first is not None and period.first is not None and first <= period.first


def _is_void(condition: Condition, absent: list[Period], dated: Term) -> bool:
    """Whether every day that fails the condition is one where it does not count."""
    first, last = _limits(condition, dated)
    if last is not None:
        return any(
            p.end is None and (p.first is None or p.first <= last + _ONE_DAY)
            for p in absent
        )
    return first is not None and any(
        p.first is None and p.end is not None and first <= p.end for p in absent
    )


# --- awards --------------------------------------------------------------------


def _award(
    awards: Sequence[AwardStandard], days: Sequence[date], dated: Term
) -> AwardStandard:
    last = awards[-1]
    found: dict[str, Anything] = {}
    for field in attrs.fields(type(last)):
        values = [getattr(award, field.name) for award in awards]
        if all(value == values[-1] for value in values):
            continue
        # What is of all items together has no record to be dated by.
        over_items = isinstance(last, Cash) and field.name in {"cap", "most"}
        day = AsOf() if over_items else dated
        found[field.name] = _putting_together(values[-1])(values, days, day)
    return attrs.evolve(last, **found)


def _putting_together(value: object) -> Callable[..., object]:
    match value:
        case str():
            return _texts
        case Schedule():
            return _schedule
        case tuple():
            return _repayments
        case _:
            return _chosen


def _schedule(
    schedules: Sequence[Schedule], days: Sequence[date], dated: Term
) -> Schedule:
    """The instalments of all versions, each of which comes to nothing outside its own."""
    instalments = tuple(
        attrs.evolve(each, amount=_within(each.amount, period, dated))
        for schedule, period in _spans(schedules, days)
        for each in schedule.instalments
    )
    whole, remaining = (
        _chosen([getattr(schedule, name) for schedule in schedules], days, dated)
        for name in ("whole", "remaining")
    )
    return attrs.evolve(
        schedules[-1], whole=whole, remaining=remaining, instalments=instalments
    )


def _within(amount: Term, period: Period, dated: Term) -> Term:
    branch = Branch(period.condition(dated), amount)
    return Choose((branch,), Constant(0, Kind.MONEY))


def _repayments(
    lists: Sequence[tuple[Repayment, ...]], days: Sequence[date], dated: Term
) -> tuple[Repayment, ...]:
    """The repayments of all versions, each of which is asked for in its own only."""
    return tuple(
        attrs.evolve(each, condition=All((period.condition(dated), each.condition)))
        for repayments, period in _spans(lists, days)
        for each in repayments
    )


def _spans(
    values: Sequence[Same], days: Sequence[date]
) -> Iterator[tuple[Same, Period]]:
    """Each version that differs from the one before, with the period in which it holds."""
    distinct = list(dict.fromkeys(values))
    for value in distinct:
        held = [each == value for each in values]
        for period in _periods(held, days):
            yield value, period


def _chosen(terms: Sequence[Term], days: Sequence[date], dated: Term) -> Term:
    """The term of the version that counts on a day."""
    branches = tuple(
        Branch(Compare(Comparison.LT, dated, Constant(day, Kind.DATE)), term)
        for term, following, day in zip(terms, terms[1:], days, strict=False)
        if term != following
    )
    return Choose(branches, terms[-1]) if branches else terms[-1]


def _texts(texts: Sequence[str], days: Sequence[date], _: Term) -> str:
    """A text of each version, with the day from which it holds."""
    later = zip(texts, texts[1:], days, strict=False)
    return "；".join(
        [texts[0], *(f"自{day}起：{new}" for old, new, day in later if new != old)]
    )
