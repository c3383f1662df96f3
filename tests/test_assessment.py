"""All determinations of a subject: totals, bounds, what is missing, as data and shown."""

import json

from decimal import Decimal
from typing import Any

import pytest

import incentives

from incentives import Outcome

# An invented firm; the code has a valid check digit (GB 32100-2015).
FIRM = "91350582MA31ABCD0M"
TOP_500 = {
    "list": "中国民营企业500强",
    "publisher": "中华全国工商业联合会",
    "year": 2025,
    "published": "2025-08-28",
}
TOP_100 = {
    "list": "福建省民营企业100强",
    "publisher": "福建省工商业联合会",
    "year": 2025,
    "published": "2025-09-20",
}
SHOES: dict[str, Any] = {
    "id": FIRM,
    "name": "晋江示例鞋业有限公司（虚构）",
    "kind": "enterprise",
    "city": "泉州市",
    "county": "晋江市",
    "listings": [TOP_500, TOP_100],
    "recognitions": [],
    "platforms": [],
}


def assessed(day: str = "2025-10-01", **more: Any) -> incentives.Assessment:
    """The assessment of the shoe maker, with some facts changed."""
    return incentives.evaluate({**SHOES, **more}, as_of=day)


class TestTotals:
    """The total is what is decided; bounds say what it can still become."""

    def test_total(self):
        """Awards add up where nothing forbids it."""
        found = assessed()

        assert (found.total, found.bounds) == (
            Decimal(7000000),
            (Decimal(7000000), Decimal(7000000)),
        )
        assert (found.missing, found.assumptions) == ((), ())

    def test_undetermined_rules_count_in_bounds_only(self):
        """What is not decided is not due, but it may become so."""
        found = assessed(platforms=None, recognitions=None)

        assert found.total == Decimal(7000000)
        assert found.bounds == (Decimal(7000000), Decimal(12500000))

    def test_an_assumption_is_told(self):
        """A list that is unknown counts as so many records, and that is said."""
        found = assessed(platforms=None)

        assert found.assumptions == (("platforms", 1),)
        assert found.to_dict()["assumptions"] == {"platforms": 1}
        assert "（未知的“中试平台”按至多1项估算上限）" in str(found)
        assert "(an unknown list of pilot platforms counts as at most 1)" in (
            found.show("en")
        )

    def test_no_limit(self):
        """Bounds without limit above are None, null in JSON, and said in words."""
        county = {"id": "某新设县", "kind": "county"}
        readings = {"county-one-time": "per-award-year"}

        found = incentives.evaluate(county, as_of="2026-06-01", readings=readings)

        assert found.bounds == (Decimal(0), None)
        assert found.to_dict()["bounds"] == ["0", None]
        assert "信息补齐后合计可能为：0元以上，无上限" in str(found)
        assert "the total is ¥0 or more, without limit" in found.show("en")
        assert repr(found).endswith("total='0', bounds=('0', None))")


class TestMissing:
    """Missing facts come by the money that they could unlock."""

    def test_most_valuable_first(self):
        """A fact of a larger award comes before one of a smaller award."""
        recognition = {
            "title": "制造业单项冠军企业",
            "level": "national",
            "first": None,
            "date": "2025-05-01",
        }
        found = assessed(
            platforms=None,
            recognitions=[recognition],
            listings=[{**TOP_100, "published": None}],
        )

        assert found.missing == (
            "platforms",  # 5 000 000
            "listings[0].published",  # 2 000 000
            "recognitions[0].first",  # 500 000
        )

    def test_a_fact_of_several_rules(self):
        """A fact that several rules lack counts for all of them together."""
        found = assessed(city=None, platforms=None)

        # city: 5 000 000 + 2 000 000 + 5 000 000
        assert found.missing == ("city", "platforms")

    def test_equal_ones_by_name(self):
        """Facts of equal worth come in the order of their names."""
        listing = {**TOP_500, "publisher": None, "list": None, "published": None}

        found = assessed(listings=[listing])

        assert found.missing == (
            *("listings[0].list", "listings[0].published", "listings[0].publisher"),
            "listings[0].lead_publisher",
        )

    def test_without_limit_before_all(self):
        """What could unlock any amount comes before what has a limit."""
        county = {"id": "某新设县", "kind": "county", "industrial_revenue": "900亿元"}
        readings = {"county-one-time": "per-award-year"}

        found = incentives.evaluate(county, as_of="2026-06-01", readings=readings)

        assert found.missing == ("honours",)

    def test_supplying_it_decides(self):
        """A missing fact that is supplied is missing no longer."""
        lacking = assessed(listings=[{**TOP_500, "published": None}])
        supplied = assessed(listings=[TOP_500])

        assert lacking.missing == ("listings[0].published",)
        assert (supplied.missing, supplied.total) == ((), Decimal(5000000))


class TestAsData:
    """The assessment as JSON has the keys of the contract."""

    def test_keys_and_values(self):
        """Every key of the contract is there, money as decimal strings."""
        found = assessed(platforms=None)

        told = found.to_dict()

        rules = [d["rule"] for d in told.pop("determinations")]
        assert rules == [rule.id for rule in incentives.bundled()]
        assert told == {
            "id": FIRM,
            "as_of": "2025-10-01",
            "policy": "quanzhou-2024",
            "digest": incentives.bundled().digest,
            "provisional": True,
            "total": "7000000",
            "bounds": ["7000000", "12000000"],
            "missing": ["platforms"],
            "readings": {
                name: reading.default
                for name, reading in incentives.bundled().declared_readings.items()
            },
            "assumptions": {"platforms": 1},
        }

    def test_json(self):
        """The whole can be written as JSON and comes back equal."""
        told = assessed(platforms=None).to_dict()

        assert json.loads(json.dumps(told, allow_nan=False)) == told


class TestRules:
    """An assessment is a collection of determinations."""

    def test_by_id(self):
        """A determination is found by the id of its rule."""
        found = assessed()

        assert found["private-top-500"].outcome is Outcome.ELIGIBLE
        assert len(found) == len(list(found)) == len(incentives.bundled())

    @pytest.mark.parametrize(
        ("rule", "hint"),
        [("private-top-50", "did you mean 'private-top-500'?"), ("x", "one of ")],
    )
    def test_unknown(self, rule, hint):
        """An id that the book does not have is refused with a suggestion."""
        with pytest.raises(incentives.UnknownRuleError) as caught:
            assessed()[rule]

        assert str(caught.value).startswith(f"unknown rule {rule!r}, {hint}")


class TestAlternatives:
    """Totals under other readings of one word each, where they differ."""

    def test_totals(self):
        """A reading that lowers the total is told with that total."""
        found = {(a.reading, a.value): a for a in assessed().alternatives}

        highest = found["stacking", "highest-only"]
        assert (highest.outcome, highest.amount) == (
            Outcome.ELIGIBLE,
            Decimal(5000000),
        )
        application = found["dated-by", "application"]
        assert (application.outcome, application.amount) == (
            Outcome.UNDETERMINED,
            None,
        )
        assert ("platform-cap", "per-year") not in found


class TestShown:
    """Assessments are worth looking at."""

    def test_repr_is_short(self):
        """An assessment shows whose it is, the day, the policy, total and bounds."""
        assert repr(assessed(platforms=None)) == (
            f"Assessment(id='{FIRM}', as_of='2025-10-01', policy='quanzhou-2024', "
            "total='7000000', bounds=('7000000', '12000000'))"
        )

    def test_str_is_a_table(self):
        """Printed, an assessment is a table in Chinese, with the total below."""
        found = assessed()

        assert str(found) == found.show("zh")
        assert str(found).endswith("合计应付：700万元")
        assert found.show("en").endswith("Total due: ¥7,000,000")

    def test_a_name_is_not_needed(self):
        """Without a name the heading shows the id alone."""
        lines = str(assessed(name=None)).splitlines()

        assert lines[1] == f"{FIRM}  基准日 2025年10月1日"

    def test_html_is_escaped(self):
        """In a notebook, the name of a firm is never markup."""
        html = assessed(
            name="<img src=x onerror=alert(1)>&'\""
        )._repr_html_()  # notebooks call it

        assert "<img" not in html
        assert "&lt;img src=x onerror=alert(1)&gt;&amp;&#x27;&quot;" in html
        assert html.count("<tr>") == 1 + len(incentives.bundled())

    def test_a_policy_in_force_is_no_draft(self):
        """Only of a draft it is said that nothing is due in law yet."""
        assert assessed().provisional
        assert "本文件为送审稿" in str(assessed())

    def test_contains(self):
        """An assessment is asked for a rule by its id, or for a determination."""
        found = assessed()
        assert "pilot-platform" in found
        assert found["pilot-platform"] in found
        assert "pilot" not in found

    def test_equal(self):
        """Two assessments are equal where they say the same of the same."""
        found, again = assessed(), assessed()
        assert found == again
        assert hash(found) == hash(again)
        assert found != assessed("2026-01-01")
        assert found != "assessed"
