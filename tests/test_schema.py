"""The JSON Schema of a record: what it promises, and what it must not refuse."""

import json

from pathlib import Path

import jsonschema
import pytest

import incentives

from incentives.schema import schema_of
from tests.support.small_packs import book

DISTRICT = incentives.load(Path(__file__).parent / "data" / "district-pack")
QUANZHOU = incentives.bundled()


def validator(book):
    return jsonschema.Draft202012Validator(
        schema_of(book), format_checker=jsonschema.FormatChecker()
    )


def complaints(record, book=DISTRICT):
    return [error.message for error in validator(book).iter_errors(record)]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("book", [QUANZHOU, DISTRICT], ids=["quanzhou", "district"])
def test_it_is_a_schema_of_draft_2020_12(book, lang):
    """Any validator can use it, and it survives JSON."""
    schema = schema_of(book, lang)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize("book", [QUANZHOU, DISTRICT], ids=["quanzhou", "district"])
def test_it_accepts_every_worked_case(book):
    """What evaluates is not refused by the schema."""
    accepts = validator(book)
    records = [json.loads(json.dumps(case.given, default=str)) for case in book.cases]
    assert [r for r in records if not accepts.is_valid(r)] == []


def test_a_county_is_told_by_its_kind():
    """Without a kind, a record is an enterprise's, as `evaluate` has it."""
    county = {"id": "晋江市", "industrial_revenue": "3000亿元"}
    assert complaints({**county, "kind": "county"}, QUANZHOU) == []
    assert complaints({**county, "kind": "县域"}, QUANZHOU) == []
    assert len(complaints(county, QUANZHOU)) == 1
    assert len(complaints({**county, "kind": "enterprise"}, QUANZHOU)) == 1


@pytest.mark.parametrize(
    "record",
    [
        {"chain": None, "equipment_investment": None, "accepted": None, "size": None},
        {"size": "large"},
        {"size": "大型"},
        {"equipment_investment": 2000},
        {"equipment_investment": "2,000.50元"},
        {"equipment_investment": "５００万元"},
        {"staff": 120},
        {"staff": "12.5"},
        {"export_share": "12.5%"},
        {"export_share": "1/3"},
        {"accepted": "2026-05-01"},
        {"accepted": False},
        {"listings": []},
        {"listings": None, "awards": None},
        {"listings": [{"list": "云桥企业榜", "year": 2026}]},
    ],
)
def test_what_evaluates_is_accepted(record):
    """Unknown facts, labels, units and written numbers pass both."""
    whole = {"id": "91350582MA7YQ0010M", **record}
    incentives.evaluate(whole, rules=DISTRICT, as_of="2026-06-01")
    assert complaints(whole) == []


@pytest.mark.parametrize(
    "record",
    [
        {"id": None},
        {"id": 7},
        {"id": ""},
        {"id": " x"},
        {"id": "x" * 1001},
        {"nmae": "x"},
        {"kind": "商会"},
        {"equipment_investment": -1},
        {"equipment_investment": "很多"},
        {"equipment_investment": True},
        {"staff": "many"},
        {"export_share": 0.3},
        {"accepted": "2026-13-01"},
        {"accepted": "2026-5-1"},
        {"accepted": True},
        {"accepted": 20260501},
        {"listings": {}},
        {"listings": ["云桥企业榜"]},
        {"listings": [{"year": "2026"}]},
        {"listings": [{"year": 1899}]},
        {"listings": [{"colour": "red"}]},
    ],
)
def test_what_is_refused_by_the_schema_does_not_evaluate(record):
    """The schema is never stricter than the library."""
    whole = {"id": "91350582MA7YQ0010M", **record}
    assert len(complaints(whole)) >= 1
    with pytest.raises(incentives.RecordError):
        incentives.evaluate(whole, rules=DISTRICT, as_of="2026-06-01")


def fact(name, lang="zh"):
    return schema_of(DISTRICT, lang)["$defs"]["enterprise"]["properties"][name]


def test_facts_say_what_they_mean():
    """Labels are titles; units, aliases, defaults and certifiers are described."""
    assert fact("equipment_investment") == {
        "title": "设备投资额",
        "description": "单位：元，或写明单位，如“500万元”；核定单位：区工信局",
        "type": ["number", "string", "null"],
        "minimum": 0,
        "pattern": "[0-9０-９]",
        "examples": ["500万元", "1,234.50元", 2000],
    }
    assert fact("chain")["description"] == "别名：智慧家居 = 智能家居"
    assert fact("accepted")["description"] == "确知未发生填 false；核定单位：区工信局"
    assert fact("name")["title"] == "名称"


def test_an_enumeration_takes_values_and_labels():
    """Either may be written in a record."""
    assert fact("size", "en") == {
        "title": "size",
        "description": "absent or null is small",
        "enum": ["small", "large", "小型", "大型", None],
        "default": "small",
    }
    assert fact("size")["description"] == (
        "small（小型）、large（大型）；未填或 null 即small"
    )


def test_closed_facts_have_their_default():
    """Money, rates and days are written as a record would write them."""
    closed = {
        name: fact(name)["default"] for name in ("funded", "export_share", "founded")
    }
    assert closed == {"funded": "0", "export_share": "0%", "founded": "2020-01-01"}
    assert "default" not in fact("staff")


def test_lists_say_what_absence_means():
    """Awards are a closed list: absent is none; other lists are unknown."""
    schema = schema_of(QUANZHOU)["$defs"]["enterprise"]["properties"]
    assert schema["listings"]["description"] == "未填或 null 即未知"
    assert schema["awards"]["description"] == (
        "未填即为从未获奖补；别的政策的奖补须写明 policy；未填或 null 即没有"
    )
    assert schema["platforms"]["description"].endswith("各项的 id 不得相同")
    assert schema["platforms"]["maxItems"] == 10_000


def test_there_are_two_languages():
    """Another one is a mistake."""
    assert schema_of(DISTRICT, "en")["title"] == (
        "云桥区支持企业发展若干措施（虚构）: facts of an applicant"
    )
    with pytest.raises(incentives.UsageError, match="no language 'fr'"):
        schema_of(DISTRICT, "fr")


# --- units, years, several values ----------------------------------------------

FIRM = "91350582MA7YQ0010M"
FACTS = """\
enterprise:
  heads:
    label: 职工人数
    english: heads
    type: number
    unit: 人
    question: 有多少职工？
    english question: How many people work here?
  area: {label: 面积, english: area, type: number, unit: 亩, closed: 3亩}
  rent: {label: 租金, english: rent, type: money, unit: 元/平方米}
  exports: {label: 出口额, english: exports, type: number, unit: 万美元, negative: true}
  profit: {label: 利润, english: profit, type: money, negative: true, series: true}
  revenue: {label: 收入, english: revenue, type: money, series: true, closed: 0元}
  grade: {label: 评级, english: grade, series: true, values: {a: 甲, b: 乙}}
  titles:
    label: 资质
    english: titles
    several: true
    values: {high: {label: 高新技术企业, english: high-tech enterprise}}
    aliases: {高企: high}
  loans: {label: 贷款, english: loans, type: money, several: true}
  dates: {label: 日期, english: dates, type: date, several: true}
"""


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    directory = tmp_path_factory.mktemp("schema")
    return book(directory, FACTS, bonus="conditions: [none]\naward: 1元\n")


def form(pack, name, lang="zh"):
    return schema_of(pack, lang)["$defs"]["enterprise"]["properties"][name]


def test_it_is_a_schema_with_units_and_years(pack):
    """Any validator can use it."""
    for lang in ("zh", "en"):
        schema = schema_of(pack, lang)
        jsonschema.Draft202012Validator.check_schema(schema)
        assert json.loads(json.dumps(schema)) == schema


def test_numbers_say_their_unit(pack):
    """With the question, the unit, and a text with the unit for an example."""
    assert form(pack, "heads") == {
        "title": "职工人数",
        "description": "有多少职工？；单位：人，或写明单位，如“120人”",
        "type": ["number", "string", "null"],
        "minimum": 0,
        "pattern": r"^-?[0-9][0-9,]*(\.[0-9]{1,30})?( ?[^0-9\s.,]{1,20})?$",
        "examples": ["120人", 120],
    }
    assert form(pack, "heads", "en")["description"] == (
        "How many people work here?; in 人, or with its unit: '120人'"
    )
    assert form(pack, "area")["default"] == "3"
    assert form(pack, "rent")["description"] == "单位：元/平方米"
    assert form(pack, "rent", "en")["description"] == "in yuan for one 平方米"
    assert "minimum" not in form(pack, "exports")


def test_yearly_figures_are_objects(pack):
    """A year each; what is not given is unknown, or says the default."""
    assert form(pack, "revenue") == {
        "title": "收入",
        "description": (
            "单位：元，或写明单位，如“500万元”；逐年填写，如 {'2025': …}；未填或 null 即0"
        ),
        "type": ["object", "null"],
        "propertyNames": {"pattern": "^(19|20|21)[0-9]{2}$"},
        "additionalProperties": {
            "type": ["number", "string", "null"],
            "minimum": 0,
            "pattern": "[0-9０-９]",
            "examples": ["500万元", "1,234.50元", 2000],
            "default": "0",
        },
        "examples": [{"2024": None, "2025": None}],
    }
    assert "minimum" not in form(pack, "profit")["additionalProperties"]
    assert form(pack, "grade")["additionalProperties"] == {
        "enum": ["a", "b", "甲", "乙", None]
    }


def test_several_values_are_a_list(pack):
    """Each once, and none of them unknown."""
    assert form(pack, "titles") == {
        "title": "资质",
        "description": (
            "high（高新技术企业）；别名：高企 = high；可填多项，各项不得相同；未填或 null 即未知"
        ),
        "type": ["array", "null"],
        "maxItems": 10_000,
        "uniqueItems": True,
        "items": {"enum": ["high", "高新技术企业", "高企"]},
    }
    assert form(pack, "loans")["items"]["type"] == ["number", "string"]


@pytest.mark.parametrize(
    "record",
    [
        {"heads": 120},
        {"heads": "120"},
        {"heads": "1,200 名"},
        {"heads": "1.2万人"},
        {"area": "1公顷"},
        {"area": None},
        {"rent": "35元/平方米"},
        {"rent": 35},
        {"exports": "-1.5万美元"},
        {"exports": -3},
        {"exports": "-3"},
        {"profit": {"2025": -1, "2024": "-5万元"}},
        {"revenue": {"2025": None, "2024": "5亿元"}},
        {"revenue": {}},
        {"revenue": None},
        {"grade": {"2025": "甲", "2024": "b"}},
        {"titles": []},
        {"titles": None},
        {"titles": ["高企"]},
        {"loans": ["5万元", 3]},
        {"dates": ["2026-01-01", False]},
    ],
)
def test_what_evaluates_in_units_and_years_is_accepted(pack, record):
    """Units, years and lists pass both."""
    whole = {"id": FIRM, **record}
    incentives.evaluate(whole, rules=pack, as_of="2026-06-01")
    assert complaints(whole, pack) == []


@pytest.mark.parametrize(
    "record",
    [
        {"heads": -1},
        {"heads": "many"},
        {"heads": "1人2"},
        {"heads": True},
        {"rent": "便宜"},
        {"profit": 5},
        {"profit": "5元"},
        {"profit": ["5元"]},
        {"revenue": {"2025": -1}},
        {"revenue": {"25": 1}},
        {"revenue": {"1899": 1}},
        {"revenue": {"2025": True}},
        {"grade": {"2025": "丙"}},
        {"titles": "高企"},
        {"titles": ["高企", "高企"]},
        {"titles": [None]},
        {"titles": ["高业"]},
        {"titles": [{"value": "高企"}]},
        {"loans": [-1]},
        {"loans": ["很多"]},
        {"dates": [True]},
    ],
)
def test_what_is_refused_in_units_and_years_does_not_evaluate(pack, record):
    """Nor is the schema stricter here."""
    whole = {"id": FIRM, **record}
    assert len(complaints(whole, pack)) >= 1
    with pytest.raises(incentives.RecordError):
        incentives.evaluate(whole, rules=pack, as_of="2026-06-01")
