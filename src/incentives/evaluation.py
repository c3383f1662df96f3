"""`evaluate()`: a subject, a day, a rule book and its readings; out comes an assessment."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from attrs import evolve

from . import stacking
from .assessment import Assessment
from .dates import read_date, today
from .determination import Alternative, Determination
from .engines.judging import determine
from .engines.reference import World, work_out
from .errors import UsageError
from .facts import County, Enterprise
from .known import Known
from .packs import bundled
from .policy import RuleBook
from .structuring import subject_of


def evaluate(
    subject: Enterprise | County | Mapping[str, Any],
    *,
    as_of: date | str | None = None,
    rules: RuleBook | None = None,
    readings: Mapping[str, str] | None = None,
) -> Assessment:
    """
    What a subject is entitled to on a day: how much, why, why not, what is missing.

    ``as_of`` takes the law and the facts of that day (default: today in Asia/Shanghai);
    ``rules`` is a book made by :func:`load` (default: the bundled quanzhou-2024);
    ``readings`` decide ambiguous words otherwise than by their defaults.

    Raises :class:`RecordError` for a record with mistakes, and :class:`UsageError` for
    a day, a book or a reading that makes no sense.
    """
    day = _day(as_of)
    book = bundled() if rules is None else rules
    if not isinstance(book, RuleBook):
        kind = type(book).__name__
        raise UsageError(f"rules: expected a rule book made by load(), got {kind}")
    if readings is not None and not isinstance(readings, Mapping):
        kind = type(readings).__name__
        raise UsageError(f"readings: expected a mapping, got {kind}")
    return _assess(subject_of(subject, book), day, book.under(readings or {}))


def _day(as_of: object) -> date:
    if as_of is None:
        return today()
    try:
        return read_date(as_of)
    except ValueError as error:
        raise UsageError(f"as_of: {error}") from None


def _assess(subject: Enterprise | County, day: date, book: RuleBook) -> Assessment:
    alone = [determine(book, rule, subject, day) for rule in book]
    determinations, possible = _stacked(alone, subject, day, book)
    return Assessment(
        subject_id=subject.id,
        name=subject.name,
        subject=subject.subject,
        as_of=day,
        book=book,
        determinations=tuple(
            evolve(d, consider=partial(_alternatives, d, subject, day, book))
            for d in determinations
        ),
        possible=possible,
        reconsider=partial(_reconsidered, subject, day, book),
    )


def _reconsidered(
    subject: Enterprise | County,
    day: date,
    book: RuleBook,
    readings: Mapping[str, str],
) -> Assessment:
    return _assess(subject, day, book.under(readings))


def _one(
    subject: Enterprise | County, day: date, book: RuleBook, rule: str
) -> Determination:
    """One rule alone, with the rules that it stacks with."""
    peers = {rule}.union(
        *(
            group.paid_elsewhere
            for group in book.stackings
            if rule in group.paid_elsewhere
        )
    )
    alone = [determine(book, r, subject, day) for r in book if r.id in peers]
    found, _ = _stacked(alone, subject, day, book)
    return next(d for d in found if d.rule.id == rule)


def _stacked(
    alone: list[Determination],
    subject: Enterprise | County,
    day: date,
    book: RuleBook,
) -> tuple[list[Determination], Known]:
    """Every determination after stacking, and what all of them can come to."""
    world = World(subject, day, {})
    current = {d.rule.id: d for d in alone}
    grouped: set[str] = set()
    totals: list[Known] = []
    for group in book.stackings:
        members = [
            d
            for d in stacking.members_of(list(current.values()), group.paid_elsewhere)
            if d.is_cash
            and d.rule.subject == subject.subject
            and d.rule.id not in grouped
        ]
        if not members:
            continue
        paid = {
            member.rule.id: work_out(group.paid_elsewhere[member.rule.id], world).known
            for member in members
        }
        found, total = stacking.stacked(members, paid)
        current |= {d.rule.id: d for d in found}
        grouped |= {d.rule.id for d in found}
        totals.append(total)
    free = [d.payable for d in current.values() if d.rule.id not in grouped]
    possible = stacking.sum_of([*free, *totals])
    return list(current.values()), possible


def _alternatives(
    determination: Determination,
    subject: Enterprise | County,
    day: date,
    book: RuleBook,
) -> tuple[Alternative, ...]:
    """What each other reading of one word comes to, where it differs."""
    found = []
    for reading, value in _others(determination):
        other = _one(subject, day, book.under({reading: value}), determination.rule.id)
        if _result(other) != _result(determination):
            found.append(Alternative(reading, value, other.outcome, other.amount))
    return tuple(found)


def _result(determination: Determination) -> tuple[object, ...]:
    return (determination.outcome, determination.amount, determination.bounds)


def _others(determination: Determination) -> Iterator[tuple[str, str]]:
    """The other values of the readings that this rule depends on."""
    for name, current in determination.readings.items():
        for value in determination.declared[name].others:
            if value != current:
                yield name, value
