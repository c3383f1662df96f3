"""
`stacking:` in policy.yaml: 就高不重复 and 合计封顶, over several rules.

A cap over rules says what all of them together may come to: 同一企业各项奖补合计不超过
……. Whoever exceeds it gives way in the order of the rules, or everybody in proportion.
"""

from pathlib import Path
from typing import Any

import pytest

import incentives

from incentives import Assessment, Outcome, PackError, ReasonCode, RuleBook
from incentives.grouping import Capped, Group
from tests.support.grouped_packs import FIRMS, pack

DAY = "2026-06-30"
RULES = ("equipment", "investment", "plant")


def firm(**facts: Any) -> dict[str, Any]:
    """Equipment of 3万元, an investment that gives 10万元, a plant of 5万元."""
    known = {
        "machines": [{"id": "m1", "price": "3万元"}],
        "invested": "100万元",
        "green": True,
        "staff": 5,
    }
    return {"id": FIRMS[0], **known, **facts}


def evaluated(book: RuleBook, day: str = DAY, **facts: Any) -> Assessment:
    return incentives.evaluate(firm(**facts), as_of=day, rules=book)


def amounts(found: Assessment) -> list[str]:
    """What each rule comes to in 万元, or between what."""
    said = []
    for rule in RULES:
        low, high = found[rule].bounds
        assert high is not None
        ends = [f"{(end / 10000).normalize():f}" for end in (low, high)]
        said.append(ends[0] if ends[0] == ends[1] else "..".join(ends))
    return said


class TestCap:
    """合计不超过12万元"""

    CAP = """\
stacking:
  - {group: 合计, english: total, rules: all, cap: 12万元}
"""

    @pytest.fixture
    def book(self, tmp_path: Path) -> RuleBook:
        return pack(tmp_path, self.CAP)

    def test_in_the_order_of_the_book(self, book: RuleBook) -> None:
        """The first keeps its amount, the next is cut, the last gets nothing."""
        found = evaluated(book)
        assert amounts(found) == ["3", "9", "0"]
        assert found.total == 120_000
        assert found["investment"].outcome is Outcome.ELIGIBLE
        assert found["plant"].code is ReasonCode.CAPPED
        assert found["plant"].reasons[0].condition == "“合计”合计封顶，已无余额"

    @pytest.mark.parametrize(
        ("invested", "wanted"),
        [
            ("39.99万元", ["3", "3.999", "5"]),
            ("40万元", ["3", "4", "5"]),
            ("40.01万元", ["3", "4.001", "4.999"]),
        ],
    )
    def test_boundary(self, book: RuleBook, invested: str, wanted: list[str]) -> None:
        """Exactly at the cap nothing is cut; above it, to the yuan."""
        assert amounts(evaluated(book, invested=invested)) == wanted

    def test_what_was_paid_counts(self, book: RuleBook) -> None:
        """Of 12万元, 10万元 were paid before under a member: 2万元 are left."""
        awards = [{"rule": "plant", "amount": "10万元"}]
        assert amounts(evaluated(book, awards=awards)) == ["2", "0", "0"]

    def test_what_comes_first_is_decided(self, book: RuleBook) -> None:
        """An unknown later in the book leaves what comes before it alone."""
        found = evaluated(book, green=None)
        assert amounts(found) == ["3", "9", "0"]
        assert found.bounds == (120_000, 120_000)
        assert found.missing == ()

    def test_what_comes_later_is_open(self, book: RuleBook) -> None:
        """An unknown investment leaves the plant open between 2万元 and 5万元."""
        found = evaluated(book, invested=None)
        assert amounts(found) == ["3", "0..9", "0..5"]
        assert found.bounds == (80_000, 120_000)
        assert found.missing == ("invested",)
        assert found["plant"].missing == ("invested",)

    def test_explained(self, book: RuleBook) -> None:
        """The explanation names the group, what its cap has left, before and after."""
        found = evaluated(book)["investment"]
        line = "“合计”合计封顶，余额12万元：由10万元减为9万元"
        assert f"  {line}\n" in found.explain()
        assert (
            'the cap of "total" has ¥120,000 left: from ¥100,000 to ¥90,000'
            in found.explain("en")
        )
        reason = found.reasons[0]
        assert (reason.code, reason.condition) == (ReasonCode.CAPPED, line)
        assert "已无余额" in evaluated(book)["plant"].explain()
        assert "若要享受" not in evaluated(book)["plant"].explain()

    def test_an_open_cut_is_explained(self, book: RuleBook) -> None:
        """What is cut although nobody knows how far says what is missing."""
        found = evaluated(book, invested=None)["investment"]
        cut = found.reasons[0]
        assert cut.to_dict()["missing"] == ["invested"]
        assert cut.condition == "“合计”合计封顶，余额12万元：由0元以上减为0元 至 9万元"
        assert cut.words("en").endswith("from ¥0 or more to ¥0 to ¥90,000")


def test_a_cap_may_make_an_amount_known(tmp_path: Path) -> None:
    """What is at least 3万元 is 2万元 under a cap of 2万元, whatever else is learnt."""
    book = pack(tmp_path, "stacking:\n  - {group: 合计, rules: all, cap: 2万元}\n")
    machines = [{"id": "m0"}, {"id": "m1", "price": "3万元"}]
    found = evaluated(book, machines=machines)
    assert amounts(found) == ["2", "0", "0"]
    assert found["equipment"].leading.path == "machines[1]"
    assert found.missing == ()


class TestCapOfFacts:
    """不超过上年度纳税额的20%"""

    @pytest.fixture
    def book(self, tmp_path: Path) -> RuleBook:
        group = "{group: 税, rules: [plant, investment], cap: 20% * tax}"
        return pack(tmp_path, f"stacking:\n  - {group}\n")

    def test_the_tax_caps(self, book: RuleBook) -> None:
        """20 % of 60万元 are 12万元: the investment in full, 2万元 of the plant."""
        assert amounts(evaluated(book, tax="60万元")) == ["3", "10", "2"]

    def test_without_tax_nothing(self, book: RuleBook) -> None:
        """No tax, no award."""
        assert amounts(evaluated(book, tax=0)) == ["3", "0", "0"]

    def test_an_unknown_tax(self, book: RuleBook) -> None:
        """Nobody knows what the members come to, and the tax is named."""
        found = evaluated(book)
        assert amounts(found) == ["3", "0..10", "0..5"]
        assert found.missing == ("tax",)
        assert found.bounds == (30_000, 180_000)


class TestCapOfAnotherRule:
    """两项奖励合计不超过设备补助的两倍"""

    @pytest.fixture
    def book(self, tmp_path: Path) -> RuleBook:
        group = (
            """{group: 合计, rules: [investment, plant], cap: 2 * due("equipment")}"""
        )
        return pack(tmp_path, f"stacking:\n  - {group}\n")

    def test_the_other_rule_caps(self, book: RuleBook) -> None:
        """Twice 3万元 are left for both: 6万元 of the investment."""
        assert amounts(evaluated(book)) == ["3", "6", "0"]

    def test_a_rule_without_an_amount_caps_nothing(self, tmp_path: Path) -> None:
        """A support that is not money cannot be doubled."""
        group = """{group: 合计, rules: [plant], cap: 2 * due("support")}"""
        with pytest.raises(PackError, match="'support' grants no amount of money"):
            pack(tmp_path, f"stacking:\n  - {group}\n")

    def test_an_unknown_amount_of_the_other_rule(self, book: RuleBook) -> None:
        """What the other rule comes to is open, so are both."""
        found = evaluated(book, machines=[{"id": "m1"}])
        assert found["plant"].bounds == (0, 50_000)
        assert found["plant"].missing == ("machines[0].price",)


class TestPeriods:
    """三年内合计不超过10万元"""

    @staticmethod
    def book(directory: Path, per: str) -> RuleBook:
        group = f"{{group: 合计, rules: [plant], cap: 10万元, cap per: {per}}}"
        return pack(directory, f"stacking:\n  - {group}\n")

    @pytest.mark.parametrize(
        ("per", "paid", "left"),
        [
            ("lifetime", "2000-01-01", "1"),
            ("lifetime", DAY, "1"),
            ("lifetime", "2026-07-01", "5"),
            ("per year", "2026-01-01", "1"),
            ("per year", "2025-12-31", "5"),
            ("36个月", "2023-07-01", "1"),
            ("36个月", "2023-06-30", "5"),
            ("3年", "2023-07-01", "1"),
            ("1日", DAY, "1"),
            ("1日", "2026-06-29", "5"),
        ],
    )
    def test_period(self, tmp_path: Path, per: str, paid: str, left: str) -> None:
        """Of 9万元 paid on a day, what the period covers counts: both ends exactly."""
        awards = [{"rule": "plant", "amount": "9万元", "date": paid}]
        found = evaluated(self.book(tmp_path, per), awards=awards)
        assert amounts(found)[2] == left

    @pytest.mark.parametrize(
        ("per", "left"), [("lifetime", "1"), ("per year", "1..5"), ("36个月", "1..5")]
    )
    def test_without_a_date(self, tmp_path: Path, per: str, left: str) -> None:
        """An award without a date was paid before, perhaps in the period."""
        awards = [{"rule": "plant", "amount": "9万元"}]
        found = evaluated(self.book(tmp_path, per), awards=awards)
        assert amounts(found)[2] == left

    def test_another_policy_does_not_count(self, tmp_path: Path) -> None:
        """What another policy paid leaves the cap as it is."""
        awards = [{"rule": "plant", "amount": "9万元", "policy": "别的政策"}]
        found = evaluated(self.book(tmp_path, "lifetime"), awards=awards)
        assert amounts(found)[2] == "5"


class TestProRata:
    """超出的，按比例核减"""

    @pytest.fixture
    def book(self, tmp_path: Path) -> RuleBook:
        group = "{group: 合计, rules: all, cap: 10万元, when exceeded: pro rata}"
        return pack(tmp_path, f"stacking:\n  - {group}\n")

    def test_to_the_fen(self, book: RuleBook) -> None:
        """18万元 share 10万元: the last fen goes to the largest remainder."""
        found = evaluated(book)
        shares = [str(found[rule].amount) for rule in RULES]
        assert shares == ["16666.67", "55555.55", "27777.78"]
        assert found.total == 100_000

    def test_an_unknown_leaves_all_open(self, book: RuleBook) -> None:
        """The total is decided, the parts are not."""
        found = evaluated(book, green=None)
        assert found.bounds == (100_000, 100_000)
        assert found["equipment"].outcome is Outcome.UNDETERMINED
        assert [str(end) for end in found["equipment"].bounds] == [
            "16666.66",
            "23076.93",
        ]
        assert found.missing == ("green",)

    def test_within_the_cap_nothing_is_open(self, book: RuleBook) -> None:
        """Where all together stay below the cap in any case, nobody is cut."""
        found = evaluated(book, invested="20万元", green=None)
        assert amounts(found) == ["3", "2", "0..5"]


class TestTogether:
    """就高不重复，且各项合计不超过……"""

    def test_highest_first_then_caps(self, tmp_path: Path) -> None:
        """Of plant and investment the higher, and with equipment no more than 11万元."""
        book = pack(
            tmp_path,
            """\
stacking:
  - {group: 合计, rules: all, cap: 11万元}
  - {group: 就高, rules: [investment, plant], mode: highest-only}
""",
        )
        found = evaluated(book)
        assert amounts(found) == ["3", "8", "0"]
        assert found["plant"].code is ReasonCode.SUPERSEDED
        assert found["plant"].rival == "investment"
        line = "“就高”就高不重复：由5万元减为0元"
        assert f"  {line}\n" in found["plant"].explain()

    def test_what_follows_an_open_group_may_be_decided(self, tmp_path: Path) -> None:
        """Whichever of two is paid, it is 5万元 at most: what follows fits the cap."""
        book = pack(
            tmp_path,
            """\
stacking:
  - {group: 就高, rules: [equipment, investment], mode: highest-only}
  - {group: 合计, rules: all, cap: 10万元}
""",
        )
        machines = [{"id": "m0", "price": "5万元"}]
        found = evaluated(book, machines=machines, invested="50万元")
        assert amounts(found) == ["5", "0", "5"]

    def test_caps_in_caps(self, tmp_path: Path) -> None:
        """The inner cap stands first in the file, and the outer one on what it leaves."""
        book = pack(
            tmp_path,
            """\
stacking:
  - {group: 内, rules: [investment, plant], cap: 8万元}
  - {group: 外, rules: [equipment, investment], cap: 6万元}
""",
        )
        found = evaluated(book)
        assert amounts(found) == ["3", "3", "0"]
        names = [cut.group.id for cut in found["investment"].cuts]
        assert names == ["内", "外"]
        unsure = evaluated(book, green=None, invested="20万元")
        assert amounts(unsure) == ["3", "2", "0..5"]
        assert unsure.bounds == (50_000, 100_000)


class TestSwitched:
    """“合计”是否封顶，由解读决定"""

    POLICY = """\
readings:
  capped:
    question: 是否封顶？
    values: {yes: 封顶, no: 不封顶}
stacking:
  - group: 合计
    rules: 全部
    封顶: {reading: capped, yes: 12万元, no: 无}
    封顶口径: 累计
    超出时: 按比例
"""

    def test_a_reading_may_switch_a_cap_off(self, tmp_path: Path) -> None:
        """Under the other reading there is no group, and it shows as an alternative."""
        book = pack(tmp_path, self.POLICY)
        assert evaluated(book).total == 120_000
        assert book.under({"capped": "no"}).groups == ()
        found = evaluated(book)["plant"]
        assert [(a.reading, a.value) for a in found.alternatives] == [("capped", "no")]
        assert found.alternatives[0].amount == 50_000

    def test_a_reading_of_one_member_changes_the_others(self, tmp_path: Path) -> None:
        """What a word of one clause leaves of a common cap shows at the others."""
        policy = """\
readings:
  share:
    question: 比例多少？
    values: {tenth: 10%, fifth: 20%}
stacking:
  - {group: 合计, rules: all, cap: 24万元}
"""
        pack(tmp_path, policy)
        file = tmp_path / "02-investment.yaml"
        text = file.read_text(encoding="utf-8")
        switch = "{reading: share, tenth: 10%, fifth: 20%}"
        file.write_text(text.replace("rate: 10%", f"rate: {switch}"), encoding="utf-8")
        found = evaluated(incentives.load(tmp_path))["plant"]
        assert found.amount == 50_000
        (other,) = found.alternatives
        assert (other.reading, other.value, other.amount) == ("share", "fifth", 10_000)

    def test_chinese_words_say_the_same(self, tmp_path: Path) -> None:
        """组名、规则、方式、封顶 give the group that the English words give."""
        english = """\
stacking:
  - {group: 合计, rules: [plant], mode: capped, cap: 1万元, cap per: per year,
     when exceeded: pro rata}
  - {group: 就高, rules: all, mode: highest-only}
"""
        chinese = """\
叠加:
  - {组名: 合计, 规则: [plant], 方式: 合计封顶, 封顶: 1万元, 封顶口径: 每年, 超出时: 按比例}
  - {组名: 就高, 规则: 全部, 方式: 就高不重复}
"""
        found = []
        for name, text in (("en", english), ("zh", chinese)):
            directory = tmp_path / name
            directory.mkdir()
            found.append(pack(directory, text).groups)
        assert found[0] == found[1]
        assert isinstance(found[0][0].combine, Capped)

    def test_cumulative_changes_nothing(self, tmp_path: Path) -> None:
        """A group that simply adds up is none."""
        group = "{group: 合计, rules: all, mode: cumulative}"
        assert pack(tmp_path, f"stacking:\n  - {group}\n").groups == ()


def test_a_cap_on_counties_needs_facts_of_counties(tmp_path: Path) -> None:
    """A cap is read for every kind of subject that its rules are for."""
    rule = (
        "rule: honour\ntitle: 县奖\nclause: 一\nquote: （虚构）\nsubject: county\n"
        "conditions: [none]\naward: 1万元\n"
    )
    (tmp_path / "09-honour.yaml").write_text(rule, encoding="utf-8")
    with pytest.raises(PackError) as caught:
        pack(tmp_path, "stacking:\n  - {group: 合计, rules: all, cap: 20% * tax}\n")
    (found,) = caught.value.diagnostics
    assert found.code == "unknown-fact"
    book = pack(tmp_path, "stacking:\n  - {group: 合计, rules: all, cap: 5000元}\n")
    group: Group = book.groups[0]
    assert isinstance(group.combine, Capped)
    assert list(group.combine.room) == ["enterprise", "county"]
    county = {"id": "新禾区", "kind": "county"}
    assert incentives.evaluate(county, as_of=DAY, rules=book).total == 5000
