"""One rule for one subject on one day: its items, and how they combine."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from attrs import evolve

from .candidates import Asked, candidate
from .combining import fen_low
from .engines.engine import NOTHING_DUE, Bound, Due, Engine
from .explanation import Explanation, Later
from .facts import Record, Subject
from .found import Details, Found
from .items import NOTHING, Item
from .known import (
    NOTHING_MISSING,
    Ends,
    Known,
    between,
    exactly,
    least_of,
    negative_of,
    perhaps,
    times,
    total_of,
)
from .plain import NO_RECORD, OTHER_SUBJECT, UNMET, Plain
from .policy import Each, Outcome, ReasonCode, Rule
from .selection import Candidate, highest_few, once_each, together
from .standards import Cash, Combination
from .verdict import Verdict


def determine(
    rule: Rule, subject: Subject, as_of: date, engine: Engine, due: Due = NOTHING_DUE
) -> Found:
    """
    What is found of one rule before stacking.

    ``due`` is what the rules that it uses come to.
    """
    asked = Asked(rule, subject, as_of, engine, due)
    if rule.subject != getattr(subject, "subject", ""):
        return _other_subject(asked)
    if rule.each is None:
        return _combined(asked, [candidate(asked, None)])
    records = _records(rule.each, subject)
    if records is None:
        return _unknown_list(asked)
    if not records:
        return _empty_list(asked)
    bounds = (
        Bound(record, f"{rule.each.records}[{index}]")
        for index, record in enumerate(records)
    )
    return _combined(asked, [candidate(asked, bound) for bound in bounds])


def ruled_out(rule: Rule, subject: Subject) -> Plain:
    """What is said of a rule that is unmet whatever its records say."""
    if rule.subject != getattr(subject, "subject", ""):
        return OTHER_SUBJECT
    no_record = rule.each is not None and _records(rule.each, subject) == ()
    return NO_RECORD if no_record else UNMET


def _records(each: Each, subject: Subject) -> tuple[Record, ...] | None:
    records = subject.fact(each.records)
    assert records is None or isinstance(records, tuple)  # noqa: S101  # declared as a list of records
    return records


# --- lists that are unknown or empty -------------------------------------------


def _ghost(asked: Asked) -> Item:
    """What could be said of one record of a list of which nobody knows anything."""
    each = asked.rule.each
    assert each is not None  # noqa: S101  # the callers looked
    return candidate(asked, Bound(None, each.records)).item


def _unknown_list(asked: Asked) -> Found:
    """Nobody knows the records: what one of them could come to, as often as may be."""
    item = _ghost(asked)
    known = item.known
    if item.outcome is not Outcome.INELIGIBLE:
        known = _as_often(known, item.path, asked.rule)
        item = evolve(
            item,
            outcome=Outcome.UNDETERMINED,
            known=known,
            remaining=_as_often(item.remaining, item.path, asked.rule),
            code=None,
        )
    return _found(asked, known, (), item)


def _as_often(one: Known, path: str, rule: Rule) -> Known:
    """What a list that nobody knows comes to, if one of its records comes to so much."""
    most = None if rule.each is None else rule.each.at_most
    total = times(perhaps(one), 1 if _is_once(rule) else most)
    return between(total.low, total.high, one.missing | {path})


def _is_once(rule: Rule) -> bool:
    award = rule.award
    if not isinstance(award, Cash):
        return True
    return award.combination is Combination.ONCE and award.per is None


def _empty_list(asked: Asked) -> Found:
    ghost = _ghost(asked)

    def explain() -> Explanation:
        """What is decided of any record whatever."""
        grounds = ghost.grounds
        known = (g for g in grounds if g.found.verdict is not Verdict.UNKNOWN)
        return Explanation(tuple(known), ghost.working)

    item = evolve(
        ghost,
        outcome=Outcome.INELIGIBLE,
        known=NOTHING,
        remaining=NOTHING,
        explain=explain,
        lacking=NOTHING_MISSING,
        code=ReasonCode.NO_RECORD,
        payments=(),
    )
    return _found(asked, NOTHING, (), item)


def _other_subject(asked: Asked) -> Found:
    item = Item("", "", Outcome.INELIGIBLE, NOTHING, code=ReasonCode.OTHER_SUBJECT)
    return _found(asked, NOTHING, (), item)


# --- items together ------------------------------------------------------------


def _combined(asked: Asked, candidates: Sequence[Candidate]) -> Found:
    award = asked.rule.award
    ranked = _ranked(candidates, asked)
    alone = _alone(ranked)
    if alone is not None:
        total = alone
    elif isinstance(award, Cash) and award.combination is Combination.ONCE:
        ranked, total = once_each(ranked)
    else:
        total = together(candidate.item.known for candidate in ranked)
    most = asked.amount(award.most) if isinstance(award, Cash) else None
    if most is not None:
        ranked, total = highest_few(ranked, total, most)
    items = sorted((c.item for c in ranked), key=lambda item: _index(item.path))
    leading = _leading(asked, [candidate.item for candidate in ranked], total)
    return _found(asked, total, tuple(items), leading)


def _alone(ranked: Sequence[Candidate]) -> Known | None:
    """What an item comes to beside which no other counts, now or later."""
    counting = [
        candidate.item.known
        for candidate in ranked
        if candidate.item.known.high != 0 or candidate.item.remaining.high != 0
    ]
    if not counting:
        return NOTHING
    return counting[0] if len(counting) == 1 and counting[0].is_known else None


def _between(ends: Ends, parts: Sequence[Known]) -> Known:
    missing = NOTHING_MISSING.union(*(part.missing for part in parts))
    return between(*ends, missing)


def _index(path: str) -> int:
    """The place in its list of the record at a path."""
    return int(path.rpartition("[")[2].rstrip("]")) if path else 0


_ORDER = (
    Outcome.ELIGIBLE,
    Outcome.DISCRETIONARY,
    Outcome.UNDETERMINED,
    Outcome.INELIGIBLE,
)


def _ranked(candidates: Sequence[Candidate], asked: Asked) -> list[Candidate]:
    """
    What is due first, the highest before the lower, then what is nearest to being due.

    Nothing in the order of the list may decide which record is paid: among equals it
    is the earliest, then the one whose facts come first.
    """
    if len(candidates) == 1:
        return list(candidates)
    found: list[Candidate] = []
    for _, equals in groupby(sorted(candidates, key=_rank), key=_rank):
        tied = list(equals)
        if len(tied) > 1:
            tied.sort(key=lambda candidate: _content(candidate, asked))
        found += tied
    return found


def _rank(candidate: Candidate) -> tuple[int, int, int, date]:
    item = candidate.item
    due = -fen_low(item.remaining)
    day = item.dated or date.max
    return (_ORDER.index(item.outcome), due, candidate.unmet, day)


def _content(candidate: Candidate, asked: Asked) -> str:
    """All facts of a record, in an order of their own."""
    each = asked.rule.each
    records = () if each is None else asked.subject.fact(each.records)
    assert isinstance(records, tuple)  # noqa: S101  # declared as a list of records
    record = records[_index(candidate.item.path)]
    return repr(sorted(record.to_dict().items(), key=str))


def _leading(asked: Asked, ranked: Sequence[Item], total: Known) -> Item:
    """The item that explains the rule best."""
    best = min(ranked, key=lambda item: _ORDER.index(item.outcome))
    if isinstance(asked.rule.award, Cash) and not total.is_known:
        # What leaves the rule open explains it, not what is due in any case.
        is_open = (item for item in ranked if item.outcome is Outcome.UNDETERMINED)
        return next(is_open, best)
    return best


# --- what is found -----------------------------------------------------------------


def _found(asked: Asked, total: Known, items: tuple[Item, ...], leading: Item) -> Found:
    award = asked.rule.award
    cap = asked.amount(award.cap) if isinstance(award, Cash) else None
    if cap is not None:
        if cap.high == 0 and total.high != 0:
            leading = evolve(leading, code=ReasonCode.ALREADY_AWARDED)
        total = _between(least_of([total, cap]), [total, cap])
    outcome = _rule_outcome(asked.rule, total, items, leading)
    code = None if outcome is Outcome.UNDETERMINED else leading.code
    details = Later(lambda: Details(items, leading, cap, _shares(asked)))
    return Found(outcome, total, total, details, code)


def _shares(asked: Asked) -> tuple[Known, ...]:
    """The share of each payer; one may pay whatever the others leave."""
    if not asked.rule.payers:
        return ()
    given = [asked.amount(payer.share) for payer in asked.rule.payers]
    known = [share for share in given if share is not None]
    taken = _between(total_of(known), known)
    rest = _between(total_of([exactly(1), Known(*negative_of([taken]))]), [taken])
    return tuple(rest if share is None else share for share in given)


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
