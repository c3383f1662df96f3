"""Terms and worlds to try a kernel engine on: little is known in them, on purpose."""

from datetime import date
from fractions import Fraction
from typing import Any

from incentives import Enterprise, Platform, ir
from incentives.engines.world import World
from incentives.ir import Comparison, Kind

#: An invented firm; the code is valid under GB 32100-2015.
FIRM = "91350582MA31ABCD0M"
DAY = date(2026, 6, 1)

COST = ir.Fact("equipment_cost", Kind.MONEY, "platform", low=0)
CHAIN = ir.Fact("chain", Kind.TEXT, "platform")
OPERATED = ir.Fact("market_operated", Kind.BOOLEAN, "platform")
CITY = ir.Fact("city", Kind.TEXT)
COUNTY = ir.Fact("county", Kind.TEXT)
START = ir.Uncertain(date(2024, 1, 1), date(2024, 12, 31), "policy.effective_date")
EVENT = ir.Fact("recognised", Kind.DATE, "platform")

#: Conditions that are met, unmet, and unknown while nobody knows the city.
YES = ir.All(())
NO = ir.Any(())
PERHAPS = ir.Compare(Comparison.EQ, CITY, ir.Constant("泉州市", Kind.TEXT))


def money(fen: int) -> ir.Constant:
    return ir.Constant(fen, Kind.MONEY)


def rate(share: Fraction) -> ir.Constant:
    return ir.Constant(share, Kind.RATE)


def day(text: str) -> ir.Constant:
    return ir.Constant(date.fromisoformat(text), Kind.DATE)


def year(number: int) -> ir.Constant:
    return ir.Constant(number, Kind.YEAR)


def between(low: int, high: int) -> ir.Choose:
    """An amount that depends on a city nobody knows."""
    return ir.Choose((ir.Branch(PERHAPS, money(low)),), money(high))


def world(platform: Platform | None = None, /, **facts: Any) -> World:
    """A firm with these facts, and a platform at hand; None is one nobody knows."""
    found = World(Enterprise(id=FIRM, **facts), DAY, {})
    return found.with_record("platform", platform, "platforms[0]")


def missing(*paths: str) -> frozenset[str]:
    return frozenset(paths)
