"""`at least: 2` `of:` some conditions: so many of them, whichever they are."""

from itertools import product

import pytest

import incentives

from incentives import Outcome, RuleBook
from incentives.language.printing import rule_source

POLICY = """\
policy: shuangta
title: 双塔区若干措施（虚构）
issuer: 双塔区人民政府（虚构）
status: issued
effective: 2026-01-01
sunset: 2027-12-31
"""
FACTS = """\
enterprise:
  green: {label: 绿色工厂, english: green factory, type: boolean}
  exporter: {label: 出口企业, english: exporter, type: boolean}
  listed: {label: 上市企业, english: listed company, type: boolean}
"""
RULE = """\
rule: two
title: 综合奖励
clause: 第一条
quote: 符合下列条件中的两项以上的，给予10万元奖励
conditions:
  - at least: 2
    of:
      - green
      - exporter
      - listed
award: 10万元
"""
NAMES = ("green", "exporter", "listed")
FACTS_GIVEN = list(product([True, False, None], repeat=3))


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    directory = tmp_path_factory.mktemp("pack")
    for name, text in {"policy": POLICY, "facts": FACTS, "two": RULE}.items():
        (directory / f"{name}.yaml").write_text(text, encoding="utf-8")
    return incentives.load(directory)


def determined(
    book: RuleBook, facts: tuple[bool | None, ...]
) -> incentives.Determination:
    # An invented firm; the code is valid under GB 32100-2015.
    record = {"id": "91350582MA31ABCD0M", **dict(zip(NAMES, facts, strict=True))}
    return incentives.evaluate(record, as_of="2026-06-01", rules=book)["two"]


@pytest.mark.parametrize("facts", FACTS_GIVEN)
def test_so_many_are_met(book: RuleBook, facts: tuple[bool | None, ...]) -> None:
    """Two suffice, whichever; fewer never do; else what is unknown decides."""
    met, unknown = facts.count(True), facts.count(None)
    expected = Outcome.UNDETERMINED
    if met >= 2:
        expected = Outcome.ELIGIBLE
    elif met + unknown < 2:
        expected = Outcome.INELIGIBLE
    found = determined(book, facts)
    assert found.outcome is expected
    open_facts = [n for n, f in zip(NAMES, facts, strict=True) if f is None]
    wanted = sorted(open_facts) if expected is Outcome.UNDETERMINED else []
    assert list(found.missing) == wanted


def test_told_one_by_one(book: RuleBook) -> None:
    """An explanation lists the conditions with what holds of each."""
    lines = determined(book, (True, False, None)).explain().split("\n")
    start = lines.index("  ? 下列至少2项：绿色工厂：是；出口企业：是；上市企业：是")
    assert lines[start + 1 : start + 4] == [
        "    ✓ 绿色工厂：是",
        "    ✗ 出口企业：是（实为否）",
        "    ? 上市企业：是（未知）",
    ]


def test_what_would_change_it(book: RuleBook) -> None:
    """What is needed is so many of the conditions."""
    found = determined(book, (False, False, True))
    assert "    须：下列至少2项：绿色工厂：是；出口企业：是；上市企业：是" in (
        found.explain().split("\n")
    )
    english = "at least 2 of: green factory: yes; exporter: yes; listed company: yes"
    assert english in found.explain("en")


def test_in_chinese(book: RuleBook) -> None:
    """至少满足……其中…… says the same."""
    printed = rule_source(book, "two", "zh")
    assert "  - 至少满足: 2\n    其中:\n      - 绿色工厂\n" in printed
