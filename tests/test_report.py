"""What a person reads: every outcome and every reason, in Chinese and in English."""

import re

from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest

import incentives

from incentives import Outcome, ReasonCode, RuleBook, Status

# Invented firms; the codes have valid check digits (GB 32100-2015).
FIRM = "91350582MA31ABCD0M"
INSTITUTE = "12350500MA33XYWH1M"
REPORTS = Path(__file__).parent / "data" / "reports"

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
CHAMPION = {
    "title": "制造业单项冠军企业",
    "level": "national",
    "first": True,
    "date": "2026-05-01",
}
PLATFORM = {
    "id": "p1",
    "chain": "运动鞋",
    "market_operated": True,
    "recognised": "2026-03-01",
    "equipment_cost": "1200万元",
    "software_cost": "200万元",
    "fiscal_funding": "300万元",
}
PROJECT = {
    "id": "x1",
    "category": "technology-development",
    "chain": "运动鞋",
    "team_by_challenge": True,
    "good_effect": True,
    "assessed": "2026-05-01",
}
HONOUR = {
    "title": "全省县域重点产业链高质量发展优秀奖",
    "year": 2025,
    "date": "2025-11-01",
}
SHOES: dict[str, Any] = {
    "id": FIRM,
    "name": "晋江示例鞋业有限公司（虚构）",
    "kind": "enterprise",
    "city": "泉州市",
    "county": "晋江市",
}
JINJIANG: dict[str, Any] = {"id": "晋江市", "kind": "county"}


def paid(rule: str, amount: str, **more: Any) -> dict[str, Any]:
    """An award of 2025."""
    return {"rule": rule, "amount": amount, "date": "2025-12-01", **more}


#: The record, the day, the rule (empty: the whole assessment), and the readings.
SCENES: dict[str, tuple[dict[str, Any], str, str, dict[str, str]]] = {
    "eligible": ({**SHOES, "listings": [TOP_500]}, "2025-10-01", "private-top-500", {}),
    "condition-unmet": (
        {
            **SHOES,
            "city": "厦门市",
            "recognitions": [{**CHAMPION, "level": "provincial", "first": False}],
        },
        "2026-06-01",
        "manufacturing-champion",
        {},
    ),
    "alternatives-unmet": (
        {
            **SHOES,
            "id": INSTITUTE,
            "kind": "高校院所",
            "city": "厦门市",
            "platforms": [{**PLATFORM, "county": "集美区", "chain": "智能对讲机"}],
        },
        "2026-06-01",
        "pilot-platform",
        {},
    ),
    "not-yet-effective": (
        {**SHOES, "listings": [{**TOP_500, "published": "2024-10-12"}]},
        "2025-10-01",
        "private-top-500",
        {"effective-date": "2024-12-20"},
    ),
    "effective-date-unknown": (
        {**SHOES, "listings": [{**TOP_500, "published": "2024-10-12"}]},
        "2025-10-01",
        "private-top-500",
        {},
    ),
    "not-yet-happened": (
        {**SHOES, "recognitions": [CHAMPION]},
        "2026-01-15",
        "manufacturing-champion",
        {},
    ),
    "never-happened": (
        {**SHOES, "platforms": [{**PLATFORM, "recognised": False}]},
        "2026-06-01",
        "pilot-platform",
        {},
    ),
    "expired": (
        {**SHOES, "listings": [{**TOP_500, "published": "2026-01-01"}]},
        "2026-02-01",
        "private-top-500",
        {},
    ),
    "already-awarded": (
        {
            **SHOES,
            "listings": [TOP_500],
            "awards": [paid("private-top-500", "500万元", year=2024)],
        },
        "2026-01-15",
        "private-top-500",
        {},
    ),
    "once-only": (
        {**SHOES, "listings": [TOP_500, {**TOP_500, "year": 2024}]},
        "2025-10-01",
        "private-top-500",
        {},
    ),
    "superseded": (
        {**SHOES, "listings": [TOP_500, TOP_100]},
        "2025-10-01",
        "fujian-top-100",
        {"stacking": "highest-only"},
    ),
    "cap-reached": (
        {**SHOES, "platforms": [{**PLATFORM, "equipment_cost": "5000万元"}]},
        "2026-06-01",
        "pilot-platform",
        {},
    ),
    "cap-reached-cost-missing": (
        {
            **SHOES,
            "platforms": [
                {**PLATFORM, "equipment_cost": "5000万元", "software_cost": None}
            ],
        },
        "2026-06-01",
        "pilot-platform",
        {},
    ),
    "paid-before": (
        {
            **SHOES,
            "platforms": [PLATFORM],
            "awards": [paid("pilot-platform", "300万元", record="p1")],
        },
        "2026-12-01",
        "pilot-platform",
        {},
    ),
    "cap-used-up": (
        {
            **SHOES,
            "platforms": [PLATFORM],
            "awards": [paid("pilot-platform", "500万元", record="p1")],
        },
        "2026-12-01",
        "pilot-platform",
        {},
    ),
    "nothing-due": (
        {
            **SHOES,
            "platforms": [{**PLATFORM, "equipment_cost": 0, "software_cost": 0}],
        },
        "2026-06-01",
        "pilot-platform",
        {},
    ),
    "fact-missing": (
        {
            **SHOES,
            "kind": None,
            "platforms": [{**PLATFORM, "market_operated": None, "software_cost": None}],
        },
        "2026-06-01",
        "pilot-platform",
        {},
    ),
    "unknown-list": ({**SHOES}, "2026-06-01", "pilot-platform", {}),
    "empty-list": ({**SHOES, "listings": []}, "2026-06-01", "private-top-500", {}),
    "no-amount-in-text": (
        {**SHOES, "projects": [PROJECT]},
        "2026-06-01",
        "tech-mission-project",
        {},
    ),
    "non-cash": (
        {**SHOES, "technology_sme": True, "chain": "运动鞋"},
        "2026-06-01",
        "tech-loan",
        {},
    ),
    "non-cash-unmet": (
        {**SHOES, "technology_sme": False},
        "2028-06-01",
        "tech-loan",
        {},
    ),
    "two-values-one-row": (
        {
            **SHOES,
            "projects": [
                {"id": "x1", "category": "其他", "county": "德化县", "chain": "运动鞋"},
                {"id": "x2", "category": "重大项目", "county": "晋江市"},
            ],
        },
        "2026-06-01",
        "project-layout-priority",
        {},
    ),
    "other-subject": (SHOES, "2026-06-01", "county-excellence", {}),
    "county": (
        {**JINJIANG, "honours": [HONOUR]},
        "2025-12-01",
        "county-excellence",
        {},
    ),
    "county-by-revenue": (
        {
            **JINJIANG,
            "id": "某新设县",
            "honours": [HONOUR],
            "industrial_revenue": "900亿元",
        },
        "2025-12-01",
        "county-excellence",
        {},
    ),
    "county-undetermined": (
        {**JINJIANG, "id": "某新设县", "honours": [HONOUR]},
        "2025-12-01",
        "county-excellence",
        {},
    ),
    "county-without-class": (
        {
            **JINJIANG,
            "id": "某新设县",
            "honours": [HONOUR],
            "industrial_revenue": "149亿元",
        },
        "2025-12-01",
        "county-excellence",
        {"county-one-time": "per-award-year"},
    ),
    "whole": (
        {
            **SHOES,
            "listings": [TOP_500, {**TOP_100, "published": None}],
            "recognitions": [CHAMPION],
            "projects": [PROJECT],
            "chain": "运动鞋",
            "technology_sme": True,
        },
        "2026-06-01",
        "",
        {},
    ),
    "whole-effective-date-unknown": (
        {
            **SHOES,
            "listings": [{**TOP_500, "published": "2024-10-12"}],
            "recognitions": [],
            "platforms": [],
            "projects": [],
            "technology_sme": False,
        },
        "2025-10-01",
        "",
        {},
    ),
    "whole-unlimited": (
        {**JINJIANG, "kind": "县域", "id": "某新设县", "pilot_county": True},
        "2026-06-01",
        "",
        {"county-one-time": "per-award-year"},
    ),
}


def scene(name: str) -> incentives.Assessment | incentives.Determination:
    """The assessment of a scene, or its determination by one rule."""
    record, day, rule, readings = SCENES[name]
    assessed = incentives.evaluate(record, as_of=day, readings=readings)
    return assessed[rule] if rule else assessed


def told(name: str, lang: str) -> str:
    """What a scene reads like."""
    found = scene(name)
    if isinstance(found, incentives.Assessment):
        return found.show(lang) + "\n"
    return found.explain(lang) + "\n"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", SCENES)
def test_reports(name, lang):
    """A report reads exactly as it is kept."""
    kept = (REPORTS / f"{name}.{lang}.txt").read_text("utf-8")

    assert told(name, lang) == kept


def test_every_reason_is_shown():
    """The scenes show every outcome and every reason code at least once."""
    outcomes = set()
    codes = set()
    for name in SCENES:
        found = scene(name)
        several = isinstance(found, incentives.Assessment)
        for determination in found if several else [found]:
            outcomes.add(determination.outcome)
            codes |= {reason.code for reason in determination.reasons}
            codes |= {item.code for item in determination.items if item.code}

    assert outcomes == set(Outcome)
    assert codes == set(ReasonCode) - ELSEWHERE.keys()


#: Reasons for which the bundled rules have no occasion, and how they begin.
ELSEWHERE = {
    ReasonCode.CAPPED: ("合计封顶", "the cap of"),
    ReasonCode.EXCLUDED: ("属于排除情形", "excluded"),
    ReasonCode.LIMIT_REACHED: ("已达次数或年限上限", "as often as it is paid already"),
    ReasonCode.NOT_YET_DUE: ("分期奖补，下一期尚未到期", "paid in instalments"),
    ReasonCode.LAPSED: ("逾期失效", "lapsed"),
    ReasonCode.REPAYABLE: ("须追回已付奖补", "what was paid must be given back"),
}


@pytest.mark.parametrize("code", ELSEWHERE.keys() - {ReasonCode.LAPSED})
def test_other_reasons_are_shown(code):
    """What the bundled rules never say, the rules of an invented city do."""
    book = invented()
    cases = [c for c in book.cases if c.expected.get("reason") == code.value]
    for lang, words in zip(("zh", "en"), ELSEWHERE[code], strict=True):
        told = []
        for case in cases:
            found = incentives.evaluate(case.given, as_of=case.as_of, rules=book)
            told += [found.show(lang), found[case.rule].explain(lang)]
        assert any(words in text for text in told)


@cache
def invented() -> RuleBook:
    return incentives.load(REPORTS.parents[2] / "examples" / "packs" / "linjiang-2026")


def test_every_kept_report_is_of_a_scene():
    """No report is kept that nobody compares."""
    kept = {path.name for path in REPORTS.iterdir()}

    assert kept == {f"{name}.{lang}.txt" for name in SCENES for lang in ("zh", "en")}


def under(found, **changes):
    """The same determination, by a book of which something is changed."""
    book = attrs.evolve(found.context.book, **changes)
    context = attrs.evolve(found.context, book=book)
    return attrs.evolve(found, said=found.found, context=context)


def test_a_rule_that_says_little():
    """What a rule does not say takes no line."""
    found = incentives.evaluate(SHOES, as_of="2026-06-01")["tech-loan"]
    clause = attrs.evolve(found.rule.clause, note="")
    rule = attrs.evolve(found.rule, clause=clause, departments="", readings=())

    bare = attrs.evolve(found, rule=rule, said=found.found)

    said = bare.explain("en")
    starts = [line.split(":")[0].strip() for line in said.splitlines()]

    assert starts == [
        "technology loans guided to small enterprises (二（六）20, tech-loan)",
        "as of 2026-06-01",
        "The document is a draft and not in force",
        "Clause",
        "Support",
        "? technology-based small or micro enterprise",
        (
            "? industrial chain of the enterprise "
            "is in the catalogue of 50 key chains in annex 1 (unknown)"
        ),
        *(line.strip() for line in said.splitlines()[7:9]),
        "In force",
        "Missing",
    ]


def test_a_reading_without_a_number():
    """A reading that no catalogue of ambiguities numbers has no brackets."""
    found = incentives.evaluate(SHOES, as_of="2026-06-01")["tech-loan"]
    declared = {
        name: attrs.evolve(reading, ambiguity="")
        for name, reading in found.declared.items()
    }

    said = under(found, declared_readings=declared).explain("en").splitlines()

    assert "    last-day = included: the last day counts, until midnight" in said


def test_the_reason_in_the_table_is_the_code():
    """Where a reason says enough by itself, the table names no fact."""
    record = {**SHOES, "listings": [{**TOP_500, "published": "2026-01-01"}]}
    table = incentives.evaluate(record, as_of="2026-02-01").show().splitlines()
    row = next(line for line in table if "中国民营企业500强奖励" in line)

    assert row.split()[-3:] == ["不符合", "0元", "晚于有效期"]


def test_only_a_draft_is_called_one():
    """Of a policy that is in force nothing is said but what it gives."""
    found = incentives.evaluate(SHOES, as_of="2026-06-01")["tech-loan"]

    draft = found.explain().splitlines()
    policy = attrs.evolve(incentives.bundled().policy, status=Status.ISSUED)
    issued = under(found, policy=policy).explain().splitlines()

    assert draft[2] == "  本文件为送审稿，尚未生效；以下为试算，不产生权利。"
    assert issued == draft[:2] + draft[3:]


# --- one language at a time ----------------------------------------------------

BOOK = incentives.bundled()

CHINESE = re.compile(r"[　-〿＀-￯一-鿿“”‘’…]")


def words_of(value: Any) -> set[str]:
    """Every text of a record."""
    match value:
        case dict():
            return set().union(*map(words_of, value.values()))
        case list():
            return set().union(*map(words_of, value))
        case str():
            return {value}
        case _:
            return set()


def verbatim(rule: incentives.Rule) -> set[str]:
    """What is said of a rule in the words of the law, in any language."""
    clause, award = rule.clause, rule.award
    said = {clause.number, clause.quote, *clause.implied, clause.note, rule.payer}
    said |= {getattr(award, "support", ""), getattr(award, "why", "")}
    return (said | {rule.departments}) - {""}


NAMES = [
    *(rule.id for rule in BOOK),
    *BOOK.declared_readings,
    *(value for r in BOOK.declared_readings.values() for value in r.values),
    *("AMB-03", "p1", "x1"),
]
IDS = {re.sub("[0-9].*", "", name) for name in NAMES}


@pytest.mark.parametrize("name", SCENES)
def test_english_without_chinese(name):
    """English reports hold Chinese only where the policy or the record is quoted."""
    quoted = {BOOK.policy.title, *words_of(SCENES[name][0])}
    for reading in BOOK.declared_readings.values():
        quoted |= set(reading.english.values())
    text = told(name, "en")
    for said in sorted(quoted.union(*map(verbatim, BOOK)), key=len, reverse=True):
        text = text.replace(said, "")
    text = re.sub(r'"[^"]*"', "", text)

    assert [line for line in text.splitlines() if CHINESE.search(line)] == []


@pytest.mark.parametrize("name", SCENES)
def test_chinese_without_english(name):
    """Chinese reports hold no English words but ids."""
    words = re.findall("[A-Za-z][A-Za-z_-]*", told(name, "zh").replace(FIRM, ""))

    assert set(words) <= IDS


@pytest.mark.parametrize("name", SCENES)
def test_quotation_marks_nest(name):
    """No quotation holds another one of the same marks."""
    for line in told(name, "zh").splitlines():
        depth = 0
        for mark in re.findall("[“”]", line):
            depth += 1 if mark == "“" else -1
            assert depth in (0, 1), line
        assert depth == 0, line


def test_the_quote_is_verbatim():
    """The words of the law stand in the report unchanged, in either language."""
    for name, (_, _, rule, _) in SCENES.items():
        if rule:
            assert BOOK[rule].clause.quote in told(name, "zh")
            assert BOOK[rule].clause.quote in told(name, "en")


# --- what would make it due ----------------------------------------------------

RULES = {
    "listings": ("private-top-500", TOP_500, "2025-10-01"),
    "recognitions": ("manufacturing-champion", CHAMPION, "2026-06-01"),
    "platforms": ("pilot-platform", PLATFORM, "2026-06-01"),
    "projects": ("tech-mission-project", PROJECT, "2026-06-01"),
}


@pytest.mark.parametrize(
    ("records", "field", "wrong", "line", "right"),
    [
        (
            "listings",
            "list",
            "甲榜",
            "榜单名称：现为“甲榜”，须为“中国民营企业500强”",
            "中国民营企业500强",
        ),
        (
            "listings",
            "publisher",
            "某研究院",
            "发布单位：现为“某研究院”，须为“中华全国工商业联合会”",
            "中华全国工商业联合会",
        ),
        (
            "listings",
            "published",
            "2025-10-02",
            (
                "发布日期：现为2025年10月2日，须不晚于基准日（2025年10月1日）"
                "（或以2025年10月2日或其后的一日为基准日）"
            ),
            "2025-10-01",
        ),
        ("recognitions", "level", "municipal", "认定级别：现为市级，须为国家级", "国家级"),
        ("recognitions", "first", False, "首次认定：现为否，须为是", True),
        (
            "platforms",
            "chain",
            "智能对讲机",
            "所围绕的产业链：现为“智能对讲机”，须属于《泉州市50条县域重点产业链目录》",
            "集成电路",
        ),
        ("platforms", "market_operated", False, "市场化运营：现为否，须为是", True),
        (
            "projects",
            "category",
            "other",
            "项目类别：现为其他，须为产业链技术开发项目",
            "产业链技术开发项目",
        ),
    ],
    ids=[
        *("list", "publisher", "not yet", "level", "first"),
        *("chain", "market", "category"),
    ],
)  # fmt: skip
def test_the_change_makes_it_due(records, field, wrong, line, right):
    """A record made wrong in one fact is told the change, and the change suffices."""
    rule, honest, day = RULES[records]

    def explained(value: object) -> incentives.Determination:
        record = {**SHOES, records: [{**honest, field: value}]}
        return incentives.evaluate(record, as_of=day)[rule]

    before, after = explained(wrong), explained(right)

    assert before.outcome is Outcome.INELIGIBLE
    assert before.explain().split("  若要享受：\n    ")[1] == line
    assert after.outcome in (Outcome.ELIGIBLE, Outcome.DISCRETIONARY)


@pytest.mark.parametrize(
    ("day", "published", "said"),
    [
        (
            "2025-10-01",
            "2023-12-31",
            (
                "  凭这条记录已无从享受：早于施行日（发布日期为2023年12月31日，"
                "须不早于施行日（2024年1月1日至2024年12月31日之间，未载明））"
            ),
        ),
        (
            "2026-06-01",
            "2023-12-31",
            (
                "  已无从享受：早于施行日（发布日期为2023年12月31日，"
                "须不早于施行日（2024年1月1日至2024年12月31日之间，未载明））"
            ),
        ),
        (
            "2026-01-01",
            "2026-01-01",
            "  已无从享受：晚于有效期（发布日期为2026年1月1日，须不晚于2025年12月31日）",
        ),
        (
            "2026-01-01",
            False,
            "  已无从享受：晚于有效期（发布日期为未发生，须不晚于2025年12月31日）",
        ),
        (
            "2025-12-31",
            "2026-01-01",
            (
                "    发布日期：现为2026年1月1日，须不晚于基准日（2025年12月31日）"
                "（或以2026年1月1日或其后的一日为基准日）、不晚于2025年12月31日"
            ),
        ),
        (
            "2023-06-01",
            "2023-06-02",
            (
                "    发布日期：现为2023年6月2日，须不晚于基准日（2023年6月1日）"
                "（或以2023年6月2日或其后的一日为基准日）、"
                "不早于施行日（2024年1月1日至2024年12月31日之间，未载明）"
            ),
        ),
    ],
    ids=["record", "early", "late", "never", "late to come", "early to come"],
)
def test_too_late(day, published, said):
    """What is past cannot change: too late is told, where advice would be no use."""
    record = {**SHOES, "listings": [{**TOP_500, "published": published}]}

    found = incentives.evaluate(record, as_of=day)["private-top-500"]

    assert found.outcome is Outcome.INELIGIBLE
    assert found.explain().splitlines()[-1] == said


def test_another_record_may_still_make_it_due():
    """A record that came too early does not stand in the way of a later one."""
    early = {**TOP_500, "published": "2023-12-31"}
    record = {**SHOES, "listings": [early, TOP_500]}

    found = incentives.evaluate(record, as_of="2025-10-01")["private-top-500"]

    assert found.outcome is Outcome.ELIGIBLE


def test_an_early_application_can_be_made_again():
    """Only an event is past for good: of an application the advice is kept."""
    record = {**SHOES, "listings": [{**TOP_500, "applied": "2023-06-01"}]}
    readings = {"dated-by": "application"}

    found = incentives.evaluate(record, as_of="2025-10-01", readings=readings)

    assert found["private-top-500"].explain().splitlines()[-1] == (
        "    申请日期：现为2023年6月1日，"
        "须不早于施行日（2024年1月1日至2024年12月31日之间，未载明）"
    )


def test_a_day_that_never_came_takes_one_line():
    """In a record that is told briefly, too; days that came keep their lines."""
    listings = [TOP_500, {**TOP_500, "published": False, "applied": False}]
    record = {**SHOES, "listings": listings}
    readings = {"dated-by": "application"}

    found = incentives.evaluate(record, as_of="2025-10-01", readings=readings)
    said = found["private-top-500"].explain().splitlines()
    at = said.index("  入选榜单2 中国民营企业500强：不符合")

    assert said[at + 1 : at + 3] == [
        "    ✗ 发布日期：确知未发生",
        "    ✗ 申请日期：确知未发生",
    ]
    assert not said[at + 3].startswith("    ")


def test_the_other_day_makes_it_due():
    """Where an event is still to come, asking about its day suffices."""
    record = {**SHOES, "listings": [{**TOP_500, "published": "2025-10-02"}]}

    later = incentives.evaluate(record, as_of="2025-10-02")["private-top-500"]

    assert later.outcome is Outcome.ELIGIBLE


WRONG = {
    "list": "甲榜",
    "publisher": "某研究院",
    "published": "2023-01-01",
    "title": "某称号",
    "level": "county",
    "first": False,
    "date": "2023-01-01",
    "chain": "房地产",
    "market_operated": False,
    "recognised": "2023-01-01",
    "category": "other",
    "team_by_challenge": False,
    "good_effect": False,
    "assessed": "2023-01-01",
}
DAYS = ("published", "date", "recognised", "assessed")


@pytest.mark.parametrize(
    ("records", "field"),
    [
        (records, field)
        for records, (_, honest, _) in RULES.items()
        for field in honest
        if field in WRONG
    ],
)
def test_thresholds_are_what_is_needed(records, field):
    """Whatever fact is wrong, putting the threshold of its reason there suffices."""
    rule, honest, day = RULES[records]
    record = {**SHOES, records: [{**honest, field: WRONG[field]}]}

    before = incentives.evaluate(record, as_of=day)[rule]
    (unmet,) = [r for r in before.reasons if r.verdict is incentives.Verdict.UNMET]
    # A table stands for its rows, a yes for itself, an unstated day for its latest.
    needed = {"chains": "运动鞋", None: True}.get(unmet.threshold, unmet.threshold)
    record[records] = [{**honest, field: "2024-12-31" if field in DAYS else needed}]
    after = incentives.evaluate(record, as_of=day)[rule]

    assert before.outcome is Outcome.INELIGIBLE
    assert unmet.fact == f"{records}[0].{field}"
    assert after.outcome in (Outcome.ELIGIBLE, Outcome.DISCRETIONARY)
