"""The benchmarks run, and nobody is timed who gives other amounts; no time is asserted."""

import subprocess

import polars as pl
import pytest

from attrs import evolve

import incentives

from benchmarks import digests, large, many_rules, paths, registry
from benchmarks.book_peers import index
from benchmarks.books import AS_OF, Family, due, flat, record, write_book
from benchmarks.checking import checked
from benchmarks.clauses import own_rows
from benchmarks.goals import Goal
from benchmarks.processes import ROOT, run
from benchmarks.scaling import books
from benchmarks.subjects import subjects
from benchmarks.timing import Effort, percentile

#: Any warning is an error, except one that durable_rules gives from Python 3.12 on.
STRICT = ("-W", "error", "-W", "ignore::DeprecationWarning:durable.engine")
EFFORT = Effort(rounds=1, seconds=0.0, least=2)


def test_a_quick_run_measures_everything_that_is_right(tmp_path):
    output = tmp_path / "results.md"

    printed = run([*STRICT, "-m", "benchmarks", "--quick", "--output", str(output)], 60)

    assert output.read_text("utf-8") in printed
    assert "not timed" not in printed
    for row in (
        "incentives",
        "incentives, flat facts",
        "incentives, from JSON",
        "Python by hand, dict out",
    ):
        assert printed.count(f"| {row} |") == 2
    for row in ("list | 10", "import incentives"):
        assert f"| {row} |" in printed
    assert str(ROOT) not in printed


def test_a_row_that_is_wrong_is_told_and_not_timed():
    right = own_rows()[0]
    generous = evolve(
        right,
        name="generous",
        fen=lambda found: {**right.fen(found), "private-top-500": 1},
    )
    broken = evolve(right, name="broken", decide=lambda given: given["no such fact"])
    cases = subjects(2, 1, dense=True)

    result = checked([right, generous, broken], cases, EFFORT)

    assert [row.name for row, _ in result.right] == ["incentives, flat facts"]
    told = {wrong.name: wrong.reason for wrong in result.wrong}
    assert "record 0, private-top-500: 1 fen, not" in told["generous"]
    assert told["broken"].startswith("fails on record 0: ")


@pytest.mark.parametrize("family", Family)
def test_big_books_give_each_subject_what_their_rules_add_up_to(family, tmp_path):
    write_book(tmp_path, family, 12)
    book = incentives.load(tmp_path)

    # The last of three groups has only two rules.
    for group, total in enumerate([5010, 5035, 2021]):
        assert due(group, 12) == total
        assert index(family, 12)(flat(family, group)) == total
        subject = record(family, group)
        assert incentives.evaluate(subject, as_of=AS_OF, rules=book).total == total


def test_a_book_that_takes_too_long_is_told():
    told = [(book.rules, book.failure) for book in books(Family, 100, 5, 0.001)]

    assert told == [(10, "more than 0 s, given up")] * 3


def test_a_process_that_fails_is_not_taken_for_a_figure():
    with pytest.raises(subprocess.CalledProcessError):
        run(["-c", "raise SystemExit(1)"], 60)


@pytest.mark.parametrize(
    ("measured", "verdict"),
    [(0.5, "met"), (1.0, "missed, 2.0 times too much"), (None, "not measured")],
)
def test_a_goal_says_by_how_much_it_is_missed(measured, verdict):
    assert Goal("speed", 0.5, "×", measured).verdict == verdict


@pytest.mark.parametrize(
    ("page", "title"), [("README.md", "## Speed"), ("README.zh.md", "## 速度")]
)
def test_the_readme_quotes_what_was_measured(page, title):
    measured = (ROOT / "benchmarks/RESULTS.md").read_text("utf-8").splitlines()
    section = (ROOT / page).read_text("utf-8").split(f"{title}\n")[1].split("\n## ")[0]
    quoted = [line for line in section.splitlines() if line.startswith("|")]

    assert len(quoted) > 10
    assert set(quoted) <= set(measured)
    assert measured[2].removeprefix("- ") in section


def test_a_percentile_is_a_time_that_was_measured():
    assert percentile(range(1, 101), 50) == 50
    assert percentile(range(1, 101), 99) == 99
    assert percentile([7], 99) == 7


def test_a_registry_comes_to_the_same_by_hand() -> None:
    """What is written by hand for columns comes to the amounts of `screen()`."""
    registry.checked(registry.registry(2_000))


def test_a_registry_that_differs_is_not_measured(monkeypatch):
    """Where an amount differs nothing is measured."""
    by_hand = registry.by_hand
    more = pl.col("fujian-top-100") + 1
    monkeypatch.setattr(registry, "by_hand", lambda f: by_hand(f).with_columns(more))
    with pytest.raises(AssertionError, match="fujian-top-100: the amounts differ"):
        registry.checked(registry.registry(100))


@pytest.mark.parametrize("family", list(Family))
def test_many_rules_come_to_the_same_by_hand(family, tmp_path):
    """What is due under many rules is what a join with their values gives."""
    write_book(tmp_path, family, 40)
    book = incentives.load(tmp_path)
    many_rules.checked(family, book, 40)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(many_rules, "yuan", lambda number: 1)
        with pytest.raises(AssertionError, match=f"{family}: what is due differs"):
            many_rules.checked(family, book, 40)


def test_every_way_says_the_same(capsys, monkeypatch):
    """One registry has one digest, whatever it lies in; a way that differs is told."""
    ways = ["evaluate(), record by record", "pandas, NumPy", "CSV", "Excel", "SQLite"]
    assert digests.compared(60, ways)
    lines = capsys.readouterr().out.splitlines()[2:]
    assert len({line.split("|")[4] for line in lines}) == 1
    assert all(line.endswith("| equal |") for line in lines)
    fewer = lambda given: digests.screened(given.tables).head(3)  # noqa: E731  # a way
    monkeypatch.setitem(digests.WAYS, "Polars", ("polars", fewer))
    assert not digests.compared(20, ["Polars"])


def test_a_registry_from_file_to_file(capsys):
    """A registry that is written to a file is screened into another, with its memory."""
    large.main(["--rows", "3000"])
    row = capsys.readouterr().out.splitlines()[2]
    assert row.startswith("| 3000 | totals, 3000 rows |")


@pytest.mark.parametrize("kind", list(paths.KINDS))
def test_code_by_hand_comes_to_the_same(kind, monkeypatch):
    """In whatever kind of frame, what is written by hand comes to the same amounts."""
    frame = registry.registry(500)
    paths.checked(kind, frame)
    make, hand, arrow = paths.KINDS[kind]
    wrong = (make, lambda native: hand(make(frame.reverse())), arrow)
    monkeypatch.setitem(paths.KINDS, kind, wrong)
    with pytest.raises(AssertionError, match=f"{kind}: .* the amounts differ"):
        paths.checked(kind, frame)
    assert len(pl.DataFrame(paths.by_screen(make(frame.head(3))))) == 3
