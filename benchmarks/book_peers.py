"""The same big books for ZEN as a decision table, and for a dictionary by hand."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import Any

from .books import HITS, Family, flat, interval, yuan
from .peers.protocol import Facts

Total = Callable[[Facts], int]


def index(family: Family, count: int) -> Total:
    """Rules found by their key; intervals by halving."""
    found: dict[object, list[int]] = {}
    lows = []
    for number in range(count):
        key = _key(family, number)
        if key not in found:
            lows.append(key)
        found.setdefault(key, []).append(yuan(number))

    def by_key(facts: Facts) -> int:
        return sum(found[facts["key"]])

    def by_interval(facts: Facts) -> int:
        return sum(found[lows[bisect_right(lows, facts["key"]) - 1]])

    return by_interval if family is Family.INTERVAL else by_key


def _key(family: Family, number: int) -> Any:
    group = number // HITS
    return (
        interval(group)[0] if family is Family.INTERVAL else flat(family, group)["key"]
    )


def zen_table(family: Family, count: int) -> Total | None:
    """One decision table of all rules that collects what it finds, if ZEN is here."""
    try:
        from .peers.zen_rust import engine  # noqa: PLC0415  # it need not be installed
    except ImportError:
        return None
    content = {
        "hitPolicy": "collect",
        "inputs": [{"id": "key", "name": "key", "field": "key"}],
        "outputs": [{"id": "yuan", "name": "yuan", "field": "yuan"}],
        "rules": [_table_row(family, number) for number in range(count)],
    }
    ready = engine({"type": "decisionTableNode", "content": content})

    def total(facts: Facts) -> int:
        return sum(row["yuan"] for row in ready.evaluate("rules", facts)["result"])

    return total


def _table_row(family: Family, number: int) -> Mapping[str, str]:
    group = number // HITS
    low, high = interval(group)
    key = flat(family, group)["key"]
    cell = f"[{low}..{high})" if family is Family.INTERVAL else f'"{key}"'
    return {"_id": f"r{number}", "key": cell, "yuan": str(yuan(number))}
