"""Diagnostics as text: the line, the caret, the help; and the family of errors."""

import pickle

import pytest

from incentives.errors import (
    Diagnostic,
    IncentivesError,
    Mistake,
    PackError,
    Place,
    Placed,
    RecordError,
    Severity,
    UnknownRuleError,
    UsageError,
    closest,
    did_you_mean,
)


def test_places_of_a_record() -> None:
    """A path stands where it is written, or where what it is in is written."""
    a, b = Place("r.yaml", 1, 1, 2, ""), Place("r.yaml", 2, 1, 2, "")
    record = Placed({"a": [{"b": 1}]}, {"a": a, "a[0].b": b})
    assert record == {"a": [{"b": 1}]}
    assert [record.place(path) for path in ("a[0].b", "a[0].c", "a.b", "ab")] == [
        b,
        a,
        a,
        None,
    ]


LINE = "- 县域 = “晋江”"
PLACE = Place("r.yaml", 12, 8, 12, LINE)


def test_caret_stands_under_full_width_text() -> None:
    """A full-width character is two columns wide, in the line and under it."""
    assert str(Diagnostic("code", "what is wrong", PLACE)) == (
        "r.yaml:12:8: error[code]: what is wrong\n"
        " 12 | - 县域 = “晋江”\n"
        "    |          ^^^^^^"
    )


def test_help_and_notes() -> None:
    """Further places come with their notes, what to do comes last."""
    other = Place("p.yaml", 3, 1, 2, "a: 1")
    found = Diagnostic(
        "code", "twice", PLACE, "keep one", Severity.WARNING, (("the first", other),)
    )
    assert str(found) == (
        "r.yaml:12:8: warning[code]: twice\n"
        " 12 | - 县域 = “晋江”\n"
        "    |          ^^^^^^\n"
        "p.yaml:3:1: note: the first\n"
        " 3 | a: 1\n"
        "   | ^\n"
        "  = help: keep one"
    )


def test_no_line_no_caret() -> None:
    """Where a file has no line to show, none is shown."""
    place = Place("r.yaml", 1, 1, 1, "  ")
    assert str(Diagnostic("code", "wrong", place)) == "r.yaml:1:1: error[code]: wrong"


@pytest.mark.parametrize("control", ["\t", "\x07", "\x1b"])
def test_control_characters_are_shown_as_blanks(control: str) -> None:
    """Nothing in a file moves the caret, or anything else on a terminal."""
    place = Place("r.yaml", 1, 3, 4, f"{control}a{'b'}")
    assert str(Diagnostic("code", "wrong", place)) == (
        "r.yaml:1:3: error[code]: wrong\n 1 |  ab\n   |   ^"
    )


def test_long_lines_are_shown_around_the_place() -> None:
    """Of a very long line only the neighbourhood of the place is shown."""
    text = "x" * 500 + "HERE" + "y" * 500
    shown = str(Diagnostic("code", "wrong", Place("r.yaml", 1, 501, 505, text)))
    _, line, caret = shown.split("\n")
    assert line == " 1 | " + "x" * 60 + "HERE" + "y" * 96
    assert caret == "   | " + " " * 60 + "^^^^"


def test_place_behind_the_line() -> None:
    """A place at the end of a line has a caret too."""
    place = Place("r.yaml", 1, 4, 4, "a: ")
    assert str(Diagnostic("code", "wrong", place)).endswith("\n   |    ^")


def test_pack_error_tells_everything() -> None:
    """A pack error prints its diagnostics in order, a blank line between."""
    first, second = (Diagnostic(code, code, PLACE) for code in ("a", "b"))
    error = PackError([first, second])
    assert error.diagnostics == (first, second)
    assert str(error) == f"{first}\n\n{second}"
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301  # ours


def test_record_error_tells_everything() -> None:
    """A record error prints a line for each mistake, with its suggestion."""
    mistakes = [
        Mistake("a.b", "unknown field", "did you mean 'c'?"),
        Mistake("d", "missing"),
    ]
    error = RecordError(mistakes)
    assert str(error) == "a.b: unknown field, did you mean 'c'?\nd: missing"
    assert pickle.loads(pickle.dumps(error)).mistakes == tuple(mistakes)  # noqa: S301  # ours


def test_family() -> None:
    """One base for all, and the built-in errors that callers know."""
    assert issubclass(PackError, IncentivesError)
    assert issubclass(RecordError, IncentivesError)
    assert issubclass(UsageError, (IncentivesError, ValueError))
    assert issubclass(UnknownRuleError, (UsageError, KeyError))
    assert str(UnknownRuleError("unknown rule 'x'")) == "unknown rule 'x'"


@pytest.mark.parametrize(
    ("word", "known", "found"),
    [
        ("pubished", ["published", "publisher"], "published"),
        ("县域企业", ["县域企业们", "高校院所"], "县域企业们"),
        ("重点产业连", ["重点产业链", "产业"], "重点产业链"),
        ("x", ["published"], None),
        ("a", [], None),
        ("ab" * 100_000, ["ab"], None),
    ],
)
def test_suggestions(word: str, known: list[str], found: str | None) -> None:
    """A word is taken for the likeliest one, if there is one at all."""
    assert closest(word, known) == found
    said = None if found is None else f"did you mean {found!r}?"
    assert did_you_mean(word, known) == said
