"""Enterprises and counties by chance, as records for `incentives` and as flat facts."""

import random

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from attrs import frozen

from .peers.facts import NOTHING

AS_OF = date(2026, 3, 1)
FIRST_DAY = date(2024, 9, 1)
READINGS = {"effective-date": FIRST_DAY.isoformat()}

TOP_500 = "中国民营企业500强"
TOP_500_PUBLISHER = "中华全国工商业联合会"
TOP_100 = "福建省民营企业100强"
TOP_100_PUBLISHER = "福建省工商业联合会"
CHAMPION = "制造业单项冠军企业"
EXCELLENCE = "全省县域重点产业链高质量发展优秀奖"
CITY = "泉州市"

#: Of the annex, with their class; the last is not in it and goes by its revenue.
COUNTIES = {
    "晋江市": 1,
    "惠安县": 1,
    "石狮市": 2,
    "安溪县": 2,
    "德化县": 3,
    "新设县": 2,
}
NEW_COUNTY = "新设县"
CHAINS = ("运动鞋", "建陶", "石材", "集成电路", "氢能")
OTHER_CHAINS = ("智能对讲机", "房地产开发")

#: Lists and titles that no rule pays for, as real records hold them too.
OTHER_LISTS = ("中国制造业民营企业500强", "中国服务业民营企业100强")
OTHER_TITLES = ("专精特新中小企业", "制造业单项冠军产品")

#: One subject in so many is a county.
COUNTY_EVERY = 6


@frozen
class Subject:
    """One subject: its record as JSON has it, and the same as flat facts."""

    record: Mapping[str, Any]
    facts: Mapping[str, Any]


def day_number(day: date) -> int:
    """
    A day as a number that sorts like it, which every rule engine can compare.

    >>> day_number(date(2025, 8, 28))
    20250828
    """
    return day.year * 10_000 + day.month * 100 + day.day


def subjects(count: int, seed: int, *, dense: bool) -> list[Subject]:
    """Subjects of whom most rules hold, or hardly any."""
    chance = random.Random(seed)  # noqa: S311  # figures, not secrets
    luck = Luck(chance, 0.9 if dense else 0.04, 0.96 if dense else 0.5)
    return [
        _county(luck, n) if n % COUNTY_EVERY == 1 else _enterprise(luck, n)
        for n in range(1, count + 1)
    ]


@frozen
class Luck:
    """How often a record is there at all, and how often each of its facts is good."""

    chance: random.Random
    presence: float
    goodness: float

    def present(self) -> bool:
        """Whether there is such a record."""
        return self.chance.random() < self.presence

    def good(self) -> bool:
        """Whether a fact is as the rule wants it."""
        return self.chance.random() < self.goodness

    def awarded(self) -> bool:
        """Whether it was paid before."""
        return self.present() and self.chance.random() > self.goodness

    def day(self) -> date:
        """A day inside the window mostly, before it or after the day asked about."""
        if self.good():
            return FIRST_DAY + timedelta(days=self.chance.randrange(400))
        return date(2024, 7, 1) + timedelta(days=self.chance.randrange(700))

    def cost(self) -> int:
        """A cost in fen."""
        return self.chance.randrange(1, 2_000_000_001)


def _enterprise(luck: Luck, number: int) -> Subject:
    kinds = ("enterprise", "university-or-institute", "park-or-base")
    kind = luck.chance.choice(kinds)
    city = CITY if luck.good() else "厦门市"
    record: dict[str, Any] = {
        "id": f"91350582MA{number:08d}",
        "name": f"示例企业{number}",
        "kind": kind,
        "city": city,
        "county": luck.chance.choice(tuple(COUNTIES)),
        "chain": luck.chance.choice(CHAINS),
        "technology_sme": luck.good(),
        "chain_cluster_zone": luck.good(),
        "eia_reform_conditions_met": luck.good(),
        "listings": [],
        "recognitions": [],
        "platforms": [],
        "projects": [],
        "awards": [],
    }
    facts = {**NOTHING, "city": city, "kind": kind, "as_of": day_number(AS_OF)}
    for add in (_top_500, _top_100, _champion, _platform, _project):
        if luck.present():
            add(luck, record, facts)
    _noise(luck, record)
    return Subject(record, facts)


def _top_500(luck: Luck, record: dict[str, Any], facts: dict[str, Any]) -> None:
    day = luck.day()
    publisher = TOP_500_PUBLISHER if luck.good() else "某研究院"
    record["listings"].append(_listing(TOP_500, publisher, day))
    facts["top500_published"] = day_number(day)
    facts["top500_publisher"] = publisher
    if luck.awarded():
        record["awards"].append(_award("private-top-500", 5_000_000))
        facts["top500_awarded"] = True


def _top_100(luck: Luck, record: dict[str, Any], facts: dict[str, Any]) -> None:
    day = luck.day()
    alone = luck.good()
    publisher = TOP_100_PUBLISHER if alone else "福建省发展和改革委员会"
    lead = TOP_100_PUBLISHER if alone or luck.good() else "福建省发展和改革委员会"
    listing = _listing(TOP_100, publisher, day)
    record["listings"].append({**listing, "lead_publisher": lead})
    facts["top100_published"] = day_number(day)
    facts["top100_publisher"] = publisher
    facts["top100_lead"] = lead
    if luck.awarded():
        record["awards"].append(_award("fujian-top-100", 2_000_000))
        facts["top100_awarded"] = True


def _champion(luck: Luck, record: dict[str, Any], facts: dict[str, Any]) -> None:
    day = luck.day()
    level = "national" if luck.good() else "provincial"
    first = luck.good()
    record["recognitions"].append(
        {"title": CHAMPION, "level": level, "first": first, "date": day.isoformat()}
    )
    facts["champion_date"] = day_number(day)
    facts["champion_level"] = level
    facts["champion_first"] = first
    if luck.awarded():
        record["awards"].append(_award("manufacturing-champion", 500_000))
        facts["champion_awarded"] = True


def _platform(luck: Luck, record: dict[str, Any], facts: dict[str, Any]) -> None:
    day = luck.day()
    chain = luck.chance.choice(CHAINS if luck.good() else OTHER_CHAINS)
    county = luck.chance.choice(("晋江市", None)) if luck.good() else "思明区"
    costs = {
        "equipment_cost": luck.cost(),
        "software_cost": luck.cost() // 8,
        "fiscal_funding": luck.cost() // 4,
    }
    platform = {
        "id": "p1",
        "stage": "中试熟化",
        "chain": chain,
        "market_operated": luck.good(),
        "recognised": day.isoformat(),
        "recognised_by": "泉州市科技局",
        **{name: _yuan(fen) for name, fen in costs.items()},
        **({} if county is None else {"county": county}),
    }
    record["platforms"].append(platform)
    facts.update(costs)
    facts["platform_recognised"] = day_number(day)
    facts["platform_chain_listed"] = chain in CHAINS
    facts["platform_market_operated"] = platform["market_operated"]
    facts["platform_county_listed"] = county in COUNTIES
    facts["platform_in_city"] = county is None or county in COUNTIES
    if luck.awarded():
        paid = luck.chance.randrange(1, 5_000_001)
        record["awards"].append({**_award("pilot-platform", paid), "record": "p1"})
        facts["platform_paid"] = paid * 100


def _project(luck: Luck, record: dict[str, Any], facts: dict[str, Any]) -> None:
    day = luck.day()
    chain = luck.chance.choice(CHAINS if luck.good() else OTHER_CHAINS)
    project = {
        "id": "x1",
        "category": "technology-development" if luck.good() else "other",
        "county": luck.chance.choice(tuple(COUNTIES)),
        "chain": chain,
        "on_need_list": luck.good(),
        "team_by_challenge": luck.good(),
        "good_effect": luck.good(),
        "assessed": day.isoformat(),
    }
    record["projects"].append(project)
    facts["project_assessed"] = day_number(day)
    facts["project_category"] = project["category"]
    facts["project_chain_listed"] = chain in CHAINS
    facts["project_team"] = project["team_by_challenge"]
    facts["project_effect"] = project["good_effect"]


def _noise(luck: Luck, record: dict[str, Any]) -> None:
    for title in OTHER_LISTS[: luck.chance.randrange(len(OTHER_LISTS) + 1)]:
        record["listings"].append(_listing(title, TOP_500_PUBLISHER, luck.day()))
    for title in OTHER_TITLES[: luck.chance.randrange(len(OTHER_TITLES) + 1)]:
        day = luck.day().isoformat()
        record["recognitions"].append(
            {"title": title, "level": "national", "first": True, "date": day}
        )


def _county(luck: Luck, number: int) -> Subject:
    name = luck.chance.choice(tuple(COUNTIES))
    record: dict[str, Any] = {
        "id": name,
        "kind": "county",
        "name": f"{name}（示例{number}）",
        "pilot_county": luck.good(),
        "honours": [],
        "awards": [],
    }
    if name == NEW_COUNTY:
        record["industrial_revenue"] = "1200亿元"
    facts = {**NOTHING, "subject": "county", "as_of": day_number(AS_OF)}
    facts["county_class"] = COUNTIES[name]
    if luck.present():
        day = luck.day()
        honour = {"title": EXCELLENCE, "year": day.year, "date": day.isoformat()}
        record["honours"].append(honour)
        facts["honour_date"] = day_number(day)
        if luck.awarded():
            record["awards"].append(_award("county-excellence", 2_000_000))
            facts["county_awarded"] = True
    return Subject(record, facts)


def _listing(title: str, publisher: str, day: date) -> dict[str, Any]:
    return {
        "list": title,
        "publisher": publisher,
        "year": day.year,
        "published": day.isoformat(),
    }


def _award(rule: str, yuan: int) -> dict[str, Any]:
    return {"rule": rule, "amount": str(yuan), "date": "2026-01-15"}


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
