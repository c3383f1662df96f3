"""Policies, clauses, rules and the book that holds them: data, ready for any engine."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import Enum
from typing import Any

from attrs import evolve, field, frozen

from .errors import (
    Diagnostic,
    Place,
    UnknownRuleError,
    UsageError,
    did_you_mean,
    one_of,
)
from .ir import All, Condition, Fact, Member, Sum, Term, Value
from .versions import Version
from .vocabulary import Vocabulary
from .written import Written


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


class Combination(Enum):
    """How the items of a rule add up."""

    EVERY = "every"
    ONCE = "once"


@frozen
class Instalment:
    """
    A part of an award that falls due on a day of its own (分期).

    ``amount`` is in fen and adds up with the others to the whole; ``on`` is the day,
    which must not be after ``by``, where there is such a day; ``met`` is what else must
    hold by then: a milestone. ``label`` is what the author calls it.
    """

    amount: Term
    on: Term
    by: Term | None = None
    met: Condition | None = None
    label: str = ""


@frozen
class Schedule:
    """
    How an award is paid over time: the ``whole`` of it, and its parts in order.

    ``paid`` is what was paid before of this very award, in fen.
    """

    whole: Term
    instalments: tuple[Instalment, ...]
    paid: Term


@frozen
class Repayment:
    """What must be given back (追回), in fen, where a condition is met."""

    condition: Condition
    amount: Term
    label: str = ""


@frozen
class Payer:
    """Who pays which share of an award; None is whatever the others leave."""

    who: str
    share: Term | None = None


@frozen
class Cash:
    """
    An amount in fen; with ``ONCE`` only the highest item (of each `per`) is paid.

    ``cap`` is what all items together can come to, less what was paid before; ``most``
    is how many items are paid at all, the highest ones. With a ``schedule`` the amount
    is what is due of it by the day asked about. ``repayments`` are what may have to be
    given back.
    """

    amount: Term
    combination: Combination = Combination.EVERY
    per: Term | None = None
    cap: Term | None = None
    most: Term | None = None
    schedule: Schedule | None = None
    repayments: tuple[Repayment, ...] = ()


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
class Past:
    """
    The awards paid before that a group counts: those of the policy, of its period.

    ``where`` does not say under which rules; :meth:`under` does.
    """

    where: Condition
    rule: Fact
    amount: Fact

    def under(self, *rules: str) -> Sum:
        """What was paid before under some rules, in fen."""
        rows: frozenset[tuple[Value, ...]] = frozenset((rule,) for rule in rules)
        among = Member((self.rule,), rows, shown=rules)
        return Sum("awards", "award", All((among, self.where)), self.amount)


class Sharing(Enum):
    """Who gives way where several amounts exceed what there is for them."""

    IN_ORDER = "in order"
    PRO_RATA = "pro rata"


@frozen
class Highest:
    """Only the highest is paid (就高不重复), less what the others were paid before."""

    past: Past


@frozen
class Capped:
    """
    All members together come to no more than a cap (合计封顶), a cap per subject.

    ``room`` is, for each kind of subject, the cap less what was paid before in the
    period that it is for, in fen.
    """

    room: Mapping[str, Term] = field(hash=False)
    sharing: Sharing = Sharing.IN_ORDER


@frozen
class Group:
    """Rules, in the order of the book, whose amounts do not simply add up (叠加)."""

    id: str
    members: tuple[str, ...]
    combine: Highest | Capped
    english: str = ""

    def name_in(self, lang: str) -> str:
        """What the group is called in a language; Chinese where there is no other."""
        return self.english if lang == "en" and self.english else self.id


class Exceeded(Enum):
    """How a budget is shared out where it does not suffice for everybody."""

    PRO_RATA = "pro rata"
    FIRST_COME = "first come"
    RANKING = "ranking"


class Ties(Enum):
    """What becomes of equals of whom not all can be paid in full."""

    REFUSED = "refused"
    PRO_RATA = "pro rata"
    BY_ID = "by id"


@frozen
class Budget:
    """
    What all subjects together can be paid under some rules (资金规模).

    ``amount`` and ``spent`` are in fen; without an amount only the quota, the number
    of subjects, is limited. ``order`` is, for each rule, the day or the figure by
    which its claims are served, at one of its records where it has any.
    """

    id: str
    rules: tuple[str, ...]
    amount: int | None
    spent: int = 0
    exceeded: Exceeded = Exceeded.PRO_RATA
    order: Mapping[str, Term] = field(factory=dict, hash=False)
    ascending: bool = True
    quota: int | None = None
    ties: Ties = Ties.REFUSED
    english: str = ""

    def name_in(self, lang: str) -> str:
        """What the budget is called in a language; Chinese where there is no other."""
        return self.english if lang == "en" and self.english else self.id


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


def _not_read(
    readings: Mapping[str, str], rule: str, since: object, changes: Mapping[str, object]
) -> "RuleBook":
    raise UsageError("this book was not read from files: load() one to amend it")


@frozen
class RuleBook:
    """
    The rules of one policy under one set of readings.

    ``interpret`` gives the same book under other readings, and ``revise`` a book with
    words of a rule changed: see :meth:`amend`; ``digest`` identifies the
    files it was read from; ``places`` and ``quotes`` say where each rule and its quote
    stand; ``warnings`` are what is probably a slip in them, but may be meant.
    ``window`` is the policy's own; ``written`` is what checks know of the files, and
    ``sources`` what each rule is printed from.
    """

    policy: Policy
    vocabulary: Vocabulary
    rules: tuple[Rule, ...]
    groups: tuple[Group, ...]
    declared_readings: Mapping[str, Reading] = field(hash=False)
    readings: Mapping[str, str] = field(hash=False)
    digest: str
    cases: tuple[Case, ...] = ()
    inventory: tuple[InventoryRow, ...] = ()
    places: Mapping[str, Place] = field(factory=dict, hash=False, repr=False)
    quotes: Mapping[str, Place] = field(factory=dict, hash=False, repr=False)
    warnings: tuple[Diagnostic, ...] = field(default=(), eq=False, repr=False)
    budgets: tuple[Budget, ...] = ()
    window: Window | None = None
    written: Written = field(factory=Written, eq=False, repr=False)
    sources: Mapping[str, object] = field(factory=dict, eq=False, repr=False)
    interpret: Callable[[Mapping[str, str]], "RuleBook"] = field(
        kw_only=True, eq=False, repr=False
    )
    revise: Callable[
        [Mapping[str, str], str, str | date | None, Mapping[str, object]], "RuleBook"
    ] = field(default=_not_read, kw_only=True, eq=False, repr=False)

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

    def amend(
        self, rule: str, /, *, since: str | date | None = None, **changes: object
    ) -> "RuleBook":
        """
        The book with some words of one rule changed; this one stays what it is.

        A keyword is a key of the rule file, or one of the words under its `award`,
        with underscores for blanks; None takes a key away. ``since`` is the first day
        on which the change applies, decided by the day that the rule is dated by;
        without it the rule is replaced altogether, as if it had always been so.

        >>> import incentives
        >>> book = incentives.bundled()
        >>> reform = book.amend("pilot-platform", cap="800万元", since="2026-07-01")
        >>> for version in reform["pilot-platform"].amended:
        ...     print(version.since, version.changes)
        2026-07-01 (Change(key='award.cap', old='500万元', new='800万元'),)

        Raises :class:`UnknownRuleError` for an unknown rule, :class:`UsageError` for
        a keyword or a value that makes no sense, and :class:`PackError` with all that
        is wrong with the rule that comes of it.
        """
        book = self.revise(self.readings, self[rule].id, since, changes)
        warnings = dict.fromkeys((*self.warnings, *book.warnings))
        return evolve(book, warnings=tuple(warnings))

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
