"""Two versions of a pack: what changed for whom, in words and as data."""

import json
import shutil

from datetime import date
from fractions import Fraction
from pathlib import Path

import attrs
import pytest

from typer.testing import CliRunner

import incentives

from incentives.commands import cli
from incentives.comparing.book_changes import (
    changes_between,
    rule_changes,
    window_effect,
)
from incentives.comparing.change_words import Differences
from incentives.comparing.effects import Aspect, Effect, condition_effect, term_effect
from incentives.dates import Period
from incentives.editing.scaffolding import new_pack
from incentives.ir import (
    Add,
    All,
    Any,
    AsOf,
    Compare,
    Comparison,
    Constant,
    Fact,
    Greatest,
    Holds,
    Kind,
    Least,
    Member,
    Multiply,
    Not,
    Round,
    Shift,
)
from incentives.money import Rounding
from incentives.policy import Window
from incentives.reports.revisions import amendment_lines

POLICY = """\
policy: yunqiao-2026
title: 云桥区若干措施（虚构）
issuer: 云桥区人民政府（虚构）
status: draft
effective: 2026-01-01
sunset: 2027-12-31
stacking:
  - group: 设备类
    rules: [renovation, size]
    mode: highest-only
readings:
  last:
    question: 封顶是多少？
    values: {low: 从低, high: 从高}
"""
FACTS = """\
enterprise:
  chain: {label: 产业链, english: chain, type: text}
  output: {label: 产值, english: output, type: money}
  new_firm: {label: 新设, english: new, type: boolean}
  accepted: {label: 验收日期, english: acceptance, type: date}
  purchases:
    label: 购置
    english: purchases
    record: purchase
    key: id
    fields:
      id: {label: 编号, english: id, type: text}
      cost: {label: 购置费, english: cost, type: money}
tables:
  chains: {label: 目录, english: the catalogue}
"""
RENOVATION = """\
rule: renovation
title: 技改补助
english: renovation
clause: 第一条
quote: 按10%补助
event: accepted
payer: 区财政
conditions:
  - output ≥ 200万元
award:
  rate: 10%
  of: output
  cap:
    reading: last
    low: 100万元
    high: 200万元
once: per enterprise
"""
SIZE = """\
rule: size
title: 规模奖励
clause: 第二条
quote: 分档奖励
conditions:
  - chain in chains
award:
  of: output
  tiers:
    - {in: "[1亿元, 5亿元)", then: 20万元}
    - {in: "[5亿元, ∞)", then: 60万元}
  otherwise: 0元
"""
LOOKUP = """\
rule: bonus
title: 查表奖励
clause: 第三条
quote: 按目录奖励
conditions:
  - none
award:
  look up: chains.bonus
  by: chain
  otherwise: 0元
"""
TABLE = "chain,bonus\n家居,10万元\n鞋服,20万元\n"
FILES = {
    "policy.yaml": POLICY,
    "facts.yaml": FACTS,
    "1.yaml": RENOVATION,
    "2.yaml": SIZE,
    "3.yaml": LOOKUP,
    "chains.csv": TABLE,
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Every test has a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def pack(name, *edits, without=()):
    """A pack of these files after some edits: file, old text, new text."""
    files = {file: text for file, text in FILES.items() if file not in without}
    for file, old, new in edits:
        assert old in files[file], (file, old)
        files[file] = files[file].replace(old, new, 1)
    shutil.rmtree(name, ignore_errors=True)
    Path(name).mkdir()
    for file, text in files.items():
        (Path(name) / file).write_text(text, "utf-8")
    return incentives.load(name)


def lines(*edits, lang="zh", without=()):
    """What is said of a pack after some edits, from the second line on."""
    found = Differences.between(pack("old"), pack("new", *edits, without=without))
    return found.show(lang).splitlines()[1:]


FIRST = "技改补助（第一条，renovation），适用于企业、高校院所、园区基地"
SECOND = "规模奖励（第二条，size），适用于企业、高校院所、园区基地"
THIRD = "查表奖励（第三条，bonus），适用于企业、高校院所、园区基地"
WHOLE = "整份文件"

SAID = {
    # texts
    "title": (("1.yaml", "技改补助", "技术改造"), ["技术改造（第一条，renovation），适用于企业、高校院所、园区基地", "  • 名称：“技改补助” → “技术改造”"]),
    "quote": (("1.yaml", "按10%补助", "按一成补助"), [FIRST, "  • 原文：“按10%补助” → “按一成补助”"]),
    "a payer less": (("1.yaml", "payer: 区财政\n", ""), [FIRST, "  • 取消出资：“区财政”"]),
    "a note more": (("1.yaml", "payer:", "note: 注意\npayer:"), [FIRST, "  • 新增说明：“注意”"]),
    # conditions
    "a lower threshold": (("1.yaml", "≥ 200万元", "≥ 100万元"), [FIRST, "  • 条件：产值 ≥ 200万元 → 产值 ≥ 100万元（范围放宽）"]),
    "a higher threshold": (("1.yaml", "≥ 200万元", "≥ 300万元"), [FIRST, "  • 条件：产值 ≥ 200万元 → 产值 ≥ 300万元（范围收窄）"]),
    "above, no longer from": (("1.yaml", "≥ 200万元", "> 200万元"), [FIRST, "  • 条件：产值 ≥ 200万元 → 产值 > 200万元（范围收窄）"]),
    "a condition more": (("1.yaml", "200万元\n", "200万元\n  - new_firm\n"), [FIRST, "  • 新增条件：新设：是（范围收窄）"]),
    "a condition less": (("1.yaml", "output ≥ 200万元", "none"), [FIRST, "  • 取消条件：产值 ≥ 200万元（范围放宽）"]),
    # amounts
    "a rate": (("1.yaml", "rate: 10%", "rate: 12%"), [FIRST, "  • 比例：10% → 12%（可多得）"]),
    "a base": (("1.yaml", "of: output", "of: output - 1元"), [FIRST, "  • 基数：产值 → 产值 − 1元（视情形有增有减）"]),
    "a cap": (("1.yaml", "low: 100万元", "low: 50万元"), [FIRST, "  • 封顶：100万元 → 50万元（会少得）"]),
    "a cap under another reading": (("1.yaml", "high: 200万元", "high: 300万元"), [FIRST, "  • 在解读 last=high 之下：封顶：200万元 → 300万元（可多得）"]),
    "a floor": (("2.yaml", "of: output", "of: output\n  floor: 1万元"), [SECOND, "  • 新增保底：1万元（可多得）"]),
    "a cap more": (("2.yaml", "of: output", "of: output\n  cap: 50万元"), [SECOND, "  • 新增封顶：50万元（会少得）"]),
    "rounding": (("2.yaml", "of: output", "of: output\n  rounding: yuan down"), [SECOND, "  • 取整：精确到分，四舍五入 → 取到元，舍去零头（视情形有增有减）"]),
    "rounding to 万元": (("2.yaml", "of: output", "of: output\n  rounding: 万元 half-up"), [SECOND, "  • 取整：精确到分，四舍五入 → 取到万元，四舍五入（视情形有增有减）"]),
    "a tier": (("2.yaml", "then: 20万元", "then: 30万元"), [SECOND, "  • 分档（产值 ≥ 1亿元，且产值 < 5亿元）：20万元 → 30万元（可多得）"]),
    "the lowest tier begins earlier": (("2.yaml", '"[1亿元', '"[5000万元'), [SECOND, "  • 分档：产值 ≥ 1亿元，且产值 < 5亿元：20万元 → 产值 ≥ 5000万元，且产值 < 5亿元：20万元（可多得）"]),
    "another boundary of two tiers": (("2.yaml", '5亿元)", then: 20万元}\n    - {in: "[5亿元', '4亿元)", then: 20万元}\n    - {in: "[4亿元'), [SECOND, "  • 分档：产值 ≥ 1亿元，且产值 < 5亿元：20万元 → 产值 ≥ 1亿元，且产值 < 4亿元：20万元（视情形有增有减）", "  • 分档：产值 ≥ 5亿元：60万元 → 产值 ≥ 4亿元：60万元（视情形有增有减）"]),
    "a tier more": (("2.yaml", "  tiers:\n", '  tiers:\n    - {in: "[1元, 1亿元)", then: 1元}\n'), [SECOND, "  • 新增分档：产值 ≥ 1元，且产值 < 1亿元：1元（可多得）"]),
    "a tier less": (("2.yaml", '    - {in: "[5亿元, ∞)", then: 60万元}\n', ""), [SECOND, "  • 取消分档：产值 ≥ 5亿元：60万元（会少得）"]),
    "in no tier": (("2.yaml", "otherwise: 0元", "otherwise: 1元"), [SECOND, "  • 各档之外：0元 → 1元（可多得）"]),
    "rows of a table": (("chains.csv", "家居,10万元\n鞋服", "家居,15万元\n机器人"), [SECOND, "  • 条件：产业链属于《目录》（增加“机器人”，去掉“鞋服”）（视情形有增有减）", THIRD, "  • “家居”：10万元 → 15万元（可多得）", "  • 取消“鞋服”：20万元（会少得）", "  • 新增“机器人”：20万元（可多得）"]),
    "an amount of another make": (("3.yaml", "look up: chains.bonus\n  by: chain\n  otherwise: 0元", "amount: 5万元"), [THIRD, "  • 金额：《目录》中产业链对应的“bonus” → 5万元（视情形有增有减）"]),
    "no money any more": (("3.yaml", "look up: chains.bonus\n  by: chain\n  otherwise: 0元", "non-cash: 优先"), [THIRD, "  • 标准：《目录》中产业链对应的“bonus” → 非现金：优先（视情形有增有减）"]),
    # how often, when, whose
    "no longer once": (("1.yaml", "once: per enterprise\n", ""), [FIRST, "  • 取消限次：此前未按本条获奖补（范围放宽）"]),
    "once": (("2.yaml", "award:", "once: per enterprise\naward:"), [SECOND, "  • 新增限次：此前未按本条获奖补（范围收窄）"]),
    "the sunset of a rule": (("1.yaml", "event:", "sunset: 2026-12-31\nevent:"), [FIRST, "  • 施行期：2026年1月1日至2027年12月31日 → 2026年1月1日至2026年12月31日（范围收窄）"]),
    "the sunset of all": (("policy.yaml", "2027-12-31", "2028-12-31"), [WHOLE, "  • 施行期（各条规则）：2026年1月1日至2027年12月31日 → 2026年1月1日至2028年12月31日（范围放宽）"]),
    "an unknown first day": (("policy.yaml", "effective: 2026-01-01", "effective: [2025-12-01, 2026-02-01]"), [WHOLE, "  • 施行期（各条规则）：2026年1月1日至2027年12月31日 → 2025年12月1日至2026年2月1日之间的一日起，至2027年12月31日（视情形有增有减）"]),
    "another event": (("1.yaml", "event: accepted", "event: accepted + 1年"), [FIRST, "  • 事项之日：验收日期 → 验收日期之后1年（视情形有增有减）"]),
    "another day that counts": (("1.yaml", "event: accepted", "event: accepted\ndated by: accepted + 1年"), [FIRST, "  • 计期之日：验收日期 → 验收日期之后1年（视情形有增有减）"]),
    "records one by one": (("2.yaml", "conditions:", "each: purchase\nconditions:"), [SECOND, "  • 适用对象：企业、高校院所、园区基地 → 企业、高校院所、园区基地（购置）（视情形有增有减）"]),
    # the policy
    "the status": (("policy.yaml", "draft", "issued"), [WHOLE, "  • 状态：送审稿 → 已印发"]),
    "the number": (("policy.yaml", "status:", "number: 一号\nstatus:"), [WHOLE, "  • 新增文号：一号"]),
    "a group": (("policy.yaml", "[renovation, size]", "[renovation, bonus]"), [WHOLE, "  • 设备类：就高不重复：技改补助、规模奖励 → 就高不重复：技改补助、查表奖励（视情形有增有减）"]),
    "a reading's default": (("policy.yaml", "{low: 从低, high: 从高}", "{high: 从高, low: 从低}"), [FIRST, "  • 封顶：100万元 → 200万元（可多得）", "解读", "  • last：low → high"]),
    # facts
    "a fact more": (("facts.yaml", "  accepted:", "  staff: {label: 职工, english: staff, type: number}\n  accepted:"), ["事实", "  • 新增staff（职工）：数"]),
    "a fact of another type": (("facts.yaml", "english: new, type: boolean", "english: new, type: text"), ["事实", "  • new_firm（新设）：true 或 false → 文本"]),
    "a list": (("facts.yaml", "    key: id\n", "    key: id\n    at most: 3\n"), ["事实", "  • purchases[]（购置）：列表（其余声明有变）"]),
    "a field": (("facts.yaml", "      cost: {label: 购置费, english: cost, type: money}\n", ""), ["事实", "  • 取消purchases[].cost（购置费）：金额（元）"]),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_a_change_is_told(name):
    """One edit of a pack, and every line that is said of it."""
    edit, said = SAID[name]
    assert lines(edit) == said


def test_rules_come_and_go():
    """A rule that is new or gone is told with what it grants."""
    found = Differences.between(
        pack(
            "old",
            ("policy.yaml", "[renovation, size]", "[renovation]"),
            without=("2.yaml",),
        ),
        pack(
            "new",
            ("policy.yaml", "[renovation, size]", "[renovation]"),
            without=("3.yaml",),
        ),
    )
    assert str(found).splitlines() == [
        "云桥区若干措施（虚构）：新增 1 条规则，取消 1 条，变更 0 条。",
        "新增：规模奖励（第二条，size）：20万元、60万元（按档次）",
        "取消：查表奖励（第三条，bonus）：《目录》中产业链对应的“bonus”",
    ]
    assert [change.effect for change in found.changes] == [Effect.GAINS, Effect.LOSES]


def test_nothing_has_changed():
    """What is said of facts for people, and comments, change no answer."""
    old = pack("old")
    edit = ("facts.yaml", "english: new,", "english: recent, note: 说明,")
    for new in (old, pack("new", edit, ("1.yaml", "rule:", "# 注释\nrule:"))):
        found = Differences.between(old, new)
        assert (bool(found), str(found)) == (False, "没有变化。")
        assert found.show("en") == "Nothing has changed."


def test_readings_come_and_change():
    """A new reading, one that is gone, and other values of one."""
    best = ("policy.yaml", "high: 从高}", "high: 从高, best: 最优}")
    cap = ("1.yaml", "high: 200万元", "high: 200万元\n    best: 300万元")
    other = (
        "policy.yaml",
        "readings:\n",
        "readings:\n  b:\n    question: 问\n    values: {x: 甲, y: 乙}\n",
    )
    assert lines(best, cap) == ["解读", "  • last：low、high → low、high、best"]
    assert lines(other) == ["解读", "  • 新增b：x"]
    found = Differences.between(pack("old", other), pack("new"))
    assert str(found).splitlines()[1:] == ["解读", "  • 取消b：x"]


def test_both_languages():
    """The same in English."""
    assert lines(
        ("1.yaml", "low: 100万元", "low: 150万元"),
        ("policy.yaml", "draft", "issued"),
        lang="en",
    ) == [
        "renovation (第一条, renovation), for enterprises, institutes and parks",
        "  • cap: ¥1,000,000 → ¥1,500,000 (it gives more)",
        "The policy as a whole",
        "  • status: a draft → issued",
    ]


def test_many_rows_are_counted():
    """Of a long list the first few are named."""
    rows = "".join(f"{name},1元\n" for name in "甲乙丙丁戊己庚辛壬")
    (condition, *_) = lines(("chains.csv", "家居,", f"{rows}家居,"))[1:]
    assert condition == (
        "  • 条件：产业链属于《目录》（增加“丁”、“丙”、“乙”、“壬”、“己”、“庚”、“戊”、“甲”等9项）"
        "（范围放宽）"
    )


def test_groups_with_caps_and_budgets():
    """Which rules share a cap or a budget, and how much a budget is."""
    capped = (
        "policy.yaml",
        "mode: highest-only",
        "mode: capped\n    cap: 100万元\n    cap per: per year",
    )
    budget = (
        "policy.yaml",
        "stacking:",
        "budgets:\n  - {budget: 资金, rules: [size], amount: 1亿元}\nstacking:",
    )
    assert lines(capped, budget) == [
        "整份文件",
        "  • 设备类：就高不重复：技改补助、规模奖励 → 合计封顶：技改补助、规模奖励（视情形有增有减）",
        "  • 新增资金：1亿元（规模奖励）（视情形有增有减）",
    ]


def test_what_has_no_words_is_still_told():
    """A part of a rule that this page does not know differs all the same."""
    book = pack("old")
    rule = book["renovation"]
    changed = attrs.evolve(rule, readings=("last", "other"))
    (change,) = rule_changes(rule, changed)
    assert (change.aspect, change.name) == (Aspect.OTHER, "readings")
    award = attrs.evolve(rule.award, most=3)
    (change,) = rule_changes(rule, attrs.evolve(rule, award=award))
    assert (change.aspect, change.name) == (Aspect.OTHER, "most")
    new = attrs.evolve(book, rules=(changed, *book.rules[1:]), declared_readings={})
    assert str(Differences.between(book, new)).splitlines()[1:3] == [
        FIRST,
        "  • 其他内容有变",
    ]


def test_every_rule_that_differs_has_a_change():
    """Between any two rules, told both ways, at least one change; none with itself."""
    book = incentives.bundled()
    for old in book:
        assert Differences.between(book, book).changes == ()
        for new in book:
            assert (rule_changes(old, new) != []) == (old != new) or old is new


def test_an_amended_book_is_compared(tmp_path):
    """Two books in Python, wherever they come from."""
    book = pack("old")
    rules = tuple(attrs.evolve(rule, title="新名") for rule in book)
    found = changes_between(book, attrs.evolve(book, rules=rules, declared_readings={}))
    assert [change.name for change in found if change.aspect is Aspect.TEXT] == [
        "title"
    ] * 3


# --- effects -------------------------------------------------------------------

OUTPUT = Fact("output", Kind.MONEY)
DAY = Fact("accepted", Kind.DATE)
MET = Holds(Fact("new_firm", Kind.BOOLEAN))


def money(fen):
    return Constant(fen, Kind.MONEY)


def at(sign, fen):
    return Compare(Comparison(sign), OUTPUT, money(fen))


def among(*values):
    return Member((Fact("chain", Kind.TEXT),), frozenset((value,) for value in values))


def share(percent, base):
    return Multiply(Constant(Fraction(percent, 100), Kind.RATE), base)


TERMS = [
    (money(1), money(2), Effect.GAINS),
    (money(1), Constant(Fraction(2), Kind.RATE), Effect.DEPENDS),
    (Constant("a", Kind.TEXT), Constant("b", Kind.TEXT), Effect.DEPENDS),
    (money(1), OUTPUT, Effect.DEPENDS),
    (share(1, OUTPUT), share(2, OUTPUT), Effect.GAINS),
    (share(1, money(5)), share(2, money(1)), Effect.DEPENDS),
    (Add((OUTPUT, money(1))), Add((OUTPUT, money(2))), Effect.GAINS),
    (Add((OUTPUT, money(1))), Add((OUTPUT,)), Effect.DEPENDS),
    (Least((OUTPUT, money(1))), Least((OUTPUT, money(2))), Effect.GAINS),
    (Greatest((OUTPUT, money(1))), Greatest((OUTPUT, money(2))), Effect.GAINS),
    (Round(money(1), 1, Rounding.DOWN), Round(money(2), 1, Rounding.DOWN), Effect.GAINS),
    (Round(money(1), 1, Rounding.DOWN), Round(money(2), 100, Rounding.DOWN), Effect.DEPENDS),
    (Shift(DAY, Period(months=6)), Shift(DAY, Period(years=1)), Effect.GAINS),
    (Shift(DAY, Period(months=6), back=True), Shift(DAY, Period(years=1), back=True), Effect.LOSES),
    (Shift(DAY, Period(months=6)), Shift(DAY, Period(days=300)), Effect.DEPENDS),
    (Shift(DAY, Period(months=6)), Shift(AsOf(), Period(months=7)), Effect.DEPENDS),
]  # fmt: skip
CONDITIONS = [
    (at("≥", 2), at("≥", 1), Effect.GAINS),
    (at("≤", 2), at("≤", 1), Effect.LOSES),
    (at("<", 2), at("≤", 2), Effect.GAINS),
    (at("≥", 2), at(">", 2), Effect.LOSES),
    (at("≥", 2), at(">", 1), Effect.GAINS),
    (at("≥", 2), at("≤", 2), Effect.DEPENDS),
    (at("=", 2), at("=", 3), Effect.DEPENDS),
    (among("a"), among("a", "b"), Effect.GAINS),
    (among("a", "b"), among("b", "c"), Effect.DEPENDS),
    (Not(among("a")), Not(among("a", "b")), Effect.LOSES),
    (Not(among("a")), among("a"), Effect.DEPENDS),
    (MET, Any((MET, at("≥", 1))), Effect.GAINS),
    (MET, All((MET, at("≥", 1))), Effect.LOSES),
    (All((at("≥", 2), at("<", 9))), All((at("≥", 1), at("<", 10))), Effect.GAINS),
    (All((at("≥", 2), at("<", 9))), All((at("≥", 1), at("<", 8))), Effect.DEPENDS),
    (All((MET, at("≥", 2))), All((at("≥", 1), at("<", 9), among("a"))), Effect.DEPENDS),
    (Any((MET, All((MET, at("≥", 1))))), Any((All((MET, at("≥", 1))), MET)), Effect.NONE),
    (MET, among("a"), Effect.DEPENDS),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "effect"), TERMS)
def test_a_term_gives_more_or_less(old, new, effect):
    """Told both ways, the one is the opposite of the other."""
    assert term_effect(old, new) is effect
    assert term_effect(new, old) is effect.opposite
    assert term_effect(old, old) is Effect.NONE


@pytest.mark.parametrize(("old", "new", "effect"), CONDITIONS)
def test_a_condition_is_wider_or_narrower(old, new, effect):
    """Told both ways, the one is the opposite of the other."""
    assert condition_effect(old, new) is effect
    assert condition_effect(new, old) is effect.opposite
    assert condition_effect(old, old) is Effect.NONE


def test_a_window_is_wider_or_narrower():
    """One that begins later and ends later is neither."""
    days = [date(2026, month, 1) for month in (1, 2, 3, 4)]

    def window(first, last):
        return Window(days[first], days[last], days[first], days[first])

    assert window_effect(window(1, 2), window(0, 2)) is Effect.GAINS
    assert window_effect(window(1, 2), window(1, 3)) is Effect.GAINS
    assert window_effect(window(0, 3), window(1, 2)) is Effect.LOSES
    assert window_effect(window(0, 2), window(1, 3)) is Effect.DEPENDS


# --- the command ---------------------------------------------------------------


def run(*arguments):
    result = CliRunner().invoke(cli.app, ["diff", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_diff_prints_the_differences():
    """The same words as the library's; the status tells only where it is asked to."""
    old = pack("old")
    new = pack("new", ("1.yaml", "rate: 10%", "rate: 12%"))
    found = Differences.between(old, new)
    assert run("old", "new") == (0, f"{found}\n", "")
    assert run("old", "new", "--lang", "en") == (0, found.show("en") + "\n", "")
    assert run("old", "new", "--exit-code") == (1, f"{found}\n", "")
    assert run("old", "old", "--exit-code") == (0, "没有变化。\n", "")


def test_diff_as_json():
    """Every change with its words, for other programs."""
    old = pack("old")
    new = pack("new", ("1.yaml", "rate: 10%", "rate: 12%"))
    code, out, err = run("old", "new", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "old": old.digest,
        "new": new.digest,
        "changes": [
            {
                "aspect": "rate",
                "rule": "renovation",
                "name": None,
                "under": None,
                "old": "10%",
                "new": "12%",
                "effect": "gains",
                "words": "比例：10% → 12%（可多得）",
            }
        ],
    }


def test_diff_needs_two_packs():
    """A pack that cannot be loaded is refused with its diagnostics."""
    new_pack("p", Path("p"))
    assert run("p", "gone") == (
        1,
        "",
        "gone:1:1: error[no-pack]: no such directory\n",
    )


# --- amendments ----------------------------------------------------------------


def test_a_notice_is_told_with_its_day():
    """What a notice changes from a day on, and whether that gives more."""
    book = pack("old")
    amended = book.amend("renovation", since="2026-07-01", rate="12%")
    found = Differences.between(book, amended)
    assert [(c.aspect, c.effect) for c in found.changes] == [
        (Aspect.AMENDED, Effect.GAINS)
    ]
    (told,) = amendment_lines(amended["renovation"], "zh")
    assert str(found).splitlines()[1:] == [FIRST, f"  • {told}（可多得）"]
    back = Differences.between(amended, book)
    assert str(back).splitlines()[1:] == [FIRST, f"  • 取消：{told}（会少得）"]


def test_a_what_if_is_told_like_another_file():
    """A rule that is replaced altogether differs part by part."""
    book = pack("old")
    reform = book.amend("renovation", rate="12%", conditions=None)
    assert str(Differences.between(book, reform)).splitlines()[1:] == [
        FIRST,
        "  • 取消条件：产值 ≥ 200万元（范围放宽）",
        "  • 比例：10% → 12%（可多得）",
    ]
