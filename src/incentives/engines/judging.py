"""One rule for one subject on one day: its items, and how they combine."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import assert_never

from attrs import evolve, field, frozen

from ..determination import Determination, Item, Outcome
from ..explanation import Ground, Working
from ..facts import Record, Subject
from ..ir import Sum, Value
from ..known import (
    NOTHING_MISSING,
    Known,
    between,
    exactly,
    perhaps,
    times,
    total_of,
)
from ..policy import (
    Cash,
    Combination,
    Discretionary,
    NonCash,
    ReasonCode,
    Rule,
    RuleBook,
    Status,
)
from ..verdict import Verdict, all_of
from .reference import World, find, work_out

_NOTHING = exactly(0)


@frozen
class _Candidate:
    """An item with what decides how it combines with the others."""

    item: Item
    key: Known | None
    order: tuple[object, ...] = field(eq=False)


def determine(
    book: RuleBook, rule: Rule, subject: Subject, as_of: date
) -> Determination:
    """The determination of one rule before stacking."""
    if rule.subject != getattr(subject, "subject", ""):
        return _other_subject(book, rule, as_of)
    world = World(subject, as_of, {})
    if rule.each is None:
        items = [_item(rule, world, "", None)]
        return _combined(book, rule, as_of, items)
    records = subject.fact(rule.each.records)
    if records is None:
        return _unknown_list(book, rule, world)
    assert isinstance(records, tuple)  # noqa: S101  # declared as a list of records
    if not records:
        return _empty_list(book, rule, world)
    items = [
        _item(
            rule,
            world.with_record(
                rule.each.binder, record, f"{rule.each.records}[{index}]"
            ),
            f"{rule.each.records}[{index}]",
            record,
        )
        for index, record in enumerate(records)
    ]
    return _combined(book, rule, as_of, items)


# --- one item ------------------------------------------------------------------


def _item(rule: Rule, world: World, path: str, record: Record | None) -> _Candidate:
    grounds = tuple(
        Ground(requirement, find(requirement.condition, world))
        for requirement in rule.requirements
    )
    verdict = all_of(ground.found.verdict for ground in grounds)
    dated = None if rule.dated is None else work_out(rule.dated, world).known.value
    working = _working(rule, world)
    item = Item(
        path=path,
        label=_label(rule, world),
        outcome=_outcome(rule, verdict, working),
        known=_amount(verdict, grounds, working),
        grounds=grounds,
        working=working,
        dated=dated if isinstance(dated, date) else None,
        code=_item_code(rule, verdict, working),
    )
    key = _key(rule, world)
    # Nothing in the order of the list may decide which record is paid.
    shown = "" if record is None else repr(sorted(record.to_dict().items(), key=str))
    return _Candidate(item, key, (item.dated or date.max, shown))


def _working(rule: Rule, world: World) -> Working | None:
    return work_out(rule.award.amount, world) if isinstance(rule.award, Cash) else None


def _key(rule: Rule, world: World) -> Known | None:
    if not isinstance(rule.award, Cash) or rule.award.per is None:
        return None
    return work_out(rule.award.per, world).known


def _label(rule: Rule, world: World) -> str:
    if rule.each is None or rule.each.label is None:
        return ""
    value = work_out(rule.each.label, world).known.value
    return "" if value is None else str(value)


def _outcome(rule: Rule, verdict: Verdict, working: Working | None) -> Outcome:
    if verdict is Verdict.UNMET:
        return Outcome.INELIGIBLE
    if working is not None and working.known.high == 0:
        return Outcome.INELIGIBLE
    if verdict is Verdict.UNKNOWN:
        return Outcome.UNDETERMINED
    match rule.award:
        case NonCash():
            return Outcome.ELIGIBLE
        case Discretionary():
            return Outcome.DISCRETIONARY
        case Cash():
            known = working is not None and working.known.is_known
            return Outcome.ELIGIBLE if known else Outcome.UNDETERMINED
        case _:
            assert_never(rule.award)


def _amount(
    verdict: Verdict, grounds: Sequence[Ground], working: Working | None
) -> Known:
    """What an item adds: all of it, perhaps it, or nothing."""
    if verdict is Verdict.UNMET or working is None:
        return _NOTHING
    if verdict is Verdict.MET:
        return working.known
    lacking = working.known.missing.union(*(g.found.missing for g in grounds))
    some = perhaps(working.known)
    return between(some.low, some.high, lacking)


def _item_code(
    rule: Rule, verdict: Verdict, working: Working | None
) -> ReasonCode | None:
    if isinstance(rule.award, Discretionary) and verdict is Verdict.MET:
        return ReasonCode.NO_AMOUNT_IN_TEXT
    if verdict is Verdict.UNMET or working is None or working.known.high != 0:
        return None
    return ReasonCode.ALREADY_AWARDED if _was_paid(working) else ReasonCode.NOTHING_DUE


def _was_paid(working: Working) -> bool:
    """Whether earlier awards count in an amount."""
    return any(
        isinstance(part.node, Sum)
        and part.node.records == "awards"
        and part.known.high != 0
        for part in working.terms()
    )


# --- lists that are unknown or empty -------------------------------------------


def _unknown_list(book: RuleBook, rule: Rule, world: World) -> Determination:
    """Nobody knows the records: what one of them could come to, as often as may be."""
    each = rule.each
    assert each is not None  # noqa: S101  # the caller looked
    ghost = world.with_record(each.binder, None, each.records)
    item = _item(rule, ghost, each.records, None).item
    known = item.known
    if item.outcome is not Outcome.INELIGIBLE:
        count = 1 if _is_once(rule) else each.at_most
        total = times(perhaps(known), count)
        known = between(total.low, total.high, known.missing | {each.records})
        item = evolve(item, outcome=Outcome.UNDETERMINED, known=known, code=None)
    return _determination(book, rule, world.as_of, known, (), item)


def _is_once(rule: Rule) -> bool:
    award = rule.award
    if not isinstance(award, Cash):
        return True
    return award.combination is Combination.ONCE and award.per is None


def _empty_list(book: RuleBook, rule: Rule, world: World) -> Determination:
    each = rule.each
    assert each is not None  # noqa: S101  # the caller looked
    ghost = world.with_record(each.binder, None, each.records)
    item = _item(rule, ghost, each.records, None).item
    decided = tuple(g for g in item.grounds if g.found.verdict is not Verdict.UNKNOWN)
    item = evolve(
        item,
        outcome=Outcome.INELIGIBLE,
        known=_NOTHING,
        grounds=decided,
        code=ReasonCode.NO_RECORD,
    )
    return _determination(book, rule, world.as_of, _NOTHING, (), item)


def _other_subject(book: RuleBook, rule: Rule, as_of: date) -> Determination:
    item = Item("", "", Outcome.INELIGIBLE, _NOTHING, (), code=ReasonCode.OTHER_SUBJECT)
    return _determination(book, rule, as_of, _NOTHING, (), item)


# --- items together ------------------------------------------------------------


def _combined(
    book: RuleBook, rule: Rule, as_of: date, candidates: Sequence[_Candidate]
) -> Determination:
    if isinstance(rule.award, Cash) and rule.award.combination is Combination.ONCE:
        candidates = _paid_once(candidates)
    items = tuple(candidate.item for candidate in candidates)
    total = _total(rule, candidates)
    ranked = [candidate.item for candidate in sorted(candidates, key=_rank)]
    leading = ranked[0]
    if isinstance(rule.award, Cash) and not total.is_known:
        # What leaves the rule open explains it, not what is due in any case.
        is_open = (item for item in ranked if item.outcome is Outcome.UNDETERMINED)
        leading = next(is_open, leading)
    return _determination(book, rule, as_of, total, items, leading)


def _rank(candidate: _Candidate) -> tuple[object, ...]:
    """The item that explains the rule best first: due, then nearest to being due."""
    item = candidate.item
    unmet = sum(ground.found.verdict is Verdict.UNMET for ground in item.grounds)
    low = item.known.low if isinstance(item.known.low, int) else 0
    order = [
        Outcome.ELIGIBLE,
        Outcome.DISCRETIONARY,
        Outcome.UNDETERMINED,
        Outcome.INELIGIBLE,
    ].index(item.outcome)
    return (order, -low, unmet, *candidate.order)


def _paid_once(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """
    Of the items with one key, only the highest is paid, the earliest among equals.

    An item that is only perhaps the highest stays as it is.
    """
    best: dict[Value | None, _Candidate] = {}
    for candidate in sorted(candidates, key=_rank):
        known_key = candidate.key is None or candidate.key.is_known
        if candidate.item.outcome is Outcome.ELIGIBLE and known_key:
            best.setdefault(_key_value(candidate), candidate)
    return [_unless_beaten(candidate, best) for candidate in candidates]


def _key_value(candidate: _Candidate) -> Value | None:
    return None if candidate.key is None else candidate.key.value


def _unless_beaten(
    candidate: _Candidate, best: Mapping[Value | None, _Candidate]
) -> _Candidate:
    if candidate.key is not None and not candidate.key.is_known:
        return candidate
    winner = best.get(_key_value(candidate))
    item = candidate.item
    if winner is None or winner is candidate or item.outcome is Outcome.INELIGIBLE:
        return candidate
    limit, most = winner.item.known.low, item.known.high
    if most is None or most > limit:  # type: ignore[operator]  # both are money
        return candidate
    beaten = evolve(
        item, outcome=Outcome.INELIGIBLE, known=_NOTHING, code=ReasonCode.ONCE_ONLY
    )
    return evolve(candidate, item=beaten)


def _total(rule: Rule, candidates: Sequence[_Candidate]) -> Known:
    missing = NOTHING_MISSING.union(*(c.item.known.missing for c in candidates))
    award = rule.award
    if isinstance(award, Cash) and award.combination is Combination.ONCE:
        missing = missing.union(*(c.key.missing for c in candidates if c.key))
        low, high = _once_per_key(candidates)
    else:
        low, high = total_of([candidate.item.known for candidate in candidates])
    return between(low, high, missing)


def _once_per_key(
    candidates: Sequence[_Candidate],
) -> tuple[Value | None, Value | None]:
    """The highest of each key; an item whose key is unknown may share any of them."""
    lows: dict[Value | None, int] = {}
    highs: dict[Value | None, int | None] = {}
    free_low = 0
    free_high: int | None = 0
    for candidate in candidates:
        low, high = candidate.item.known.low, candidate.item.known.high
        assert isinstance(low, int)  # noqa: S101  # an award is rounded to fen
        assert high is None or isinstance(high, int)  # noqa: S101  # likewise
        if candidate.key is not None and not candidate.key.is_known:
            free_low = max(free_low, low)
            free_high = None if high is None or free_high is None else free_high + high
            continue
        key = _key_value(candidate)
        lows[key] = max(lows.get(key, 0), low)
        highs[key] = _higher(highs.get(key, 0), high)
    low_total = sum(lows.values()) + max(0, free_low - max(lows.values(), default=0))
    every_high = [*highs.values(), free_high]
    known_highs = [high for high in every_high if high is not None]
    return (
        low_total,
        sum(known_highs) if len(known_highs) == len(every_high) else None,
    )


def _higher(left: int | None, right: int | None) -> int | None:
    return None if left is None or right is None else max(left, right)


# --- the determination ---------------------------------------------------------


def _determination(  # noqa: PLR0913, PLR0917  # the parts of a determination
    book: RuleBook,
    rule: Rule,
    as_of: date,
    total: Known,
    items: tuple[Item, ...],
    leading: Item,
) -> Determination:
    outcome = _rule_outcome(rule, total, items, leading)
    undetermined = outcome is Outcome.UNDETERMINED
    return Determination(
        rule=rule,
        outcome=outcome,
        entitlement=total,
        payable=total,
        items=items,
        leading=leading,
        code=None if undetermined else leading.code,
        as_of=as_of,
        vocabulary=book.vocabulary,
        readings={name: book.readings[name] for name in rule.readings},
        declared=book.declared_readings,
        provisional=book.policy.status is Status.DRAFT,
    )


def _rule_outcome(
    rule: Rule, total: Known, items: tuple[Item, ...], leading: Item
) -> Outcome:
    outcomes = {item.outcome for item in items} or {leading.outcome}
    if isinstance(rule.award, Cash):
        if not total.is_known:
            return Outcome.UNDETERMINED
        return Outcome.ELIGIBLE if total.value != 0 else Outcome.INELIGIBLE
    for outcome in (Outcome.ELIGIBLE, Outcome.DISCRETIONARY, Outcome.UNDETERMINED):
        if outcome in outcomes:
            return outcome
    return Outcome.INELIGIBLE
