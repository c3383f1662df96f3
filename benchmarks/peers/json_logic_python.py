"""JSON logic in Python: one tree for each clause."""

from collections.abc import Mapping
from typing import Any

from json_logic import jsonLogic

from .protocol import (
    CHAMPION,
    COUNTY,
    DISCRETIONARY,
    FIRST,
    LAST,
    LIST_LAST,
    PLATFORM_CAP,
    TOP_100,
    TOP_500,
    Decide,
    Facts,
    Peer,
)

Tree = Any


def _fact(name: str) -> Tree:
    return {"var": name}


def _is(name: str, value: object) -> Tree:
    return {"===": [_fact(name), value]}


def _inside(name: str, last: int) -> list[Tree]:
    between = {"<=": [FIRST, _fact(name), last]}
    return [between, {"<=": [_fact(name), _fact("as_of")]}]


def _given(conditions: list[Tree], amount: Tree) -> Tree:
    return {"if": [{"and": conditions}, amount, 0]}


_CITY = _is("city", "泉州市")


def _listing(name: str, publishers: Tree, amount: int) -> Tree:
    once = {"!": _fact(f"{name}_awarded")}
    inside = _inside(f"{name}_published", LIST_LAST)
    return _given([*inside, publishers, _CITY, once], amount)


def _platform() -> Tree:
    costs = {"+": [_fact("equipment_cost"), _fact("software_cost")]}
    base = {"-": [costs, _fact("fiscal_funding")]}
    room = {"-": [PLATFORM_CAP, _fact("platform_paid")]}
    tenfold = {"+": [{"*": [base, 3]}, 5]}
    share = {"/": [{"-": [tenfold, {"%": [tenfold, 10]}]}, 10]}
    elsewhere = [
        {"!==": [_fact("kind"), "enterprise"]},
        _fact("platform_county_listed"),
    ]
    conditions = [
        *_inside("platform_recognised", LAST),
        _fact("platform_chain_listed"),
        _fact("platform_market_operated"),
        {"or": [_CITY, {"and": elsewhere}]},
        _fact("platform_in_city"),
        {">": [base, 0]},
        {">": [room, 0]},
    ]
    return _given(conditions, {"min": [share, room]})


def _clauses() -> Mapping[str, Tree]:
    federation = "福建省工商业联合会"
    either = [_is("top100_publisher", federation), _is("top100_lead", federation)]
    champion = [
        *_inside("champion_date", LAST),
        _is("champion_level", "national"),
        _fact("champion_first"),
        _CITY,
        {"!": _fact("champion_awarded")},
    ]
    project = [
        *_inside("project_assessed", LAST),
        _is("project_category", "technology-development"),
        _fact("project_team"),
        _fact("project_chain_listed"),
        _fact("project_effect"),
    ]
    honour = [
        *_inside("honour_date", LAST),
        _is("subject", "county"),
        _CITY,
        {"!": _fact("county_awarded")},
    ]
    tiers = [part for tier, fen in COUNTY.items() for part in (_tier(tier), fen)]
    publisher = _is("top500_publisher", "中华全国工商业联合会")
    return {
        "private-top-500": _listing("top500", publisher, TOP_500),
        "fujian-top-100": _listing("top100", {"or": either}, TOP_100),
        "manufacturing-champion": _given(champion, CHAMPION),
        "pilot-platform": _platform(),
        "tech-mission-project": _given(project, DISCRETIONARY),
        "county-excellence": _given(honour, {"if": [*tiers, 0]}),
    }


def _tier(tier: int) -> Tree:
    return _is("county_class", tier)


def _prepare() -> Decide:
    clauses = _clauses()

    def decide(facts: Facts) -> Mapping[str, int]:
        return {rule: jsonLogic(tree, facts) for rule, tree in clauses.items()}

    return decide


PEERS = [Peer("json-logic", _prepare, distribution="panzi-json-logic")]
