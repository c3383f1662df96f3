"""The same answer for the same facts: in any order, by any name, after any journey."""

import copy
import itertools

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import incentives

from incentives import Assessment, County, Enterprise, RuleBook
from tests.property.books import FIRMS, rule_books
from tests.property.strategies import (
    COMPLETE,
    DAYS,
    ENTERPRISES,
    READINGS,
    partly_known,
    through_json,
)

NAMES = {
    "建筑陶瓷": "建陶",
    "水暖卫浴": "水暖厨卫",
    "泉州开发区": "开发区",
    "泉州台商投资区": "台商区",
    "泉州": "泉州市",
    "全国工商联": "中华全国工商业联合会",
    "省工商联": "福建省工商业联合会",
    "市科技局": "泉州市科技局",
    "园区基地": "park-or-base",
    "国家级": "national",
}


def summary(found: Assessment) -> list[Any]:
    """Everything about an assessment that does not name a place in the record."""
    rules = [(d.rule.id, d.outcome, d.amount, d.bounds, len(d.missing)) for d in found]
    return [found.total, found.bounds, len(found.missing), *rules]


def told(found: Assessment) -> list[Any]:
    """What an assessment says: outcomes, amounts, codes, and what is missing."""
    rules = [
        (
            d.rule.id,
            d.outcome,
            d.amount,
            d.bounds,
            d.missing,
            [r.code for r in d.reasons],
        )
        for d in found
    ]
    return [found.total, found.bounds, found.missing, *rules]


@st.composite
def shuffled(draw: st.DrawFn, record: dict[str, Any]) -> dict[str, Any]:
    """The same record with every list, and its fields, in another order."""
    names = draw(st.permutations(sorted(record)))
    return {
        name: draw(st.permutations(record[name]))
        if isinstance(record[name], list)
        else record[name]
        for name in names
    }


class TestOrder:
    """Totals are independent of the order of records."""

    @given(partly_known(), DAYS, READINGS, st.data())
    def test_of_records_and_awards(
        self,
        known: tuple[dict[str, Any], ...],
        day: str,
        readings: dict[str, str],
        data: st.DataObject,
    ) -> None:
        """However the lists are ordered, every rule comes to the same."""
        record = known[1]
        other = data.draw(shuffled(record))
        before = incentives.evaluate(record, as_of=day, readings=readings)
        after = incentives.evaluate(other, as_of=day, readings=readings)
        assert summary(after) == summary(before)

    @given(rule_books(), partly_known(FIRMS), DAYS, st.data())
    def test_of_records_in_any_book(
        self,
        book: RuleBook,
        known: tuple[dict[str, Any], ...],
        day: str,
        data: st.DataObject,
    ) -> None:
        """Nor does it matter to rules that nobody would write."""
        other = data.draw(shuffled(known[1]))
        before = incentives.evaluate(known[1], as_of=day, rules=book)
        assert summary(incentives.evaluate(other, as_of=day, rules=book)) == summary(
            before
        )


class TestNames:
    """A fact has one meaning, whichever of its names it is given by."""

    @given(COMPLETE, DAYS, READINGS)
    def test_another_name_changes_nothing(
        self, record: dict[str, Any], day: str, readings: dict[str, str]
    ) -> None:
        """The names used elsewhere in the document count as the ones in the rules."""

        def plain(value: Any) -> Any:
            match value:
                case dict():
                    return {name: plain(inner) for name, inner in value.items()}
                case list():
                    return [plain(inner) for inner in value]
                case str():
                    return NAMES.get(value, value)
                case _:
                    return value

        before = incentives.evaluate(record, as_of=day, readings=readings)
        after = incentives.evaluate(plain(record), as_of=day, readings=readings)
        assert summary(after) == summary(before)


class TestRoundTrip:
    """`from_dict` reads strictly, and `to_dict` gives back what was read."""

    @given(partly_known())
    def test_a_record_survives_a_journey_as_json(
        self, known: tuple[dict[str, Any], ...]
    ) -> None:
        """Read, written as JSON and read again, a record is equal."""
        record = known[1]
        form = County if record.get("kind") == "county" else Enterprise
        first = form.from_dict(record)
        assert form.from_dict(through_json(first.to_dict())) == first

    @given(partly_known(), DAYS)
    def test_and_so_does_its_assessment(
        self, known: tuple[dict[str, Any], ...], day: str
    ) -> None:
        """The mapping, the object and the object sent as JSON are assessed alike."""
        record = known[1]
        form = County if record.get("kind") == "county" else Enterprise
        first = form.from_dict(record)
        found = incentives.evaluate(record, as_of=day)
        assert incentives.evaluate(first, as_of=day) == found
        assert incentives.evaluate(through_json(first.to_dict()), as_of=day) == found

    @given(ENTERPRISES, DAYS)
    def test_nothing_given_is_changed(self, record: dict[str, Any], day: str) -> None:
        """Evaluating leaves the mapping as it was."""
        before = copy.deepcopy(record)
        incentives.evaluate(record, as_of=day)
        assert record == before


class TestDeterminism:
    """The same input gives the same output, whenever and however often."""

    @given(partly_known(), st.lists(DAYS, min_size=2, max_size=3))
    def test_an_assessment_does_not_depend_on_earlier_ones(
        self, known: tuple[dict[str, Any], ...], days: list[str]
    ) -> None:
        """Asked again after other questions, the answer is the same."""
        asked = list(itertools.product(known, days))
        first = [told(incentives.evaluate(record, as_of=day)) for record, day in asked]
        again = [
            told(incentives.evaluate(record, as_of=day)) for record, day in asked[::-1]
        ]
        assert again[::-1] == first

    @settings(max_examples=3)
    @given(partly_known(), DAYS)
    def test_and_so_is_everything_that_is_said(
        self, known: tuple[dict[str, Any], ...], day: str
    ) -> None:
        """The whole answer, alternatives included, is the same for JSON."""
        first = incentives.evaluate(known[1], as_of=day).to_dict()
        again = incentives.evaluate(through_json(known[1]), as_of=day).to_dict()
        assert again == first
        assert through_json(first) == first
