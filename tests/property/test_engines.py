"""All engines give the same answers: on random rules, and on the rules of real packs."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from hypothesis import given, settings

import incentives

from incentives import Determination, Outcome, RuleBook
from incentives.engines.compiled import CompiledEngine
from incentives.engines.engine import Bound, Look
from incentives.engines.reference import ReferenceEngine
from incentives.evaluation import Inquiry, evaluate_by
from incentives.facts import Subject
from incentives.judging import determine
from incentives.known import exactly
from incentives.policy import Rule
from incentives.structuring import subject_of
from incentives.verdict import Verdict
from tests.property.books import FIRMS, READER, rule_books
from tests.property.strategies import DAYS, READINGS, partly_known
from tests.support.measuring import unmeasured

REFERENCE = ReferenceEngine()
#: How many books the profile of hypothesis asks for: a hundred, or thousands.
USUAL = settings.default.max_examples if settings.default else 100


def trusted(_rule: Rule, _pattern: tuple[Verdict, ...], _verdict: Verdict) -> None:
    """Whoever confirms a pattern is tried elsewhere."""


#: For them no book is too small for the index, or none is too large to do without.
COMPILED = CompiledEngine(REFERENCE, trusted, few=0)
PLAIN = CompiledEngine(REFERENCE, trusted, few=1_000)


def looked_at(rule: Rule, subject: Subject) -> list[Bound | None]:
    """Every record that a rule looks at, and one of which nothing is known."""
    if rule.each is None:
        return [None]
    name = rule.each.records
    records = subject.fact(name) or ()
    assert isinstance(records, tuple)
    every = [Bound(record, f"{name}[{at}]") for at, record in enumerate(records)]
    return [Bound(None, name), *every]


def looks(engine: Any, rule: Rule, subject: Subject, day: date) -> list[Look]:
    due = {used: exactly(100_000_000) for used in rule.uses}
    places = looked_at(rule, subject)
    return [engine.look(rule, subject, day, at, due) for at in places]


class TestEnginesAgree:
    """One kernel, one fold; an engine may be faster, never of another opinion."""

    @settings(max_examples=3 * USUAL)
    @given(rule_books(), partly_known(FIRMS), DAYS)
    def test_every_look_is_the_same(
        self, book: RuleBook, known: tuple[dict[str, Any], ...], day: str
    ) -> None:
        """Verdict, amount, bounds and what is missing are those of the reference."""
        as_of = date.fromisoformat(day)
        for record in known:
            subject = subject_of(record, READER)
            for rule in book:
                expected = looks(REFERENCE, rule, subject, as_of)
                assert looks(COMPILED, rule, subject, as_of) == expected

    @settings(max_examples=2 * USUAL)
    @given(rule_books(), partly_known(FIRMS), DAYS)
    def test_what_is_plain_needs_no_look(
        self, book: RuleBook, known: tuple[dict[str, Any], ...], day: str
    ) -> None:
        """What an engine says without a look is what the reference comes to."""
        as_of = date.fromisoformat(day)
        for record in known:
            subject = subject_of(record, READER)
            inquiry = Inquiry(subject, as_of, book, REFERENCE)
            for rule in book:
                said = COMPILED.plainly(rule, subject, as_of)
                due = {used: exactly(100_000_000) for used in rule.uses}
                found = determine(rule, subject, as_of, REFERENCE, due)
                if said is None:
                    continue
                plain, full = (Determination(rule, x, inquiry) for x in (said, found))
                assert (plain.outcome, plain.code) == (full.outcome, full.code)
                assert plain.amount == full.amount
                assert plain.payable == full.payable
                assert plain.reason_code == full.reason_code

    @settings(max_examples=USUAL)
    @given(rule_books(), partly_known(FIRMS), DAYS)
    def test_what_is_unmet_is_plain(
        self, book: RuleBook, known: tuple[dict[str, Any], ...], day: str
    ) -> None:
        """A rule that is unmet at every record needs no look."""
        as_of = date.fromisoformat(day)
        for record in known:
            subject = subject_of(record, READER)
            for rule in book:
                places = looks(REFERENCE, rule, subject, as_of)
                given_list = rule.each and subject.fact(rule.each.records)
                if given_list is not None:
                    places = places[1:] if rule.each else places
                unmet = all(look.verdict is Verdict.UNMET for look in places)
                if unmet and not rule.uses:
                    said = COMPILED.plainly(rule, subject, as_of)
                    assert said is not None
                    assert said.outcome is Outcome.INELIGIBLE

    @settings(max_examples=USUAL)
    @given(rule_books(), partly_known(FIRMS), DAYS)
    def test_every_assessment_is_the_same(
        self, book: RuleBook, known: tuple[dict[str, Any], ...], day: str
    ) -> None:
        """Totals, bounds, reasons and items are those of the reference."""
        for record in known:
            found, expected = (
                evaluate_by(
                    engine,
                    subject_of(record, READER),
                    as_of=day,
                    rules=book,
                    readings=None,
                )
                for engine in (COMPILED, REFERENCE)
            )
            assert found.total == expected.total
            assert found.bounds == expected.bounds
            assert found.missing == expected.missing
            assert found.to_dict() == expected.to_dict()
            asked: dict[str, Any] = {"as_of": day, "rules": book, "readings": None}
            assert evaluate_by(PLAIN, subject_of(record, READER), **asked) == expected


@cache
def pack(name: str) -> RuleBook:
    return incentives.load(Path(__file__).parents[2] / name)


class TestPacks:
    """The rules of real policies, on records at the edges of their conditions."""

    @unmeasured
    @given(partly_known(), DAYS, READINGS)
    def test_the_bundled_pack(
        self,
        known: tuple[dict[str, Any], ...],
        day: str,
        readings: dict[str, str],
    ) -> None:
        """Whatever is known, and however it is read, the answer is the same."""
        for record in known:
            found, expected = (
                evaluate_by(engine, record, as_of=day, rules=None, readings=readings)
                for engine in (COMPILED, REFERENCE)
            )
            assert found.to_dict() == expected.to_dict()
            assert str(found) == str(expected)


@unmeasured
@pytest.mark.parametrize("name", ["linjiang-2026"])
def test_every_case_of_the_mechanism_pack(name: str) -> None:
    """Every worked case of the invented policy is answered the same."""
    book = pack(f"examples/packs/{name}")
    for case in book.cases:
        found, expected = (
            evaluate_by(
                engine,
                case.given,
                as_of=case.as_of or date(2026, 7, 1),
                rules=book,
                readings=case.readings,
            )
            for engine in (COMPILED, REFERENCE)
        )
        assert found[case.rule].to_dict() == expected[case.rule].to_dict()
        assert found.total == expected.total
