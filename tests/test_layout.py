"""Columns that line up although some characters are two wide, and safe HTML."""

import pytest

from incentives.layout import html_table, padded, table, visible, width


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("abc", 3),
        ("金额", 4),
        ("金a额", 5),
        ("\t金", 3),
        ("e\u0301", 1),
        ("（）", 4),
        ("\x07", 0),
    ],
)
def test_width(text: str, columns: int) -> None:
    """A full-width character takes two columns, a combining one none."""
    assert width(text) == columns


def test_visible() -> None:
    """A control character is a blank, anything else itself."""
    assert visible("a\t\x1b[31m金\u0301") == "a  [31m金\u0301"


def test_padded() -> None:
    """Blanks fill a text to its columns, to either side, and never cut it."""
    assert padded("金额", 6) == "金额  "
    assert padded("金额", 6, right=True) == "  金额"
    assert padded("金额", 2) == "金额"


def test_table_lines_up() -> None:
    """Every column is as wide as its widest cell; nothing trails."""
    lines = table(
        ["规则", "amount"], [["a", "1"], ["甲乙丙", "20"]], right=frozenset({1})
    )
    assert lines == [
        "规则    amount",
        "──────  ──────",
        "a            1",
        "甲乙丙      20",
    ]


def test_html_is_escaped() -> None:
    """No text of a record or a pack is taken for HTML."""
    found = html_table("<c>", ["<h>"], [["<b>", "&"]], ["<f>"], right=frozenset({1}))
    assert found == (
        "<table><caption>&lt;c&gt;</caption>"
        "<thead><tr><th style='text-align:left'>&lt;h&gt;</th></tr></thead>"
        "<tbody><tr><td style='text-align:left'>&lt;b&gt;</td>"
        "<td style='text-align:right'>&amp;</td></tr></tbody></table>"
        "<div>&lt;f&gt;</div>"
    )
