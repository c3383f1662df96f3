"""A registry in columns comes to what `evaluate()` does, record by record."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import incentives

from incentives import Assessment, RuleBook
from incentives.evaluation import evaluate
from incentives.facts import County, Enterprise
from incentives.screening.gathering import gathered
from incentives.screening.rows import OUTCOMES, REASONS
from incentives.screening.screened import Batch, item_reason, screened
from incentives.structuring import subject_of
from tests.property.books import FIRMS, READER, VOCABULARY, rule_books
from tests.property.strategies import DAYS, READINGS, partly_known
from tests.support.measuring import unmeasured

#: How many books the profile of hypothesis asks for: a hundred, or thousands.
USUAL = settings.default.max_examples if settings.default else 100
PACKS = Path(__file__).parents[2]


def batch(
    subjects: list[Enterprise | County], kind: str, book: RuleBook, day: str
) -> Batch:
    declared = book.vocabulary[kind]
    return screened(gathered(subjects, declared), kind, book, date.fromisoformat(day))


def said(found: Batch, number: int) -> dict[str, Any]:
    """What columns say of a subject: totals, every rule, every record."""
    return {
        "total": found.totals.row(number),
        "rules": {
            rule: spoken(table.row(number)) for rule, table in found.said.items()
        },
        "items": {
            rule: [spoken(row[:5]) for row in table.rows() if row[6] == number]
            for rule, table in found.items.items()
        },
    }


def spoken(row: tuple[Any, ...]) -> tuple[Any, ...]:
    outcome, reason, low, high, missing = row[:5]
    code = None if reason is None else REASONS[reason]
    return (OUTCOMES[outcome], code, low, high, tuple(missing or ()))


def expected(assessment: Assessment, found: Batch) -> dict[str, Any]:
    """The same of an assessment."""
    items = {
        rule: [
            (
                item.outcome,
                item_reason(item),
                item.known.low,
                item.known.high,
                item.missing,
            )
            for item in assessment[rule].items
        ]
        for rule in found.items
    }
    rules = {
        rule: (d.outcome, d.reason_code, d.payable.low, d.payable.high, d.missing)
        for rule in found.said
        for d in (assessment[rule],)
    }
    possible = assessment.possible
    return {"total": (possible.low, possible.high), "rules": rules, "items": items}


@settings(max_examples=3 * USUAL)
@given(rule_books(), partly_known(FIRMS), DAYS)
def test_any_book(book: RuleBook, known: tuple[dict[str, Any], ...], day: str) -> None:
    """Outcomes, reasons, amounts, bounds and what is missing, of random rules."""
    subjects = [subject_of(record, READER) for record in known]
    declared = VOCABULARY["enterprise"]
    as_of = date.fromisoformat(day)
    found = screened(gathered(subjects, declared), "enterprise", book, as_of)
    for number, subject in enumerate(subjects):
        assessment = evaluate(subject, as_of=day, rules=book)
        assert said(found, number) == expected(assessment, found)


@cache
def pack(name: str) -> RuleBook:
    return incentives.load(PACKS / name)


@settings(max_examples=max(10, USUAL // 3))
@given(st.lists(partly_known(), min_size=3, max_size=3), DAYS, READINGS)
def test_the_bundled_pack(
    many: list[tuple[dict[str, Any], ...]], day: str, readings: dict[str, str]
) -> None:
    """The bundled pack, under any readings, at the edges of its conditions."""
    book = incentives.bundled().under(readings)
    subjects = [subject_of(record, book) for known in many for record in known]
    for kind in ("enterprise", "county"):
        alike = [each for each in subjects if each.subject == kind]
        found = batch(alike, kind, book, day)
        for number, subject in enumerate(alike):
            assessment = evaluate(subject, as_of=day, rules=book)
            assert said(found, number) == expected(assessment, found)


@unmeasured
def test_every_case_of_the_mechanism_pack() -> None:
    """The rule of every worked case of the invented policy, all cases of a day at once."""
    book = pack("examples/packs/linjiang-2026")
    alike: dict[tuple[str, Any, str], list[tuple[str, Any]]] = {}
    for number, case in enumerate(book.cases):
        day = (case.as_of or date(2026, 7, 1)).isoformat()
        under = book.under(case.readings)
        subject = subject_of(case.given, under)
        one = evolve(subject, id=f"{subject.id}-{number}")
        alike.setdefault((day, under, subject.subject), []).append((case.rule, one))
    for (day, under, kind), cases in alike.items():
        found = batch([subject for _, subject in cases], kind, under, day)
        for number, (rule, subject) in enumerate(cases):
            d = evaluate(subject, as_of=day, rules=under)[rule]
            known = (d.outcome, d.reason_code, d.payable.low, d.payable.high, d.missing)
            assert spoken(found.said[rule].row(number)) == known
