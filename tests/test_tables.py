"""Tables of a pack: cells as text, rows with their places."""

import pytest

from incentives.errors import Place
from incentives.tables import TableError, parse_table


def test_cells_are_text() -> None:
    """Nothing in a table is guessed to be a number or a day."""
    table = parse_table("t", "a,b\n1,2026-01-01\n\n“甲”, 乙\n")
    assert table.columns == ("a", "b")
    assert table.rows == ({"a": "1", "b": "2026-01-01"}, {"a": "“甲”", "b": " 乙"})
    assert table.column("b") == ("2026-01-01", " 乙")


def test_rows_know_their_places() -> None:
    """A row knows its line, a quoted one the line on which it ends."""
    table = parse_table("t", 'a,b\n1,2\n\n"x\ny",3\n')
    assert table.places == (
        Place("t.csv", 2, 1, 4, "1,2"),
        Place("t.csv", 5, 1, 5, 'y",3'),
    )


def test_tables_with_equal_cells_are_equal() -> None:
    """Where a row stands is no part of what a table says."""
    assert parse_table("t", "a\n1\n") == parse_table("t", "a\n\n1\n")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "an empty table: the first row names the columns"),
        ("\n\n", 1, "an empty table: the first row names the columns"),
        ("a,b\n1\n", 2, "expected 2 cells as in the first row, got 1"),
        ("a,b\n1,2\n1,2,3\n", 3, "expected 2 cells as in the first row, got 3"),
        ("a, \n1,2\n", 1, "column 2 has no name"),
        ("a,b,a\n", 1, "two columns are called 'a'"),
        ('a\n"x', 2, "not CSV: a quote is not closed"),
        ('a\n"x"y\n', 2, "not CSV: ',' expected after '\"'"),
        ("a\n" + "x" * 200_000, 2, "not CSV: field larger than field limit (131072)"),
    ],
)
def test_what_is_no_table(text: str, line: int, said: str) -> None:
    """What is wrong is told with its line."""
    with pytest.raises(TableError) as caught:
        parse_table("t", text)
    assert (caught.value.line, str(caught.value)) == (line, said)
