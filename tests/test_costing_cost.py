"""`cost()`: what a rule book costs over a registry, by what, and of what that depends."""

import json

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

import incentives

from incentives import Cost, RuleBook, UsageError
from tests.support.canglang import PROJECT, firm
from tests.support.costs import DAY, FIRMS, A, B, book


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    return book(tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="module")
def found(rules: RuleBook) -> Cost:
    return incentives.cost(FIRMS, rules, as_of=DAY)


def rows(table: pl.DataFrame) -> list[tuple[Any, ...]]:
    """The rows, with whole yuan as plain numbers."""
    return [
        tuple(int(v) if isinstance(v, Decimal) else v for v in row)
        for row in table.rows()
    ]


class TestTables:
    """甲县 has 10万元 under a cap, 乙县 5万元 twice, and of one firm little is known."""

    def test_total(self, found: Cost) -> None:
        """20万元 are decided; machines and a factory that nobody knows may add 15万元."""
        assert found.total == 200_000
        assert found.bounds == (200_000, 350_000)
        assert len(found) == 3
        assert found.as_of == date(2026, 6, 30)
        assert found.rejected == ()

    def test_by_rule(self, found: Cost) -> None:
        """Of each rule: to how many, how much, and between what; support is no money."""
        assert rows(found.rules()) == [
            ("equipment", 2, 150_000, 150_000, 250_000),
            ("land", 1, 0, 0, 0),
            ("plant", 1, 50_000, 50_000, 100_000),
        ]

    def test_by_county(self, found: Cost) -> None:
        """A county by another of its names is the same county."""
        assert rows(found.counties()) == [
            ("乙县", 1, 100_000, 100_000, 100_000),
            ("甲县", 1, 100_000, 100_000, 250_000),
        ]

    def test_by_chain(self, found: Cost) -> None:
        """Who tells no chain stands in a row of its own."""
        assert rows(found.chains()) == [
            ("机械", 1, 100_000, 100_000, 100_000),
            ("鞋服", 1, 100_000, 100_000, 100_000),
            (None, 0, 0, 0, 150_000),
        ]

    def test_by_month(self, found: Cost) -> None:
        """Under the cap the machine of February is paid in full, that of March in part."""
        assert rows(found.months()) == [
            ("2026-01", 1, 50_000, 50_000, 50_000),
            ("2026-02", 1, 60_000, 60_000, 60_000),
            ("2026-03", 2, 90_000, 90_000, 90_000),
            ("2026-05", 0, 0, 0, 50_000),
            ("2026-06", 1, 0, 0, 0),
            (None, 0, 0, 0, 100_000),
        ]

    def test_by_year(self, found: Cost) -> None:
        """All events are of one year, but for those of which nobody knows the day."""
        assert rows(found.years()) == [
            (2026, 2, 200_000, 200_000, 250_000),
            (None, 0, 0, 0, 100_000),
        ]

    def test_by_several(self, found: Cost) -> None:
        """Dimensions can be combined, and one that is named twice counts once."""
        assert rows(found.by("rule", "county", "rule"))[:2] == [
            ("equipment", "乙县", 1, 50_000, 50_000, 50_000),
            ("equipment", "甲县", 1, 100_000, 100_000, 200_000),
        ]

    @pytest.mark.parametrize(
        ("names", "said"),
        [
            (("mouth",), r"^unknown dimension 'mouth', did you mean 'month'"),
            (("zzz",), r"^unknown dimension 'zzz', expected one of 'rule', 'county'"),
            ((), r"^name a dimension: one of 'rule', 'county'"),
        ],
    )
    def test_no_dimension(self, found: Cost, names: tuple[str, ...], said: str) -> None:
        """What there is no sum by is refused, with what there is."""
        with pytest.raises(UsageError, match=said):
            found.by(*names)

    def test_the_kind_of_frame(self, rules: RuleBook) -> None:
        """Of a registry in pandas all tables are of pandas."""
        frame = pd.DataFrame(
            {"id": [B], "green": [True], "accepted": [date(2026, 1, 15)]}
        )
        found = incentives.cost(frame, rules, as_of=DAY)
        tables = [found.rules(), found.months(), found.alternatives(), found.budgets()]
        assert all(isinstance(table, pd.DataFrame) for table in tables)
        assert found.total == 50_000

    def test_nobody(self, rules: RuleBook) -> None:
        """A registry of nobody costs nothing."""
        found = incentives.cost([], rules, as_of=DAY)
        assert (found.total, found.bounds) == (0, (0, 0))
        assert rows(found.counties()) == []
        assert "合计应付：0元" in str(found)

    def test_left_out(self, rules: RuleBook) -> None:
        """Not strict, subjects with mistakes are left out and counted."""
        frame = pl.DataFrame({"id": [A, B], "accepted": ["2026-01-15", "one day"]})
        found = incentives.cost(frame, rules, as_of=DAY, strict=False)
        assert found.to_dict()["rejected"] == 1
        assert "因记录有误未计入：1" in found.show()

    def test_a_list_that_only_some_tell(self) -> None:
        """By the bundled rules, who tells no platforms costs up to one of them."""
        told = [{"platforms": []}, {}]
        firms = [
            {"id": name, "county": "德化县", "chain": "建陶", "listings": [], **more}
            for name, more in zip((A, B), told, strict=True)
        ]
        found = incentives.cost(firms, as_of="2025-10-01")
        alone = [incentives.evaluate(firm, as_of="2025-10-01") for firm in firms]
        assert found.bounds[1] == sum(each.bounds[1] or 0 for each in alone)


class TestEvents:
    """What falls to which event, where a rule looks at several records."""

    def one(self, rules: RuleBook, *machines: dict[str, Any]) -> list[tuple[Any, ...]]:
        record = {"id": A, "machines": list(machines), "green": False}
        return rows(incentives.cost([record], rules, as_of=DAY).months())

    def test_an_open_record_under_the_cap(self, rules: RuleBook) -> None:
        """A price that nobody knows leaves the month of the other open too."""
        found = self.one(
            rules,
            {"id": "m1", "bought": "2026-02-10"},
            {"id": "m2", "price": "80万元", "bought": "2026-03-05"},
        )
        assert found == [
            ("2026-02", 0, 0, 0, 100_000),
            ("2026-03", 0, 0, 0, 80_000),
        ]

    def test_an_open_record_without_a_cap(self, tmp_path: Path) -> None:
        """Without a cap each month stands for itself."""
        uncapped = """\
title: 设备补助
each: machine
event: machine.bought
conditions: [none]
award: {rate: 10%, of: machine.price}
"""
        found = self.one(
            book(tmp_path, equipment=uncapped),
            {"id": "m1", "bought": "2026-02-10"},
            {"id": "m2", "price": "80万元", "bought": "2026-03-05"},
        )
        assert found == [
            ("2026-02", 0, 0, 0, None),
            ("2026-03", 0, 0, 80_000, 80_000),
        ]

    def test_two_open_records(self, rules: RuleBook) -> None:
        """What is left for one is unknown while another may take it all."""
        found = self.one(
            rules,
            {"id": "m1", "bought": "2026-02-10"},
            {"id": "m2", "bought": "2026-03-05"},
            {"id": "m3", "price": "80万元", "bought": "2026-03-06"},
        )
        assert found == [
            ("2026-02", 0, 0, 0, 100_000),
            ("2026-03", 0, 0, 0, 180_000),
        ]

    def test_support_for_records(self, tmp_path: Path) -> None:
        """A support that is no money is counted in the months of its records."""
        support = """\
title: 供地支持
each: machine
event: machine.bought
conditions: [machine.price > 50万元]
award: {non-cash: 优先供地}
"""
        found = self.one(
            book(tmp_path, land=support, equipment=None),
            {"id": "m1", "price": "60万元", "bought": "2026-02-10"},
            {"id": "m2", "price": "10万元", "bought": "2026-03-10"},
        )
        assert found == [("2026-02", 1, 0, 0, 0)]

    def test_never(self, rules: RuleBook) -> None:
        """A day that is known never to have come is the day of nothing."""
        record = {"id": A, "machines": [], "green": True, "accepted": False}
        found = incentives.cost([record], rules, as_of=DAY)
        assert rows(found.months()) == [("2026-06", 1, 0, 0, 0)]

    def test_what_is_paid_over_time(self, in_three: RuleBook) -> None:
        """An award in instalments falls to the month of its event, not to their days."""
        record = firm(staff=20, projects=[PROJECT])
        found = incentives.cost([record], in_three, as_of="2027-03-01")
        assert found.total == 266_664
        assert rows(found.months()) == [("2026-03", 1, 266_664, 266_664, 266_664)]


class TestReadings:
    """The total under every other reading of an ambiguous word."""

    def test_where_it_differs(self, found: Cost) -> None:
        """Were it for makers of shoes only, 乙县 would lose 5万元."""
        (other,) = found.other_readings
        assert (other.reading, other.value, other.total) == ("who", "shoes", 150_000)
        assert other.bounds == (150_000, 300_000)
        assert rows(found.alternatives()) == [
            ("who", "shoes", 150_000, -50_000, 150_000, 300_000)
        ]

    def test_where_it_does_not(self, rules: RuleBook) -> None:
        """For a maker of shoes the readings come to the same, and none is told."""
        found = incentives.cost(FIRMS[:1], rules, as_of=DAY)
        assert found.other_readings == ()

    def test_as_asked(self, rules: RuleBook) -> None:
        """Under the other reading, the default is the alternative."""
        found = incentives.cost(FIRMS, rules, as_of=DAY, readings={"who": "shoes"})
        assert found.total == 150_000
        assert [each.value for each in found.other_readings] == ["anybody"]

    def test_of_the_other_kind_of_subject(self) -> None:
        """Counties are told apart by themselves."""
        county = {"id": "德化县", "kind": "county", "pilot_county": True}
        found = incentives.cost([county], as_of="2025-10-01", subject="county")
        assert [row[0] for row in found.counties().rows()] == ["德化县"]
        frame = pl.DataFrame({"id": ["德化县"], "pilot_county": [True]})
        again = incentives.screen(frame, as_of="2025-10-01", subject="county")
        assert again.explain("德化县").subject == "county"


def budget(directory: Path, text: str, rules: str = "[equipment]") -> RuleBook:
    line = f"  - {{budget: 设备预算, english: machines, rules: {rules}, {text}}}\n"
    return book(directory, f"budgets:\n{line}")


class TestBudgets:
    """The day on which a budget is used up, if whoever comes first is paid first."""

    FIRST_COME = "amount: 12万元, when exceeded: first come, order by: bought"

    def days(self, rules: RuleBook, firms: list[dict[str, Any]]) -> list[Any]:
        found = incentives.cost(firms, rules, as_of=DAY).budgets()
        return found["exhausted_on"].to_list()

    def test_first_come(self, tmp_path: Path) -> None:
        """10万元 on 10 February leave 2万元, which are gone on 20 March."""
        rules = budget(tmp_path, self.FIRST_COME)
        found = incentives.cost(FIRMS[:2], rules, as_of=DAY)
        last = date(2026, 3, 20)
        assert rows(found.budgets()) == [("设备预算", 120_000, 150_000, 150_000, last)]
        assert "设备预算  12万元  15万元  15万元" in found.show()
        assert "machines" in found.show("en")

    def test_pro_rata(self, tmp_path: Path) -> None:
        """A budget that is shared alike is told by the days of the events."""
        rules = budget(tmp_path, "amount: 12万元, when exceeded: pro rata")
        assert self.days(rules, FIRMS[:2]) == [date(2026, 3, 20)]

    def test_enough(self, tmp_path: Path) -> None:
        """Of a budget that suffices something is left on every day."""
        rules = budget(tmp_path, "amount: 20万元, when exceeded: pro rata")
        assert self.days(rules, FIRMS[:2]) == [None]

    def test_unknown(self, tmp_path: Path) -> None:
        """Whose machines nobody knows may have come first."""
        assert self.days(budget(tmp_path, self.FIRST_COME), FIRMS) == [None]

    def test_spent_before(self, tmp_path: Path) -> None:
        """A budget that is spent already is used up on no day of these."""
        rules = budget(tmp_path, f"{self.FIRST_COME}, spent: 12万元")
        assert self.days(rules, FIRMS[:2]) == [None]

    def test_no_budget(self, found: Cost) -> None:
        """A book without budgets has no such row."""
        assert rows(found.budgets()) == []


class TestAllocate:
    """`Screening.allocate()`: only those who may get something become records."""

    def test_the_same_as_over_all(self, tmp_path: Path) -> None:
        """What everybody gets is what sharing out over all records comes to."""
        rules = budget(tmp_path, TestBudgets.FIRST_COME)
        nobody = {"id": "91350582MA34ABCG8R", "machines": [], "green": True}
        firms = [nobody, *FIRMS]
        found = incentives.screen(firms, rules=rules, as_of=DAY).allocate()
        whole = incentives.allocate(firms, rules=rules, as_of=DAY)
        assert found.to_dict()["budgets"] == whole.to_dict()["budgets"]
        said = {each["id"]: each for each in whole.to_dict()["applications"]}
        assert said.pop(nobody["id"])["total"] == "0"
        assert found.to_dict()["applications"] == list(said.values())

    def test_nobody_may(self, tmp_path: Path) -> None:
        """Without a budget there is nothing to share out."""
        found = incentives.screen(FIRMS, rules=book(tmp_path), as_of=DAY).allocate()
        assert len(found) == 0

    def test_the_second_batch(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Subjects of every batch take part, and the ledger tells them apart."""
        monkeypatch.setattr("incentives.screening.screen.BATCH", 1)
        rules = budget(tmp_path, TestBudgets.FIRST_COME)
        found = incentives.screen(FIRMS, rules=rules, as_of=DAY)
        assert [each.id for each in found.allocate()] == sorted(f["id"] for f in FIRMS)
        cost = incentives.cost(FIRMS, rules, as_of=DAY)
        assert rows(cost.counties())[0] == ("乙县", 1, 100_000, 100_000, 100_000)


class TestWords:
    """A cost as text and as data."""

    def test_chinese(self, found: Cost) -> None:
        """What it comes to stands first, then by what."""
        said = str(found)
        assert said.startswith(
            "清禾区若干措施（虚构）：费用测算\n\n基准日：2026年6月30日\n"
        )
        assert "合计应付：20万元\n信息补齐后合计：20万元至35万元\n" in said
        assert "设备补助             2  15万元  15万元  25万元" in said
        assert "who   限鞋服链    15万元  -5万元  15万元  30万元" in said
        assert "2026-03" not in said
        assert found._repr_html_().startswith("<pre>清禾区")  # notebooks call it

    def test_english(self, found: Cost) -> None:
        """The same in English; another language there is not."""
        said = found.show("en")
        assert "total due: ¥200,000" in said
        assert "once everything is known: ¥200,000 to ¥350,000" in said
        with pytest.raises(UsageError, match="no language 'fr'"):
            found.show("fr")

    def test_draft_and_no_limit(self, tmp_path: Path) -> None:
        """A draft says that it is one, and what has no limit says so."""
        endless = (
            "title: 投资奖励\nconditions: [none]\naward: {rate: 10%, of: invested}\n"
        )
        facts = "enterprise:\n  invested: {label: 投资额, english: investment, type: money}\n"
        rules = book(
            tmp_path, facts=facts, invest=endless, equipment=None, plant=None, land=None
        )
        found = incentives.cost([{"id": A}], rules, as_of=DAY)
        assert found.bounds == (0, None)
        assert "信息补齐后合计：0元以上，无上限" in found.show()
        assert "without limit" in found.show("en")
        assert "bounds=('0', None)" in repr(found)
        assert found.to_dict()["rules"][0]["high"] is None
        policy = tmp_path / "policy.yaml"
        text = policy.read_text("utf-8").replace("status: issued", "status: draft")
        policy.write_text(text, "utf-8")
        draft = incentives.cost([], incentives.load(tmp_path), as_of=DAY)
        assert "送审稿，尚未生效" in draft.show()

    def test_data(self, found: Cost) -> None:
        """Money as decimal strings, ready for JSON."""
        data = found.to_dict()
        assert json.loads(json.dumps(data)) == data
        assert data["total"] == "200000"
        assert data["bounds"] == ["200000", "350000"]
        assert data["months"][0] == {
            "month": "2026-01",
            "subjects": 1,
            "amount": "50000",
            "low": "50000",
            "high": "50000",
        }
        assert data["alternatives"][0]["difference"] == "-50000"
        assert repr(found) == (
            "Cost(3 subjects, as_of='2026-06-30', policy='qinghe-2026', "
            "total='200000', bounds=('200000', '350000'))"
        )
