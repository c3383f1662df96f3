"""YAML without guessing: texts, places, and what is refused."""

import pytest

from incentives.errors import Place
from incentives.language.nodes import (
    Mapping,
    Problems,
    Scalar,
    Sequence,
    decoded,
    parse_yaml,
    walk,
)


def parsed(text: str) -> Mapping:
    problems = Problems()
    node = parse_yaml(text, "r.yaml", problems)
    assert problems.found == []
    assert node is not None
    return node


@pytest.mark.parametrize(
    "value",
    ["yes", "no", "on", "null", "~", "1_000", "0x1F", "2026-01-01", "1e3", "是"],
)
def test_every_scalar_is_text(value: str) -> None:
    """Nothing is taken for a Boolean, a number or a day by YAML."""
    found = parsed(f"key: {value}").entries["key"]
    assert isinstance(found, Scalar)
    assert found.text == value


def test_places_count_from_one() -> None:
    """A node knows its file, line and columns, and each key its own place."""
    node = parsed("a: 1\n甲乙:\n  - 丙丁\n")
    items = node.entries["甲乙"]
    assert isinstance(items, Sequence)
    assert node.keys["甲乙"] == Place("r.yaml", 2, 1, 3, "甲乙:")
    assert items.items[0].place == Place("r.yaml", 3, 5, 7, "  - 丙丁")
    assert str(items.place) == "r.yaml:3:3"


@pytest.mark.parametrize(
    ("text", "column"),
    [("k: abc", 5), ('k: "abc"', 6), ("k: 'abc'", 6), ("k:   abc  ", 7)],
)
def test_part_of_a_text(text: str, column: int) -> None:
    """A stretch of a text has its own place, quotes counted."""
    node = parsed(text).entries["k"]
    assert isinstance(node, Scalar)
    assert node.part(1, 2) == Place("r.yaml", 1, column, column + 1, text)
    assert node.after(1).part(0, 1) == node.part(1, 2)
    assert node.after(1).text == "bc"
    assert node.listed().text == "[abc]"
    assert node.listed().part(2, 3) == node.part(1, 2)


@pytest.mark.parametrize("text", ["k: >\n  abc\n  def\n", 'k: "a\\u0062c"', "k:"])
def test_part_of_a_text_that_is_not_verbatim(text: str) -> None:
    """Where YAML folded or unescaped a text, or there is none, the whole is the place."""
    node = parsed(text).entries["k"]
    assert isinstance(node, Scalar)
    assert node.part(1, 2) == node.place
    assert node.after(1).place == node.place


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x85", "\u2028"])
def test_every_end_of_a_line(end: str) -> None:
    """Whatever YAML takes for the end of a line, the place is right."""
    node = parsed(f"a: 1{end}b: 2{end}").entries["b"]
    assert node.place == Place("r.yaml", 2, 4, 5, "b: 2")


def test_a_byte_order_mark_is_no_text() -> None:
    """What Windows writes before UTF-8 is left out, and its ends of lines too."""
    problems = Problems()
    assert decoded("\ufeffa: 1\r\n".encode(), "r.yaml", problems) == "a: 1\n"
    assert problems.found == []


def test_walk_visits_everything() -> None:
    """A node comes before what is in it, in the order of the file."""
    node = parsed("a: 1\nb: [2, {c: 3}]\n")
    found = [part.text for part in walk(node) if isinstance(part, Scalar)]
    assert found == ["1", "2", "3"]
    assert next(iter(walk(node))) is node


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "r.yaml:1:1: error[not-a-mapping]: expected named keys at the top of"),
        ("a: [1, 2", "r.yaml:1:9: error[bad-yaml]: expected ',' or ']', but got"),
        ("a: *b", "r.yaml:1:4: error[yaml-feature]: anchors and aliases are not used"),
        (
            "%YAML 9.9\n---\na: 1",
            "r.yaml:1:1: error[bad-yaml]: found incompatible YAML",
        ),
        ("a: @b", "r.yaml:1:4: error[bad-yaml]: found character '@' that cannot start"),
        ('a: "\\z"', "r.yaml:1:6: error[bad-yaml]: found unknown escape character 'z'"),
        ("a: 1\n\n b: 2", "r.yaml:3:3: error[bad-yaml]: a ':' where no key can be"),
        ("a: 1\n- b", "r.yaml:2:1: error[bad-yaml]: indented unlike the lines above"),
    ],
)
def test_what_is_no_mapping_is_refused(text: str, said: str) -> None:
    """One message, at the place where an author can mend it."""
    problems = Problems()
    assert parse_yaml(text, "r.yaml", problems) is None
    assert [str(problem)[: len(said)] for problem in problems.found] == [said]
