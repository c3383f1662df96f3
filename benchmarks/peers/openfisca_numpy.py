"""OpenFisca: one person a simulation, its numbers widened to 64 bits to be exact."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from openfisca_core.entities import Entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

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

PERIOD = "2026-03"
PERSON = Entity("person", "persons", "A subject", "")

Read = Callable[[str], Any]


class Wide(Variable):
    """A variable of a month; as shipped its numbers have 32 bits, too few for fen."""

    def __init__(self, baseline_variable: Variable | None = None) -> None:
        super().__init__(baseline_variable)
        if self.value_type is int:
            self.dtype = np.int64


def _inside(read: Read, name: str, last: int) -> Any:
    day = read(name)
    return (day >= FIRST) & (day <= last) & (day <= read("as_of"))


def _city(read: Read) -> Any:
    return read("city") == "泉州市"


def _top_500(read: Read) -> Any:
    good = read("top500_publisher") == "中华全国工商业联合会"
    inside = _inside(read, "top500_published", LIST_LAST)
    return (inside & good & _city(read) & ~read("top500_awarded")) * TOP_500


def _top_100(read: Read) -> Any:
    federation = "福建省工商业联合会"
    by = (read("top100_publisher") == federation) | (read("top100_lead") == federation)
    inside = _inside(read, "top100_published", LIST_LAST)
    return (inside & by & _city(read) & ~read("top100_awarded")) * TOP_100


def _champion(read: Read) -> Any:
    good = (read("champion_level") == "national") & read("champion_first")
    inside = _inside(read, "champion_date", LAST)
    return (inside & good & _city(read) & ~read("champion_awarded")) * CHAMPION


def _platform(read: Read) -> Any:
    elsewhere = (read("kind") != "enterprise") & read("platform_county_listed")
    good = read("platform_chain_listed") & read("platform_market_operated")
    local = (_city(read) | elsewhere) & read("platform_in_city")
    inside = _inside(read, "platform_recognised", LAST)
    base = read("equipment_cost") + read("software_cost") - read("fiscal_funding")
    room = np.maximum(PLATFORM_CAP - read("platform_paid"), 0)
    share = np.minimum((np.maximum(base, 0) * 3 + 5) // 10, room)
    return (inside & good & local) * share


def _project(read: Read) -> Any:
    category = read("project_category") == "technology-development"
    good = category & read("project_team") & read("project_chain_listed")
    inside = _inside(read, "project_assessed", LAST)
    return (inside & good & read("project_effect")) * DISCRETIONARY


def _county(read: Read) -> Any:
    tier = read("county_class")
    amount = np.select([tier == each for each in COUNTY], list(COUNTY.values()), 0)
    inside = _inside(read, "honour_date", LAST)
    good = (read("subject") == "county") & _city(read) & ~read("county_awarded")
    return (inside & good) * amount


_CLAUSES = (_top_500, _top_100, _champion, _platform, _project, _county)


def _formula(clause: Callable[[Read], Any]) -> Callable[..., Any]:
    def formula(person: Any, period: Any, parameters: Any) -> Any:
        return clause(lambda name: person(name, period))

    return formula


def _named(rule: str) -> str:
    return rule.replace("-", "_")


def _system() -> TaxBenefitSystem:
    system = TaxBenefitSystem([PERSON])
    for name, value in NOTHING.items():
        system.add_variable(_variable(name, type(value)))
    for rule, clause in zip(RULES, _CLAUSES, strict=True):
        system.add_variable(_variable(_named(rule), int, formula=_formula(clause)))
    return system


def _variable(name: str, kind: type, **words: Any) -> type[Variable]:
    period = {"entity": PERSON, "definition_period": DateUnit.MONTH}
    return type(name, (Wide,), {"value_type": kind, **period, **words})


def _prepare() -> Decide:
    system = _system()
    builder = SimulationBuilder()

    def decide(facts: Facts) -> Mapping[str, int]:
        simulation = builder.build_default_simulation(system)
        for name, value in facts.items():
            simulation.set_input(name, PERIOD, np.array([value], _dtype(value)))
        return {
            rule: int(simulation.calculate(_named(rule), PERIOD)[0]) for rule in RULES
        }

    return decide


def _dtype(value: object) -> Any:
    if isinstance(value, str):
        return object
    return np.bool_ if isinstance(value, bool) else np.int64


PEERS = [Peer("OpenFisca, one person", _prepare, distribution="openfisca-core")]
