"""Records of invented subjects, dense where answers change, and what to forget of them.

A record is a plain mapping, as an integrator sends it. Values lie on thresholds, caps,
tier edges and days around a sunset far more often than anywhere else.
"""

import copy
import json

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from hypothesis import strategies as st

import incentives

Path = tuple[str | int, ...]

#: An invented firm; the code is valid under GB 32100-2015.
FIRM = "91350582MA31ABCD0M"

#: The days around every end of a window, and the ends of what is not known of 2024.
EDGES = [
    *("2023-12-31", "2024-01-01", "2024-10-12", "2024-12-30", "2024-12-31"),
    *("2025-01-01", "2025-08-28", "2025-12-30", "2025-12-31", "2026-01-01"),
    *("2026-05-01", "2027-12-30", "2027-12-31", "2028-01-01", "2028-01-02"),
]
DAYS = st.sampled_from(EDGES)
NEVER = False
EVENTS = st.one_of(DAYS, DAYS, st.just(NEVER))
YEARS = st.sampled_from([2024, 2025, 2026, 2027])

#: 30 % of 1666.6667万元 is the cap of 500万元.
COSTS = st.one_of(
    st.sampled_from(
        [
            *("0", "0.01", "0.05", "10000000", "16666666.66", "16666666.67"),
            *("16666666.68", "12000000", "3000000", "50000000", "5000000"),
        ]
    ),
    st.decimals(min_value=0, max_value=60_000_000, places=2).map(str),
)
#: 2000, 900 and 150亿元 are the ends of the county classes.
REVENUES = st.sampled_from(
    [
        *("0", "14999999999.99", "15000000000", "89999999999.99", "90000000000"),
        *("199999999999.99", "200000000000", "200000000000.01"),
    ]
)
PAID = st.sampled_from(["0.01", "2000000", "3000000", "4999999.99", "5000000"])

CHAINS = st.sampled_from(
    [
        "运动鞋",
        "建陶",
        "建筑陶瓷",
        "水暖卫浴",
        "高性能陶瓷材料",
        "智能对讲机",
        "房地产开发",
    ]
)
COUNTIES = st.sampled_from(
    ["晋江市", "石狮市", "德化县", "开发区", "泉州开发区", "泉州台商投资区", "某新设县"]
)
LISTS = st.sampled_from(
    ["中国民营企业500强", "福建省民营企业100强", "中国制造业民营企业500强", "某榜单"]
)
PUBLISHERS = st.sampled_from(
    ["中华全国工商业联合会", "全国工商联", "福建省工商业联合会", "省工商联", "某研究院"]
)
RULES = [
    *("private-top-500", "fujian-top-100", "manufacturing-champion"),
    "pilot-platform",
]
LISTING = st.fixed_dictionaries(
    {
        "list": LISTS,
        "publisher": PUBLISHERS,
        "lead_publisher": PUBLISHERS,
        "year": YEARS,
        "published": EVENTS,
        "applied": EVENTS,
    }
)
RECOGNITION = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["制造业单项冠军企业", "制造业单项冠军产品"]),
        "level": st.sampled_from(["national", "国家级", "provincial", "municipal"]),
        "first": st.sampled_from([True, True, False]),
        "date": EVENTS,
        "superior_award": st.sampled_from(["0", "1000000"]),
        "applied": EVENTS,
    }
)
PLATFORM = st.fixed_dictionaries(
    {
        "stage": st.just("中试熟化"),
        "chain": CHAINS,
        "county": COUNTIES,
        "market_operated": st.sampled_from([True, True, False]),
        "recognised": EVENTS,
        "recognised_by": st.sampled_from(["泉州市科技局", "市科技局", "某区科技局"]),
        "equipment_cost": COSTS,
        "software_cost": COSTS,
        "fiscal_funding": COSTS,
        "applied": EVENTS,
    }
)
PROJECT = st.fixed_dictionaries(
    {
        "category": st.sampled_from(["major-project", "technology-development"]),
        "county": COUNTIES,
        "chain": CHAINS,
        "on_need_list": st.booleans(),
        "team_by_challenge": st.booleans(),
        "good_effect": st.booleans(),
        "assessed": EVENTS,
        "applied": EVENTS,
    }
)
HONOUR = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["全省县域重点产业链高质量发展优秀奖", "某奖"]),
        "year": YEARS,
        "date": EVENTS,
        "applied": EVENTS,
    }
)


def awards(rules: list[str]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """What was paid before, mostly nothing, sometimes under another policy."""
    paid = st.fixed_dictionaries(
        {
            "rule": st.sampled_from(rules),
            "amount": PAID,
            "year": YEARS,
            "record": st.sampled_from(["p0", "p1", "x"]),
        },
        optional={"date": DAYS, "policy": st.sampled_from(["别的政策"])},
    )
    return st.one_of(st.just([]), st.lists(paid, max_size=3))


def numbered(
    form: st.SearchStrategy[dict[str, Any]], prefix: str
) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Up to two records, each with an id of its own."""
    return st.lists(form, max_size=2).map(
        lambda found: [{"id": f"{prefix}{at}", **each} for at, each in enumerate(found)]
    )


ENTERPRISES = st.fixed_dictionaries(
    {
        "id": st.just(FIRM),
        "kind": st.sampled_from(["enterprise", "university-or-institute", "园区基地"]),
        "city": st.sampled_from(["泉州市", "泉州市", "泉州", "厦门市"]),
        "county": COUNTIES,
        "chain": CHAINS,
        "technology_sme": st.booleans(),
        "chain_cluster_zone": st.booleans(),
        "eia_reform_conditions_met": st.booleans(),
        "listings": st.lists(LISTING, max_size=3),
        "recognitions": st.lists(RECOGNITION, max_size=2),
        "platforms": numbered(PLATFORM, "p"),
        "projects": numbered(PROJECT, "x"),
        "awards": awards(RULES),
    }
)
COUNTY_RECORDS = st.fixed_dictionaries(
    {
        "id": COUNTIES,
        "kind": st.just("county"),
        "county_class": st.sampled_from(["一类县域", "三类县域", "未分类"]),
        "industrial_revenue": REVENUES,
        "pilot_county": st.booleans(),
        "honours": st.lists(HONOUR, max_size=2),
        "awards": awards(["county-excellence"]),
    }
)
#: Every fact of these is known.
COMPLETE = st.one_of(ENTERPRISES, ENTERPRISES, COUNTY_RECORDS)


@cache
def _switches() -> list[dict[str, str]]:
    book = incentives.bundled()
    return [
        {name: value}
        for name, reading in book.declared_readings.items()
        for value in reading.others
    ]


#: The defaults, only the highest of a group, or one word read otherwise.
READINGS = st.one_of(
    st.just({}),
    st.just({"stacking": "highest-only"}),
    st.deferred(lambda: st.sampled_from(_switches())),
)

# --- forgetting ----------------------------------------------------------------

#: What says something by its absence: an award without these was paid by us, before.
_CLOSED = {"id", "kind", "county_class", "awards"}
_CLOSED_OF_AWARDS = {"date", "policy"}


@cache
def _closed_fields() -> set[tuple[str, str]]:
    """The closed facts of records: their absence says something."""
    subjects = incentives.bundled().vocabulary.subjects.values()
    return {
        (declared.records, field.name)
        for subject in subjects
        for declared in subject.records.values()
        for field in declared.fields.values()
        if field.closed
    }


def forgettable(record: Mapping[str, Any]) -> list[Path]:
    """The paths of everything in a record that may be unknown."""
    closed = _closed_fields() | {("awards", name) for name in _CLOSED_OF_AWARDS}
    found: list[Path] = []
    for name, value in record.items():
        if name not in _CLOSED or (name == "kind" and value != "county"):
            found.append((name,))
        if isinstance(value, dict):  # a figure for each year
            found += [(name, year) for year in value]
        if isinstance(value, list):
            found += [
                (name, at, inner)
                for at, each in enumerate(value)
                for inner in each
                if (name, inner) not in closed
            ]
    return found


def without(record: Mapping[str, Any], paths: Iterable[Path]) -> dict[str, Any]:
    """The record without some facts; the other records keep their places."""
    left: dict[str, Any] = copy.deepcopy(dict(record))
    for path in paths:
        holder: Any = left
        for step in path[:-1]:
            holder = holder.get(step) if isinstance(holder, dict) else holder[step]
            if holder is None:
                break
        else:
            holder.pop(path[-1], None)
    return left


@st.composite
def partly_known(
    draw: st.DrawFn, complete: st.SearchStrategy[dict[str, Any]] = COMPLETE
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """A record with little known, the same with more, and with everything known."""
    full = draw(complete)
    every = forgettable(full)
    lists = [path for path in every if isinstance(full.get(path[-1]), list)]
    whole = st.lists(st.sampled_from(lists), unique=True, max_size=2)
    lost = draw(st.one_of(st.just([]), st.just([]), whole))
    paths = lost + draw(st.permutations([path for path in every if path not in lost]))
    # A single fact that nobody knows is the case in which most can be decided.
    most = draw(st.sampled_from([1, 1, 2, 4, 8]))
    some = draw(st.integers(0, most))
    return without(full, paths[:most]), without(full, paths[:some]), full


def as_assumed(less: Mapping[str, Any], full: Mapping[str, Any]) -> bool:
    """Whether no unknown list turns out longer than bounds assume of it."""
    declared = incentives.bundled().vocabulary[
        "county" if full.get("kind") == "county" else "enterprise"
    ]
    return all(
        records.at_most is None
        or name in less
        or len(full.get(name, ())) <= records.at_most
        for name, records in declared.records.items()
    )


def through_json(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record after a journey as text."""
    plain: dict[str, Any] = json.loads(json.dumps(record, ensure_ascii=False))
    return plain
