"""`evaluate()`: the shoe maker over time, what is missing of her, and wrong calls."""

import copy
import json

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import incentives

from incentives import (
    Assessment,
    EngineDisagreement,
    Enterprise,
    Outcome,
    RuleBook,
    UsageError,
    Verdict,
)
from incentives.engines.engine import Survey
from incentives.engines.reference import ReferenceEngine
from incentives.evaluation import evaluate_by
from incentives.facts import Subject

DATA = Path(__file__).resolve().parent / "data"
#: An invented shoe maker of Jinjiang, on both lists of 2025, champion in 2026, with a
#: pilot platform of 1200万元 of which 300万元 are fiscal money.
SHOE_MAKER: dict[str, Any] = json.loads(
    (DATA / "shoe_maker.json").read_text(encoding="utf-8")
)
RULES = [rule.id for rule in incentives.bundled()]
LAST_DAY = "2027-12-31"


def answers(assessment: Assessment) -> dict[str, tuple[str, str | None, list[str]]]:
    """Outcome, amount and the codes of what is not met, for each rule."""
    return {
        each.rule.id: (
            each.outcome.value,
            None if each.amount is None else f"{each.amount:f}",
            [r.code.value for r in each.reasons if r.verdict is not Verdict.MET],
        )
        for each in assessment
    }


#: What never changes for her: neither projects nor zone, and she is no county.
_ALWAYS = {
    "project-layout-priority": ("ineligible", "0", ["no-record"]),
    "science-plan-recommendation": ("ineligible", "0", ["no-record"]),
    "tech-mission-project": ("ineligible", "0", ["no-record"]),
    "tech-loan": ("ineligible", "0", ["condition-unmet"]),
    "county-excellence": ("ineligible", "0", ["other-subject"]),
    "pilot-county-support": ("ineligible", "0", ["other-subject"]),
    "eia-reform-pilot": ("ineligible", "0", ["condition-unmet", "fact-missing"]),
}
_LISTS = {
    "private-top-500": ("eligible", "5000000", []),
    "fujian-top-100": ("eligible", "2000000", []),
}
_NOT_YET = {
    "manufacturing-champion": ("ineligible", "0", ["not-yet-happened"]),
    "pilot-platform": ("ineligible", "0", ["not-yet-happened"]),
}
_BOTH = {
    "manufacturing-champion": ("eligible", "500000", []),
    "pilot-platform": ("eligible", "2700000", []),
}
#: Supports without an event of their own end with the policy.
_OVER = {
    "project-layout-priority": ("ineligible", "0", ["no-record", "expired"]),
    "science-plan-recommendation": ("ineligible", "0", ["no-record", "expired"]),
    "tech-loan": ("ineligible", "0", ["condition-unmet", "expired"]),
    "eia-reform-pilot": (
        "ineligible",
        "0",
        ["condition-unmet", "expired", "fact-missing"],
    ),
}


class TestShoeMaker:
    """“中国民营企业500强”和“福建省民营企业100强”有效期至2025年12月31日，其他条例有效期至2027年12月31日"""

    @pytest.mark.parametrize(
        ("day", "total", "expected"),
        [
            ("2025-10-01", 7_000_000, {**_ALWAYS, **_LISTS, **_NOT_YET}),
            ("2026-01-15", 7_000_000, {**_ALWAYS, **_LISTS, **_NOT_YET}),
            ("2027-12-31", 10_200_000, {**_ALWAYS, **_LISTS, **_BOTH}),
            ("2028-01-01", 10_200_000, {**_ALWAYS, **_LISTS, **_BOTH, **_OVER}),
        ],
    )
    def test_over_time(self, day: str, total: int, expected: dict[str, Any]) -> None:
        """What fell inside the window stays due after the sunset until it is paid."""
        found = incentives.evaluate(SHOE_MAKER, as_of=day)
        assert answers(found) == expected
        assert found.total == Decimal(total)
        assert found.bounds == (Decimal(total), Decimal(total))
        assert found.missing == ()

    def test_paid_when_due_nothing_is_left(self) -> None:
        """Four payments on the four days, then nothing of the fixed awards is due."""
        paid = [
            {"rule": "private-top-500", "amount": "500万元", "date": "2025-10-02"},
            {"rule": "fujian-top-100", "amount": "200万元", "date": "2025-10-02"},
            {"rule": "manufacturing-champion", "amount": "50万元", "date": LAST_DAY},
        ]
        found = incentives.evaluate({**SHOE_MAKER, "awards": paid}, as_of=LAST_DAY)
        assert found.total == Decimal(2_700_000)
        for rule in ("private-top-500", "fujian-top-100", "manufacturing-champion"):
            assert answers(found)[rule] == ("ineligible", "0", ["already-awarded"])


def removed(path: str) -> dict[str, Any]:
    """The shoe maker without one fact, written as `missing` writes it."""
    left = copy.deepcopy(SHOE_MAKER)
    holder, _, name = path.rpartition(".")
    if holder:
        records, _, index = holder.rstrip("]").partition("[")
        del left[records][int(index)][name]
    else:
        del left[name]
    return left


class TestFactsRemoved:
    """A fact that is absent is unknown: `bounds` and `missing` say what it is worth."""

    @pytest.mark.parametrize(
        ("path", "total", "low", "high"),
        [
            ("kind", 7_500_000, 7_500_000, 10_200_000),
            ("city", 0, 0, 10_200_000),
            ("listings", 3_200_000, 3_200_000, 10_200_000),
            ("listings[0].list", 5_200_000, 5_200_000, 10_200_000),
            ("listings[0].publisher", 5_200_000, 5_200_000, 10_200_000),
            ("listings[0].published", 5_200_000, 5_200_000, 10_200_000),
            ("listings[1].list", 8_200_000, 8_200_000, 10_200_000),
            ("listings[1].published", 8_200_000, 8_200_000, 10_200_000),
            ("recognitions", 9_700_000, 9_700_000, 10_200_000),
            ("recognitions[0].title", 9_700_000, 9_700_000, 10_200_000),
            ("recognitions[0].level", 9_700_000, 9_700_000, 10_200_000),
            ("recognitions[0].first", 9_700_000, 9_700_000, 10_200_000),
            ("recognitions[0].date", 9_700_000, 9_700_000, 10_200_000),
            ("platforms", 7_500_000, 7_500_000, 12_500_000),
            ("platforms[0].chain", 7_500_000, 7_500_000, 10_200_000),
            ("platforms[0].market_operated", 7_500_000, 7_500_000, 10_200_000),
            ("platforms[0].recognised", 7_500_000, 7_500_000, 10_200_000),
            ("platforms[0].equipment_cost", 7_500_000, 7_500_000, 12_500_000),
            ("platforms[0].software_cost", 7_500_000, 10_200_000, 12_500_000),
            ("platforms[0].fiscal_funding", 7_500_000, 7_500_000, 11_100_000),
        ],
    )
    def test_a_fact_that_matters(
        self, path: str, total: int, low: int, high: int
    ) -> None:
        """Without it the total is open between these bounds, and it alone is missing."""
        found = incentives.evaluate(removed(path), as_of=LAST_DAY)
        assert found.total == Decimal(total)
        assert found.bounds == (Decimal(low), Decimal(high))
        assert found.missing == (path,)

    def test_either_of_two_publishers_would_do(self) -> None:
        """“省工商联牵头发布”: the publisher or the leading one may show it."""
        found = incentives.evaluate(removed("listings[1].publisher"), as_of=LAST_DAY)
        assert found.bounds == (Decimal(8_200_000), Decimal(10_200_000))
        assert found.missing == ("listings[1].lead_publisher", "listings[1].publisher")

    @pytest.mark.parametrize(
        "path",
        [
            *("name", "county", "chain", "projects", "technology_sme", "awards"),
            *("chain_cluster_zone", "listings[0].year", "listings[1].year"),
            *("platforms[0].id", "platforms[0].stage", "platforms[0].recognised_by"),
        ],
    )
    def test_a_fact_that_does_not_matter(self, path: str) -> None:
        """Without it nothing of the total is open, and nothing is missing."""
        found = incentives.evaluate(removed(path), as_of=LAST_DAY)
        assert found.bounds == (Decimal(10_200_000), Decimal(10_200_000))
        assert found.total == Decimal(10_200_000)
        assert found.missing == ()

    def test_an_unknown_list_is_assumed_to_be_short(self) -> None:
        """Bounds take at most one platform for granted, and say so."""
        found = incentives.evaluate(removed("platforms"), as_of=LAST_DAY)
        assert found.assumptions == (("platforms", 1),)
        assert incentives.evaluate(SHOE_MAKER, as_of=LAST_DAY).assumptions == ()

    def test_nothing_known(self) -> None:
        """Of an enterprise without facts anything may be due, the dearest fact first."""
        found = incentives.evaluate({"id": SHOE_MAKER["id"]}, as_of=LAST_DAY)
        assert found.total == 0
        assert found.bounds == (Decimal(0), Decimal(12_500_000))
        assert found.missing == (
            "city",
            "listings",
            "kind",
            "platforms",
            "recognitions",
        )

    def test_a_fact_of_a_rule_without_money_is_missing_there(self) -> None:
        """What only opens a support is missing of that rule, not of the total."""
        found = incentives.evaluate(removed("technology_sme"), as_of=LAST_DAY)
        assert found["tech-loan"].outcome is Outcome.UNDETERMINED
        assert found["tech-loan"].missing == ("technology_sme",)


class TestCalls:
    """One subject, a day, a book and its readings; anything else is refused."""

    def test_today_is_the_default(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without a day, the day of today in Shanghai is asked about."""
        monkeypatch.setattr("incentives.evaluation.today", lambda: date(2025, 10, 1))
        assert incentives.evaluate(SHOE_MAKER).as_of == date(2025, 10, 1)

    def test_a_date_is_as_good_as_its_text(self) -> None:
        """`as_of` takes a date or an ISO string."""
        by_date = incentives.evaluate(SHOE_MAKER, as_of=date(2025, 10, 1))
        assert by_date == incentives.evaluate(SHOE_MAKER, as_of="2025-10-01")

    def test_readings_are_remembered_and_refused(self) -> None:
        """The same readings give the same book; what is no value at all is refused."""
        book = incentives.bundled()
        readings = {"stacking": "highest-only"}
        assert book.under(readings) is book.under(dict(readings))
        unhashable: Any = {"stacking": ["highest-only"]}
        with pytest.raises(UsageError, match=r"^reading 'stacking' has no value \["):
            book.under(unhashable)

    def test_an_object_is_as_good_as_its_mapping(self) -> None:
        """An Enterprise gives what the mapping gives that it was read from."""
        firm = Enterprise.from_dict(SHOE_MAKER)
        assert incentives.evaluate(firm, as_of=LAST_DAY) == incentives.evaluate(
            SHOE_MAKER, as_of=LAST_DAY
        )

    def test_a_mapping_with_the_kind_of_a_county_is_a_county(self) -> None:
        """县域 and `county` both make a County of a mapping."""
        for kind in ("county", "县域"):
            found = incentives.evaluate({"id": "晋江市", "kind": kind}, as_of=LAST_DAY)
            assert found.subject == "county"
            assert found.missing == ("honours",)

    def test_every_rule_has_its_determination(self) -> None:
        """The determinations are those of the book, in its order."""
        found = incentives.evaluate(SHOE_MAKER, as_of=LAST_DAY)
        assert [each.rule.id for each in found] == RULES
        assert len(found) == len(RULES)

    @pytest.mark.parametrize(
        ("as_of", "message"),
        [
            (
                "2025-13-01",
                "as_of: '2025-13-01' is impossible: months go from 01 to 12",
            ),
            (
                "2025/10/01",
                "as_of: '2025/10/01' is not written YYYY-MM-DD, did you mean '2025-10-01'?",
            ),
            (20251001, "as_of: a date cannot be of type int; write YYYY-MM-DD"),
        ],
    )
    def test_a_wrong_day(self, as_of: Any, message: str) -> None:
        """A day that is none is refused with what to write."""
        with pytest.raises(UsageError) as error:
            incentives.evaluate(SHOE_MAKER, as_of=as_of)
        assert str(error.value) == message

    def test_a_wrong_book(self) -> None:
        """`rules` is a book, not the path of one."""
        path: Any = "rules/quanzhou-2024"
        with pytest.raises(UsageError) as error:
            incentives.evaluate(SHOE_MAKER, as_of=LAST_DAY, rules=path)
        assert str(error.value) == "rules: expected a rule book made by load(), got str"

    def test_wrong_readings(self) -> None:
        """`readings` is a mapping of names to values."""
        pairs: Any = ["stacking=cumulative"]
        with pytest.raises(UsageError) as error:
            incentives.evaluate(SHOE_MAKER, as_of=LAST_DAY, readings=pairs)
        assert str(error.value) == "readings: expected a mapping, got list"

    def test_an_unknown_reading(self) -> None:
        """A reading that the policy does not declare is refused with a suggestion."""
        with pytest.raises(UsageError) as error:
            incentives.evaluate(SHOE_MAKER, as_of=LAST_DAY, readings={"stackin": "x"})
        assert str(error.value) == "unknown reading 'stackin', did you mean 'stacking'?"


class Forgetful(ReferenceEngine):
    """An engine whose index has lost every rule."""

    def survey(self, book: RuleBook, subject: Subject, as_of: date) -> Survey:
        """No rule at all."""
        return (), ()


class TestRuledOut:
    """A rule that was never a candidate is determined when somebody asks."""

    def test_what_applies_was_not_ruled_out(self) -> None:
        """Where the reasons of a rule that was ruled out say otherwise, none is given."""
        found = evaluate_by(
            Forgetful(), SHOE_MAKER, as_of=LAST_DAY, rules=None, readings=None
        )
        assert found["county-excellence"].outcome is Outcome.INELIGIBLE
        with pytest.raises(
            EngineDisagreement,
            match=r"^rule 'private-top-500' was said to be ineligible, 0 yuan, but its "
            r"reasons say eligible, from 5000000 to 5000000$",
        ):
            found["private-top-500"].explain()


class TestAlternatives:
    """`alternatives`: amounts under the other readings of ambiguous words."""

    def test_of_the_total(self) -> None:
        """The total under another reading is shown exactly where it differs."""
        found = incentives.evaluate(SHOE_MAKER, as_of=LAST_DAY)
        others = [
            (a.reading, a.value, a.outcome.value, a.amount) for a in found.alternatives
        ]
        assert others == [
            ("dated-by", "application", "undetermined", None),
            ("stacking", "highest-only", "eligible", Decimal(7_700_000)),
            ("list-sunset", "whole-task", "eligible", Decimal(9_700_000)),
            ("matching-award", "granted", "undetermined", None),
            ("subsidy-rate", "ceiling", "eligible", Decimal(7_500_000)),
        ]
