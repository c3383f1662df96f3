"""Rule books of any size of which the same number of rules holds for every subject."""

import enum

from collections.abc import Mapping
from pathlib import Path
from typing import Any

#: So many rules share a county, a list or an interval: these hold, all others do not.
HITS = 5
STEP = 10
AS_OF = "2026-06-01"

POLICY = """\
policy: benchmark-2026
title: 测速用规则库（虚构）
issuer: 示例市人民政府（虚构）
interpreter: 示例市工信局（虚构）
status: issued
effective: 2026-01-01
sunset: 2028-12-31
dated by: event
"""

FACTS = """\
enterprise:
  output: {label: 年产值, english: annual output, type: money}
"""

RULE = """\
rule: rule-{number:05d}
title: 奖励{number}
english: award {number}
clause: 第{number}条
quote: 对符合第{group}组条件的企业给予{yuan}元奖励
subject: enterprise
{each}payer: 市级财政
conditions:
  - {condition}
  - city = “示例市”
award: {yuan}元
"""


class Family(enum.StrEnum):
    """What tells one rule of a book from another."""

    COUNTY = "county"
    LIST = "list"
    INTERVAL = "interval"


def write_book(directory: Path, family: Family, count: int) -> None:
    """A rule pack of so many rules."""
    (directory / "policy.yaml").write_text(POLICY, "utf-8")
    (directory / "facts.yaml").write_text(FACTS, "utf-8")
    for number in range(count):
        text = rule_text(family, number)
        (directory / f"{number:05d}.yaml").write_text(text, "utf-8")


def rule_text(family: Family, number: int) -> str:
    """One rule as its author would write it."""
    group = number // HITS
    each = ""
    match family:
        case Family.COUNTY:
            condition = f"county = “县{group}”"
        case Family.LIST:
            each = "each: listing\nlabel: listing.list\nevent: listing.published\n"
            condition = f"listing.list = “榜单{group}”"
        case Family.INTERVAL:
            low, high = interval(group)
            condition = f"output in [{low}万元, {high}万元)"
    return RULE.format(
        number=number,
        group=group,
        yuan=yuan(number),
        each=each,
        condition=condition,
    )


def yuan(number: int) -> int:
    """What a rule gives; no two neighbours give the same."""
    return 1000 + number


def interval(group: int) -> tuple[int, int]:
    """The interval of a group, in 万元; the upper end is not in it."""
    return group * STEP, (group + 1) * STEP


def record(family: Family, group: int) -> Mapping[str, Any]:
    """An enterprise of which the rules of one group hold."""
    listing = {"list": f"榜单{group}", "year": 2026, "published": "2026-03-01"}
    return {
        "id": f"91350582MA{group:08d}",
        "city": "示例市",
        "county": f"县{group}" if family is Family.COUNTY else "别县",
        # The first number of an interval is in it.
        "output": f"{interval(group)[0] + group % STEP}万元",
        "listings": [listing] if family is Family.LIST else [],
    }


def flat(family: Family, group: int) -> Mapping[str, Any]:
    """The same for a peer: the one fact that matters, money in 万元."""
    key: str | int
    match family:
        case Family.COUNTY:
            key = f"县{group}"
        case Family.LIST:
            key = f"榜单{group}"
        case Family.INTERVAL:
            key = interval(group)[0] + group % STEP
    return {"key": key}


def due(group: int, count: int) -> int:
    """The yuan that all rules of a group give together."""
    return sum(
        yuan(number) for number in range(group * HITS, min(count, (group + 1) * HITS))
    )
