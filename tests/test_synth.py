"""Invented registries: what rules tell apart, for any book, the same for a seed."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from attrs import evolve
from hypothesis import given, settings
from typer.testing import CliRunner

import incentives

from incentives import ir
from incentives.commands import cli
from incentives.errors import UsageError
from incentives.ir import Kind
from incentives.ir_walk import walk
from incentives.policy import Each, Requirement
from incentives.screening.gathering import records_of
from incentives.synthesis import registries
from incentives.synthesis.codes import is_valid
from incentives.synthesis.registries import synthesize
from incentives.synthesis.writing import write_synthesized
from incentives.vocabulary import (
    EnumerationValue,
    FactDeclaration,
    RecordDeclaration,
)
from tests.property import books
from tests.test_examples import check_character

PACKS = Path(__file__).parent.parent / "examples" / "packs"
DAY = "2026-06-01"
KINDS = ("enterprise", "county")


@cache
def book(name):
    if name == "bundled":
        return incentives.bundled()
    return incentives.load(PACKS / name)


BOOKS = ("bundled", "linjiang-2026")


@pytest.mark.parametrize("boundary", [False, True])
@pytest.mark.parametrize("subject", KINDS)
@pytest.mark.parametrize("name", BOOKS)
def test_screening_reads_every_table(name, subject, boundary):
    """Nothing is rejected, and rows are told what `evaluate` tells of their records."""
    tables = synthesize(book(name), rows=10, seed=3, subject=subject, boundary=boundary)
    found = incentives.screen(tables, rules=book(name), subject=subject, as_of=DAY)
    assert found.rejected == ()
    totals = found.totals()
    assert totals["id"].to_list() == tables[next(iter(tables))]["id"].to_list()
    words = book(name).vocabulary
    for row in range(0, 10, 4):
        numbers = pl.Series([row])
        (record,) = records_of(found.registry.population, numbers, words, subject)
        alone = incentives.evaluate(record, rules=book(name), as_of=DAY)
        assert totals["total"][row] == alone.total
        said = found.determinations().filter(pl.col("id") == record["id"])
        outcomes = {rule.id: alone[rule.id].outcome.value for rule in book(name)}
        shown = dict(said.select("rule", "outcome").iter_rows())
        assert shown == {rule: outcomes[rule] for rule in shown}


@settings(max_examples=3, deadline=None, derandomize=True)
@given(books.rule_books())
def test_random_books(rules):
    """Books made of any nodes have registries that are read without a mistake."""
    for boundary in (False, True):
        tables = synthesize(rules, rows=30, boundary=boundary)
        screened = incentives.screen(tables, rules=rules, as_of=DAY)
        assert (len(screened), screened.rejected) == (30, ())


def test_ids():
    """Every id is a valid code of a district that does not exist, and no two agree."""
    ids = synthesize(rows=5000, seed=8)["enterprises"]["id"].to_list()
    assert len(set(ids)) == 5000
    assert all(check_character(each) == each[-1] for each in ids)
    assert all(is_valid(each) and each.startswith("91999900YY") for each in ids)
    assert not is_valid(ids[0][:-1])
    assert not is_valid(ids[0][:-1] + "I")
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    for each in ids[:50]:
        code = zip(each[8:16], weights, strict=True)
        rest = -sum(int(c, 36) * weight for c, weight in code) % 11
        assert each[16] == "0123456789X"[rest]


def test_deterministic():
    """A row follows from its number and the seed, however many rows there are."""
    few, many = synthesize(rows=300, seed=5), synthesize(rows=900, seed=5)
    assert few["enterprises"].equals(many["enterprises"].head(300))
    for name, table in few.items():
        if name != "enterprises":
            assert table.equals(many[name].head(table.height))
    assert not few["enterprises"].equals(synthesize(rows=300)["enterprises"])


def test_some_are_eligible():
    """Of an ordinary registry a few in a hundred get something from a list."""
    found = incentives.screen(synthesize(rows=4000), as_of=DAY).determinations()
    eligible = found.filter(pl.col("outcome") == "eligible")
    shares = dict(eligible.group_by("rule").len().iter_rows())
    for rule in ("private-top-500", "manufacturing-champion", "pilot-platform"):
        assert 10 <= shares[rule] <= 400


def test_boundary_days():
    """Every day that the rules name occurs, and the days before and after it."""
    tables = synthesize(rows=4000, boundary=True)
    days = set(tables["listings"]["published"].to_list())
    for end in (date(2025, 12, 31), date(2027, 12, 31)):
        assert {end + timedelta(n) for n in (-1, 0, 1)} <= days


def test_boundary_amounts():
    """Amounts lie on the cap divided by its rate, and a fen to either side."""
    tables = synthesize(rows=6000, boundary=True)
    costs = set(tables["platforms"]["equipment_cost"].to_list())
    cents = {Decimal(n) / 100 for n in (1_666_666_665, 1_666_666_666, 1_666_666_667)}
    assert cents <= costs
    assert {Decimal(4_999_999) + Decimal("0.99"), Decimal(5_000_000)} <= costs
    revenue = synthesize(rows=2000, boundary=True, subject="county")["counties"]
    assert {Decimal(n) / 100 for n in range(8999999999999, 9000000000002)} <= set(
        revenue["industrial_revenue"].to_list()
    )


def test_nulls():
    """A few facts are unknown, and more where boundaries are wanted."""
    for boundary, share in ((False, 0.03), (True, 0.12)):
        firms = synthesize(rows=4000, boundary=boundary)["enterprises"]
        assert abs(firms["city"].null_count() / 4000 - share) < 0.015
        assert firms["id"].null_count() == 0


def test_records():
    """Most have no records of a list, some several; keys differ; awards are of rules."""
    tables = synthesize(rows=5000)
    platforms = tables["projects"]
    counts = platforms.group_by("enterprise_id").len()["len"]
    assert 0.03 < len(counts) / 5000 < 0.07
    assert counts.max() == 3
    assert platforms.select("enterprise_id", "id").is_unique().all()
    assert tables["platforms"]["enterprise_id"].is_unique().all()
    awards = tables["awards"]
    assert set(awards["rule"].drop_nulls()) <= {r.id for r in book("bundled")}
    assert awards["amount"].min() > 0
    assert awards["amount"].median() > 1000


def test_pairs():
    """Counties and chains go together as the table of the book has them."""
    rows = next(
        node.rows
        for rule in book("bundled")
        for node in walk(rule)
        if isinstance(node, ir.Member) and len(node.terms) == 2
    )
    firms = synthesize(rows=4000)["enterprises"]
    pairs = list(firms.select("county", "chain").iter_rows())
    assert 0.8 < sum(pair in rows for pair in pairs) / 4000 < 0.9


def test_known_subjects_come_first():
    """Counties that the book names come first, each by one name, then invented ones."""
    ids = synthesize(rows=40, subject="county")["counties"]["id"].to_list()
    assert "晋江市" in ids[:15]
    assert ids[-1] == "虚构县39"
    assert len(set(ids)) == 40


def _odd_book():
    """A book whose vocabulary has keys and facts of every kind, and few hints."""
    known = book("bundled")
    firms = known.vocabulary["enterprise"]
    lists = {
        f"by_{kind.value}": RecordDeclaration(
            f"by_{kind.value}",
            f"one_{kind.value}",
            {
                "mark": FactDeclaration("mark", kind),
                "rest": FactDeclaration("rest", kind, negative=True),
            },
            key="mark",
        )
        for kind in Kind
    }
    enumerated = FactDeclaration(
        "mark", Kind.TEXT, values=(EnumerationValue("a", "甲", "a"),)
    )
    lists["by_few"] = RecordDeclaration(
        "by_few", "few", {"mark": enumerated}, key="mark", at_most=9
    )
    share, count = (
        ir.Fact(n, k) for n, k in (("share", Kind.RATE), ("count", Kind.NUMBER))
    )
    facts = {
        **{n: f for n, f in firms.facts.items() if n != "name"},
        "share": FactDeclaration("share", Kind.RATE),
        "count": FactDeclaration("count", Kind.NUMBER),
    }
    subjects = {
        **known.vocabulary.subjects,
        "enterprise": evolve(firms, facts=facts, records={**firms.records, **lists}),
    }
    vocabulary = evolve(known.vocabulary, subjects=subjects)
    codes = ("91999900MA6LJ00096", "", "none")
    tiers = {("晋江市",): Fraction(3), ("南安市",): Fraction(1), ("石狮市",): True}
    tier = ir.Lookup(
        "t", "c", (ir.Fact("county", Kind.TEXT),), tiers, ir.Constant(1, Kind.NUMBER)
    )
    subject = [
        ir.Member((ir.Fact("id", Kind.TEXT),), frozenset((c,) for c in codes)),
        at_least(share, Fraction(1, 3)),
        at_least(share, Fraction(1, 8)),
        at_least(count, Fraction(5, 2)),
        at_least(tier, Fraction(2)),
    ]
    rules = [_rule("whole", None, subject)]
    for kind, value, comparison in (
        (Kind.YEAR, 2026, ir.Comparison.EQ),
        (Kind.DATE, date(2026, 3, 1), ir.Comparison.EQ),
        (Kind.DATE, date(2027, 3, 1), ir.Comparison.LE),
        (Kind.MONEY, 500, ir.Comparison.EQ),
        (Kind.MONEY, 10**18, ir.Comparison.LE),
        (Kind.NUMBER, Fraction(7), ir.Comparison.GE),
    ):
        binder = f"one_{kind.value}"
        fact = ir.Fact("rest", kind, binder)
        each = Each(f"by_{kind.value}", binder)
        needed = ir.Compare(comparison, fact, ir.Constant(value, kind))
        rules.append(_rule(f"r{len(rules)}", each, [needed]))
    return evolve(known, vocabulary=vocabulary, rules=tuple(rules), groups=())


def at_least(term, value):
    return ir.Compare(ir.Comparison.GE, term, ir.Constant(value, term_kind(term)))


def term_kind(term):
    return term.kind if isinstance(term, ir.Fact) else Kind.NUMBER


def _rule(name, each, conditions):
    code = incentives.ReasonCode.CONDITION_UNMET
    return evolve(
        books.READER["r0"],
        id=name,
        each=each,
        requirements=tuple(Requirement(code, each) for each in conditions),
    )


def test_facts_and_keys_of_every_kind():
    """Whatever kinds a vocabulary has, its registries are read without a mistake."""
    odd = _odd_book()
    for boundary in (False, True):
        tables = synthesize(odd, rows=400, boundary=boundary)
        assert incentives.screen(tables, rules=odd, as_of=DAY).rejected == ()
        for kind in Kind:
            marks = tables[f"by_{kind.value}"].select("enterprise_id", "mark")
            assert marks.is_unique().all()
    assert tables["enterprises"]["id"][0] == "91999900MA6LJ00096"
    counties = tables["enterprises"]["county"]
    assert (counties == "晋江市").sum() > 2 * (counties == "南安市").sum()
    assert "12.5%" in set(tables["enterprises"]["share"].to_list())
    assert tables["by_few"]["enterprise_id"].is_unique().all()


def test_without_rules():
    """A book without a rule for a kind of subject has registries of it all the same."""
    empty = evolve(book("bundled"), rules=(), groups=())
    tables = synthesize(empty, rows=200, subject="county", as_of="2026-06-01")
    assert tables["counties"]["id"][0] == "虚构县0"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rows": 0}, "rows: expected 1 to 887503681, got 0"),
        ({"subject": "count"}, "subject: unknown kind 'count', did you mean 'county'?"),
        ({"as_of": "2026"}, "as_of: '2026' "),
    ],
)
def test_mistakes_of_usage(changes, said):
    """Words that make no sense are refused, and told."""
    with pytest.raises(UsageError) as caught:
        synthesize(**{"rows": 1, **changes})
    assert str(caught.value).startswith(said)


# --- files -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", BOOKS)
def test_a_file_and_a_directory_hold_the_same(name, tmp_path):
    """One wide table and one for each list are the registry itself, in any batches."""
    rules = book(name)
    tables = synthesize(rules, rows=700, seed=2)
    file = write_synthesized(rules, 700, tmp_path / "a.parquet", seed=2, batch=150)
    folder = write_synthesized(rules, 700, tmp_path / "all", seed=2, batch=333)
    assert {path.stem for path in folder.iterdir()} == set(tables)
    for each, table in tables.items():
        assert pl.read_parquet(folder / f"{each}.parquet").equals(table)
    wide = pl.read_parquet(file)
    assert wide.select(tables["enterprises"].columns).equals(tables["enterprises"])
    for each, declared in rules.vocabulary["enterprise"].records.items():
        some = wide.select(pl.col("id").alias("enterprise_id"), each)
        rows = some.filter(pl.col(each).list.len() > 0).explode(each)
        plain = rows.rename({each: "value"})
        assert (plain if declared.plain else rows.unnest(each)).equals(tables[each])
    few = incentives.screen(wide.head(5), rules=rules, as_of=DAY)
    same = synthesize(rules, rows=5, seed=2)
    keyed = incentives.screen(same, rules=rules, as_of=DAY)
    assert few.totals().equals(keyed.totals())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.parquet", "all"]


@pytest.mark.parametrize("target", ["a.parquet", "all"])
def test_interrupted_writing_leaves_nothing(target, tmp_path, monkeypatch):
    """Whatever stops it, there is no part of a registry, and what was there stays."""
    (tmp_path / "b.parquet").write_text("old", "utf-8")
    made = registries.Plan._rows  # noqa: SLF001  # stopped in the middle

    def stopped(plan, start, stop):
        if start:
            raise KeyboardInterrupt
        return made(plan, start, stop)

    monkeypatch.setattr(registries.Plan, "_rows", stopped)
    for path in (target, "b.parquet"):
        with pytest.raises((KeyboardInterrupt, pl.exceptions.PolarsError)):
            write_synthesized(None, 30, tmp_path / path, batch=10)
    assert [path.name for path in tmp_path.iterdir()] == ["b.parquet"]
    assert (tmp_path / "b.parquet").read_text("utf-8") == "old"


def test_what_is_there_already(tmp_path):
    """A file and an empty directory are replaced; a directory that holds something not."""
    path = write_synthesized(None, 3, tmp_path / "a.parquet")
    assert write_synthesized(None, 4, path) == path
    assert pl.read_parquet(path).height == 4
    (tmp_path / "empty").mkdir()
    write_synthesized(None, 3, tmp_path / "empty")
    with pytest.raises(UsageError, match="is there already, and holds something"):
        write_synthesized(None, 3, tmp_path / "empty")
    with pytest.raises(UsageError, match="batch: expected 1 or more, got 0"):
        write_synthesized(None, 3, tmp_path / "b.parquet", batch=0)


def test_files_of_other_kinds(tmp_path):
    """A name that ends like another file is refused; a directory may have a version."""
    for name in ("out.csv", "out.JSONL", "out.parq"):
        with pytest.raises(UsageError, match=r"expected a name that ends in \.parquet"):
            write_synthesized(None, 3, tmp_path / name)
    assert list(tmp_path.iterdir()) == []
    assert write_synthesized(None, 3, tmp_path / "v1.2").is_dir()
    assert write_synthesized(None, 3, tmp_path / "OUT.PARQUET").is_file()


# --- the command -------------------------------------------------------------------------


def synth(*arguments):
    return CliRunner().invoke(cli.app, ["synth", *map(str, arguments)])


def test_the_command(tmp_path):
    """It writes what the library writes, and says on standard error that it is invented."""
    path = tmp_path / "out.parquet"
    options = ("--rows", "1_00", "--seed", 4, "--boundary", "--subject", "county")
    done = synth(*options, path)
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"{path}：虚构主体 100 个，均不存在\n"
    same = synthesize(rows=100, seed=4, boundary=True, subject="county")
    assert pl.read_parquet(path)["id"].equals(same["counties"]["id"])


def test_the_command_refuses(tmp_path):
    """Usage that makes no sense is status 2; rules or a disk that fail are 1."""
    path = tmp_path / "out.parquet"
    assert synth("--rows", "many", path).exit_code == 2
    assert synth("--rows", "0", path).exit_code == 2
    assert synth("--rows", "1", "--rules", tmp_path / "none", path).exit_code == 1
    assert synth("--rows", "1", tmp_path / "out.csv").exit_code == 2
    done = synth("--rows", "1", tmp_path / "none" / "out.parquet")
    assert done.exit_code == 1
    assert done.stderr.endswith(
        f"No such file or directory: '{tmp_path}/none/out.parquet'\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_what_it_needs(tmp_path, monkeypatch):
    """Where tables cannot be made for want of an extra, it says which, as all do."""
    monkeypatch.setattr("incentives.commands.console.find_spec", lambda _: None)
    done = synth("--rows", "1", tmp_path / "out.parquet")
    assert done.exit_code == 1
    assert done.stderr.endswith("pip install 'incentives[registry]'\n")
