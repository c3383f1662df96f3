"""Hand-written Python: the least that any Python program must take."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from attrs import frozen

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

MET = "condition-met"
UNMET = "condition-unmet"
PAID = "already-awarded"
OUTSIDE = "outside-the-window"
OPEN = "no-amount-in-text"

Found = tuple[int, str]


def top_500(facts: Facts) -> Found:
    """二（一）1, first award."""
    published = facts["top500_published"]
    if not (FIRST <= published <= LIST_LAST and published <= facts["as_of"]):
        return 0, OUTSIDE
    if facts["top500_publisher"] != "中华全国工商业联合会" or facts["city"] != "泉州市":
        return 0, UNMET
    return (0, PAID) if facts["top500_awarded"] else (TOP_500, MET)


def top_100(facts: Facts) -> Found:
    """二（一）1, second award."""
    published = facts["top100_published"]
    if not (FIRST <= published <= LIST_LAST and published <= facts["as_of"]):
        return 0, OUTSIDE
    federation = "福建省工商业联合会"
    if facts["city"] != "泉州市" or (
        facts["top100_publisher"] != federation and facts["top100_lead"] != federation
    ):
        return 0, UNMET
    return (0, PAID) if facts["top100_awarded"] else (TOP_100, MET)


def champion(facts: Facts) -> Found:
    """二（一）1, third award."""
    day = facts["champion_date"]
    if not (FIRST <= day <= LAST and day <= facts["as_of"]):
        return 0, OUTSIDE
    national = facts["champion_level"] == "national" and facts["champion_first"]
    if not national or facts["city"] != "泉州市":
        return 0, UNMET
    return (0, PAID) if facts["champion_awarded"] else (CHAMPION, MET)


def platform(facts: Facts) -> Found:
    """二（三）9."""
    day = facts["platform_recognised"]
    if not (FIRST <= day <= LAST and day <= facts["as_of"]):
        return 0, OUTSIDE
    local = facts["city"] == "泉州市" or (
        facts["kind"] != "enterprise" and facts["platform_county_listed"]
    )
    if not (
        local
        and facts["platform_chain_listed"]
        and facts["platform_market_operated"]
        and facts["platform_in_city"]
    ):
        return 0, UNMET
    base = facts["equipment_cost"] + facts["software_cost"] - facts["fiscal_funding"]
    room = PLATFORM_CAP - facts["platform_paid"]
    if room <= 0:
        return 0, PAID
    return (min((base * 3 + 5) // 10, room), MET) if base > 0 else (0, UNMET)


def project(facts: Facts) -> Found:
    """二（三）11."""
    day = facts["project_assessed"]
    if not (FIRST <= day <= LAST and day <= facts["as_of"]):
        return 0, OUTSIDE
    good = (
        facts["project_category"] == "technology-development"
        and facts["project_team"]
        and facts["project_chain_listed"]
        and facts["project_effect"]
    )
    return (DISCRETIONARY, OPEN) if good else (0, UNMET)


def county(facts: Facts) -> Found:
    """三23."""
    day = facts["honour_date"]
    if not (FIRST <= day <= LAST and day <= facts["as_of"]):
        return 0, OUTSIDE
    if facts["subject"] != "county" or facts["city"] != "泉州市":
        return 0, UNMET
    return (
        (0, PAID) if facts["county_awarded"] else (COUNTY[facts["county_class"]], MET)
    )


CLAUSES: Mapping[str, Callable[[Facts], Found]] = dict(
    zip(RULES, (top_500, top_100, champion, platform, project, county), strict=True)
)


def _amounts(facts: Facts) -> Mapping[str, int]:
    return {
        "private-top-500": top_500(facts)[0],
        "fujian-top-100": top_100(facts)[0],
        "manufacturing-champion": champion(facts)[0],
        "pilot-platform": platform(facts)[0],
        "tech-mission-project": project(facts)[0],
        "county-excellence": county(facts)[0],
    }


@frozen(eq=False)
class Lazy:
    """Amounts and reason codes; words are made when they are asked for."""

    found: Mapping[str, Found]
    facts: Facts

    def explain(self, rule: str) -> str:
        """Why, in words."""
        return _explained(rule, self.found[rule], self.facts)


def _explained(rule: str, found: Found, facts: Facts) -> str:
    amount, code = found
    yuan = f"{amount / 100:,.2f}"
    return f"{rule}: {code}, {yuan} yuan, {facts['city']}, as of {facts['as_of']}"


def _lazy(facts: Facts) -> Lazy:
    return Lazy({rule: clause(facts) for rule, clause in CLAUSES.items()}, facts)


def _eager(facts: Facts) -> tuple[Lazy, list[str]]:
    result = _lazy(facts)
    return result, [result.explain(rule) for rule in RULES]


def _fen(result: Lazy) -> Mapping[str, int]:
    return {rule: amount for rule, (amount, _) in result.found.items()}


def _eager_fen(result: tuple[Lazy, list[str]]) -> Mapping[str, int]:
    return _fen(result[0])


def _ready(decide: Callable[[Facts], Any]) -> Decide:
    return decide


PEERS = [
    Peer("Python by hand, dict out", partial(_ready, _amounts)),
    Peer("Python by hand, reason codes, lazy result", partial(_ready, _lazy), _fen),
    Peer("Python by hand, all explained", partial(_ready, _eager), _eager_fen),
]
