"""Eligibility and amounts of enterprise subsidies: every clause a rule, every answer with its reasons."""

from .assessment import Assessment
from .book import RuleBook
from .budgeting.allocating import allocate
from .budgeting.allocation import Allocation
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
from .verdict import Verdict

__all__ = [
    "Allocation",
    "Alternative",
    "Assessment",
    "Award",
    "Clause",
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
    "Severity",
    "Status",
    "UnknownRuleError",
    "UsageError",
    "Verdict",
    "allocate",
    "bundled",
    "engines",
    "evaluate",
    "load",
]
