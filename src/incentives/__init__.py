"""Eligibility and amounts of enterprise subsidies: every clause a rule, every answer with its reasons."""

from .allocating import allocate
from .allocation import Allocation
from .assessment import Assessment
from .determination import Alternative, Determination, Item, Reason
from .errors import (
    Diagnostic,
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
from .packs import bundled, load
from .policy import (
    Clause,
    Outcome,
    Policy,
    Reading,
    ReasonCode,
    Rule,
    RuleBook,
    Status,
)
from .questions import Question
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
    "evaluate",
    "load",
]
