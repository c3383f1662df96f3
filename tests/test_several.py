"""Facts that have several values at once: lists of plain values."""

from pathlib import Path

import pytest

import incentives

from incentives.facts import Entry
from incentives.ir import All, Compare, Comparison, Exists, Kind, Member, Not, Sum
from incentives.vocabulary import PLAIN_VALUE
from incentives.wording import Words
from tests.support.small_packs import book, mistakes
from tests.support.written import (
    CODES,
    TITLES,
    condition,
    fact,
    number,
    term,
    wrong,
)

FIRM = "91350582MA31ABCD0M"
ALL = All(())
FACTS = """\
enterprise:
  qualifications:
    label: 资质
    english: qualifications
    several: true
    at most: 5
    question: 有哪些资质？
    certified by: 区科技局
    values:
      high-tech: {label: 高新技术企业, english: high-tech enterprise}
      little-giant: {label: 专精特新小巨人, english: little giant}
    aliases: {高企: high-tech}
  patents: {label: 专利号, english: patents, type: text, several: true}
  loans: {label: 贷款, english: loans, type: money, several: true}
"""
RULES = {
    "bonus": "conditions:\n  - “高新技术企业” in qualifications\naward: 10万元\n",
    "without": "conditions:\n  - “高企” not in 资质\naward: 1万元\n",
    "both": "conditions:\n  - count(qualifications) ≥ 2\naward: 2万元\n",
    "loan": "conditions: [none]\naward: {rate: 1%, of: sum(loans.value)}\n",
}


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    return book(tmp_path_factory.mktemp("several"), FACTS, **RULES)


def amounts(pack, **facts):
    found = incentives.evaluate({"id": FIRM, **facts}, rules=pack, as_of="2026-06-01")
    return [None if d.amount is None else int(d.amount) for d in found]


class TestExpressions:
    VALUE = TITLES.fields[PLAIN_VALUE].as_fact("titles")

    def test_a_value_that_is_among_them(self):
        """Some record is the value, or one of its other names."""
        among = Member(
            (self.VALUE,),
            frozenset({("high-tech",), ("高企",)}),
            shown=("high-tech",),
        )
        held = Exists("titles", "titles", among)
        for word in ("high-tech", "高新技术企业", "高企"):
            assert condition(f"“{word}” in titles") == held
            assert condition(f"“{word}” 属于 资质") == held
            assert condition(f"“{word}” not in titles") == Not(held)

    def test_numbers(self):
        """Lists may hold numbers too."""
        value = CODES.fields[PLAIN_VALUE].as_fact("codes")
        held = Member((value,), frozenset({(3,)}), shown=(3,))
        assert condition("3 in codes") == Exists("codes", "codes", held)

    def test_another_fact(self):
        """Whether the value of a fact is among them."""
        equal = Compare(Comparison.EQ, self.VALUE, fact("city"))
        assert condition("city in titles") == Exists("titles", "titles", equal)

    def test_counts(self):
        """How many there are, and how many of a kind."""
        one = number(1)
        assert term("count(titles)") == Sum("titles", "titles", ALL, one)
        few = Member(
            (self.VALUE,), frozenset({("little-giant",)}), shown=("little-giant",)
        )
        assert term("个数(资质 其中 资质.资质 = 小巨人)") == Sum(
            "titles", "titles", few, one
        )

    @pytest.mark.parametrize(
        ("written", "said"),
        [
            (
                "“XYZ” in titles",
                (
                    "unknown-value",
                    "'titles' has no value 'XYZ'",
                    (
                        "expected one of 'high-tech', '高新技术企业', 'little-giant', "
                        "'小巨人', '高企'"
                    ),
                    "titles",
                ),
            ),
            (
                "“高新技术公司” in titles",
                (
                    "unknown-value",
                    "'titles' has no value '高新技术公司'",
                    "did you mean '高新技术企业'?",
                    "titles",
                ),
            ),
            (
                "3 in titles",
                ("kind-mismatch", "'titles' holds a text each", None, "titles"),
            ),
            (
                "“甲” in title",
                (
                    "unknown-table",
                    "unknown table 'title'",
                    "did you mean 'titles'?",
                    "title",
                ),
            ),
            (
                "projects = “甲”",
                (
                    "unknown-fact",
                    "unknown fact 'projects'",
                    (
                        "'projects' is a list: write count(projects), "
                        "sum(projects.…) and the like"
                    ),
                    "projects",
                ),
            ),
            (
                "titles = “甲”",
                (
                    "unknown-fact",
                    "unknown fact 'titles'",
                    "'titles' has several values: write “…” in titles",
                    "titles",
                ),
            ),
        ],
    )
    def test_mistakes(self, written, said):
        """A value that is none of them is told, with the nearest one."""
        assert wrong(written) == said


class TestEvaluation:
    def test_known_values(self, pack):
        """By value, by label or by another name it is the same."""
        for word in ("high-tech", "高新技术企业", "高企"):
            assert amounts(pack, qualifications=[word], loans=[]) == [100_000, 0, 0, 0]
        two = ["little-giant", "高企"]
        assert amounts(pack, qualifications=two, loans=["5万元", 100]) == [
            *(100_000, 0, 20_000, 501)
        ]
        assert amounts(pack, qualifications=[], loans=[]) == [0, 10_000, 0, 0]

    def test_unknown_values(self, pack):
        """A list that nobody gave is missing as a whole."""
        found = incentives.evaluate({"id": FIRM}, rules=pack, as_of="2026-06-01")
        assert found["bonus"].missing == ("qualifications",)
        assert found["without"].outcome is incentives.Outcome.UNDETERMINED
        assert found["both"].bounds == (0, 20_000)
        assert found.assumptions == (("qualifications", 5),)

    def test_there_and_back_again(self, pack):
        """The record is written as a list of plain values."""
        record = {"id": FIRM, "qualifications": ["高企"], "loans": ["5万元"]}
        read = incentives.Enterprise.from_dict(record, rules=pack)
        assert read.fact("qualifications") == (Entry(value="high-tech"),)
        entries = {**record, "qualifications": [Entry(value="高企")]}
        assert incentives.Enterprise.from_dict(entries, rules=pack) == read
        written = read.to_dict()
        assert written == {
            "id": FIRM,
            "qualifications": ["high-tech"],
            "loans": ["50000"],
        }
        assert incentives.Enterprise.from_dict(written, rules=pack) == read
        by_hand = incentives.Enterprise(id=FIRM, facts=dict(read.facts))
        assert incentives.evaluate(by_hand, rules=pack) == incentives.evaluate(
            record, rules=pack
        )

    @pytest.mark.parametrize(
        ("given", "path", "said", "help_"),
        [
            (
                ["高企", "高新技术企业"],
                "qualifications[1]",
                "'high-tech' stands at qualifications[0] too",
                "say it once",
            ),
            (
                "高企",
                "qualifications",
                "expected a list of values, got str",
                "write ['高企']",
            ),
            (
                5,
                "qualifications",
                "expected a list of values, got int",
                "write [] if there is none",
            ),
            (
                {"value": "高企"},
                "qualifications",
                "expected a list of values, got dict",
                "write [] if there is none",
            ),
            (
                ["高企", None],
                "qualifications[1]",
                "a value that is not known",
                "leave it out",
            ),
            (
                [{"value": "高企"}],
                "qualifications[0]",
                "expected text, got {'value': '高企'}",
                None,
            ),
            (
                ["高业"],
                "qualifications[0]",
                "expected one of 'high-tech', 'little-giant', got '高业'",
                None,
            ),
            (
                ["高企"] * 10_001,
                "qualifications",
                "more than 10000 values",
                None,
            ),
        ],
    )
    def test_mistakes_of_records(self, pack, given, path, said, help_):
        """Each with its place in the list, and what to write."""
        with pytest.raises(incentives.RecordError) as error:
            incentives.evaluate({"id": FIRM, "qualifications": given}, rules=pack)
        (mistake,) = error.value.mistakes
        assert (mistake.path, mistake.message, mistake.suggestion) == (
            *(path, said, help_),
        )


class TestWords:
    def said(self, pack, rule, lang):
        words = Words(pack.vocabulary, "enterprise", lang)
        return words.condition(pack[rule].requirements[0].condition)

    def test_conditions(self, pack):
        """That the values include one, or not."""
        assert self.said(pack, "bonus", "zh") == "资质包括高新技术企业"
        assert self.said(pack, "bonus", "en") == (
            "qualifications include high-tech enterprise"
        )
        assert self.said(pack, "without", "zh") == "资质不包括高新技术企业"
        assert self.said(pack, "without", "en") == (
            "qualifications do not include high-tech enterprise"
        )
        assert self.said(pack, "both", "zh") == "资质的个数 ≥ 2"

    def test_existence(self, pack):
        """That there is any, or a record that meets a condition."""
        words = Words(pack.vocabulary, "enterprise")
        some = Exists("qualifications", "qualifications", ALL)
        assert words.condition(some) == "有资质"
        assert words.condition(Not(some)) == "没有资质"
        en = Words(pack.vocabulary, "enterprise", "en")
        assert en.condition(some) == "there is one of qualifications"
        assert en.condition(Not(some)) == "there is none of qualifications"


def test_mistakes_of_authors(tmp_path: Path):
    """A list of plain values has neither years nor a default."""
    wrong_facts = FACTS.replace(
        "several: true\n    at most", "several: true\n    series: true\n    at most"
    )
    assert mistakes(tmp_path, wrong_facts, bonus=RULES["bonus"]) == [
        (
            "facts.yaml:6:5: error[kind-mismatch]: a fact with several values cannot "
            "be 'series'"
        )
    ]


def test_kind_of_the_declaration(pack):
    """The list is known by its name, each value by one field."""
    declared = pack.vocabulary["enterprise"].records["loans"]
    assert declared.plain
    assert declared.fields[PLAIN_VALUE].kind is Kind.MONEY
