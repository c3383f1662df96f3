"""
A registry in columns against hand-written Polars: `python -m benchmarks.registry`.

The six clauses as flat facts, all of them known, as in the table of single records.
By hand: amounts in whole fen and a reason code for each clause, two-valued, nothing
else. `screen()`: outcomes, amounts, bounds, reasons and what is missing, three-valued,
from the same frame. Amounts are checked to be equal first.
"""

import argparse
import time

from collections.abc import Callable, Sequence
from datetime import date
from statistics import median

import polars as pl

import incentives

from .clauses import flat_rules

AS_OF = date(2026, 6, 1)
FIRST, LAST, LIST_LAST = date(2024, 9, 1), date(2027, 12, 31), date(2025, 12, 31)
CITY, FEDERATION = "泉州市", "福建省工商业联合会"
#: Of each column, what it is drawn from.
WORDS = {
    "subject_kind": ["enterprise", "enterprise", "enterprise", "county"],
    "kind": ["enterprise", "enterprise", "university-or-institute"],
    "city": [CITY, CITY, CITY, "厦门市"],
    "top500_publisher": ["中华全国工商业联合会", "其他"],
    "top100_publisher": [FEDERATION, "其他"],
    "top100_lead": [FEDERATION, "其他"],
    "champion_level": ["national", "provincial"],
    "project_category": ["technology-development", "other"],
}
DAYS = (
    "top500_published",
    "top100_published",
    "champion_date",
    "platform_recognised",
    "project_assessed",
    "honour_date",
)
TRUTHS = (
    "top500_awarded",
    "top100_awarded",
    "champion_awarded",
    "champion_first",
    "platform_chain_listed",
    "platform_market_operated",
    "platform_county_listed",
    "platform_in_city",
    "project_team",
    "project_chain_listed",
    "project_effect",
    "county_awarded",
)
COSTS = ("equipment_cost", "software_cost", "fiscal_funding", "platform_paid")


def registry(rows: int) -> pl.DataFrame:
    """A wide table of invented subjects of whom every fact is known."""
    numbers = pl.int_range(rows, dtype=pl.UInt64)

    def drawn(name: str, below: int) -> pl.Expr:
        return (numbers + 1).hash(seed=sum(map(ord, name))) % below

    columns = {"id": numbers.cast(pl.String)}
    for name, words in WORDS.items():
        listed = pl.lit(pl.Series(words))
        columns[name] = listed.gather(drawn(name, len(words)))
    for name in DAYS:
        days = (
            drawn(name, 900).cast(pl.Int32) + (date(2024, 7, 1) - date(1970, 1, 1)).days
        )
        columns[name] = days.cast(pl.Date)
    for name in TRUTHS:
        columns[name] = drawn(name, 4) < (1 if name.endswith("awarded") else 3)
    for name in COSTS:
        # Whole yuan.
        most = 500_000 if name in {"fiscal_funding", "platform_paid"} else 20_000_000
        columns[name] = drawn(name, most).cast(pl.Int64)
    columns["county_class_number"] = drawn("class", 4).cast(pl.Int64)
    return pl.select(**columns)


# --- by hand -----------------------------------------------------------------------

MET, UNMET, PAID, OUTSIDE = 0, 1, 2, 3


def _coded(day: str, last: date, met: pl.Expr, paid: pl.Expr) -> pl.Expr:
    """A reason code: outside of the window, unmet, paid before, or met."""
    event = pl.col(day)
    inside = event.is_between(FIRST, last) & (event <= AS_OF)
    return (
        pl.when(~inside)
        .then(pl.lit(OUTSIDE, dtype=pl.Int8))
        .when(~met)
        .then(pl.lit(UNMET, dtype=pl.Int8))
        .when(paid)
        .then(pl.lit(PAID, dtype=pl.Int8))
        .otherwise(pl.lit(MET, dtype=pl.Int8))
    )


def by_hand(frame: pl.DataFrame) -> pl.DataFrame:
    """Amounts in fen and reason codes."""
    local = pl.col("city") == CITY
    federal = (pl.col("top100_publisher") == FEDERATION) | (
        pl.col("top100_lead") == FEDERATION
    )
    institute = (pl.col("kind") != "enterprise") & pl.col("platform_county_listed")
    platform = (
        (local | institute)
        & pl.col("platform_chain_listed")
        & pl.col("platform_market_operated")
        & pl.col("platform_in_city")
    )
    base = 100 * (
        pl.col("equipment_cost") + pl.col("software_cost") - pl.col("fiscal_funding")
    )
    room = 500_000_000 - 100 * pl.col("platform_paid")
    share = pl.min_horizontal((base * 3 + 5) // 10, room)
    nothing = pl.lit(0, dtype=pl.Int64)
    codes = {
        "private-top-500": _coded(
            "top500_published",
            LIST_LAST,
            (pl.col("top500_publisher") == "中华全国工商业联合会") & local,
            pl.col("top500_awarded"),
        ),
        "fujian-top-100": _coded(
            "top100_published", LIST_LAST, federal & local, pl.col("top100_awarded")
        ),
        "manufacturing-champion": _coded(
            "champion_date",
            LAST,
            (pl.col("champion_level") == "national") & pl.col("champion_first") & local,
            pl.col("champion_awarded"),
        ),
        "pilot-platform": _coded(
            "platform_recognised", LAST, platform & (base > 0), room <= 0
        ),
        "tech-mission-project": _coded(
            "project_assessed",
            LAST,
            (pl.col("project_category") == "technology-development")
            & pl.col("project_team")
            & pl.col("project_chain_listed")
            & pl.col("project_effect"),
            pl.lit(value=False),
        ),
        "county-excellence": _coded(
            "honour_date",
            LAST,
            (pl.col("subject_kind") == "county") & local,
            pl.col("county_awarded"),
        ),
    }
    tiers = pl.col("county_class_number").replace_strict(
        {1: 300_000_000, 2: 200_000_000, 3: 100_000_000}, default=0
    )
    amounts = {
        "private-top-500": pl.lit(500_000_000, dtype=pl.Int64),
        "fujian-top-100": pl.lit(200_000_000, dtype=pl.Int64),
        "manufacturing-champion": pl.lit(50_000_000, dtype=pl.Int64),
        "pilot-platform": share,
        "tech-mission-project": nothing,
        "county-excellence": tiers,
    }
    coded = frame.select(**codes, **{f"#{n}": a for n, a in amounts.items()})
    return coded.select(
        *(pl.col(name).alias(f"{name}.code") for name in codes),
        *(
            pl.when(pl.col(name) == MET).then(f"#{name}").otherwise(nothing).alias(name)
            for name in codes
        ),
    )


# --- measured ----------------------------------------------------------------------


def by_screen(frame: pl.DataFrame) -> incentives.Screening:
    """The same with everything that `screen()` says."""
    return incentives.screen(frame, rules=flat_rules(), as_of=AS_OF)


def checked(frame: pl.DataFrame) -> None:
    """Raises where the two differ in an amount."""
    hand, screening = by_hand(frame), by_screen(frame)
    found = screening.determinations()
    for rule in screening.rules:
        yuan = found.filter(pl.col("rule") == rule)["amount"].fill_null(0)
        fen = (yuan * 100).cast(pl.Int64)
        if not fen.equals(hand[rule], check_names=False):
            raise AssertionError(f"{rule}: the amounts differ")


def _seconds(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """The medians of the time that passed and of the time of all cores."""
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
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args(arguments)
    checked(registry(min(options.rows[0], 20_000)))
    print("| rows |  | s | M rows/s | core s | × by hand (cores) |")
    print("| ---: | --- | ---: | ---: | ---: | ---: |")
    for rows in options.rows:
        frame = registry(rows)
        hand = _seconds(lambda f=frame: by_hand(f), options.rounds)
        screen = _seconds(lambda f=frame: by_screen(f), options.rounds)
        for name, (passed, used) in (("by hand", hand), ("screen()", screen)):
            print(
                f"| {rows} | {name} | {passed:.3f} | {rows / passed / 1e6:.2f} "
                f"| {used:.3f} | {used / hand[1]:.1f} |"
            )


if __name__ == "__main__":
    main()
