"""The flat facts that peers are given, each always there."""

from collections.abc import Mapping
from typing import Any

#: The facts of a subject of whom nothing is known to be the case.
NOTHING: Mapping[str, Any] = {
    "subject": "enterprise",
    "city": "泉州市",
    "kind": "enterprise",
    "as_of": 0,
    "top500_published": 0,
    "top500_publisher": "",
    "top500_awarded": False,
    "top100_published": 0,
    "top100_publisher": "",
    "top100_lead": "",
    "top100_awarded": False,
    "champion_date": 0,
    "champion_level": "",
    "champion_first": False,
    "champion_awarded": False,
    "platform_recognised": 0,
    "platform_chain_listed": False,
    "platform_market_operated": False,
    "platform_county_listed": False,
    "platform_in_city": False,
    "equipment_cost": 0,
    "software_cost": 0,
    "fiscal_funding": 0,
    "platform_paid": 0,
    "project_assessed": 0,
    "project_category": "",
    "project_chain_listed": False,
    "project_team": False,
    "project_effect": False,
    "honour_date": 0,
    "county_class": 0,
    "county_awarded": False,
}
