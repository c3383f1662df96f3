"""Policies, clauses, rules and the book that holds them: data, ready for any engine."""

from collections.abc import Mapping
from datetime import date
from enum import Enum

from attrs import field, frozen

from .errors import (
    Place,
)
from .ir import Condition, Term
from .standards import AwardStandard, Payer
from .versions import Version


class ReasonCode(Enum):
    """Why a determination is what it is; the values are part of the contract."""

    CONDITION_MET = "condition-met"
    CONDITION_UNMET = "condition-unmet"
    EXCLUDED = "excluded"
    FACT_MISSING = "fact-missing"
    NOT_YET_EFFECTIVE = "not-yet-effective"
    EFFECTIVE_DATE_UNKNOWN = "effective-date-unknown"
    NOT_YET_HAPPENED = "not-yet-happened"
    EXPIRED = "expired"
    ALREADY_AWARDED = "already-awarded"
    ONCE_ONLY = "once-only"
    LIMIT_REACHED = "limit-reached"
    NOT_YET_DUE = "not-yet-due"
    LAPSED = "lapsed"
    REPAYABLE = "repayable"
    SUPERSEDED = "superseded"
    CAPPED = "over-the-cap"
    NOTHING_DUE = "nothing-due"
    NO_RECORD = "no-record"
    OTHER_SUBJECT = "other-subject"
    NO_AMOUNT_IN_TEXT = "no-amount-in-text"


class Outcome(Enum):
    """What comes of a rule: something is due, nothing is, or nobody can say yet."""

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    UNDETERMINED = "undetermined"
    DISCRETIONARY = "discretionary"


class Status(Enum):
    """Whether a policy is in force; what a draft says is provisional."""

    DRAFT = "draft"
    ISSUED = "issued"


@frozen
class Clause:
    """The article that a rule encodes, in its own words."""

    number: str
    quote: str
    implied: tuple[str, ...] = ()
    note: str = ""


@frozen
class Window:
    """
    When the event of a rule must fall, both days included.

    ``first`` is None while the effective date is unknown; then it is a day between
    ``earliest`` and ``latest``.
    """

    first: date | None
    last: date
    earliest: date
    latest: date


@frozen
class Requirement:
    """
    A condition of a rule, and the code that says why it failed.

    ``text`` is what the author wrote, and ``place`` where; empty for what follows
    from other keys.
    """

    code: ReasonCode
    condition: Condition
    text: str = field(default="", eq=False)
    place: Place | None = field(default=None, eq=False, repr=False)


@frozen
class Each:
    """A rule looks at every record of a list, one item each."""

    records: str
    binder: str
    label: Term | None = None
    at_most: int | None = None


@frozen(cache_hash=True)
class Rule:
    """
    One clause, machine-readable: who, under which conditions, what, and when.

    ``uses`` are the ids of the rules whose amounts it is computed from.
    """

    id: str
    title: str
    clause: Clause
    subject: str
    requirements: tuple[Requirement, ...]
    award: AwardStandard
    window: Window
    each: Each | None = None
    dated: Term | None = None
    event: Term | None = None
    payer: str = ""
    departments: str = ""
    readings: tuple[str, ...] = ()
    english: str = ""
    payers: tuple[Payer, ...] = ()
    uses: tuple[str, ...] = ()
    amended: tuple[Version, ...] = ()

    def title_in(self, lang: str) -> str:
        """The title in a language; Chinese where there is no other."""
        return self.english if lang == "en" and self.english else self.title


@frozen
class Reading:
    """
    A switch between the readings of an ambiguous word; the first value is default.

    ``any_date`` allows any ISO date besides the values; ``tried`` are the values that
    stand for the open ones when alternatives are shown.
    """

    id: str
    question: str
    values: Mapping[str, str] = field(hash=False)
    ambiguity: str = ""
    any_date: bool = False
    tried: tuple[str, ...] = ()
    english: Mapping[str, str] = field(factory=dict, hash=False)

    def meaning(self, value: str, lang: str) -> str:
        """What a value means, in words; an open date means itself."""
        said = self.english if lang == "en" else self.values
        return said.get(value) or self.values.get(value, value)

    @property
    def default(self) -> str:
        """What is read unless somebody says otherwise."""
        return next(iter(self.values))

    @property
    def others(self) -> tuple[str, ...]:
        """The values to try for alternatives, the default included."""
        return (*self.values, *self.tried)


@frozen
class Policy:
    """A published document: issuer, number, status, dates, source."""

    id: str
    title: str
    issuer: str
    status: Status
    number: str = ""
    interpreter: str = ""
    source: str = ""
    source_sha256: str = ""
    note: str = ""
