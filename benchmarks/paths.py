"""
A registry in any kind of frame against code by hand of that kind: `python -m benchmarks.paths`.

The six clauses as flat facts, of which all is known. By hand: amounts in fen and reason
codes, two-valued, in pandas on Arrow, `pyarrow.compute`, or SQL of DuckDB; `screen()`:
outcomes, amounts, reasons and what is missing, from the same frame and back to its
kind. Amounts are checked to be equal first; compared is the time of all cores.
"""

import argparse
import time

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

import incentives

from .clauses import flat_rules
from .registry import (
    AS_OF,
    CITY,
    FEDERATION,
    FIRST,
    LAST,
    LIST_LAST,
    MET,
    OUTSIDE,
    PAID,
    UNMET,
    by_hand,
    registry,
)

TOP = "中华全国工商业联合会"
#: Of each clause: its day, the last day of its window, what was paid before.
DAYS = {
    "private-top-500": ("top500_published", LIST_LAST, "top500_awarded"),
    "fujian-top-100": ("top100_published", LIST_LAST, "top100_awarded"),
    "manufacturing-champion": ("champion_date", LAST, "champion_awarded"),
    "pilot-platform": ("platform_recognised", LAST, None),
    "tech-mission-project": ("project_assessed", LAST, None),
    "county-excellence": ("honour_date", LAST, "county_awarded"),
}
FIXED = {
    "private-top-500": 500_000_000,
    "fujian-top-100": 200_000_000,
    "manufacturing-champion": 50_000_000,
}
TIERS = {1: 300_000_000, 2: 200_000_000, 3: 100_000_000}


def in_sql(relation: Any) -> Any:
    """By hand in SQL of DuckDB."""
    met = {
        "private-top-500": f"top500_publisher = '{TOP}' and local",
        "fujian-top-100": f"(top100_publisher = '{FEDERATION}' "
        f"or top100_lead = '{FEDERATION}') and local",
        "manufacturing-champion": "champion_level = 'national' and champion_first "
        "and local",
        "pilot-platform": "(local or (kind <> 'enterprise' and platform_county_listed)) "
        "and platform_chain_listed and platform_market_operated "
        "and platform_in_city and base > 0",
        "tech-mission-project": "project_category = 'technology-development' "
        "and project_team and project_chain_listed and project_effect",
        "county-excellence": "subject_kind = 'county' and local",
    }
    codes = []
    for rule, (day, last, paid) in DAYS.items():
        before = paid or ("room <= 0" if rule == "pilot-platform" else "false")
        codes.append(
            f"case when not ({day} between date '{FIRST}' and date '{last}' "
            f"and {day} <= date '{AS_OF}') then {OUTSIDE} when not ({met[rule]}) "
            f'then {UNMET} when {before} then {PAID} else {MET} end as "{rule}.code"'
        )
    tiers = " ".join(f"when {n} then {fen}" for n, fen in TIERS.items())
    amounts = {
        **{rule: str(fen) for rule, fen in FIXED.items()},
        "pilot-platform": "least((base * 3 + 5) // 10, room)",
        "tech-mission-project": "0",
        "county-excellence": f"case county_class_number {tiers} else 0 end",
    }
    due = [
        f'case when "{rule}.code" = {MET} then {amount} else 0 end as "{rule}"'
        for rule, amount in amounts.items()
    ]
    given = relation.project(
        f"*, city = '{CITY}' as local, "
        "100 * (equipment_cost + software_cost - fiscal_funding) as base, "
        "500000000 - 100 * platform_paid as room"
    )
    coded = given.project(f"*, {', '.join(codes)}")
    names = ", ".join(f'"{rule}.code"' for rule in DAYS)
    return coded.project(f"{names}, {', '.join(due)}")


def in_arrow(table: Any) -> Any:
    """By hand in `pyarrow.compute`."""

    def column(name: str) -> Any:
        return table.column(name)

    def every(*parts: Any) -> Any:
        found = parts[0]
        for part in parts[1:]:
            found = pc.and_(found, part)
        return found

    local = pc.equal(column("city"), CITY)
    cost = pc.add(column("equipment_cost"), column("software_cost"))
    base = pc.multiply(pc.subtract(cost, column("fiscal_funding")), 100)
    room = pc.subtract(500_000_000, pc.multiply(column("platform_paid"), 100))
    federal = pc.or_(
        pc.equal(column("top100_publisher"), FEDERATION),
        pc.equal(column("top100_lead"), FEDERATION),
    )
    institute = pc.and_(
        pc.not_equal(column("kind"), "enterprise"), column("platform_county_listed")
    )
    never = pa.chunked_array([pa.repeat(pa.scalar(False), table.num_rows)])  # noqa: FBT003  # a literal
    met = {
        "private-top-500": every(pc.equal(column("top500_publisher"), TOP), local),
        "fujian-top-100": every(federal, local),
        "manufacturing-champion": every(
            pc.equal(column("champion_level"), "national"),
            column("champion_first"),
            local,
        ),
        "pilot-platform": every(
            pc.or_(local, institute),
            column("platform_chain_listed"),
            column("platform_market_operated"),
            column("platform_in_city"),
            pc.greater(base, 0),
        ),
        "tech-mission-project": every(
            pc.equal(column("project_category"), "technology-development"),
            column("project_team"),
            column("project_chain_listed"),
            column("project_effect"),
        ),
        "county-excellence": every(pc.equal(column("subject_kind"), "county"), local),
    }
    share = pc.divide(pc.add(pc.multiply(base, 3), 5), 10)
    number = column("county_class_number")
    amounts = {
        **FIXED,
        "pilot-platform": pc.min_element_wise(share, room),
        "tech-mission-project": 0,
        "county-excellence": pc.case_when(
            pc.make_struct(*(pc.equal(number, each) for each in TIERS)),
            *(pa.scalar(fen) for fen in TIERS.values()),
            pa.scalar(0),
        ),
    }
    codes, due = {}, {}
    for rule, (day, last, paid) in DAYS.items():
        event = column(day)
        inside = every(
            pc.greater_equal(event, FIRST),
            pc.less_equal(event, last),
            pc.less_equal(event, AS_OF),
        )
        before = never if paid is None else column(paid)
        if rule == "pilot-platform":
            before = pc.less_equal(room, 0)
        cases = pc.make_struct(pc.invert(inside), pc.invert(met[rule]), before)
        values = (pa.scalar(each, pa.int8()) for each in (OUTSIDE, UNMET, PAID, MET))
        codes[f"{rule}.code"] = pc.case_when(cases, *values)
        is_met = pc.equal(codes[f"{rule}.code"], MET)
        due[rule] = pc.if_else(is_met, amounts[rule], 0)
    return pa.table({**codes, **due})


def in_pandas(frame: Any) -> Any:
    """By hand in pandas, on Arrow."""
    local = frame["city"] == CITY
    base = 100 * (
        frame["equipment_cost"] + frame["software_cost"] - frame["fiscal_funding"]
    )
    room = 500_000_000 - 100 * frame["platform_paid"]
    federal = (frame["top100_publisher"] == FEDERATION) | (
        frame["top100_lead"] == FEDERATION
    )
    institute = (frame["kind"] != "enterprise") & frame["platform_county_listed"]
    never = local & ~local
    met = {
        "private-top-500": (frame["top500_publisher"] == TOP) & local,
        "fujian-top-100": federal & local,
        "manufacturing-champion": (frame["champion_level"] == "national")
        & frame["champion_first"]
        & local,
        "pilot-platform": (local | institute)
        & frame["platform_chain_listed"]
        & frame["platform_market_operated"]
        & frame["platform_in_city"]
        & (base > 0),
        "tech-mission-project": (frame["project_category"] == "technology-development")
        & frame["project_team"]
        & frame["project_chain_listed"]
        & frame["project_effect"],
        "county-excellence": (frame["subject_kind"] == "county") & local,
    }
    share = (base * 3 + 5) // 10
    zero = base * 0
    amounts = {
        **{rule: zero + fen for rule, fen in FIXED.items()},
        "pilot-platform": share.where(share < room, room),
        "tech-mission-project": zero,
        "county-excellence": frame["county_class_number"]
        .map(TIERS)
        .fillna(0)
        .astype("int64[pyarrow]"),
    }
    found: dict[str, Any] = {}
    for rule, (day, last, paid) in DAYS.items():
        event = frame[day]
        inside = (event >= FIRST) & (event <= last) & (event <= AS_OF)
        before = never if paid is None else frame[paid]
        if rule == "pilot-platform":
            before = room <= 0
        code = zero.astype("int8[pyarrow]")
        code = code.mask(before, PAID).mask(~met[rule], UNMET).mask(~inside, OUTSIDE)
        found[f"{rule}.code"] = code
        found[rule] = amounts[rule].where(code == MET, 0)
    return pd.DataFrame(found)


def _to_pandas(frame: pl.DataFrame) -> Any:
    return frame.to_arrow().to_pandas(types_mapper=pd.ArrowDtype)


#: Of each kind: from Polars, by hand, and to Arrow for the comparison.
KINDS: Mapping[str, tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]]]
KINDS = {
    "Polars": (lambda frame: frame, by_hand, pl.DataFrame.to_arrow),
    "pandas, Arrow": (
        _to_pandas,
        in_pandas,
        lambda frame: pa.Table.from_pandas(frame, preserve_index=False),
    ),
    "PyArrow": (pl.DataFrame.to_arrow, in_arrow, lambda table: table),
    "DuckDB": (
        lambda frame: duckdb.from_arrow(frame.to_arrow()),
        lambda relation: in_sql(relation).to_arrow_table(),
        lambda table: table,
    ),
}


def checked(kind: str, frame: pl.DataFrame) -> None:
    """Raises where an amount of a kind by hand is not that of Polars by hand."""
    make, hand, arrow = KINDS[kind]
    found, wanted = pl.DataFrame(arrow(hand(make(frame)))), by_hand(frame)
    for rule in DAYS:
        if not found[rule].cast(pl.Int64).equals(wanted[rule], check_names=False):
            raise AssertionError(f"{kind}: {rule}: the amounts differ")


def by_screen(native: Any) -> Any:
    """What `screen()` says of a frame, as the same kind of frame."""
    return incentives.screen(native, rules=flat_rules(), as_of=AS_OF).wide()


def _cores(work: Callable[[], object], rounds: int) -> float:
    used = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        used.append(time.process_time() - start)
    return median(used)


def main(arguments: Sequence[str] | None = None) -> None:
    """Check and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    frame = registry(options.rows)
    print("| frame | rows | by hand, core s | screen(), core s | × by hand |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for kind, (make, hand, _) in KINDS.items():
        checked(kind, frame.head(20_000))
        native = make(frame)
        by = _cores(lambda n=native, h=hand: h(n), options.rounds)
        ours = _cores(lambda n=native: by_screen(n), options.rounds)
        print(
            f"| {kind} | {options.rows} | {by:.2f} | {ours:.2f} | {ours / by:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
