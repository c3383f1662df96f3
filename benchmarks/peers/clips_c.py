"""CLIPS in C: one production for each clause, over one fact."""

from collections.abc import Mapping
from typing import Any

import clips

from .facts import NOTHING
from .protocol import (
    CHAMPION,
    COUNTY,
    DISCRETIONARY,
    FIRST,
    LAST,
    LIST_LAST,
    PLATFORM_CAP,
    RULES,
    TOP_100,
    TOP_500,
    Decide,
    Facts,
    Peer,
)

_SYMBOLS = {True: clips.Symbol("yes"), False: clips.Symbol("no")}


def _inside(slot: str, last: int) -> str:
    tests = f"(>= ?day {FIRST}) (<= ?day {last}) (<= ?day ?today)"
    return f"({slot} ?day&:(and {tests}))"


def _listing(name: str, publishers: str, amount: int) -> tuple[str, str]:
    inside = _inside(f"{name}_published", LIST_LAST)
    return f'{inside} {publishers} (city "泉州市") ({name}_awarded no)', str(amount)


def _clauses() -> dict[str, tuple[str, str]]:
    """The slots that each production looks at, and the amount that it gives."""
    federation = '"福建省工商业联合会"'
    either = f"(or (eq ?by {federation}) (eq ?lead {federation}))"
    tiers = " ".join(f"(case {tier} then {fen})" for tier, fen in COUNTY.items())
    local = '(or (eq ?city "泉州市") (and (neq ?kind "enterprise") (eq ?listed yes)))'
    base = "(- (+ ?equipment ?software) ?fiscal)"
    room = f"(- {PLATFORM_CAP} ?paid)"
    return {
        "private-top-500": _listing(
            "top500", '(top500_publisher "中华全国工商业联合会")', TOP_500
        ),
        "fujian-top-100": _listing(
            "top100", f"(top100_publisher ?by) (top100_lead ?lead&:{either})", TOP_100
        ),
        "manufacturing-champion": (
            (
                f'{_inside("champion_date", LAST)} (champion_level "national")'
                ' (champion_first yes) (city "泉州市") (champion_awarded no)'
            ),
            str(CHAMPION),
        ),
        "pilot-platform": (
            (
                f"{_inside('platform_recognised', LAST)} (platform_chain_listed yes)"
                " (platform_market_operated yes) (platform_in_city yes)"
                f" (city ?city) (kind ?kind) (platform_county_listed ?listed&:{local})"
                " (equipment_cost ?equipment) (software_cost ?software)"
                f" (fiscal_funding ?fiscal&:(> {base} 0))"
                f" (platform_paid ?paid&:(> {room} 0))"
            ),
            f"(min (div (+ (* {base} 3) 5) 10) {room})",
        ),
        "tech-mission-project": (
            (
                f"{_inside('project_assessed', LAST)}"
                ' (project_category "technology-development") (project_team yes)'
                " (project_chain_listed yes) (project_effect yes)"
            ),
            str(DISCRETIONARY),
        ),
        "county-excellence": (
            (
                f'{_inside("honour_date", LAST)} (subject "county") (city "泉州市")'
                " (county_awarded no) (county_class ?class)"
            ),
            f"(switch ?class {tiers} (default 0))",
        ),
    }


def _prepare() -> Decide:
    environment = clips.Environment()
    found: dict[str, int] = {}

    def due(rule: str, fen: int) -> None:
        found[str(rule)] = fen

    environment.define_function(due)
    slots = " ".join(f"(slot {name})" for name in NOTHING)
    environment.build(f"(deftemplate facts {slots})")
    for rule, (pattern, amount) in _clauses().items():
        environment.build(
            f"(defrule {rule} (facts (as_of ?today) {pattern})"
            f' => (due "{rule}" {amount}))'
        )
    template = environment.find_template("facts")

    def decide(facts: Facts) -> Mapping[str, int]:
        found.clear()
        fact = template.assert_fact(**_slots(facts))
        environment.run()
        fact.retract()
        return {rule: found.get(rule, 0) for rule in RULES}

    return decide


def _slots(facts: Facts) -> dict[str, Any]:
    return {
        name: _SYMBOLS[value] if isinstance(value, bool) else value
        for name, value in facts.items()
    }


PEERS = [Peer("CLIPS", _prepare, distribution="clipspy")]
