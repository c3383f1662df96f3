"""Learning a fact narrows what is possible and never takes an answer back."""

from decimal import Decimal
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

import incentives

from incentives import Assessment, Outcome, RuleBook
from tests.property.books import FIRMS, rule_books
from tests.property.strategies import (
    COMPLETE,
    DAYS,
    FIRM,
    READINGS,
    RULES,
    as_assumed,
    awards,
    forgettable,
    partly_known,
    without,
)

Bounds = tuple[Decimal, Decimal | None]
Three = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]


def decided(assessment: Assessment) -> dict[str, tuple[Outcome, Decimal | None]]:
    return {
        found.rule.id: (found.outcome, found.amount)
        for found in assessment
        if found.outcome is not Outcome.UNDETERMINED
    }


def within(inner: Bounds, outer: Bounds) -> bool:
    above = outer[1] is None or (inner[1] is not None and inner[1] <= outer[1])
    return outer[0] <= inner[0] and above


class TestKleene:
    """
    Met, unmet, unknown (Kleene). Unknown is never coerced.
    A rule decided by what is known stays decided whatever else is learnt.
    """

    @given(partly_known(), DAYS, READINGS)
    def test_learning_a_fact_never_reverses_a_decided_rule(
        self, known: Three, day: str, readings: dict[str, str]
    ) -> None:
        """An outcome and an amount that are decided are the same with more facts."""
        less, more, full = (
            decided(incentives.evaluate(each, as_of=day, readings=readings))
            for each in known
        )
        assert less.items() <= more.items()
        assert more.items() <= full.items()

    @given(partly_known(), DAYS, READINGS)
    def test_nothing_is_undetermined_of_which_everything_is_known(
        self, known: Three, day: str, readings: dict[str, str]
    ) -> None:
        """Only the policy itself can leave a rule open for a complete record."""
        found = incentives.evaluate(known[2], as_of=day, readings=readings)
        assert found.missing == ()
        codes = {reason.code for each in found for reason in each.reasons}
        if any(each.outcome is Outcome.UNDETERMINED for each in found):
            assert incentives.ReasonCode.EFFECTIVE_DATE_UNKNOWN in codes

    @given(
        partly_known(),
        DAYS,
        st.sampled_from(["2024-01-01", "2024-10-12", "2024-12-31"]),
    )
    def test_what_is_decided_without_the_effective_date_is_so_for_every_day_of_2024(
        self, known: Three, day: str, effective: str
    ) -> None:
        """“本文件自印发之日起施行”: the day is some day of 2024."""
        open_ = incentives.evaluate(known[1], as_of=day)
        stated = incentives.evaluate(
            known[1], as_of=day, readings={"effective-date": effective}
        )
        assert decided(open_).items() <= decided(stated).items()
        assert within(stated.bounds, open_.bounds)


#: Firms that every rule of the exclusive group is for, or nearly.
RIVALS = st.fixed_dictionaries(
    {
        "id": st.just(FIRM),
        "city": st.just("泉州市"),
        "listings": st.tuples(
            st.fixed_dictionaries(
                {
                    "list": st.just("中国民营企业500强"),
                    "publisher": st.sampled_from(["某研究院", "中华全国工商业联合会"]),
                    "published": st.just("2025-08-28"),
                }
            ),
            st.fixed_dictionaries(
                {
                    "list": st.just("福建省民营企业100强"),
                    "publisher": st.just("福建省工商业联合会"),
                    "published": st.just("2025-09-20"),
                }
            ),
        ).map(list),
        "recognitions": st.fixed_dictionaries(
            {
                "title": st.just("制造业单项冠军企业"),
                "level": st.just("national"),
                "first": st.booleans(),
                "date": st.just("2025-05-01"),
            }
        ).map(lambda title: [title]),
        "awards": awards(RULES),
    }
)


class TestRivals:
    """就高不重复，此前已得部分抵减"""

    @settings(max_examples=3 * settings().max_examples)
    @given(partly_known(RIVALS))
    def test_learning_about_a_rival_never_takes_an_award_back(
        self, known: Three
    ) -> None:
        """What is paid, or superseded, is so whatever is learnt of the others."""
        readings = {"stacking": "highest-only"}
        assessed = [
            incentives.evaluate(each, as_of="2026-06-01", readings=readings)
            for each in known
        ]
        less, more, full = map(decided, assessed)
        assert less.items() <= more.items()
        assert more.items() <= full.items()
        assert within(assessed[2].bounds, assessed[1].bounds)
        assert within(assessed[1].bounds, assessed[0].bounds)


class TestBounds:
    """`bounds`: what the total can still become once missing facts are known."""

    @given(partly_known(), DAYS, READINGS)
    def test_bounds_contain_every_completion(
        self, known: Three, day: str, readings: dict[str, str]
    ) -> None:
        """With everything known, the total lies within the bounds of less."""
        assume(as_assumed(known[0], known[2]))
        open_, nearer, closed = (
            incentives.evaluate(each, as_of=day, readings=readings) for each in known
        )
        assert within(nearer.bounds, open_.bounds)
        assert within(closed.bounds, nearer.bounds)
        assert closed.total <= closed.bounds[0]
        for each in closed:
            assert within(each.bounds, open_[each.rule.id].bounds)
        assert open_.total <= open_.bounds[0]

    @given(partly_known(), DAYS, READINGS)
    def test_bounds_meet_where_nothing_is_undetermined(
        self, known: Three, day: str, readings: dict[str, str]
    ) -> None:
        """Bounds that meet are the total, unless equal rivals leave open which is paid."""
        found = incentives.evaluate(known[0], as_of=day, readings=readings)
        cash = [each for each in found if each.is_cash]
        if all(each.outcome is not Outcome.UNDETERMINED for each in cash):
            assert found.bounds == (found.total, found.total)
            assert found.missing == ()
        assert found.total == sum(each.amount or 0 for each in cash)


class TestMissing:
    """`missing`: facts that would still change the total."""

    @given(COMPLETE, st.data(), DAYS, READINGS)
    def test_a_fact_that_is_not_missing_changes_nothing(
        self,
        full: dict[str, Any],
        data: st.DataObject,
        day: str,
        readings: dict[str, str],
    ) -> None:
        """Learning what is not named leaves total, bounds and what is missing alone."""
        forgotten = data.draw(st.permutations(forgettable(full)).map(lambda x: x[:6]))
        learnt = forgotten[0]
        less = without(full, forgotten)
        more = without(full, forgotten[1:])
        before = incentives.evaluate(less, as_of=day, readings=readings)
        named = "{}[{}].{}".format(*learnt) if len(learnt) == 3 else str(learnt[0])
        assume(named not in before.missing)
        after = incentives.evaluate(more, as_of=day, readings=readings)
        assert (after.total, after.bounds) == (before.total, before.bounds)
        assert after.missing == before.missing


class TestAnyBook:
    """The same laws for rule books that nobody would write."""

    @given(rule_books(), partly_known(FIRMS), DAYS)
    def test_no_book_takes_an_answer_back(
        self, book: RuleBook, known: Three, day: str
    ) -> None:
        """Decided stays decided, whatever the conditions and amounts are made of."""
        less, more, full = (
            decided(incentives.evaluate(each, as_of=day, rules=book)) for each in known
        )
        assert less.items() <= more.items()
        assert more.items() <= full.items()

    @given(rule_books(), partly_known(FIRMS), DAYS)
    def test_bounds_of_any_book_contain_every_completion(
        self, book: RuleBook, known: Three, day: str
    ) -> None:
        """Bounds only ever narrow, and what is decided lies within them."""
        less, more, full = (
            incentives.evaluate(each, as_of=day, rules=book) for each in known
        )
        assert within(more.bounds, less.bounds)
        assert within(full.bounds, more.bounds)
        assert less.total <= less.bounds[0]
        for each in full:
            assert within(each.bounds, less[each.rule.id].bounds)
