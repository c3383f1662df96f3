"""Many rules of one shape, judged together, come to what `evaluate()` does."""

from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import incentives

from benchmarks.books import AS_OF, Family, record, write_book
from incentives import Outcome, Rule, RuleBook, ir
from incentives.evaluation import evaluate
from incentives.grouping import Group, Highest
from incentives.ir import Kind
from incentives.ir_walk import rewritten
from incentives.policy import Requirement
from incentives.screening import alike, screen, together
from incentives.screening.alike import alike_in
from incentives.screening.gathering import gathered
from incentives.screening.rows import OUTCOMES, REASONS
from incentives.screening.screened import screened
from incentives.standards import Cash
from incentives.structuring import subject_of
from tests.property.books import (
    CODES,
    COUNTS,
    DAYS,
    FEN,
    FIRMS,
    PAST,
    READER,
    SHARES,
    VOCABULARY,
    WORDS,
    rule_books,
    rules,
)
from tests.property.strategies import partly_known

USUAL = settings.default.max_examples if settings.default else 100

VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: WORDS,
    Kind.BOOLEAN: st.booleans(),
    Kind.MONEY: FEN,
    Kind.RATE: SHARES,
    Kind.NUMBER: COUNTS,
    Kind.YEAR: st.sampled_from([2024, 2025, 2026]),
    Kind.DATE: DAYS,
}


@st.composite
def keys(draw: st.DrawFn, rule: Rule) -> ir.Condition:
    """A condition that tells whom a rule concerns, as authors write it or turned."""
    facts = [ir.Fact("city", Kind.TEXT), ir.Fact("county", Kind.TEXT)]
    if rule.each is not None and rule.each.binder == "listing":
        facts += [
            ir.Fact("list", Kind.TEXT, "listing"),
            ir.Fact("year", Kind.YEAR, "listing"),
            ir.Fact("published", Kind.DATE, "listing"),
        ]
    if rule.each is not None and rule.each.binder == "platform":
        facts += [ir.Fact("chain", Kind.TEXT, "platform")]
    if rule.each is not None and draw(st.booleans()):
        return draw(ranges(rule.each.binder))
    fact = draw(st.sampled_from(facts))
    value = draw(VALUES[fact.kind])
    if fact.kind is Kind.TEXT and draw(st.booleans()):
        return ir.Member((fact,), frozenset({(value,)}))
    sides = (fact, ir.Constant(value, fact.kind))
    return ir.Compare(ir.Comparison.EQ, *draw(st.permutations(sides)))


RANGED = {
    "listing": [
        ir.Fact("year", Kind.YEAR, "listing"),
        ir.Fact("published", Kind.DATE, "listing"),
    ],
    "platform": [ir.Fact("equipment_cost", Kind.MONEY, "platform", low=0)],
}


@st.composite
def ranges(draw: st.DrawFn, binder: str) -> ir.Condition:
    """Between which values a fact of a record must lie, ends included or not."""
    fact = draw(st.sampled_from(RANGED[binder]))
    ends = []
    for comparisons in ("≥>", "≤<"):
        comparison = ir.Comparison(draw(st.sampled_from(comparisons)))
        value = ir.Constant(draw(VALUES[fact.kind]), fact.kind)
        ends.append(ir.Compare(comparison, fact, value))
    return ir.All(tuple(draw(st.permutations(ends))))


@st.composite
def variants(draw: st.DrawFn, rule: Rule, rule_id: str) -> Rule:
    """A rule of the same shape with values of its own."""

    def change(node: object) -> object:
        match node:
            case ir.Constant(kind=kind):
                return evolve(node, value=draw(VALUES[kind]))
            case ir.Member(terms=(ir.Fact(kind=Kind.TEXT),), rows=rows) if (
                len(rows) == 1
            ):
                return evolve(node, rows=frozenset({(draw(WORDS),)}))
            case _:
                return node

    wanted = tuple(
        evolve(each, condition=rewritten(each.condition, change))
        for each in rule.requirements
    )
    award = rule.award
    if isinstance(award, Cash):
        # A share of nothing is known without a look at what it is a share of.
        award = evolve(award, amount=rewritten(award.amount, change))
    return evolve(rule, id=rule_id, requirements=wanted, award=award)


@st.composite
def many_of_a_shape(draw: st.DrawFn) -> tuple[Rule, ...]:
    """A few rules at random, and some of one shape."""
    other = draw(rule_books(fewest=2, most=2)).rules
    first = draw(rules("s0"))
    needed = Requirement(draw(CODES), draw(keys(first)))
    place = draw(st.integers(0, len(first.requirements)))
    wanted = list(first.requirements)
    wanted.insert(place, needed)
    first = evolve(first, requirements=tuple(wanted))
    more = [draw(variants(first, f"s{n}")) for n in range(1, draw(st.integers(3, 6)))]
    return (*other, first, *more)


def book_of(made: tuple[Rule, ...]) -> RuleBook:
    """A book of rules; those that are not of the shape exclude each other."""
    others = [rule.id for rule in made if rule.id[0] == "r"]
    paid = [rule.id for rule in made if isinstance(rule.award, Cash)]
    members = tuple(rule for rule in others if rule in paid)
    groups = (Group("g", members, Highest(PAST)),) if len(members) > 1 else ()
    return evolve(READER, rules=made, groups=groups)


def test_some_are_judged_together() -> None:
    """The books of these tests are not all judged one by one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alike, "FEWEST", 2)
        counted = []

        @settings(max_examples=60, database=None)
        @given(many_of_a_shape())
        def count(made: tuple[Rule, ...]) -> None:
            found = alike_in(book_of(made), "enterprise")
            counted.append(sum(len(each.places) for each in found))

        count()
        assert sum(counted) > len(counted)


@settings(max_examples=max(10, USUAL // 4))
@given(many_of_a_shape(), partly_known(FIRMS), DAYS, st.sampled_from([1, 3, 2**20]))
def test_any_shape(
    made: tuple[Rule, ...], known: tuple[dict[str, Any], ...], day: date, most: int
) -> None:
    """Whatever is not ineligible, of random rules of one shape, is what evaluating finds."""
    book = book_of(made)
    subjects = [subject_of(record, READER) for record in known]
    population = gathered(subjects, VOCABULARY["enterprise"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alike, "FEWEST", 2)
        patch.setattr(together, "MOST", most)
        groups = alike_in(book, "enterprise")
        found = screened(population, "enterprise", book, day, groups)
    joined = {book.rules[place].id for each in groups for place in each.places}
    assert joined.isdisjoint(found.said)
    said = {
        (subject, book.rules[rule].id): (
            OUTCOMES[out],
            REASONS[why],
            low,
            high,
            tuple(m or ()),
        )
        for subject, rule, out, why, low, high, m, _ in found.some.iter_rows()
    }
    expected = {}
    for number, subject in enumerate(subjects):
        assessment = evaluate(subject, as_of=day, rules=book)
        possible = assessment.possible
        assert found.totals.row(number) == (possible.low, possible.high)
        for d in assessment:
            if d.rule.id in joined and d.outcome is not Outcome.INELIGIBLE:
                ends = d.payable.low, d.payable.high
                expected[number, d.rule.id] = (
                    d.outcome,
                    d.reason_code,
                    *ends,
                    d.missing,
                )
    assert said == expected


# --- books as authors write them -------------------------------------------------------

GROUPS = 3


@cache
def book_of_a_family(family: Family) -> RuleBook:
    """Rules of one family for a few groups of subjects."""
    with TemporaryDirectory() as directory:
        write_book(Path(directory), family, 5 * GROUPS)
        return incentives.load(Path(directory))


@st.composite
def registries(draw: st.DrawFn, family: Family) -> list[dict[str, Any]]:
    """Firms of any group or none, of which some facts are not known."""
    firms = []
    for number in range(draw(st.integers(0, 5))):
        firm = dict(record(family, draw(st.integers(0, GROUPS))))
        firm["listings"] = [
            {name: value for name, value in each.items() if draw(st.integers(0, 4))}
            for group in draw(st.lists(st.integers(0, GROUPS), max_size=2))
            for each in record(Family.LIST, group)["listings"]
        ]
        unknown = draw(
            st.sets(st.sampled_from(["city", "county", "output", "listings"]))
        )
        known = {name: value for name, value in firm.items() if name not in unknown}
        firms.append({**known, "id": f"91350582MA{number:08d}"})
    return firms


def rows_of(found: incentives.Screening) -> list[tuple[Any, ...]]:
    return [_plain(row) for row in found.determinations(possible=True).iter_rows()]


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    *known, missing = row
    return (*known, tuple(missing or ()))


@pytest.mark.parametrize("family", list(Family))
@settings(max_examples=max(4, USUAL // 25))
@given(st.data())
def test_dense_and_sparse(family: Family, data: st.DataObject) -> None:
    """All tables of a screening are the same however its rules are judged."""
    firms = data.draw(registries(family))
    book = book_of_a_family(family)
    tables = []
    for fewest, batch in ((1000, 2**16), (2, 2**16), (2, 2)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(alike, "FEWEST", fewest)
            patch.setattr(screen, "BATCH", batch)
            found = incentives.screen(firms, as_of=AS_OF, rules=book)
            whole = found.determinations().rows()
            possible = rows_of(found)
            tables.append(
                {
                    "totals": found.totals().rows(),
                    "total": found.total,
                    "possible": sorted(possible),
                    "whole": sorted(map(_plain, whole)),
                    "items": sorted(map(str, found.items().rows())),
                    "wide": found.wide().rows(),
                }
            )
            due = [_plain(row) for row in whole if row[2] != "ineligible"]
            assert possible == due
    assert tables[0] == tables[1] == tables[2]


@pytest.mark.parametrize("family", list(Family))
@settings(max_examples=max(4, USUAL // 25))
@given(st.data())
def test_as_evaluating(family: Family, data: st.DataObject) -> None:
    """What is possible of a book of many rules is what evaluating each firm finds."""
    firms = data.draw(registries(family))
    book = book_of_a_family(family)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alike, "FEWEST", 2)
        found = incentives.screen(firms, as_of=AS_OF, rules=book)
    expected = {}
    for firm in firms:
        for d in incentives.evaluate(firm, as_of=AS_OF, rules=book):
            if d.outcome is not Outcome.INELIGIBLE:
                assert d.reason_code is not None
                said = (d.outcome.value, d.amount, d.reason_code.value, *d.bounds)
                expected[firm["id"], d.rule.id] = (*said, tuple(d.missing))
    assert {row[:2]: row[2:] for row in rows_of(found)} == expected
