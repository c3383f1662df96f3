"""
Many rules over a registry against a join by hand: `python -m benchmarks.many_rules`.

Books of rules that differ in a county, a list or an interval; of each five hold for
every subject. By hand: the table of their parameters joined with the subjects, amounts
only. `screen()`: what is due or may be, with reasons and bounds, from the same frames.
What is due is checked to be the same first. Loading the book is told apart.
"""

import argparse
import tempfile
import time

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from statistics import median

import polars as pl

import incentives

from .books import AS_OF, HITS, Family, interval, write_book, yuan

Tables = dict[str, pl.DataFrame]


def registry(family: Family, rules: int, rows: int) -> Tables:
    """Subjects of whom each is concerned by five rules of a book."""
    groups = max(rules // HITS, 1)
    numbers = pl.int_range(rows, dtype=pl.Int64)
    group = numbers * 7919 % groups
    ids = numbers.cast(pl.String)
    city = pl.lit("示例市")
    match family:
        case Family.COUNTY:
            county = pl.format("县{}", group)
            return {"enterprises": pl.select(id=ids, city=city, county=county)}
        case Family.LIST:
            listing = pl.select(
                enterprise_id=ids,
                list=pl.format("榜单{}", group),
                published=pl.lit(date(2026, 3, 1)),
                year=pl.lit(2026, dtype=pl.Int64),
            )
            return {"enterprises": pl.select(id=ids, city=city), "listings": listing}
        case Family.INTERVAL:
            lows = pl.Series([interval(n)[0] for n in range(groups)])
            output = (pl.lit(lows).gather(group) + 1) * 10_000
            return {"enterprises": pl.select(id=ids, city=city, output=output)}


def by_hand(family: Family, rules: int, tables: Tables) -> pl.DataFrame:
    """The amounts that are due, by a join with the parameters of the rules."""
    every = range(rules)
    table = pl.DataFrame(
        {
            "rule": [f"rule-{number:05d}" for number in every],
            "amount": [yuan(number) for number in every],
            "group": [number // HITS for number in every],
        }
    )
    enterprises = tables["enterprises"].filter(pl.col("city") == "示例市")
    match family:
        case Family.COUNTY:
            keyed = table.with_columns(county=pl.format("县{}", "group"))
            found = enterprises.join(keyed, on="county")
        case Family.LIST:
            listings = tables["listings"].rename({"enterprise_id": "id"})
            dated = listings.filter(
                pl.col("published").is_between(date(2026, 1, 1), date(2026, 6, 1))
            )
            keyed = table.with_columns(list=pl.format("榜单{}", "group"))
            found = enterprises.join(dated, on="id").join(keyed, on="list")
        case Family.INTERVAL:
            ends = [interval(number // HITS) for number in every]
            lows = pl.Series("low", [low * 10_000 for low, _ in ends])
            highs = pl.Series("high", [high * 10_000 for _, high in ends])
            inside = (pl.col("output") >= pl.col("low")) & (
                pl.col("output") < pl.col("high")
            )
            found = enterprises.join_where(table.with_columns(lows, highs), inside)
    return found.select("id", "rule", "amount")


def by_screen(book: incentives.RuleBook, tables: Tables) -> pl.DataFrame:
    """What is due or may be, with everything that `screen()` says of it."""
    screening = incentives.screen(tables, rules=book, as_of=AS_OF)
    found: pl.DataFrame = screening.determinations(possible=True)
    return found


def checked(family: Family, book: incentives.RuleBook, rules: int) -> None:
    """Raises where the two differ in what is due to anybody."""
    tables = registry(family, rules, 2_000)
    hand = by_hand(family, rules, tables).sort("id", "rule")
    found = by_screen(book, tables).select("id", "rule", "amount")
    due = found.with_columns(pl.col("amount").cast(pl.Int64)).sort("id", "rule")
    if not due.equals(hand):
        raise AssertionError(f"{family}: what is due differs")


def _seconds(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    passed, used = [], []
    for _ in range(rounds):
        start, cores = time.perf_counter(), time.process_time()
        work()
        passed.append(time.perf_counter() - start)
        used.append(time.process_time() - cores)
    return median(passed), median(used)


def main(arguments: Sequence[str] | None = None) -> None:
    """Check and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--families", nargs="+", default=[each.value for each in Family]
    )
    options = parser.parse_args(arguments)
    print("| rules | by | load s | first s | s | core s | by hand s | × (cores) |")
    print("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for family in map(Family, options.families):
        for rules in options.rules:
            print(_row(family, rules, options.rows, options.rounds), flush=True)


def _row(family: Family, rules: int, rows: int, rounds: int) -> str:
    with tempfile.TemporaryDirectory() as directory:
        write_book(Path(directory), family, rules)
        start = time.perf_counter()
        book = incentives.load(directory)
        load = time.perf_counter() - start
    checked(family, book, rules)
    tables = registry(family, rules, rows)
    start = time.perf_counter()
    by_screen(book, tables)
    first = time.perf_counter() - start
    passed, used = _seconds(lambda: by_screen(book, tables), rounds)
    hand, hand_used = _seconds(lambda: by_hand(family, rules, tables), rounds)
    return (
        f"| {rules} | {family} | {load:.2f} | {first:.2f} | {passed:.2f} | {used:.2f} "
        f"| {hand:.2f} | {used / hand_used:.1f} |"
    )


if __name__ == "__main__":
    main()
