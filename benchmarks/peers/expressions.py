"""The six clauses as conditional expressions that CEL, ZEN and rule-engine share."""

import re

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
    Facts,
)

#: A number for each text that was met.
_CODES: dict[str, int] = {}


def code(text: str) -> int:
    """The number that stands for a text, always the same."""
    return _CODES.setdefault(text, len(_CODES))


def coded(facts: Facts) -> Facts:
    """Facts with numbers for texts, which pass into Rust several times faster."""
    return {
        name: code(value) if isinstance(value, str) else value
        for name, value in facts.items()
    }


def coded_expressions(tenth: str) -> dict[str, str]:
    """The expressions for facts that are coded."""
    return {
        rule: re.sub(r'"([^"]*)"', lambda quoted: str(code(quoted[1])), text)
        for rule, text in expressions(tenth).items()
    }


def _inside(fact: str, last: int) -> str:
    return f"{fact} >= {FIRST} and {fact} <= {last} and {fact} <= as_of"


_BASE = "(equipment_cost + software_cost - fiscal_funding)"
_ROOM = f"({PLATFORM_CAP} - platform_paid)"


def expressions(tenth: str) -> dict[str, str]:
    """
    Each rule by its id; ``tenth`` says how a language divides by ten and rounds down.

    The longest is the platform: 30 % half up, but never more than the cap leaves.
    """
    share = tenth.format(f"({_BASE} * 3 + 5)")
    return {
        "private-top-500": (
            f"{_inside('top500_published', LIST_LAST)}"
            ' and top500_publisher == "中华全国工商业联合会" and city == "泉州市"'
            f" and not top500_awarded ? {TOP_500} : 0"
        ),
        "fujian-top-100": (
            f"{_inside('top100_published', LIST_LAST)}"
            ' and (top100_publisher == "福建省工商业联合会"'
            ' or top100_lead == "福建省工商业联合会") and city == "泉州市"'
            f" and not top100_awarded ? {TOP_100} : 0"
        ),
        "manufacturing-champion": (
            f"{_inside('champion_date', LAST)}"
            ' and champion_level == "national" and champion_first'
            f' and city == "泉州市" and not champion_awarded ? {CHAMPION} : 0'
        ),
        "pilot-platform": (
            f"{_inside('platform_recognised', LAST)}"
            " and platform_chain_listed and platform_market_operated"
            ' and (city == "泉州市" or kind != "enterprise" and platform_county_listed)'
            f" and platform_in_city and {_BASE} > 0 and {_ROOM} > 0"
            f" ? ({_BASE} * 3 >= {_ROOM} * 10 ? {_ROOM} : {share}) : 0"
        ),
        "tech-mission-project": (
            f"{_inside('project_assessed', LAST)}"
            ' and project_category == "technology-development" and project_team'
            f" and project_chain_listed and project_effect ? {DISCRETIONARY} : 0"
        ),
        "county-excellence": (
            f'{_inside("honour_date", LAST)} and subject == "county"'
            ' and city == "泉州市" and not county_awarded'
            f" ? (county_class == 1 ? {COUNTY[1]} : (county_class == 2 ? {COUNTY[2]}"
            f" : (county_class == 3 ? {COUNTY[3]} : 0))) : 0"
        ),
    }
