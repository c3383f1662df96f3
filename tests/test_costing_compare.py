"""`compare()`: who gains and who loses by a reform, and what nobody knows yet."""

import json

from pathlib import Path
from typing import Any

import polars as pl
import pytest

import incentives

from incentives import Comparison, RuleBook, UsageError
from tests.support.costs import DAY, FACTS, FIRMS, RULES, A, B, C, book
from tests.test_costing_cost import rows


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    return book(tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="module")
def capped(rules: RuleBook) -> Comparison:
    """8万元 instead of 10万元 for all machines of a firm."""
    return incentives.compare(
        rules, rules.amend("equipment", cap="8万元"), FIRMS, as_of=DAY
    )


class TestSums:
    """Gains, losses, and what is open."""

    def test_a_lower_cap(self, capped: Comparison) -> None:
        """甲县 loses 2万元, 乙县 nothing; of the third firm nobody knows."""
        assert (capped.change, capped.gains, capped.losses) == (-20_000, 0, -20_000)
        assert capped.counts == {"gaining": 0, "losing": 1, "undetermined": 1}
        # Whatever machines it has, it loses what is between both caps at most.
        assert capped.bounds == (-20_000, 0)
        assert capped.unsettled == 0
        assert len(capped) == 3

    def test_the_other_way_round(self, rules: RuleBook) -> None:
        """What one loses by a reform, one gains by taking it back."""
        reform = rules.amend("equipment", cap="8万元")
        found = incentives.compare(reform, rules, FIRMS, as_of=DAY)
        assert (found.change, found.gains, found.losses) == (20_000, 20_000, 0)
        assert found.bounds == (0, 20_000)

    def test_by_another_reading(self, rules: RuleBook) -> None:
        """Read for makers of shoes only, 乙县 loses its 5万元."""
        reform = rules.under({"who": "shoes"})
        found = incentives.compare(rules, reform, FIRMS, as_of=DAY)
        assert found.losses == -50_000
        assert rows(found.counties()) == [
            ("乙县", 0, 0, 1, -50_000, -50_000, 0, 0, 0),
            ("甲县", 0, 0, 0, 0, 0, 1, -100_000, 100_000),
        ]

    def test_what_stays_as_it_is(self, rules: RuleBook) -> None:
        """A rule that is not touched changes nothing, even where it is undetermined."""
        reform = rules.amend("equipment", cap="8万元")
        found = incentives.compare(rules, reform, FIRMS, as_of=DAY)
        told = {row[0]: row[6:] for row in rows(found.rules())}
        assert told["plant"] == (0, 0, 0)

    def test_less_is_unsettled(self, rules: RuleBook, tmp_path: Path) -> None:
        """Where a reform leaves open what was decided, that is told by itself."""
        plant = RULES["plant"].replace("[green,", "[green, chain = “机械”,")
        known = {**FIRMS[1], "chain": None}
        reform = book(tmp_path, plant=plant)
        found = incentives.compare(rules, reform, [known], as_of=DAY)
        assert (found.change, found.gains, found.losses) == (-50_000, 0, 0)
        assert found.unsettled == -50_000
        assert found.bounds == (-50_000, 0)

    def test_without_limit(self, rules: RuleBook) -> None:
        """Without a cap, nobody knows how much an unknown list may gain."""
        found = incentives.compare(
            rules, rules.amend("equipment", award="5万元"), FIRMS, as_of=DAY
        )
        low, high = found.bounds
        assert (low, high) == (-100_000, None)
        assert found.to_dict()["undetermined"] == ["-100000", None]
        assert "待定差额：-10万元至无上限" in found.show()


class TestTables:
    """Who and what."""

    def test_subjects(self, capped: Comparison) -> None:
        """Those with a change, from gain to loss, and the open ones last."""
        assert rows(capped.subjects()) == [
            (A, "甲县", "鞋服", 100_000, 80_000, -20_000, -20_000, -20_000),
            (C, "甲县", None, 0, 0, None, -20_000, 0),
        ]

    def test_rules(self, capped: Comparison) -> None:
        """A row for every rule, changed or not."""
        assert rows(capped.rules()) == [
            ("equipment", 0, 0, 1, -20_000, -20_000, 1, -20_000, 0),
            ("land", 0, 0, 0, 0, 0, 0, 0, 0),
            ("plant", 0, 0, 0, 0, 0, 0, 0, 0),
        ]

    def test_chains(self, capped: Comparison) -> None:
        """The same for every chain, and for those who tell none."""
        assert [row[0] for row in rows(capped.chains())] == ["机械", "鞋服", None]

    def test_a_rule_more_and_one_less(self, rules: RuleBook, tmp_path: Path) -> None:
        """A rule that only one book has gives nothing under the other."""
        more = "title: 开办奖励\nconditions: [none]\naward: 1万元\n"
        reform = book(tmp_path, start=more, plant=None)
        found = incentives.compare(rules, reform, FIRMS[:2], as_of=DAY)
        told = {row[0]: row[1:6] for row in rows(found.rules())}
        assert told["start"] == (2, 20_000, 0, 0, 20_000)
        assert told["plant"] == (0, 0, 1, -50_000, -50_000)
        # 乙县 loses 5万元 and gains 1万元.
        assert (found.gains, found.losses) == (10_000, -40_000)
        assert "开办奖励" in found.show()
        assert "绿色工厂奖励" in found.show()

    def test_other_facts(self, rules: RuleBook, tmp_path: Path) -> None:
        """Books with other facts read the registry each for itself."""
        facts = FACTS + "  staff: {label: 职工人数, english: staff, type: number}\n"
        reform = book(tmp_path, facts=facts)
        frame = pl.DataFrame({"id": [B], "green": [True], "accepted": ["2026-01-15"]})
        found = incentives.compare(rules, reform, frame, as_of=DAY)
        assert found.change == 0
        # Nobody knows whether an unknown list comes to the same under both.
        assert found.counts["undetermined"] == 1

    def test_left_out_by_one_book(self, rules: RuleBook, tmp_path: Path) -> None:
        """A subject that either book cannot read is compared under neither."""
        facts = FACTS.replace(
            "label: 验收日, english: day of acceptance, type: date",
            "label: 验收日, english: day of acceptance, type: date, note: 新",
        )
        reform = book(tmp_path, facts=facts)
        frame = pl.DataFrame({"id": [A, B], "accepted": ["one day", "2026-01-15"]})
        found = incentives.compare(rules, reform, frame, as_of=DAY, strict=False)
        assert len(found) == 1
        assert len(found.rejected) == 1
        assert found.to_dict()["rejected"] == 1


class TestGroups:
    """Rules of which only the highest is paid, or that have a cap together."""

    GROUP = """\
stacking:
  - group: 就高
    rules: [equipment, plant]
    mode: highest-only
"""

    def firm(self, price: str) -> dict[str, Any]:
        machines = [{"id": "m1", "price": price, "bought": "2026-03-20"}]
        return {**FIRMS[1], "machines": machines}

    def test_money_that_moves(self, tmp_path: Path) -> None:
        """A rule that overtakes another gains what the other loses, and the firm the rest."""
        rules = book(tmp_path, self.GROUP)
        reform = rules.amend("plant", award="8万元")
        found = incentives.compare(rules, reform, [self.firm("70万元")], as_of=DAY)
        told = {row[0]: row[5] for row in rows(found.rules())}
        assert told == {"equipment": -70_000, "land": 0, "plant": 80_000}
        assert (found.gains, found.losses) == (10_000, 0)

    def test_a_new_group(self, tmp_path: Path) -> None:
        """Rules that no longer add up are changed, though none of them is."""
        rules, reform = book(tmp_path / "old"), book(tmp_path / "new", self.GROUP)
        found = incentives.compare(rules, reform, [self.firm("70万元")], as_of=DAY)
        assert found.losses == -50_000

    def test_what_is_bound_up_with_a_change(self, tmp_path: Path) -> None:
        """An unknown award in a group with a changed rule may change with it."""
        rules = book(tmp_path, self.GROUP)
        reform = rules.amend("plant", award="1万元")
        open_ = {**FIRMS[1], "machines": [{"id": "m1", "bought": "2026-03-20"}]}
        found = incentives.compare(rules, reform, [open_], as_of=DAY)
        told = {row[0]: row[6] for row in rows(found.rules())}
        assert told["equipment"] == 1


class TestWords:
    """A comparison as text and as data."""

    def test_chinese(self, capped: Comparison) -> None:
        """The sums first, then by what, then for whom."""
        said = str(capped)
        assert said.startswith("清禾区若干措施（虚构）：修订影响\n")
        assert "差额：-2万元\n增加合计：0元\n减少合计：-2万元\n" in said
        assert "待定差额：-2万元至0元" in said
        assert f"{A}      10万元       8万元  -2万元" in said

    def test_english(self, capped: Comparison) -> None:
        """The same in English."""
        said = capped.show("en")
        assert "losses: -¥20,000" in said
        assert "undetermined change: -¥20,000 to ¥0" in said

    def test_data(self, capped: Comparison) -> None:
        """Money as decimal strings, ready for JSON."""
        data = capped.to_dict()
        assert json.loads(json.dumps(data)) == data
        assert data["change"] == "-20000"
        assert data["changed"][1]["change"] is None
        assert repr(capped) == (
            "Comparison(3 subjects, as_of='2026-06-30', policy='qinghe-2026', "
            "change='-20000')"
        )

    @pytest.mark.parametrize("books", [(None, None), ("a", "b")])
    def test_no_books(self, books: tuple[Any, Any]) -> None:
        """Two books are compared, and nothing else."""
        with pytest.raises(UsageError, match=r"rule books? made by load\(\)"):
            incentives.compare(*books, FIRMS, as_of=DAY)

    def test_nobody(self, rules: RuleBook) -> None:
        """For nobody nothing changes."""
        found = incentives.compare(
            rules, rules.amend("plant", award="1万元"), [], as_of=DAY
        )
        assert (found.change, found.bounds) == (0, (0, 0))
