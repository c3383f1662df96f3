"""business-rules in Python: JSON conditions over methods that give the facts."""

from collections.abc import Callable, Mapping
from typing import Any

from business_rules.actions import BaseActions, rule_action
from business_rules.engine import run_all
from business_rules.fields import FIELD_NUMERIC, FIELD_TEXT
from business_rules.variables import (
    BaseVariables,
    boolean_rule_variable,
    numeric_rule_variable,
    string_rule_variable,
)

from ..subjects import AS_OF, day_number
from .by_hand import platform
from .facts import NOTHING
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

_KINDS = {
    bool: boolean_rule_variable,
    int: numeric_rule_variable,
    str: string_rule_variable,
}


def _variable(name: str, kind: type) -> Callable[[Any], Any]:
    def read(self: Any) -> Any:
        return self.facts[name]

    read.__name__ = name
    return _KINDS[kind]()(read)


def _initial(self: Any, facts: Facts) -> None:
    self.facts = facts


Variables = type(
    "Variables",
    (BaseVariables,),
    {
        "__init__": _initial,
        **{name: _variable(name, type(value)) for name, value in NOTHING.items()},
    },
)


class Actions(BaseActions):
    """What a rule may do: give a sum, or the share of the platform's costs."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.due = dict.fromkeys(RULES, 0)

    @rule_action(params={"rule": FIELD_TEXT, "fen": FIELD_NUMERIC})
    def give(self, rule: str, fen: int) -> None:
        """Give a sum that the rule states."""
        self.due[rule] = fen

    @rule_action(params={})
    def give_share(self) -> None:
        """Give 30 %, which this engine has no arithmetic for."""
        self.due["pilot-platform"] = platform(self.facts)[0]


def _if(name: str, operator: str, value: object = "") -> Mapping[str, Any]:
    return {"name": name, "operator": operator, "value": value}


def _inside(name: str, last: int) -> list[Mapping[str, Any]]:
    # A variable is compared with a constant only, so the day asked about is one.
    return [
        _if(name, "greater_than_or_equal_to", FIRST),
        _if(name, "less_than_or_equal_to", min(last, day_number(AS_OF))),
    ]


_CITY = _if("city", "equal_to", "泉州市")


def _rule(rule: str, conditions: list[Any], fen: int | None) -> Mapping[str, Any]:
    give = {"name": "give", "params": {"rule": rule, "fen": fen}}
    action = {"name": "give_share"} if fen is None else give
    return {"conditions": {"all": conditions}, "actions": [action]}


def _rules() -> list[Mapping[str, Any]]:
    federation = "福建省工商业联合会"
    by_federation = [
        _if("top100_publisher", "equal_to", federation),
        _if("top100_lead", "equal_to", federation),
    ]
    elsewhere = [_if("platform_county_listed", "is_true")]
    other_kinds = [
        _if("kind", "equal_to", "university-or-institute"),
        _if("kind", "equal_to", "park-or-base"),
    ]
    top_500 = [
        *_inside("top500_published", LIST_LAST),
        _if("top500_publisher", "equal_to", "中华全国工商业联合会"),
        _CITY,
        _if("top500_awarded", "is_false"),
    ]
    top_100 = [
        *_inside("top100_published", LIST_LAST),
        {"any": by_federation},
        _CITY,
        _if("top100_awarded", "is_false"),
    ]
    champion = [
        *_inside("champion_date", LAST),
        _if("champion_level", "equal_to", "national"),
        _if("champion_first", "is_true"),
        _CITY,
        _if("champion_awarded", "is_false"),
    ]
    share = [
        *_inside("platform_recognised", LAST),
        _if("platform_chain_listed", "is_true"),
        _if("platform_market_operated", "is_true"),
        {"any": [_CITY, {"all": [{"any": other_kinds}, *elsewhere]}]},
        _if("platform_in_city", "is_true"),
    ]
    project = [
        *_inside("project_assessed", LAST),
        _if("project_category", "equal_to", "technology-development"),
        _if("project_team", "is_true"),
        _if("project_chain_listed", "is_true"),
        _if("project_effect", "is_true"),
    ]
    given = (
        (top_500, TOP_500),
        (top_100, TOP_100),
        (champion, CHAMPION),
        (share, None),
        (project, DISCRETIONARY),
    )
    money = [_rule(rule, *each) for rule, each in zip(RULES, given, strict=False)]
    return money + [_tier(tier, fen) for tier, fen in COUNTY.items()]


def _tier(tier: int, fen: int) -> Mapping[str, Any]:
    conditions = [
        *_inside("honour_date", LAST),
        _if("subject", "equal_to", "county"),
        _CITY,
        _if("county_awarded", "is_false"),
        _if("county_class", "equal_to", tier),
    ]
    return _rule("county-excellence", conditions, fen)


def _prepare() -> Decide:
    rules = _rules()

    def decide(facts: Facts) -> Mapping[str, int]:
        actions = Actions(facts)
        run_all(rules, Variables(facts), actions)
        return actions.due

    return decide


PEERS = [Peer("business-rules", _prepare, distribution="business-rules")]
