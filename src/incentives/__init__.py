"""Eligibility and amounts of enterprise subsidies: every clause a rule, every answer with its reasons."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .assessment import Assessment
    from .book import RuleBook
    from .budgeting.allocating import allocate
    from .budgeting.allocation import Allocation
    from .costing.comparison import Comparison, compare
    from .costing.cost import Cost, cost
    from .costing.upcoming import Upcoming, upcoming
    from .determination import Determination
    from .engines.witness import engines
    from .errors import (
        Diagnostic,
        EngineDisagreement,
        IncentivesError,
        Mistake,
        PackError,
        Place,
        RecordError,
        Severity,
        UnknownRuleError,
        UsageError,
    )
    from .evaluation import evaluate
    from .facts import (
        Award,
        County,
        Enterprise,
        Honour,
        Listing,
        Platform,
        Recognition,
        Record,
    )
    from .items import Alternative, Item, Reason
    from .packs import bundled, load
    from .policy import Clause, Outcome, Policy, Reading, ReasonCode, Rule, Status
    from .reports.questions import Question
    from .screening.screen import Screening, screen
    from .synthesis.registries import synthesize
    from .verdict import Verdict

__all__ = [
    "Allocation",
    "Alternative",
    "Assessment",
    "Award",
    "Clause",
    "Comparison",
    "Cost",
    "County",
    "Determination",
    "Diagnostic",
    "EngineDisagreement",
    "Enterprise",
    "Honour",
    "IncentivesError",
    "Item",
    "Listing",
    "Mistake",
    "Outcome",
    "PackError",
    "Place",
    "Platform",
    "Policy",
    "Question",
    "Reading",
    "Reason",
    "ReasonCode",
    "Recognition",
    "Record",
    "RecordError",
    "Rule",
    "RuleBook",
    "Screening",
    "Severity",
    "Status",
    "UnknownRuleError",
    "Upcoming",
    "UsageError",
    "Verdict",
    "allocate",
    "bundled",
    "compare",
    "cost",
    "engines",
    "evaluate",
    "load",
    "screen",
    "synthesize",
    "upcoming",
]

#: Where each name comes from, fetched when it is first asked for: whoever imports the
#: library does not wait for what is not used.
_HOMES = {
    "Allocation": "budgeting.allocation",
    "Alternative": "items",
    "Assessment": "assessment",
    "Award": "facts",
    "Clause": "policy",
    "Comparison": "costing.comparison",
    "Cost": "costing.cost",
    "County": "facts",
    "Determination": "determination",
    "Diagnostic": "errors",
    "EngineDisagreement": "errors",
    "Enterprise": "facts",
    "Honour": "facts",
    "IncentivesError": "errors",
    "Item": "items",
    "Listing": "facts",
    "Mistake": "errors",
    "Outcome": "policy",
    "PackError": "errors",
    "Place": "errors",
    "Platform": "facts",
    "Policy": "policy",
    "Question": "reports.questions",
    "Reading": "policy",
    "Reason": "items",
    "ReasonCode": "policy",
    "Recognition": "facts",
    "Record": "facts",
    "RecordError": "errors",
    "Rule": "policy",
    "RuleBook": "book",
    "Screening": "screening.screen",
    "Severity": "errors",
    "Status": "policy",
    "UnknownRuleError": "errors",
    "Upcoming": "costing.upcoming",
    "UsageError": "errors",
    "Verdict": "verdict",
    "allocate": "budgeting.allocating",
    "bundled": "packs",
    "compare": "costing.comparison",
    "cost": "costing.cost",
    "engines": "engines",
    "evaluate": "evaluation",
    "load": "packs",
    "screen": "screening.screen",
    "synthesize": "synthesis.registries",
    "upcoming": "costing.upcoming",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        found = import_module(f".{home}", __name__)
    except ModuleNotFoundError as error:
        raise _not_installed(name, error) from error
    value: object = found if home == name else getattr(found, name)
    globals()[name] = value
    return value


def _not_installed(name: str, error: ModuleNotFoundError) -> Exception:
    """What to install for a name whose home needs more than the library itself."""
    if error.name not in {"narwhals", "polars"}:
        return error
    wrong = f"incentives.{name} needs {error.name}"
    hint = "install the extra: pip install 'incentives[registry]'"
    return ModuleNotFoundError(f"{wrong}; {hint}", name=error.name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
