"""The rule book: the rules of one policy under one set of readings."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from attrs import evolve, field, frozen

from .errors import (
    Diagnostic,
    Place,
    Placed,
    UnknownRuleError,
    UsageError,
    did_you_mean,
    one_of,
)
from .grouping import Budget, Group
from .policy import Policy, Reading, Rule, Window
from .vocabulary import Vocabulary
from .written import Written


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
    given: Placed | Mapping[str, Any] = field(hash=False)
    expected: Mapping[str, Any] = field(hash=False)
    place: Place
    as_of: date | None = None
    readings: Mapping[str, str] = field(factory=dict, hash=False)


#: Readings that are remembered as they were asked for.
_MOST_ASKED = 256


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
    ``asked`` are the books under other readings, as callers asked for them;
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
    asked: dict[tuple[tuple[str, str | date], ...], "RuleBook"] = field(
        factory=dict, init=False, eq=False, repr=False
    )

    def __getitem__(self, rule_id: str) -> Rule:
        found = self._by_id.get(rule_id)
        if found is not None:
            return found
        known = list(self._by_id)
        hint = did_you_mean(rule_id, known) or one_of(known)
        raise UnknownRuleError(f"unknown rule {rule_id!r}, {hint}")

    def __contains__(self, rule: object) -> bool:
        """Whether the book has a rule, by its id."""
        if isinstance(rule, Rule):
            return self._by_id.get(rule.id) is rule
        return isinstance(rule, str) and rule in self._by_id

    @cached_property
    def _by_id(self) -> Mapping[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __len__(self) -> int:
        return len(self.rules)

    def under(self, readings: Mapping[str, str | date]) -> "RuleBook":
        """
        The same rules with some readings changed; a date stands for its ISO form.

        Raises :class:`UsageError` for a reading or a value that is not declared.
        """
        asked = tuple(readings.items())
        try:
            found = self.asked.get(asked)
        except TypeError:  # a value that is none: it is told below
            found = None
        if found is not None:
            return found
        plain = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in readings.items()
        }
        wanted = {**self.readings, **self.checked_readings(plain)}
        book = self if wanted == self.readings else self.interpret(wanted)
        if book is not self and len(self.asked) < _MOST_ASKED:
            self.asked[asked] = book
        return book

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
