"""
`budgets:` in policy.yaml and `allocate()`: what many applications get together.

资金预算不足的，按比例核减；先到先得，用完为止；择优支持，不超过……家.
"""

import json

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import incentives

from incentives import Allocation, RecordError, RuleBook, UsageError, allocate
from incentives.budgeting.allocation import Lacking
from incentives.budgeting.claims import Standing
from tests.support.grouped_packs import FIRMS, pack

DAY = "2026-06-30"
A, B, C = FIRMS


def firm(name: str, /, **facts: Any) -> dict[str, Any]:
    """A firm that gets 10万元 for its investment, and nothing else."""
    known: dict[str, Any] = {
        "machines": [],
        "invested": "100万元",
        "green": False,
        "staff": 5,
        "applied": "2026-03-01",
    }
    return {"id": name, **known, **facts}


def budget(directory: Path, text: str, rules: str = "[investment]") -> RuleBook:
    body = f"  - {{budget: 投资预算, english: invest, rules: {rules}, {text}}}\n"
    return pack(directory, f"budgets:\n{body}")


def shared(book: RuleBook, *firms: dict[str, Any]) -> Allocation:
    return allocate(firms, as_of=DAY, rules=book)


def granted(found: Allocation, rule: str = "investment") -> list[str]:
    """What each application gets under a rule, in yuan, or between what."""
    said = []
    for application in found:
        grant = application[rule]
        low, high = grant.bounds
        said.append(str(grant.granted or low) if low == high else f"{low}..{high}")
    return said


class TestProRata:
    """预算不足的，按比例核减"""

    def test_cut_alike(self, tmp_path: Path) -> None:
        """30万元 are asked for of 20万元: each gets two thirds, to the fen."""
        book = budget(tmp_path, "amount: 20万元")
        found = shared(book, *map(firm, FIRMS))
        assert granted(found) == ["66666.67", "66666.67", "66666.66"]
        spent = found.budget("投资预算")
        assert spent.granted == found.total == 200_000
        assert spent.remaining == (0, 0)
        assert spent.demanded == (300_000, 300_000)
        assert found[C]["investment"].standing is Standing.CUT
        assert found[C]["investment"].explain() == "预算不足，按比例核减至 66.67%"
        english = found[C]["investment"].explain("en")
        assert english == "the budget falls short: cut to 66.67%"

    def test_what_was_spent_is_gone(self, tmp_path: Path) -> None:
        """Of 20万元, 5万元 are spent: three share 15万元."""
        book = budget(tmp_path, "amount: 20万元, spent: 5万元")
        found = shared(book, *map(firm, FIRMS))
        assert granted(found) == ["50000", "50000", "50000"]
        assert found.budgets[0].available == 150_000

    def test_enough(self, tmp_path: Path) -> None:
        """Where the budget suffices everybody gets what the rule comes to."""
        found = shared(budget(tmp_path, "amount: 30万元"), *map(firm, FIRMS))
        assert granted(found) == ["100000", "100000", "100000"]
        assert found[A]["investment"].explain() == "预算内全额"

    def test_an_unknown_application(self, tmp_path: Path) -> None:
        """One unknown investment leaves all grants open, and says whose it is."""
        book = budget(tmp_path, "amount: 15万元")
        found = shared(book, firm(A), firm(B, invested=None))
        assert granted(found) == ["0..100000", "0..150000"]
        grant = found[A]["investment"]
        assert grant.granted is None
        assert grant.demanded == 100_000
        assert grant.missing == (Lacking(B, "invested"),)
        assert grant.explain() == f"尚缺信息：{B}: invested"
        assert found.total == 0
        assert found.budgets[0].remaining == (0, 150_000)

    def test_many_missing_facts_are_not_all_printed(self, tmp_path: Path) -> None:
        """More than three are told by an ellipsis."""
        firms = [firm(f"企业{at}", invested=None) for at in range(4)]
        found = shared(budget(tmp_path, "amount: 15万元"), *firms)
        assert found["企业0"]["investment"].explain().endswith("企业2: invested…")


class TestFirstCome:
    """先到先得，用完为止"""

    def book(self, directory: Path, more: str = "") -> RuleBook:
        text = f"amount: 15万元, when exceeded: first come, order by: applied{more}"
        return budget(directory, text)

    def test_by_day(self, tmp_path: Path) -> None:
        """The second gets what is left, the third nothing; the day is told."""
        found = shared(
            self.book(tmp_path),
            firm(A, applied="2026-03-03"),
            firm(B, applied="2026-03-01"),
            firm(C, applied="2026-03-02"),
        )
        assert granted(found) == ["0", "100000", "50000"]
        exhausted = found.budgets[0].exhausted
        assert exhausted is not None
        assert (exhausted.application, exhausted.day) == (C, date(2026, 3, 2))
        why = [application["investment"].explain() for application in found]
        assert why == [
            f"预算用尽于 2026年3月2日（{C}）",
            "预算内全额",
            "预算不足，仅余此数",
        ]
        assert found[A]["investment"].rank == 3
        assert found[A]["investment"].served == date(2026, 3, 3)

    def test_enough_for_all(self, tmp_path: Path) -> None:
        """Where something is left the budget is not exhausted."""
        found = shared(self.book(tmp_path), firm(A))
        assert found.budgets[0].exhausted is None
        assert found.budgets[0].remaining == (50_000, 50_000)

    def test_one_day(self, tmp_path: Path) -> None:
        """Two on one day of whom not both can be paid are left to the authority."""
        found = shared(self.book(tmp_path), firm(A), firm(B))
        assert granted(found) == ["0..100000", "0..100000"]
        assert found[A]["investment"].explain() == "并列，由主管部门另定"
        assert found[A]["investment"].missing == ()
        assert found.budgets[0].exhausted is None

    def test_one_day_by_id(self, tmp_path: Path) -> None:
        """The lower id first, where the policy says so."""
        found = shared(self.book(tmp_path, ", ties: by id"), firm(A), firm(B))
        assert granted(found) == ["100000", "50000"]

    def test_an_unknown_day(self, tmp_path: Path) -> None:
        """Whoever may have applied earlier leaves others open, its day is missing."""
        found = shared(self.book(tmp_path), firm(A), firm(B, applied=None))
        assert granted(found) == ["0..100000", "0..100000"]
        assert found[A]["investment"].missing == (Lacking(B, "applied"),)

    def test_the_earliest_of_the_records(self, tmp_path: Path) -> None:
        """A claim over several records is served by the first that is paid for."""
        text = "amount: 4万元, when exceeded: first come, order by: bought"
        book = budget(tmp_path, text, "[equipment]")

        def bought(*days: str | None) -> list[dict[str, Any]]:
            return [
                {"id": f"m{at}", "price": "1万元", "bought": day}
                for at, day in enumerate(days)
            ]

        found = shared(
            book,
            firm(A, machines=bought("2026-02-01", "2026-02-09", "2026-02-10")),
            firm(B, machines=bought("2026-03-01", "2026-01-31", "2026-03-01")),
        )
        assert granted(found, "equipment") == ["10000", "30000"]
        assert found[B]["equipment"].served == date(2026, 1, 31)
        unknown = shared(
            book,
            firm(A, machines=bought("2026-02-01", None)),
            firm(B, machines=bought("2026-03-01", "2026-03-01", "2026-03-01")),
            firm(C, machines=None),
        )
        grants = [each["equipment"] for each in unknown]
        assert [grant.granted for grant in grants] == [None, None, None]
        assert grants[0].missing == (
            Lacking(A, "machines[1].bought"),
            Lacking(C, "machines"),
        )
        assert grants[0].bounds == (0, 20_000)


class TestRanking:
    """择优支持，名额……家"""

    @pytest.mark.parametrize(
        ("direction", "paid"), [("false", [A, B]), ("true", [B, C])]
    )
    def test_quota(self, tmp_path: Path, direction: str, paid: list[str]) -> None:
        """The two highest (or lowest) taxpayers get it, the third is told its rank."""
        text = (
            f"when exceeded: ranking, order by: tax, quota: 2, ascending: {direction}"
        )
        book = budget(tmp_path, text)
        firms = [
            firm(name, tax=tax) for name, tax in zip(FIRMS, (9, 5, 1), strict=True)
        ]
        found = shared(book, *firms)
        assert [each.id for each in found if each.total] == paid
        (out,) = [each["investment"] for each in found if not each.total]
        assert out.explain() == "第 3 名，名额 2"
        assert out.explain("en") == "rank 3 of a quota of 2"
        assert out.served == Decimal(9 if direction == "true" else 1)
        assert found.budgets[0].remaining is None
        assert "“投资预算”：名额 2，申请 30万元，核定 20万元" in str(found)

    def test_a_budget_besides(self, tmp_path: Path) -> None:
        """Within the quota the better is paid first, until nothing is left."""
        text = "amount: 15万元, when exceeded: ranking, order by: staff, quota: 2"
        firms = [firm(name, staff=n) for name, n in zip(FIRMS, (1, 3, 2), strict=True)]
        found = shared(budget(tmp_path, text), *firms)
        assert granted(found) == ["0", "100000", "50000"]
        assert "预算用尽于 2（" in str(found)

    def test_by_what_another_rule_comes_to(self, tmp_path: Path) -> None:
        """The amount of another rule may rank, and is shown in yuan."""
        text = 'when exceeded: ranking, order by: due("equipment"), quota: 1'
        machines = [{"id": "m1", "price": "3万元"}]
        found = shared(budget(tmp_path, text), firm(A), firm(B, machines=machines))
        assert granted(found) == ["0", "100000"]
        assert found[B]["investment"].served == 30_000

    def test_unknown_figures(self, tmp_path: Path) -> None:
        """An unknown tax may be the highest: nobody's place is sure."""
        text = "when exceeded: ranking, order by: tax, quota: 1"
        found = shared(budget(tmp_path, text), firm(A, tax=9), firm(B))
        assert granted(found) == ["0..100000", "0..100000"]
        assert found[A]["investment"].missing == (Lacking(B, "tax"),)
        assert found[A]["investment"].rank is None

    def test_a_quota_for_what_is_not_money(self, tmp_path: Path) -> None:
        """Places may be limited for a support, and for what an authority decides."""
        text = "when exceeded: ranking, order by: staff, quota: 1"
        book = budget(tmp_path, text, "[support, talent]")
        found = shared(book, firm(A, green=True, staff=9), firm(B, green=True, staff=8))
        assert [each["support"].standing for each in found] == [
            Standing.WITHIN,
            Standing.OUT_OF_QUOTA,
        ]
        assert found[A]["support"].granted is None
        assert found[A]["talent"].standing is Standing.NOTHING_DUE
        both = shared(book, firm(A, staff=12), firm(B, green=True, staff=11))
        assert both[A]["talent"].standing is Standing.OPEN
        assert both[B]["support"].standing is Standing.OUT_OF_QUOTA

    def test_discretion_leaves_a_budget_open(self, tmp_path: Path) -> None:
        """What an authority may grant can take all that there is."""
        book = budget(tmp_path, "amount: 15万元", "[investment, talent]")
        found = shared(book, firm(A), firm(B, staff=12, invested=0))
        assert granted(found) == ["0..100000", "0"]
        assert found[A]["investment"].explain() == "待定"


class TestLanguage:
    """预算、金额、已支出、超出时、排序、升序、名额、并列"""

    def test_chinese_words_say_the_same(self, tmp_path: Path) -> None:
        """A budget in Chinese words is the same budget, facts by their labels too."""
        english = """\
budgets:
  - {budget: 甲, rules: all, amount: 9万元, spent: 1万元, when exceeded: ranking,
     order by: applied, ascending: true, quota: 3, ties: by id}
"""
        chinese = """\
预算:
  - {预算: 甲, 规则: 全部, 金额: 9万元, 已支出: 1万元, 超出时: 择优,
     排序: 申报日, 升序: 是, 名额: 3, 并列: 按编号}
"""
        found = []
        for name, text in (("en", english), ("zh", chinese)):
            directory = tmp_path / name
            directory.mkdir()
            found.append(pack(directory, text).budgets)
        assert found[0] == found[1]

    def test_a_fact_of_the_record_by_its_label(self, tmp_path: Path) -> None:
        """购置日 is the day of each machine, which the firm itself does not have."""
        text = "amount: 1万元, when exceeded: first come, order by: {}"
        books = []
        for name in ("bought", "machine.bought", "购置日"):
            directory = tmp_path / name
            directory.mkdir()
            books.append(budget(directory, text.format(name), "[equipment]").budgets)
        assert books[0] == books[1] == books[2]

    def test_a_reading_may_switch_limits_off(self, tmp_path: Path) -> None:
        """无 stands for no amount and no quota under a reading."""
        policy = """\
readings:
  limited:
    question: 限额还是限数？
    values: {amount: 限额, quota: 限数}
budgets:
  - budget: 甲
    rules: [investment]
    amount: {reading: limited, amount: 9万元, quota: none}
    quota: {reading: limited, amount: none, quota: 3}
    when exceeded: ranking
    order by: tax
"""
        book = pack(tmp_path, policy)
        found = [(b.amount, b.quota) for b in book.budgets]
        other = [(b.amount, b.quota) for b in book.under({"limited": "quota"}).budgets]
        assert (found, other) == ([(9_000_000, None)], [(None, 3)])


class TestAllocation:
    def test_what_is_in_no_budget(self, tmp_path: Path) -> None:
        """It is granted as evaluated, and open where it is undetermined."""
        book = budget(tmp_path, "amount: 15万元")
        found = shared(book, firm(A, green=True), firm(B, green=None))
        assert found[A]["plant"].granted == 50_000
        assert found[A]["plant"].standing is Standing.NO_BUDGET
        assert found[A]["plant"].explain() == "符合条件"
        assert found[B]["plant"].granted is None
        assert found[B]["plant"].missing == (Lacking(B, "green"),)
        assert found[A].total == 50_000 + 75_000
        assert found[A]["equipment"].standing is Standing.NOTHING_DUE

    def test_the_order_given_decides_nothing(self, tmp_path: Path) -> None:
        """Forwards, backwards, and from an iterator: the same to the letter."""
        book = budget(tmp_path, "amount: 20万元")
        firms = [firm(name) for name in FIRMS]
        found = [
            allocate(given, as_of=DAY, rules=book).to_dict()
            for given in (firms, firms[::-1], iter(firms))
        ]
        assert found[0] == found[1] == found[2]

    def test_no_applications(self, tmp_path: Path) -> None:
        """Nobody applied: all of the budget is left."""
        found = shared(budget(tmp_path, "amount: 20万元"))
        assert (len(found), found.total) == (0, 0)
        assert found.budgets[0].remaining == (200_000, 200_000)

    def test_json(self, tmp_path: Path) -> None:
        """Money as decimal strings; what is not decided is null, with its bounds."""
        text = "amount: 15万元, when exceeded: first come, order by: applied"
        book = budget(tmp_path, text)
        found = shared(book, firm(A), firm(B, applied="2026-04-01")).to_dict()
        assert json.loads(json.dumps(found)) == found
        assert found["budgets"] == [
            {
                "budget": "投资预算",
                "rules": ["investment"],
                "available": "150000",
                "quota": None,
                "demanded": ["200000", "200000"],
                "granted": "150000",
                "remaining": ["0", "0"],
                "exhausted_on": "2026-04-01",
                "exhausted_by": B,
            }
        ]
        assert found["applications"][1]["grants"][1] == {
            "rule": "investment",
            "budget": "投资预算",
            "outcome": "eligible",
            "demanded": "100000",
            "granted": "50000",
            "bounds": ["50000", "50000"],
            "standing": "rest-of-budget",
            "rank": 2,
            "missing": [],
        }
        assert found["total"] == "150000"
        lacking = shared(book, firm(A, invested=None)).to_dict()
        grants = lacking["applications"][0]["grants"]
        assert grants[1]["missing"] == [{"id": A, "fact": "invested"}]

    def test_table(self, tmp_path: Path) -> None:
        """Every claim that may come to something, every budget, and the total."""
        book = budget(tmp_path, "amount: 15万元")
        found = shared(book, firm(A, name="甲厂（虚构）"), firm(B))
        assert str(found) == (
            "新禾区若干措施（虚构）  基准日 2026年6月30日\n"
            "\n"
            "申请单位            规则        应享     核定  理由\n"
            "──────────────────  ────────  ──────  ───────  ──────────────────────────\n"
            "甲厂（虚构）        投资奖励  10万元  7.5万元  预算不足，按比例核减至 75%\n"
            "91350582MA32ABCE5Q  投资奖励  10万元  7.5万元  预算不足，按比例核减至 75%\n"
            "\n"
            "“投资预算”：可用 15万元，申请 20万元，核定 15万元，余 0元\n"
            "核定合计：15万元"
        )
        assert '"invest": ¥150,000 available' in found.show("en")
        assert repr(found) == (
            "Allocation(policy='xinhe-2026', as_of='2026-06-30', applications=2, "
            "total='150000')"
        )
        assert found._repr_html_().startswith("<pre>新禾区若干措施")

    def test_a_draft_gives_no_rights(self, tmp_path: Path) -> None:
        """Under a draft the table says so, under an issued policy it does not."""
        draft = allocate([{"id": A}], as_of=DAY)
        issued = shared(budget(tmp_path, "amount: 15万元"), firm(A))
        assert (draft.provisional, issued.provisional) == (True, False)
        assert "送审稿，尚未生效" in str(draft).splitlines()[1]
        assert "送审稿" not in str(issued)

    def test_unknown_names(self, tmp_path: Path) -> None:
        """An application, a rule or a budget that is not there is told with a hint."""
        found = shared(budget(tmp_path, "amount: 15万元"), firm(A))
        with pytest.raises(UsageError, match=r"unknown application 'x', it did not"):
            found["x"]
        with pytest.raises(UsageError, match=r"'invest', did you mean 'investment'\?"):
            found[A]["invest"]
        with pytest.raises(UsageError, match=r"unknown rule 'x', one of 'equipment'"):
            found[A]["x"]
        with pytest.raises(
            UsageError, match=r"unknown budget 'x', expected '投资预算'"
        ):
            found.budget("x")
        with pytest.raises(UsageError, match=r"'x', the policy has none"):
            allocate([], as_of=DAY).budget("x")


class TestInput:
    def test_all_mistakes_of_all_records(self, tmp_path: Path) -> None:
        """Every mistake is told with the id of its record, or with its place."""
        book = budget(tmp_path, "amount: 15万元")
        bad: list[Any] = [
            firm(A, staff="x"),
            firm(B),
            {"id": C, "tax": -1, "colour": 1},
            {"tax": 1},
            7,
        ]
        with pytest.raises(RecordError) as caught:
            allocate(bad, as_of=DAY, rules=book)
        paths = [mistake.path for mistake in caught.value.mistakes]
        assert paths == [
            f"{A}: staff",
            f"{C}: colour",
            f"{C}: tax",
            "applications[3]: id",
            "applications[4]: record",
        ]

    def test_duplicate_ids(self, tmp_path: Path) -> None:
        """One application each: two with one id are refused, all at once."""
        book = budget(tmp_path, "amount: 15万元")
        given = [firm(name) for name in (A, B, A, B, C)]
        said = f"two applications have the id '{A}'\ntwo applications have the id '{B}'"
        with pytest.raises(UsageError) as caught:
            allocate(given, as_of=DAY, rules=book)
        assert str(caught.value) == said

    @pytest.mark.parametrize(
        ("given", "kind"), [({"id": A}, "dict"), ("x", "str"), (7, "int")]
    )
    def test_what_is_no_list(self, given: Any, kind: str) -> None:
        """A single record is not taken for applications."""
        with pytest.raises(UsageError, match=f"expected applications, got {kind}"):
            allocate(given, as_of=DAY)

    def test_objects_and_counties(self) -> None:
        """Enterprises and counties may apply together; each has its own rules."""
        subjects = [incentives.Enterprise(id=A), incentives.County(id="晋江市")]
        found = allocate(subjects, as_of="2025-10-01")
        assert [each.id for each in found] == [A, "晋江市"]
        assert [grant.rule for grant in found["晋江市"]] == ["county-excellence"] + [
            rule.id
            for rule in incentives.bundled()
            if rule.subject == "county" and rule.id != "county-excellence"
        ]
