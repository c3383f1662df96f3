"""durable_rules by its own API: one rule for each clause, over one fact."""

from collections.abc import Callable, Mapping
from typing import Any

from durable import lang

from .by_hand import platform
from .protocol import (
    CHAMPION,
    COUNTY,
    DISCRETIONARY,
    FIRST,
    LAST,
    LIST_LAST,
    RULES,
    TOP_100,
    TOP_500,
    Decide,
    Facts,
    Peer,
)

BOOK = "six_clauses"


def _inside(name: str, last: int) -> Any:
    day = getattr(lang.m, name)
    return (day >= FIRST) & (day <= last) & (day <= lang.m.as_of)


def _conditions() -> list[tuple[str, Any, int | None]]:
    """Every rule with its pattern and amount; None is the share that Python works out."""
    m = lang.m
    city = m.city == "泉州市"
    federation = "福建省工商业联合会"
    by = (m.top100_publisher == federation) | (m.top100_lead == federation)
    elsewhere = (m.kind != "enterprise") & (m.platform_county_listed == True)  # noqa: E712  # it makes a pattern
    local = (m.city == "泉州市") | elsewhere
    top_500 = (
        _inside("top500_published", LIST_LAST)
        & (m.top500_publisher == "中华全国工商业联合会")
        & city
        & (m.top500_awarded == False)  # noqa: E712  # it makes a pattern
    )
    top_100 = (
        _inside("top100_published", LIST_LAST) & by & city & (m.top100_awarded == False)  # noqa: E712  # it makes a pattern
    )
    champion = (
        _inside("champion_date", LAST)
        & (m.champion_level == "national")
        & (m.champion_first == True)  # noqa: E712  # it makes a pattern
        & city
        & (m.champion_awarded == False)  # noqa: E712  # it makes a pattern
    )
    share = (
        _inside("platform_recognised", LAST)
        & (m.platform_chain_listed == True)  # noqa: E712  # it makes a pattern
        & (m.platform_market_operated == True)  # noqa: E712  # it makes a pattern
        & (m.platform_in_city == True)  # noqa: E712  # it makes a pattern
        & local
    )
    project = (
        _inside("project_assessed", LAST)
        & (m.project_category == "technology-development")
        & (m.project_team == True)  # noqa: E712  # it makes a pattern
        & (m.project_chain_listed == True)  # noqa: E712  # it makes a pattern
        & (m.project_effect == True)  # noqa: E712  # it makes a pattern
    )
    patterns = (top_500, top_100, champion, share, project)
    amounts = (TOP_500, TOP_100, CHAMPION, None, DISCRETIONARY)
    tiers = [("county-excellence", _tier(tier), fen) for tier, fen in COUNTY.items()]
    return [*zip(RULES, patterns, amounts, strict=False), *tiers]


def _tier(tier: int) -> Any:
    return (
        _inside("honour_date", LAST)
        & (lang.m.subject == "county")
        & (lang.m.city == "泉州市")
        & (lang.m.county_awarded == False)  # noqa: E712  # it makes a pattern
        & (lang.m.county_class == tier)
    )


def _giving(found: dict[str, int], rule: str, fen: int | None) -> Callable[[Any], None]:
    def give(c: Any) -> None:
        found[rule] = platform(_Read(c.m))[0] if fen is None else fen

    return give


class _Read:
    """The fact of a rule that fired, by the names of its facts."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __getitem__(self, name: str) -> Any:
        return getattr(self.message, name)


def _ignore(c: Any) -> None:
    """Nothing; without a rule for every fact, this library treats a fact as an error."""


def _prepare() -> Decide:
    found: dict[str, int] = {}
    with lang.ruleset(BOOK):
        for rule, pattern, fen in _conditions():
            lang.when_all(pattern)(_giving(found, rule, fen))
        lang.when_all(lang.m.as_of > 0)(_ignore)

    def decide(facts: Facts) -> Mapping[str, int]:
        found.clear()
        fact = {"id": "1", **facts}
        lang.assert_fact(BOOK, fact)
        lang.retract_fact(BOOK, fact)
        return {rule: found.get(rule, 0) for rule in RULES}

    return decide


PEERS = [Peer("durable_rules", _prepare, distribution="durable_rules")]
