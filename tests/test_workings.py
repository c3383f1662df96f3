"""How an amount came about, why it is nothing, and what is said of a cap."""

from pathlib import Path
from typing import Any

import pytest

import incentives

from incentives import Outcome, ReasonCode, RuleBook
from incentives.reports import catalogue

#: An invented firm; the code is valid under GB 32100-2015.
FIRM = "91350582MA31ABCD0M"

POLICY = """\
policy: lake
title: 镜湖区支持企业上台阶若干措施（虚构）
issuer: 镜湖区人民政府（虚构）
status: issued
effective: 2026-01-01
sunset: 2027-12-31
readings: {}
"""
FACTS = """\
enterprise:
  revenue: {label: 年营业收入, english: revenue of the year, type: money}
  rent: {label: 年租金, english: rent of the year, type: money}
  founded: {label: 成立日期, english: day of foundation, type: date}
  size:
    label: 规模
    english: size
    values:
      small: {label: 小型, english: small}
      large: {label: 大型, english: large}
      micro: {label: 微型, english: micro}
  purchases:
    label: 采购
    english: purchases
    record: purchase
    key: id
    fields:
      id: {label: 编号, english: id, type: text}
      cost: {label: 费用, english: cost, type: money}
      back: {label: 退款, english: refund, type: money}
      bought: {label: 采购日期, english: day of purchase, type: date}
"""
#: What an award says, by the name of its rule.
AWARDS = {
    "grow": """\
  of: revenue
  tiers:
    - {in: "[1亿元, ∞)", then: 20万元}
    - {in: "[5000万元, 1亿元)", then: 10万元}
  otherwise: 0元
""",
    "above": """\
  of: revenue
  tiers:
    - {in: "(5000万元, 1亿元]", then: 10万元}
  otherwise: 0元
""",
    "young": """\
  of: founded
  tiers:
    - {in: "[2020-01-01, ∞)", then: 10万元}
  otherwise: 0元
""",
    "sized": """\
  of: size
  tiers:
    - {is: 小型, then: 1万元}
    - {is: 大型, then: 2万元}
  otherwise: 0元
""",
    "rent": "  rate: 10%\n  of: rent\n",
    "bonus": """\
  look up: grants.bonus
  by: size
  otherwise: 0元
""",
    "share": """\
  of: revenue
  tiers:
    - in: "[5000万元, ∞)"
      then: {rate: 10%, of: revenue}
  otherwise: 0元
  cap: 800万元
""",
}
RULE = """\
rule: NAME
title: 上台阶奖励
clause: 第一条
quote: 对企业给予奖励
conditions: [none]
award:
"""
PURCHASES = """\
rule: cloud
title: 云服务补助
clause: 第二条
quote: 按采购费用的10%给予补助
each: purchase
event: purchase.bought
award: {rate: 10%, of: purchase.cost - purchase.back, cap: 50万元, cap per: "SCOPE"}
"""


def load(folder: Path, **rules: str) -> RuleBook:
    """A pack of the invented district with some rules."""
    texts = {"policy": POLICY, "facts": FACTS, **rules}
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    (folder / "grants.csv").write_text("size,bonus\nsmall,20万元\n", encoding="utf-8")
    return incentives.load(folder)


@pytest.fixture
def book(tmp_path: Path) -> RuleBook:
    return load(
        tmp_path,
        **{name: RULE.replace("NAME", name) + award for name, award in AWARDS.items()},
    )


def judged(book: RuleBook, rule: str, **facts: Any) -> incentives.Determination:
    return incentives.evaluate({"id": FIRM, **facts}, as_of="2026-06-01", rules=book)[
        rule
    ]


def lines(found: incentives.Determination, lang: str = "zh") -> list[str]:
    return [line.strip() for line in found.explain(lang).splitlines()]


class TestNothingDue:
    """Of an amount of nothing the fact is told that makes it so, and what it must be."""

    @pytest.mark.parametrize(
        ("rule", "facts", "fact", "change"),
        [
            (
                "grow",
                {"revenue": "4999万元"},
                "年营业收入 4999万元，未达最低一档（≥ 5000万元）",
                "年营业收入：现为4999万元，须 ≥ 5000万元",
            ),
            (
                "above",
                {"revenue": "5000万元"},
                "年营业收入 5000万元，未达最低一档（> 5000万元）",
                "年营业收入：现为5000万元，须 > 5000万元",
            ),
            (
                "above",
                {"revenue": "2亿元"},
                "年营业收入 2亿元，不在任何一档",
                "须：年营业收入 > 5000万元，且年营业收入 ≤ 1亿元",
            ),
            (
                "young",
                {"founded": "2019-12-31"},
                "成立日期 2019年12月31日，未达最低一档（不早于2020年1月1日）",
                "成立日期：现为2019年12月31日，须不早于2020年1月1日",
            ),
            (
                "sized",
                {"size": "微型"},
                "规模 微型，不在任何一档",
                "须：规模为小型，或规模为大型",
            ),
            (
                "rent",
                {"rent": 0},
                "年租金：现为0元，须 > 0元",
                "年租金：现为0元，须 > 0元",
            ),
        ],
        ids=["below", "on the edge", "above", "date", "value", "base"],
    )
    def test_the_fact_and_the_lowest_tier(self, book, rule, facts, fact, change):
        """The reason names the fact and the tier that it misses."""
        found = judged(book, rule, **facts)

        assert (found.outcome, found.code) == (
            Outcome.INELIGIBLE,
            ReasonCode.NOTHING_DUE,
        )
        assert f"✗ 计算结果为零：{fact}" in lines(found)
        assert lines(found)[-2:] == ["若要享受：", change]

    def test_in_english(self, book):
        """The same in English."""
        found = lines(judged(book, "grow", revenue="4999万元"), "en")

        assert (
            "✗ the amount comes to nothing: revenue of the year ¥49,990,000 is below "
            "the lowest tier (≥ ¥50,000,000)"
        ) in found
        assert found[-2:] == [
            "To become due:",
            "revenue of the year: now ¥49,990,000, must be ≥ ¥50,000,000",
        ]

    def test_in_the_table(self, book):
        """The table of all rules gives the same reason."""
        table = incentives.evaluate(
            {"id": FIRM, "revenue": "4999万元"}, as_of="2026-06-01", rules=book
        ).show()

        assert "计算结果为零：年营业收入 4999万元，未达最低一档（≥ 5000万元）" in table

    def test_the_change_suffices(self, book):
        """At the threshold that is told, the amount is due."""
        assert judged(book, "grow", revenue="5000万元").amount == 100_000
        assert judged(book, "above", revenue="5000.01万元").amount == 100_000

    def test_a_table_without_the_row(self, book):
        """Where nothing but the result can be told, nothing more is said."""
        found = judged(book, "bonus", size="large")

        assert "✗ 计算结果为零" in lines(found)
        assert "若要享受：" not in lines(found)

    def test_of_a_record_that_is_not_the_leading_one(self, tmp_path):
        """Beside a purchase that is paid, one that comes to nothing says why."""
        book = load(tmp_path, cloud=PURCHASES.replace("SCOPE", "purchase, lifetime"))
        purchases = [
            {"id": "a", "cost": "10万元", "back": 0, "bought": "2026-02-01"},
            {"id": "b", "cost": "1万元", "back": "3万元", "bought": "2026-02-01"},
        ]

        found = lines(judged(book, "cloud", purchases=purchases))

        at = found.index("采购2：不符合")
        assert found[at + 1] == ("✗ 计算结果为零：费用 − 退款：现为-2万元，须 > 0元")


class TestWorking:
    """A working ends in its result, which is said once."""

    @pytest.mark.parametrize(
        ("rule", "facts", "working"),
        [
            ("bonus", {"size": "small"}, "“grants”表中规模对应的“bonus” 20万元"),
            (
                "share",
                {"revenue": "6000万元"},
                (
                    "10% × 年营业收入 6000万元（年营业收入 ≥ 5000万元） = 600万元，"
                    "封顶 800万元 = 600万元"
                ),
            ),
            (
                "grow",
                {"revenue": "5000万元"},
                ("10万元（年营业收入 ≥ 5000万元，且年营业收入 < 1亿元）"),
            ),
        ],
    )
    def test_said_once(self, book, rule, facts, working):
        """A row of a table has its figure once, a tier with a rate its result."""
        assert f"算式：{working}" in lines(judged(book, rule, **facts))


def paid(amount: str, day: str) -> dict[str, Any]:
    return {"rule": "cloud", "amount": amount, "date": day, "record": "a"}


BOUGHT = {"id": "a", "cost": "300万元", "back": 0, "bought": "2026-02-01"}


class TestCaps:
    """A cap that is used up is told, for good or for the year."""

    @pytest.mark.parametrize(
        ("scope", "why"),
        [
            ("purchase, lifetime", "此前所获奖补已用尽封顶额度"),
            ("purchase, per year", "本年度所获奖补已用尽本年度封顶额度"),
            ("subject, lifetime", "此前所获奖补已用尽封顶额度"),
            ("subject, per year", "本年度所获奖补已用尽本年度封顶额度"),
        ],
    )
    def test_used_up(self, tmp_path, scope, why):
        """Nothing can make it due, and the record is said to be as it should be."""
        book = load(tmp_path, cloud=PURCHASES.replace("SCOPE", scope))
        awards = [paid("50万元", "2026-03-01")]

        found = judged(book, "cloud", purchases=[BOUGHT], awards=awards)

        assert found.code is ReasonCode.ALREADY_AWARDED
        assert lines(found)[-1] == f"已无从享受：{why}"
        assert "采购1：应享" not in lines(found)

    def test_over_all_records(self, tmp_path):
        """A cap over all records stands below them, and in the catalogue."""
        book = load(tmp_path, cloud=PURCHASES.replace("SCOPE", "subject, lifetime"))
        purchases = [BOUGHT, {**BOUGHT, "id": "b"}]
        awards = [paid("10万元", "2026-03-01")]

        found = judged(book, "cloud", purchases=purchases, awards=awards)

        assert found.amount == 400_000
        assert "各项合计封顶 40万元" in lines(found)
        assert "All together capped at ¥400,000" in lines(found, "en")
        assert catalogue.award_words(book["cloud"], book) == (
            "10% × （费用 − 退款），封顶 50万元，各项合计封顶 （50万元 − 此前已拨付）"
        )

    def test_less_what_was_paid(self, tmp_path):
        """In the catalogue, a cap less what was paid before stands in brackets."""
        book = load(tmp_path, cloud=PURCHASES.replace("SCOPE", "purchase, lifetime"))

        assert catalogue.award_words(book["cloud"], book) == (
            "10% × （费用 − 退款），封顶 （50万元 − 此前已拨付）"
        )
        assert catalogue.award_words(book["cloud"], book, "en") == (
            "10% × (cost − refund), capped at (¥500,000 − paid before)"
        )

    def test_more_than_the_cap_was_paid(self, tmp_path):
        """What is left of a cap counts as nothing where it would be less."""
        book = load(tmp_path, cloud=PURCHASES.replace("SCOPE", "purchase, lifetime"))
        awards = [paid("60万元", "2026-03-01")]

        found = judged(book, "cloud", purchases=[BOUGHT], awards=awards)

        assert (
            "算式：10% × （费用 300万元 − 退款 0元） = 30万元，"
            "封顶 （50万元 − 此前已拨付 60万元）（小于零，按零计） = 0元"
        ) in lines(found)
