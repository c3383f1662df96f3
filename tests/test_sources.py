"""The text of a policy: sentences that speak of money, and quotes in it."""

import pytest

from incentives.checks.sentences import (
    common_beginning,
    money_sentences,
    without_blanks,
)

TEXT = "一、总则。企业　可以申请；\n按30%给予补助。\n最高100万元；另行制定办法。\n"


def test_sentences_of_money_with_their_lines() -> None:
    """A sentence ends with 。 or ；, or with its line."""
    assert list(money_sentences(TEXT)) == [
        (2, "按30%给予补助。"),
        (3, "最高100万元；"),
    ]


@pytest.mark.parametrize(
    "word", ["奖励", "补助", "配套资金", "补贴", "奖补", "5万元", "5亿元", "5%", "5％"]
)
def test_words_of_money(word: str) -> None:
    """Each word that speaks of money makes its sentence one of them."""
    assert list(money_sentences(f"给予{word}")) == [(1, f"给予{word}")]
    assert list(money_sentences("不涉及资金")) == []


def test_blanks_do_not_matter() -> None:
    """Line breaks and full-width blanks are no part of the words."""
    assert without_blanks(" 甲　乙\n丙\t丁 ") == "甲乙丙丁"


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("按30%给予补助", "按30%给予补助"),
        ("按30%给予奖励", "按30%给予"),
        ("奖励", ""),
        ("", ""),
    ],
)
def test_common_beginning(quote: str, found: str) -> None:
    """How far a quote goes with the source."""
    assert common_beginning(quote, TEXT) == found
