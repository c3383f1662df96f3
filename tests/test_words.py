"""One table of the words of the rule language, in English and in Chinese."""

import ast

from itertools import combinations
from pathlib import Path

import pytest

import incentives

from incentives import load
from incentives.checks.checking import check
from incentives.ir import Kind
from incentives.language.expressions.functions import AGGREGATES, FUNCTIONS, QUANTIFIERS
from incentives.language.words import EXPRESSIONS, KEYS, VALUES, Words, after_per
from incentives.policy import Outcome, ReasonCode, Status

TABLES = {"keys": KEYS, "values": VALUES, "expressions": EXPRESSIONS}
GROUPS = [
    pytest.param(table, words, id=f"{name}: {group}")
    for name, table in TABLES.items()
    for group, words in table.groups.items()
]
CHINESE = Path(__file__).resolve().parent / "data" / "chinese-pack"


@pytest.mark.parametrize(("table", "words"), GROUPS)
def test_one_form_means_one_word_of_a_group(
    table: Words, words: dict[str, str]
) -> None:
    """Whatever the forms of a word anywhere, no other word of its group has them."""
    for one, other in combinations(words, 2):
        assert not set(table.forms(one)) & set(table.forms(other)), (one, other)


@pytest.mark.parametrize(("table", "words"), GROUPS)
def test_every_word_has_a_chinese_form(table: Words, words: dict[str, str]) -> None:
    """The first form of each word is the one that is printed, and it is not English."""
    for word, forms in words.items():
        first, *_ = forms.split()
        assert not first.isascii()
        assert first in table.forms(word)


@pytest.mark.parametrize(
    ("group", "known"),
    [
        ("type", [kind.value for kind in Kind]),
        ("outcome", [outcome.value for outcome in Outcome]),
        ("reason", [code.value for code in ReasonCode]),
        ("status", [status.value for status in Status]),
    ],
)
def test_values_are_those_of_the_language(group: str, known: list[str]) -> None:
    """No type, outcome, reason or status lacks its Chinese word, and none is idle."""
    assert sorted(VALUES.groups[group]) == sorted(known)


def test_every_function_has_its_word() -> None:
    """The table has every function that expressions know, and no other."""
    known = {*FUNCTIONS, *AGGREGATES, *QUANTIFIERS}
    assert set(EXPRESSIONS.groups["function"]) == known


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("per enterprise", 4),
        ("每家企业", 2),
        ("每个 listing.year", 3),
        ("每 listing.year", 2),
        ("一次", 0),
        ("pro enterprise", 0),
    ],
)
def test_per(text: str, count: int) -> None:
    """`per` is said by 每, with or without what is counted."""
    assert after_per(text) == count


def test_a_word_without_another_form() -> None:
    """What is no word of the table has only itself."""
    assert KEYS.forms("nothing of it") == ("nothing of it",)
    assert KEYS.said("nothing of it", "zh") == "nothing of it"
    assert KEYS.meant("名堂", ["rate", "cap"]) is None


def test_a_pack_in_chinese_only() -> None:
    """A pack without one English keyword loads, and its cases hold."""
    report = check(CHINESE)
    assert report.errors == ()
    assert report.book is not None
    assert len(report.book) == 5


def test_the_same_pack_in_both_languages(tmp_path: Path) -> None:
    """Keys and words of one mapping may be of both languages: the rules are equal."""
    changes = {
        "比例": "rate",
        "到元舍去": "yuan down",
        "非 ": "not ",
        "条件": "conditions",
    }
    for path in CHINESE.iterdir():
        text = path.read_text(encoding="utf-8")
        if path.name.startswith("1-"):
            for chinese, english in changes.items():
                assert chinese in text
                text = text.replace(chinese, english)
            text = text.replace("conditions不符", "条件不符")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    assert load(tmp_path).rules == load(CHINESE).rules


def test_no_reader_asks_for_a_keyword_in_english_only() -> None:
    """Keywords are asked for by :meth:`Mapping.named` and the like, never directly."""
    package = Path(incentives.__file__).parent / "language"
    found = [
        f"{path.name}:{node.lineno}"
        for path in sorted(package.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if _asks_directly(node)
    ]
    assert found == []


def _asks_directly(node: ast.AST) -> bool:
    """Whether a node is `x.entries["…"]`, `x.keys["…"]` or `x.entries.get("…")`."""
    match node:
        case ast.Subscript(
            value=ast.Attribute(attr="entries" | "keys"), slice=ast.Constant()
        ):
            return True
        case ast.Call(
            func=ast.Attribute(attr="get", value=ast.Attribute(attr="entries")),
            args=[ast.Constant(), *_],
        ):
            return True
        case ast.Compare(
            left=ast.Constant(), comparators=[ast.Attribute(attr="entries")]
        ):
            return True
    return False
