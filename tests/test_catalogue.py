"""Rules and facts in words, in two languages, and as data."""

from pathlib import Path

import attrs

import incentives

from incentives.layout import width
from incentives.reports import catalogue
from tests.support.small_packs import book as small_pack

DISTRICT = incentives.load(Path(__file__).parent / "data" / "district-pack")
QUANZHOU = incentives.bundled()


def test_all_rules_in_a_table():
    """Clause, id, title, last day and standard of each rule, in the book's order."""
    assert (
        catalogue.rules_table(DISTRICT)
        == """\
云桥区支持企业发展若干措施（虚构）
状态：已印发

条款    规则编号    名称          有效期至    标准
──────  ──────────  ────────────  ──────────  ───────────────────────────────────────────────────────
第一条  renovation  技术改造补助  2027-12-31  10% × （设备投资额 − 财政资金），封顶 100万元（一次性）
第二条  listing     上榜奖励      2027-12-31  20万元（每榜单年度一次）
第三条  size        规模奖励      2027-12-31  1万元、2万元（按档次）
第四条  land        用地优先      2027-12-31  非现金：优先保障用地
第五条  talent      人才奖励      2027-12-31  由主管部门裁量：成效标准和金额由区人社局确定"""
    )


def test_all_rules_in_english():
    """Where there is no English title, the Chinese one stands."""
    lines = catalogue.rules_table(QUANZHOU, "en").splitlines()
    assert lines[1] == "Status: a draft, not in force"
    assert lines[5].startswith(
        "二（一）1   private-top-500              award for the top 500 private"
    )
    assert lines[5].endswith("2025-12-31  ¥5,000,000 (once)")
    assert "用地优先" in catalogue.rules_table(DISTRICT, "en")


def test_one_rule_in_full():
    """Its words, conditions, award and window, and everything the author noted."""
    assert (
        catalogue.rule_in_full(DISTRICT["renovation"], DISTRICT)
        == """\
技术改造补助（第一条，renovation）
  适用对象：企业、高校院所、园区基地
  原文：“对重点产业链企业的技术改造项目，按设备投资额的10%给予补助，最高100万元，每家一次”
  推定条件：财政资金不计入设备投资额
  说明：设备投资额以决算为准。
  条件：
    • 所属产业链属于“chains”表
    • 设备投资额 ≥ 200万元
    • 基准日不早于2026年1月1日
    • 验收日期不晚于基准日
    • 验收日期不早于2026年1月1日
    • 验收日期不晚于2027年12月31日
    • 此前未按本条获奖补
  标准：10% × （设备投资额 − 财政资金），封顶 100万元（一次性）
  施行期：2026年1月1日 至 2027年12月31日（含首尾两日）
  出资：区财政
  责任单位：区工信局"""
    )


def test_the_quote_is_between_marks_that_it_does_not_use():
    """A clause that quotes a name is quoted with other marks."""
    rule = QUANZHOU["private-top-500"]
    zh = catalogue.rule_in_full(rule, QUANZHOU).splitlines()
    en = catalogue.rule_in_full(rule, QUANZHOU, "en").splitlines()
    assert zh[2] == f"  原文：「{rule.clause.quote}」"
    assert en[2] == f'  Clause: "{rule.clause.quote}"'


def test_tiers_are_listed_with_their_conditions():
    """A table of tiers says who gets which amount."""
    lines = catalogue.rule_in_full(DISTRICT["size"], DISTRICT).splitlines()
    assert lines[7:11] == [
        "  标准：1万元、2万元（按档次）",
        "    • 规模为小型：1万元",
        "    • 规模为大型：2万元",
        "  施行期：2026年1月1日 至 2027年12月31日（含首尾两日）",
    ]


def test_readings_are_listed_with_the_one_in_use():
    """Every value with its meaning; an open date that is read is shown besides."""
    book = QUANZHOU.under({"effective-date": "2024-06-01", "stacking": "highest-only"})
    lines = catalogue.rule_in_full(book["manufacturing-champion"], book).splitlines()
    start = lines.index(
        "    effective-date：印发日期空白，本文件自哪一日起施行？（AMB-02）"
    )
    assert lines[start + 1 : start + 4] == [
        "        unknown：2024年中的某一日，尚不知晓",
        "      * 2024-06-01：2024-06-01",
        "        YYYY-MM-DD：所写的那一日",
    ]
    assert lines[-3:] == [
        "    stacking：500强、100强、单项冠军三项奖励能否同时享受？（AMB-09）",
        "        cumulative：可同时享受",
        "      * highest-only：就高不重复，此前已得部分抵减",
    ]


def test_readings_in_english_are_named_by_their_id():
    """The question is only asked in Chinese."""
    book = QUANZHOU
    lines = catalogue.rule_in_full(book["county-excellence"], book, "en").splitlines()
    start = lines.index("  Readings (* is used):")
    assert lines[1] == "  For: counties, each of: honours"
    assert lines[start + 1 : start + 4] == [
        "    class-boundary",
        "      * upper: the upper class",
        "        lower: the lower class",
    ]


def test_a_reading_without_a_number():
    """A question that no catalogue of ambiguities numbers has no empty brackets."""
    declared = {
        name: attrs.evolve(reading, ambiguity="")
        for name, reading in QUANZHOU.declared_readings.items()
    }
    book = attrs.evolve(QUANZHOU, declared_readings=declared)
    lines = catalogue.rule_in_full(book["tech-loan"], book).splitlines()

    assert "    last-day：有效期“至”某日，当日是否计入？" in lines


def test_one_rule_as_data():
    """What other systems need of a rule; an unknown first day is null."""
    data = catalogue.rule_data(QUANZHOU["tech-loan"], QUANZHOU)
    assert data["conditions"][0] == {
        "code": "condition-unmet",
        "condition": "科技型中小微企业：是",
    }
    del data["conditions"], data["quote"]
    assert data == {
        "rule": "tech-loan",
        "clause": "二（六）20",
        "title": "科技贷引导支持",
        "english": "technology loans guided to small enterprises",
        "subject": "enterprise",
        "each": None,
        "implied": [],
        "note": QUANZHOU["tech-loan"].clause.note,
        "award": {"kind": "non-cash", "words": "非现金：引导“科技贷”支持"},
        "window": [None, "2027-12-31"],
        "payer": "",
        "amended": [],
        "departments": QUANZHOU["tech-loan"].departments,
        "readings": {
            "dated-by": "event",
            "effective-date": "unknown",
            "last-day": "included",
        },
    }


def test_awards_and_windows_as_data():
    """Money, other support and discretion are told apart; a known first day is given."""
    data = [catalogue.rule_data(rule, DISTRICT) for rule in DISTRICT]
    assert [rule["award"]["kind"] for rule in data] == [
        "cash",
        "cash",
        "cash",
        "non-cash",
        "discretionary",
    ]
    assert data[1]["each"] == "listings"
    assert data[1]["window"] == ["2026-01-01", "2027-12-31"]


def test_all_facts_in_tables():
    """Facts first, then every list with its fields; who certifies, and the type."""
    enterprise, county = catalogue.facts_tables(DISTRICT).split("\n\n县域的事实\n\n")
    rows = [line.rstrip() for line in enterprise.splitlines()]
    assert rows[:5] == [
        "企业的事实",
        "",
        "事实                         含义            核定单位  类型",
        (
            "───────────────────────────  ──────────────  ────────  "
            "─────────────────────────────────────────────────────────────────────────────────"
        ),
        "id                           编号                      文本",
    ]
    assert rows[9:18] == [
        "chain                        所属产业链                文本",
        "equipment_investment         设备投资额      区工信局  金额（元）",
        "funded                       财政资金        区财政局  金额（元），未填即0元",
        "staff                        职工人数                  数",
        "export_share                 出口占比                  比率，未填即0%",
        (
            "size                         规模                      "
            "small（小型）、large（大型），未填即“small”"
        ),
        "accepted                     验收日期        区工信局  日期",
        "founded                      成立日期                  日期，未填即2020年1月1日",
        "listings                     入选榜单                  列表",
    ]
    assert "awards[].year" in county


def test_facts_in_english():
    """Values that are their own label are said once."""
    text = catalogue.facts_tables(DISTRICT, "en")
    assert "Facts of an enterprise" in text
    assert (
        'size                         size                                            small, large, absent is "small"'
        in text
    )


def test_tables_align_although_characters_are_wide():
    """The last column begins at the same terminal column in every row."""
    for book in (QUANZHOU, DISTRICT):
        lines = catalogue.rules_table(book).splitlines()[3:]
        at = width(lines[0].removesuffix("标准"))
        for rule, line in zip(book, lines[2:], strict=True):
            start = line.index(catalogue.award_words(rule, book))
            assert width(line[:start]) == at


def test_units_years_and_several_values(tmp_path):
    """The type says what a number is measured in, and how many values there are."""
    facts = (
        "enterprise:\n"
        "  heads: {label: 人数, english: heads, type: number, unit: 人, closed: 3人}\n"
        "  rent: {label: 租金, english: rent, type: money, unit: 元/平方米, closed: 5元}\n"
        "  profit: {label: 利润, english: profit, type: money, series: true}\n"
        "  area: {label: 面积, english: area, type: number, unit: 亩, series: true}\n"
        "  titles: {label: 资质, english: titles, type: text, several: true,\n"
        "    certified by: 区科技局}\n"
    )
    pack = small_pack(tmp_path, facts, bonus="conditions: [none]\naward: 1元\n")
    chinese = catalogue.facts_tables(pack).split("\n\n")[1]
    rows = {line.split()[0]: line.split()[1:] for line in chinese.splitlines()}
    assert rows["heads"] == ["人数", "数（人），未填即3人"]
    assert rows["rent"] == ["租金", "金额（元/平方米），未填即5元/平方米"]
    assert rows["profit"] == ["利润", "金额（元），逐年填写"]
    assert rows["area"] == ["面积", "数（亩），逐年填写"]
    assert rows["titles"] == ["资质", "区科技局", "文本，可填多项"]
    english = catalogue.facts_tables(pack, "en")
    assert "number (人), absent is 3人" in english
    assert "money (yuan for one 平方米), absent is ¥5/平方米" in english
    assert "money (yuan), for each year" in english
    assert "text, several" in english
