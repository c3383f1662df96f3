"""Policies, clauses, rules and the book that holds them: data, ready for any engine."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import Enum
from typing import Any

from attrs import field, frozen

from .errors import (
    Diagnostic,
    Place,
    UnknownRuleError,
    UsageError,
    did_you_mean,
    one_of,
)
from .ir import Condition, Term
from .vocabulary import Vocabulary


class ReasonCode(Enum):
    """Why a determination is what it is; the values are part of the contract."""

    CONDITION_MET = "condition-met"
    CONDITION_UNMET = "condition-unmet"
    FACT_MISSING = "fact-missing"
    NOT_YET_EFFECTIVE = "not-yet-effective"
    EFFECTIVE_DATE_UNKNOWN = "effective-date-unknown"
    NOT_YET_HAPPENED = "not-yet-happened"
    EXPIRED = "expired"
    ALREADY_AWARDED = "already-awarded"
    ONCE_ONLY = "once-only"
    SUPERSEDED = "superseded"
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

    ``text`` is what the author wrote, empty for what follows from other keys.
    """

    code: ReasonCode
    condition: Condition
    text: str = ""


@frozen
class Each:
    """A rule looks at every record of a list, one item each."""

    records: str
    binder: str
    label: Term | None = None
    at_most: int | None = None


class Combination(Enum):
    """How the items of a rule add up."""

    EVERY = "every"
    ONCE = "once"


@frozen
class Cash:
    """
    An amount in fen; with ``ONCE`` only the highest item (of each `per`) is paid.

    ``cap`` is what all items together can come to, less what was paid before.
    """

    amount: Term
    combination: Combination = Combination.EVERY
    per: Term | None = None
    cap: Term | None = None


@frozen
class NonCash:
    """A support or a priority that is not money."""

    support: str


@frozen
class Discretionary:
    """An award whose amount the text leaves to the authority."""

    why: str


AwardStandard = Cash | NonCash | Discretionary


@frozen(cache_hash=True)
class Rule:
    """One clause, machine-readable: who, under which conditions, what, and when."""

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
class Stacking:
    """
    An exclusive group: only the highest of its rules is paid (就高不重复).

    ``paid_elsewhere`` is, for each member, what the other members paid before.
    """

    id: str
    paid_elsewhere: Mapping[str, Term] = field(hash=False)


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


@frozen
class InventoryRow:
    """A unit of the source in the inventory: the rule that encodes it, or its kind."""

    id: str
    kind: str
    rule: str
    quote: str
    place: Place = field(eq=False, repr=False)


@frozen
class Case:
    """A worked example inside a rule file: given facts, and what they must come to."""

    name: str
    rule: str
    given: Mapping[str, Any] = field(hash=False)
    expected: Mapping[str, Any] = field(hash=False)
    place: Place
    as_of: date | None = None
    readings: Mapping[str, str] = field(factory=dict, hash=False)


@frozen
class RuleBook:
    """
    The rules of one policy under one set of readings.

    ``interpret`` gives the same book under other readings; ``digest`` identifies the
    files it was read from; ``places`` and ``quotes`` say where each rule and its quote
    stand; ``warnings`` are what is probably a slip in them, but may be meant.
    """

    policy: Policy
    vocabulary: Vocabulary
    rules: tuple[Rule, ...]
    stackings: tuple[Stacking, ...]
    declared_readings: Mapping[str, Reading] = field(hash=False)
    readings: Mapping[str, str] = field(hash=False)
    digest: str
    cases: tuple[Case, ...] = ()
    inventory: tuple[InventoryRow, ...] = ()
    places: Mapping[str, Place] = field(factory=dict, hash=False, repr=False)
    quotes: Mapping[str, Place] = field(factory=dict, hash=False, repr=False)
    warnings: tuple[Diagnostic, ...] = field(default=(), eq=False, repr=False)
    interpret: Callable[[Mapping[str, str]], "RuleBook"] = field(
        kw_only=True, eq=False, repr=False
    )

    def __getitem__(self, rule_id: str) -> Rule:
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        known = [rule.id for rule in self.rules]
        hint = did_you_mean(rule_id, known) or one_of(known)
        raise UnknownRuleError(f"unknown rule {rule_id!r}, {hint}")

    def __contains__(self, rule: object) -> bool:
        """Whether the book has a rule, by its id."""
        return any(each is rule or each.id == rule for each in self.rules)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __len__(self) -> int:
        return len(self.rules)

    def under(self, readings: Mapping[str, str | date]) -> "RuleBook":
        """
        The same rules with some readings changed; a date stands for its ISO form.

        Raises :class:`UsageError` for a reading or a value that is not declared.
        """
        plain = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in readings.items()
        }
        wanted = {**self.readings, **self.checked_readings(plain)}
        return self if wanted == self.readings else self.interpret(wanted)

    def checked_readings(self, readings: Mapping[str, str]) -> Mapping[str, str]:
        """The readings themselves; raises :class:`UsageError` where they are wrong."""
        problems = [
            problem
            for name, value in readings.items()
            if (problem := self._reading_problem(name, value)) is not None
        ]
        if problems:
            raise UsageError("\n".join(problems))
        return readings

    def _reading_problem(self, name: str, value: object) -> str | None:
        reading = self.declared_readings.get(name)
        if reading is None:
            hint = did_you_mean(str(name), self.declared_readings) or one_of(
                self.declared_readings
            )
            return f"unknown reading {name!r}, {hint}"
        known_value = isinstance(value, str) and value in reading.values
        if known_value or (reading.any_date and _is_iso_date(value)):
            return None
        dates = " or an ISO date" if reading.any_date else ""
        known = one_of(reading.values) + dates
        return f"reading {name!r} has no value {value!r}, expected {known}"


def _is_iso_date(value: object) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
