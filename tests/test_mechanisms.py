"""Every rule of `rules/MECHANISMS.md` holds what its cases say, to the fen."""

import re

from collections import Counter
from pathlib import Path

import pytest

from incentives.book import RuleBook
from incentives.checks.case_checks import case_diagnostics
from incentives.language.forms.award_forms import AMOUNT_WORDS, LIMIT_KEYS
from incentives.language.packs import load_pack
from incentives.language.printing import rule_source
from incentives.language.words import KEYS
from tests.support import console

PAGE = (console.ROOT / "rules" / "MECHANISMS.md").read_text(encoding="utf-8")
POLICY = """
policy: yunqiao-2026
title: 云桥区奖补机制（虚构）
issuer: 云桥区人民政府（虚构）
status: issued
effective: 2024-01-01
sunset: 2027-12-31
dated by: application
"""
BLOCK = re.compile(r"^```(yaml|csv) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [found.groups() for found in BLOCK.finditer(PAGE)]
RULES = [text for _, name, text in BLOCKS if not name]
FILES = {name: text for _, name, text in BLOCKS if name}
#: A rule whose only use is to be topped up by the next one.
PLAIN = ["level-one"]


def written(directory: Path, policy: str = POLICY) -> Path:
    """The pack that the page comes to."""
    for name, text in {**FILES, "policy.yaml": policy}.items():
        (directory / name).write_text(text, encoding="utf-8")
    for number, text in enumerate(RULES):
        (directory / f"{number:02}.yaml").write_text(text, encoding="utf-8")
    return directory


def errors_of(directory: Path) -> list[str]:
    """The first line about every case of a sound pack that does not hold."""
    found = case_diagnostics(load_pack(directory))
    return [str(each).splitlines()[0].partition(": error")[2] for each in found]


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("mechanisms"))


@pytest.fixture(scope="module")
def book(pack: Path) -> RuleBook:
    return load_pack(pack)


def test_every_case_holds(pack: Path) -> None:
    """The page is a sound pack, and every case comes to what is written there."""
    assert errors_of(pack) == []


def test_every_rule_has_cases_on_both_sides(book: RuleBook) -> None:
    """No rule of the page stands without two cases or more."""
    counted = Counter(case.rule for case in book.cases)
    assert [
        rule.id for rule in book.rules if counted[rule.id] < 2
    ] == PLAIN  # both sides


def test_what_above_includes_is_said_once_for_all_rules(tmp_path: Path) -> None:
    """With `boundaries` of the page, exactly 1亿元 is no longer 1亿元以上."""
    policy = POLICY + FILES["policy.yaml"]
    assert errors_of(written(tmp_path, policy)) == [
        "[case-failed]: tiers, '恰为1亿元': expected 20万元, got 0元",
        "[case-failed]: tiers, '恰为5亿元': expected 50万元, got 0元",
        "[case-failed]: cap, '恰为封顶额': expected 100万元, got 20万元",
        "[case-failed]: cap, '期间内已付30万元': expected 70万元, got 0元",
        "[case-failed]: cap, '恰在三十六个月前已付，不算在内': expected 100万元, got 20万元",
        "[case-failed]: matching-of-a-rule, '规模奖励20万元': expected 24万元, got 0元",
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_printed_in_either_language_it_is_the_same(
    lang: str, book: RuleBook, tmp_path: Path
) -> None:
    """Every rule of the page, printed in one language, loads back to the same rule."""
    copy = written(tmp_path)
    for rule in book.rules:
        path = copy / book.places[rule.id].file
        path.write_text(rule_source(book, rule.id, lang), encoding="utf-8")
    assert load_pack(copy).rules == book.rules


WORDS = [
    *(shape.group for shape in AMOUNT_WORDS if shape.group != "amount"),
    *(key.name for key in LIMIT_KEYS),
    "excluded",
    "boundaries",
]


@pytest.mark.parametrize("word", WORDS)
def test_every_word_is_told_in_both_languages(word: str) -> None:
    """The page names each word in English and in Chinese."""
    assert f"`{word}`" in PAGE or f"`{word}:" in PAGE
    assert KEYS.said(word, "zh") in PAGE
