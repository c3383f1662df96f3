"""What to ask for: a question for every fact that is missing."""

from pathlib import Path

import pytest

import incentives

from incentives import Question
from incentives.ir import Kind
from tests.support.small_packs import book

FIRM = "91350582MA31ABCD0M"
FACTS = """\
enterprise:
  revenue:
    label: 营业收入
    english: revenue
    type: money
    series: true
    certified by: 区税务局
    question: 营业收入是多少？
    english question: What was the revenue?
  area: {label: 用地面积, english: site area, type: number, unit: 平方米}
  rent: {label: 租金, english: rent, type: money, unit: 元/平方米}
  listed: {label: 已上市, english: listed on an exchange, type: boolean}
  size:
    label: 规模
    english: size
    question: 属于哪一类规模？
    values: {large: {label: 大型, english: large}, small: {label: 小型, english: small}}
  titles:
    label: 资质
    english: titles
    several: true
    values: {high: {label: 高新技术企业, english: high-tech enterprise}}
    question: 有哪些资质？
  projects:
    label: 项目
    english: projects
    record: project
    key: id
    fields:
      id: {label: 编号, english: id, type: text}
      cost: {label: 总投资, english: total cost, type: money, question: 总投资多少？}
      output: {label: 产值, english: output, type: money, series: true}
"""
RULES = {
    "growth": "conditions:\n  - revenue[2025] ≥ 1亿元\naward: 90万元\n",
    "rent": "conditions: [listed]\naward: min(area × rent, 80万元)\n",
    "size": "conditions: [size = large, “high” in titles]\naward: 70万元\n",
    "sum": (
        "conditions:\n  - sum(projects.cost) > 5元\n"
        "  - sum(projects.output[2025]) > 5元\naward: 60万元\n"
    ),
}


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    return book(tmp_path_factory.mktemp("questions"), FACTS, **RULES)


def assessed(pack, **facts):
    return incentives.evaluate({"id": FIRM, **facts}, rules=pack, as_of="2026-06-01")


def test_one_question_for_each_missing_fact(pack):
    """In the order of what is missing, the most valuable first."""
    found = assessed(pack)
    asked = found.questions()
    assert tuple(question.path for question in asked) == found.missing
    assert [question.text for question in asked] == [
        "营业收入是多少？（2025年）",
        "请提供：用地面积（平方米）",
        "请提供：已上市",
        "请提供：租金（元/平方米）",
        "属于哪一类规模？",
        "有哪些资质？",
        "请提供：项目",
    ]


def test_in_english(pack):
    """Where no English question is declared, the label is asked for."""
    assert [question.text for question in assessed(pack).questions("en")] == [
        "What was the revenue? (2025)",
        "Please state: site area (平方米)",
        "Please state: listed on an exchange",
        "Please state: rent (元/平方米)",
        "Please state: size",
        "Please state: titles",
        "Please state: projects",
    ]


def test_what_a_form_needs(pack):
    """Unit, kind, values to choose from and who certifies them."""
    asked = {question.path: question for question in assessed(pack).questions()}
    assert asked["revenue[2025]"] == Question(
        "revenue[2025]",
        "营业收入是多少？（2025年）",
        "元",
        Kind.MONEY,
        certified_by="区税务局",
    )
    assert asked["area"].unit == "平方米"
    assert asked["projects"] == Question("projects", "请提供：项目")
    assert [value.label for value in asked["size"].values] == ["大型", "小型"]
    assert [value.value for value in asked["titles"].values] == ["high"]
    assert asked["listed"].kind is Kind.BOOLEAN


def test_facts_of_records(pack):
    """The record and the year are named."""
    found = assessed(pack, projects=[{"id": "p"}, {"id": "q"}])
    texts = [question.text for question in found.questions()]
    assert [text for text in texts if "项目" in text] == [
        "项目1：总投资多少？",
        "请提供：项目1·产值（2025年）（元）",
        "项目2：总投资多少？",
        "请提供：项目2·产值（2025年）（元）",
    ]


def test_nothing_missing_nothing_asked(pack):
    """A record that says everything is asked nothing."""
    found = assessed(
        pack,
        revenue={"2025": 1},
        area=1,
        rent=1,
        listed=True,
        size="small",
        titles=[],
        projects=[],
    )
    assert found.questions() == ()


def test_the_table_shows_declared_questions(pack):
    """Below what is missing stands what the pack says how to ask for."""
    lines = assessed(pack).show().splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("尚缺信息"))
    assert lines[at + 1 :] == [
        "  • 营业收入是多少？（2025年）",
        "  • 属于哪一类规模？",
        "  • 有哪些资质？",
    ]
    english = assessed(pack).show("en").splitlines()
    assert english[-1] == "  • What was the revenue? (2025)"


def test_no_questions_no_lines():
    """A pack that declares none shows what is missing in one line, as ever."""
    found = incentives.evaluate({"id": FIRM}, as_of="2026-06-01")
    assert found.show().splitlines()[-1].startswith("尚缺信息")
    assert found.questions()[0].path == found.missing[0]


def test_to_dict_has_no_questions(pack):
    """They say nothing that the vocabulary and what is missing do not."""
    assert "questions" not in assessed(pack).to_dict()


def test_another_language_is_refused(pack):
    """There are two."""
    with pytest.raises(incentives.UsageError, match="no language 'fr'"):
        assessed(pack).questions("fr")


def test_pack_without_a_file(tmp_path: Path):
    """Facts that every pack knows have questions too."""
    pack = book(tmp_path, FACTS, bonus="conditions: [city = “甲”]\naward: 1元\n")
    (question,) = assessed(pack).questions()
    assert (question.path, question.kind, question.unit) == ("city", Kind.TEXT, "")
