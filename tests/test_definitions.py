"""`define:`: names for values, in any order, of a rule or of all rules of a pack."""

from pathlib import Path

import pytest

import incentives

from incentives.errors import Diagnostic
from tests.support.small_packs import book, mistakes, written

FIRM = "91350582MA31ABCD0M"
FACTS = """\
enterprise:
  output: {label: 产值, english: output, type: money}
  cost: {label: 成本, english: cost, type: money}
"""
SHARED = """\
define:
  enterprise:
    利润: output - 全部成本
    全部成本: cost + 1万元
"""
BONUS = "conditions: [none]\naward: {rate: 10%, of: 利润}\n"


def due(pack: incentives.RuleBook) -> int:
    found = incentives.evaluate(
        {"id": FIRM, "output": "10万元", "cost": "4万元"},
        rules=pack,
        as_of="2026-06-01",
    )
    return int(found.total)


def diagnostics(pack: Path) -> tuple[Diagnostic, ...]:
    with pytest.raises(incentives.PackError) as error:
        incentives.load(pack)
    return error.value.diagnostics


def test_order_does_not_matter(tmp_path: Path):
    """A definition may use one that stands below it."""
    body = (
        "define:\n  利润: output - 全部成本\n  全部成本: 成本 + 1万元\n"
        "conditions: [利润 ≥ 5万元]\naward: {rate: 10%, of: 利润}\n"
    )
    assert due(book(tmp_path, FACTS, bonus=body)) == 5000


def test_a_chain_of_definitions(tmp_path: Path):
    """However long, each is written out where it is used."""
    chain = "\n".join(f"  a{n}: a{n + 1} + 1元" for n in range(20))
    body = f"define:\n{chain}\n  a20: output\nconditions: [none]\naward: a0\n"
    assert due(book(tmp_path, FACTS, bonus=body)) == 100_020


def test_shared_definitions(tmp_path: Path):
    """Those of facts.yaml stand for all rules of their subject."""
    pack = book(
        tmp_path,
        FACTS + SHARED,
        bonus=BONUS,
        other="conditions: [利润 < 1万元]\naward: 1万元\n",
    )
    assert due(pack) == 5000


def test_a_rule_may_use_shared_definitions_in_its_own(tmp_path: Path):
    """They stand above its own."""
    body = "define: {一半: 利润 / 2}\nconditions: [none]\naward: 一半\n"
    assert due(book(tmp_path, FACTS + SHARED, bonus=body)) == 25_000


def test_a_rule_cannot_take_a_shared_name(tmp_path: Path):
    """A name means one thing in a rule."""
    body = "define: {利润: 1元}\nconditions: [none]\naward: 利润\n"
    assert mistakes(tmp_path, FACTS + SHARED, bonus=body) == [
        "1-bonus.yaml:5:10: error[duplicate-name]: '利润' is already a fact"
    ]


def test_shared_definitions_are_of_one_subject(tmp_path: Path):
    """A rule for counties does not see those of enterprises."""
    body = "subject: county\nconditions: [none]\naward: {rate: 1%, of: 利润}\n"
    (said,) = mistakes(tmp_path, FACTS + SHARED, bonus=body)
    assert said.endswith("error[unknown-fact]: unknown fact '利润'")


def test_texts_in_quotes_use_no_names(tmp_path: Path):
    """A text, such as the id of a rule, may say what a definition is called."""
    body = (
        "define: {a: paid(“b”) + b, b: paid(“a”) + 1元}\nconditions: [none]\naward: a\n"
    )
    other = "conditions: [none]\naward: 5元\n"
    assert due(book(tmp_path, FACTS, bonus=body, a=other, b=other)) == 11


def test_a_cycle_is_told_with_its_path(tmp_path: Path):
    """From the first name round to it again, every place once."""
    body = (
        "define:\n  a: b + 1元\n  b: c + 1元\n  c: a + 1元\n  d: 5元\n"
        "conditions: [d > 4元]\naward: a + d\n"
    )
    (said,) = diagnostics(written(tmp_path, FACTS, bonus=body))
    assert said.code == "definition-cycle"
    assert said.message == "'a' is defined by itself: a → b → c → a"
    assert said.help == "say one of them without the others"
    assert [(note, place.line) for note, place in said.also] == [
        ("'b' is used here", 7),
        ("'c' is used here", 8),
    ]


def test_a_cycle_of_one(tmp_path: Path):
    """A name that says itself."""
    body = "define: {a: a + 1元}\nconditions: [none]\naward: 5元\n"
    (said,) = diagnostics(written(tmp_path, FACTS, bonus=body))
    assert (said.message, said.also) == ("'a' is defined by itself: a → a", ())


def test_a_cycle_among_shared_definitions_is_told_once(tmp_path: Path):
    """However many rules there are, and although they use the names."""
    facts = FACTS + "define:\n  enterprise: {a: b + 1元, b: a + 1元}\n"
    rules = dict.fromkeys(["one", "two"], "conditions: [none]\naward: a\n")
    (said,) = diagnostics(written(tmp_path, facts, **rules))
    assert said.message == "'a' is defined by itself: a → b → a"


def test_a_broken_definition_is_told_where_it_stands(tmp_path: Path):
    """What uses it is not told again."""
    body = (
        "define: {a: outptu + 1元, b: a × 2}\n"
        "conditions: [b > 4元]\naward: {rate: 10%, of: a}\n"
    )
    assert mistakes(tmp_path, FACTS, bonus=body) == [
        "1-bonus.yaml:5:13: error[unknown-fact]: unknown fact 'outptu'"
    ]


def test_a_definition_that_is_too_large(tmp_path: Path):
    """Definitions that double each other are stopped before they fill the memory."""
    chain = "\n".join(f"  a{n}: a{n + 1} + a{n + 1}" for n in range(14))
    body = f"define:\n{chain}\n  a14: output\nconditions: [none]\naward: 5元\n"
    said = mistakes(tmp_path, FACTS, bonus=body)
    assert said == [
        (
            "1-bonus.yaml:10:3: error[expression-too-large]: 'a4' comes to more than "
            "1000 terms"
        )
    ]


def test_names_that_expressions_cannot_use(tmp_path: Path):
    """A name with a blank, or a word of expressions."""
    body = "define: {a b: 5元, and: 3元}\nconditions: [none]\naward: 5元\n"
    assert mistakes(tmp_path, FACTS, bonus=body) == [
        "1-bonus.yaml:5:10: error[bad-name]: 'a b' cannot be a name in expressions",
        "1-bonus.yaml:5:19: error[bad-name]: 'and' cannot be a name in expressions",
    ]


@pytest.mark.parametrize(
    ("define", "said"),
    [
        (
            "define: 5\n",
            "facts.yaml:4:9: error[not-a-mapping]: 'define' needs named keys",
        ),
        (
            "define: {enterprise: 5}\n",
            "facts.yaml:4:22: error[not-a-mapping]: 'enterprise' needs named keys",
        ),
        (
            "define: {company: {a: 5元}}\n",
            "facts.yaml:4:10: error[unknown-key]: unknown key 'company' in 'define'",
        ),
    ],
)
def test_mistakes_of_shared_definitions(tmp_path: Path, define: str, said: str):
    """What is no mapping of a kind of subject is told."""
    rule = "conditions: [none]\naward: 5元\n"
    assert mistakes(tmp_path, FACTS + define, bonus=rule) == [said]
