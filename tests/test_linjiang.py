"""
An invented policy that uses every mechanism and every word, in two languages.

Its packs are `examples/packs/linjiang-2026` and, all in Chinese words, `…-zh`; the
amounts of their cases were computed by hand, as the comments beside them show.
"""

import json
import re
import shutil

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from attrs import evolve, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

import incentives

from incentives import Allocation, Assessment, Outcome, ReasonCode
from incentives.checks.checking import check
from incentives.language.forms.award_forms import LIMIT_KEYS
from incentives.language.forms.pack_forms import (
    FILES,
    FORMS,
    Either,
    Form,
    Leaf,
    ListOf,
    Named,
    Ref,
    Shape,
    Worded,
)
from incentives.language.nodes import (
    Mapping,
    Node,
    Problems,
    Scalar,
    Sequence,
    parse_yaml,
)
from incentives.language.printing import rule_source
from incentives.language.switches import branches_of, is_switch
from incentives.language.words import EXPRESSIONS, VALUES
from incentives.payments import PaymentStatus
from tests.support.measuring import unmeasured
from tests.test_examples import EXAMPLES, check_character

ENGLISH = EXAMPLES / "packs/linjiang-2026"
CHINESE = EXAMPLES / "packs/linjiang-2026-zh"
SOURCE = EXAMPLES / "packs/linjiang-2026.txt"
BOOK, BUCH = incentives.load(ENGLISH), incentives.load(CHINESE)
DAY = "2027-09-01"
FIRMS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (EXAMPLES / "linjiang.jsonl").read_text(encoding="utf-8").splitlines()
]
(
    MACHINES,
    EQUIPMENT,
    FURNITURE,
    MATERIALS,
    FOOD,
    CLOTHES,
    LAMPS,
    SOFTWARE,
) = (firm["id"] for firm in FIRMS)


# --- the packs -----------------------------------------------------------------


@unmeasured
@pytest.mark.parametrize("pack", [ENGLISH, CHINESE], ids=lambda pack: pack.name)
def test_sound(pack: Path) -> None:
    """No error and no warning: every case holds, every boundary and sentence has one."""
    report = check(pack, source=SOURCE)
    assert report.diagnostics == ()
    assert report.coverage is not None
    assert report.coverage.percent == 100
    assert report.book is not None
    assert (len(report.book), len(report.book.cases)) == (27, 312)


def test_same_in_both_languages() -> None:
    """Rules, groups, budgets, words and cases are equal under every single reading."""
    assert BUCH.vocabulary == BOOK.vocabulary
    assert (BUCH.policy, BUCH.window) == (BOOK.policy, BOOK.window)
    assert BUCH.written.branches == BOOK.written.branches
    for readings in ({}, *BOOK.written.branches):
        one, other = BOOK.under(readings), BUCH.under(readings)
        assert other.rules == one.rules
        assert other.groups == one.groups
        assert other.budgets == one.budgets
    # Expressions in `missing` name facts by either; all else of a case is the same.
    assert [evolve(c, place=None) for c in BUCH.cases] == [
        evolve(c, place=None) for c in BOOK.cases
    ]


@pytest.mark.parametrize("pack", [ENGLISH, CHINESE], ids=lambda pack: pack.name)
def test_printed_in_the_other_language(pack: Path, tmp_path: Path) -> None:
    """What is printed of every rule in the other language loads back to the same."""
    book = BOOK if pack is ENGLISH else BUCH
    copy = Path(shutil.copytree(pack, tmp_path / "pack"))
    for rule in book:
        text = rule_source(book, rule.id, "zh" if pack is ENGLISH else "en")
        (copy / book.places[rule.id].file).write_text(text, encoding="utf-8")
    assert incentives.load(copy).rules == book.rules


# --- every word ----------------------------------------------------------------


@frozen
class Use:
    """A word, the group that it is of, and how an author has written it."""

    group: str
    word: str
    written: str


def used(node: Node, form: Form) -> Iterator[Use]:
    """Every keyword and every word of a group in a node of a form."""
    if isinstance(node, Mapping) and is_switch(node):
        for branch in branches_of(node).values():
            yield from used(branch, form)
        return
    yield from own_words(node, form)
    for inner, inner_form in children(node, form):
        yield from used(inner, inner_form)


def own_words(node: Node, form: Form) -> Iterator[Use]:
    match node, form:
        case Mapping(), Shape():
            for key in form.keys:
                written = node.written(key.name)
                if written is not None:
                    yield Use(beside(form, key.name), key.name, written)
        case Scalar(), Leaf() if form.group:
            word = VALUES.meant(node.text, form.words)
            if word is not None:
                yield Use(f"word of {form.group}", word, node.text)
        case _:
            pass


def children(node: Node, form: Form) -> Iterator[tuple[Node, Form]]:
    match node, form:
        case _, Ref():
            yield node, FORMS[form.name]
        case _, Either():
            yield from ((node, one) for one in form.forms)
        case Sequence(), ListOf():
            yield from ((item, form.item) for item in node.items)
        case Mapping(), Named():
            yield from ((entry, form.value) for entry in node.entries.values())
        case Mapping(), Worded():
            shapes = (s for s in form.shapes if node.written(s.group) is not None)
            yield from ((node, shape) for shape in shapes)
        case Mapping(), Shape():
            named = ((node.named(key.name), key.form) for key in form.keys)
            yield from ((entry, inner) for entry, inner in named if entry is not None)
        case _:
            pass


def beside(shape: Shape, key: str) -> str:
    """The group of a key; one for all that may stand beside any amount."""
    changes = {limit.name for limit in LIMIT_KEYS}
    return "beside" if key in changes and shape.group in AMOUNTS else shape.group


AMOUNTS = {shape.group for shape in FORMS["award"].forms[1].shapes}  # type: ignore[union-attr]


def known(form: Form, seen: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
    """Every key that a form may hold, with its group."""
    match form:
        case Ref() if form.name not in seen:
            yield from known(FORMS[form.name], seen | {form.name})
        case Either():
            for one in form.forms:
                yield from known(one, seen)
        case ListOf():
            yield from known(form.item, seen)
        case Named():
            yield from known(form.value, seen)
        case Worded():
            for shape in form.shapes:
                yield from known(shape, seen)
        case Shape():
            for key in form.keys:
                yield beside(form, key.name), key.name
                yield from known(key.form, seen)
        case _:
            pass


def files(pack: Path) -> Iterator[tuple[str, Mapping]]:
    kinds = {
        "policy.yaml": "policy",
        "facts.yaml": "facts",
        "90-notice.yaml": "amendment",
    }
    for path in sorted(pack.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        node = parse_yaml(text, path.name, Problems())
        assert isinstance(node, Mapping)
        yield kinds.get(path.name, "rule"), node


@pytest.mark.parametrize("pack", [ENGLISH, CHINESE], ids=lambda pack: pack.name)
def test_every_key(pack: Path) -> None:
    """The pack uses every key that a file of a pack may have."""
    found = {
        (use.group, use.word)
        for kind, node in files(pack)
        for use in used(node, FILES[kind])
    }
    # What a notice changes are the keys of a rule again.
    wanted = {
        pair for kind in ("rule", "policy", "facts") for pair in known(FILES[kind])
    } | {("amendment", key.name) for key in FILES["amendment"].keys}
    assert wanted - found == set()
    for group in ("mode", "exceeded", "sharing", "type", "outcome"):
        words = {word for name, word in found if name == f"word of {group}"}
        assert VALUES.groups[group].keys() - words == set(), group


def test_only_chinese_words() -> None:
    """No keyword and no function of the Chinese pack is English."""
    for kind, node in files(CHINESE):
        assert [u for u in used(node, FILES[kind]) if u.written.isascii()] == []
    for path in sorted(CHINESE.glob("*.yaml")):
        called = set(re.findall(r"([a-z_]+)\(", path.read_text(encoding="utf-8")))
        assert called & EXPRESSIONS.groups["function"].keys() == set()


@pytest.mark.parametrize(("pack", "lang"), [(ENGLISH, "en"), (CHINESE, "zh")])
def test_every_function_and_operator(pack: Path, lang: str) -> None:
    """Expressions use every function and every operator, in the words of the pack."""
    text = "\n".join(p.read_text(encoding="utf-8") for p in pack.glob("*.yaml"))
    for function in EXPRESSIONS.groups["function"]:
        assert f"{EXPRESSIONS.said(function, lang)}(" in text, function
    for operator in EXPRESSIONS.groups["operator"]:
        if operator != "..":
            assert f" {EXPRESSIONS.said(operator, lang)} " in text, operator
    assert " 至 " in text


# --- the same answers ----------------------------------------------------------

CASES = [c for c in BOOK.cases if BOOK[c.rule].subject == "enterprise"]
DAYS = sorted({c.as_of for c in CASES if isinstance(c.as_of, date)})
CODES = [firm["id"] for firm in FIRMS]


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    """Facts of several cases, which stand at boundaries, together; some are unknown."""
    cases = draw(st.lists(st.sampled_from(CASES), min_size=1, max_size=5))
    record: dict[str, Any] = dict(draw(st.sampled_from([{}, *FIRMS])))
    for case in cases:
        for name, value in case.given.items():
            if isinstance(value, dict) and isinstance(record.get(name), dict):
                record[name] = {**record[name], **value}
            else:
                record[name] = value
    for name in draw(st.lists(st.sampled_from(sorted(record)), max_size=2)):
        record.pop(name, None)
    return {**record, "kind": "enterprise"}


def plain(found: Assessment | Allocation) -> dict[str, Any]:
    """An answer without the digest of the files that it was found by."""
    return {key: value for key, value in found.to_dict().items() if key != "digest"}


READINGS = st.sampled_from([{}, *BOOK.written.branches])


@unmeasured
@settings(max_examples=30)
@given(
    batch=st.lists(records(), min_size=3, max_size=3),
    day=st.sampled_from(DAYS),
    readings=READINGS,
)
def test_same_answers(
    batch: list[dict[str, Any]], day: date, readings: dict[str, str]
) -> None:
    """Law: either book gives the same assessments and allocations, word for word."""
    one, other = BOOK.under(readings), BUCH.under(readings)
    batch = [{**r, "id": code} for r, code in zip(batch, CODES, strict=False)]
    for record in batch:
        found = incentives.evaluate(record, as_of=day, rules=one)
        again = incentives.evaluate(record, as_of=day, rules=other)
        assert again.determinations == found.determinations
        assert again.show() == found.show()
    shared = incentives.allocate(batch, as_of=day, rules=one)
    assert plain(incentives.allocate(batch, as_of=day, rules=other)) == plain(shared)


@pytest.mark.parametrize("firm", FIRMS, ids=CODES)
def test_same_json(firm: dict[str, Any]) -> None:
    """With every explanation and every other reading, the answers are the same."""
    found, again = (
        incentives.evaluate(firm, as_of=DAY, rules=book) for book in (BOOK, BUCH)
    )
    assert plain(again) == plain(found)


# --- one firm ------------------------------------------------------------------


def test_firms_are_invented() -> None:
    """The codes of the firms are valid, and each says that it is invented."""
    assert all(check_character(code[:17]) == code[17] for code in CODES)
    assert all(firm["name"].endswith("有限公司（虚构）") for firm in FIRMS)


def test_one_firm() -> None:
    """What a young software firm is due under each clause, and what it gives back."""
    found = incentives.evaluate(FIRMS[-1], as_of=DAY, rules=BOOK)
    due = {d.rule.id: d.amount for d in found.determinations if d.amount}
    assert due == {
        "scale": 200_000,  # 2亿元: the first tier
        "research-table": 540_000,  # small, software, second year: 300万元 × 18%
        "grant-matching": 900_000,  # the second of 40%, 30%, 30% of 300万元
        "demo-province": 300_000,  # 50万元 − 20万元 paid before
        "exports": 142_000,  # 200万美元 × 7.1 × 1%
        "talent": 110_000,  # 5万元 + 2万元 + 40万元 × 10%
        "green": 300_000,  # exactly 2亿元: not phased out
        "rent": 180_000,  # the first year
        "turnaround": 250_000,  # the higher of 400万元 × 2% and 500万元 × 5%
        "scale-matching": 100_000,  # less than three years: 20万元 × 50%
        "two-of-three": 50_000,  # high-tech and 2亿元, though only nine people
    }
    assert found.total == sum(due.values()) == 3_072_000
    assert found.repayable == 100_000  # half of 20万元: nine of ten people
    assert found.missing == ()


def test_schedule() -> None:
    """Three instalments of 300万元: paid, due, and lapsed six weeks after its last day."""
    found = incentives.evaluate(FIRMS[-1], as_of=DAY, rules=BOOK)["grant-matching"]
    assert [(p.label, p.amount, p.day, p.by, p.status) for p in found.schedule] == [
        ("首期", 1_200_000, date(2026, 8, 15), None, PaymentStatus.PAID),
        ("第二期", 900_000, date(2027, 8, 15), None, PaymentStatus.DUE),
        (
            "尾款",
            900_000,
            date(2028, 8, 15),
            date(2028, 6, 30),
            PaymentStatus.LAPSED,
        ),
    ]


@pytest.mark.parametrize(
    ("size", "city", "county"),
    [
        ("large", 80_000, 120_000),
        ("medium", 100_000, 100_000),
        ("small", 120_000, 80_000),
    ],
)
def test_payers(size: str, city: int, county: int) -> None:
    """Of 20万元 for settling the city pays 40%, 50% or 60% by size."""
    firm = {**FIRMS[-1], "staff": 10, "size": size, "awards": []}
    found = incentives.evaluate(firm, as_of=DAY, rules=BOOK)["settle"]
    assert found.amount == 200_000
    assert found.payers == (("市财政", Decimal(city)), ("县级财政", Decimal(county)))


@pytest.mark.parametrize(
    ("total", "amounts"), [("principle", [1200, 5]), ("firm", [1000, 0])]
)
def test_cap_over_the_policy(total: str, amounts: list[int]) -> None:
    """If 1000万元 a year are a cap, the later rules of the book give way."""
    project = {**FIRMS[0]["projects"][0], "cost": "4000万元"}
    firm = {**FIRMS[0], "projects": [{**project, "id": f"p{n}"} for n in range(3)]}
    readings = {"total-cap": total}
    found = incentives.evaluate(firm, as_of=DAY, rules=BOOK, readings=readings)
    # 3 × 400万元 (4000万元 × 15%, capped), and one step of tax
    due = [found[rule].amount for rule in ("equipment", "steps")]
    assert due == [amount * 10_000 for amount in amounts]
    assert (found["steps"].code is ReasonCode.CAPPED) == (total == "firm")


def test_each_project_under_the_higher_award() -> None:
    """A first set of 1000万元 is paid as a first set, one of 2000万元 by its cost."""
    project = {**FIRMS[0]["projects"][0], "first_set": True}
    costs = {"a": "1000万元", "b": "2000万元"}
    projects = [{**project, "id": name, "cost": cost} for name, cost in costs.items()]
    firm = {**FIRMS[0], "projects": projects}
    found = incentives.evaluate(firm, as_of=DAY, rules=BOOK)
    # 8万元 > 1000万元 × 0.5% = 5万元; 8万元 < 2000万元 × 0.5% = 10万元
    items = {
        rule: [item.amount for item in found[rule].items]
        for rule in ("first-set", "large-project")
    }
    assert items == {"first-set": [80_000, 0], "large-project": [0, 100_000]}


def test_unknown_grants_leave_the_project_open() -> None:
    """Of any number of grants nobody knows that their wholes are below the other."""
    firm = {k: v for k, v in FIRMS[1].items() if k != "grants"}
    found = incentives.evaluate(firm, as_of=DAY, rules=BOOK)["equipment"]
    assert found.outcome is Outcome.UNDETERMINED
    assert found.bounds == (0, 1_470_000)
    assert found.missing == ("grants",)
    none = incentives.evaluate({**firm, "grants": []}, as_of=DAY, rules=BOOK)
    assert none["equipment"].amount == 1_470_000
    assert none["grant-matching"].code is ReasonCode.NO_RECORD
    assert none["grant-matching"].schedule == ()


# --- the batch -----------------------------------------------------------------


def test_allocation() -> None:
    """Eight firms share three budgets; whatever the order in which they stand."""
    found = incentives.allocate(FIRMS, as_of=DAY, rules=BOOK)
    again = incentives.allocate(FIRMS[::-1], as_of=DAY, rules=BUCH)
    assert plain(again) == plain(found)
    granted = {
        (each.id, grant.rule): grant.granted
        for each in found
        for grant in each
        if grant.budget and grant.demanded
    }
    assert granted == {
        # 500万元 are asked for of 400万元: four fifths of each
        (MACHINES, "equipment"): 2_400_000,
        (EQUIPMENT, "equipment"): 1_176_000,
        (FURNITURE, "equipment"): 384_000,
        (MATERIALS, "equipment"): 40_000,
        # 12万元 in the order of days: 5万元, then 7 of 12万元, then nothing
        (CLOTHES, "exhibition"): 50_000,
        (FOOD, "exhibition"): 70_000,
        (LAMPS, "exhibition"): 0,
        # the two with the highest revenue: 3亿元 and 2亿元, before 1.5亿元
        (MATERIALS, "green"): 150_000,
        (SOFTWARE, "green"): 300_000,
        (FURNITURE, "green"): 0,
    }
    # 400 + 12 + 45万元, 5万元 for steps and 2000万元 × 0.5% of MACHINES, and what
    # SOFTWARE is due besides
    shared = 4_000_000 + 120_000 + 450_000
    assert found.total == shared + 50_000 + 100_000 + 2_772_000
    exhausted = found.budget("展会专项资金").exhausted
    assert exhausted is not None
    assert (exhausted.application, exhausted.day) == (FOOD, date(2027, 3, 1))
