"""What every engine answers: what is to be said of a rule at one record."""

from datetime import date
from typing import Protocol

from attrs import frozen

from ..explanation import Ground, Working
from ..facts import Record, Subject
from ..ir import Term
from ..known import Known
from ..policy import Rule
from ..verdict import Verdict


@frozen
class Bound:
    """The record that a name stands for; None is a record nobody knows anything of."""

    record: Record | None
    path: str


@frozen
class Look:
    """
    What a rule comes to at one record, before its items are combined.

    ``working`` is None where the rule grants no money; ``key`` tells apart what is
    paid once each.
    """

    verdict: Verdict
    working: Working | None
    key: Known | None
    dated: date | None
    label: str
    grounds: tuple[Ground, ...]


class Engine(Protocol):
    """Reads the kernel; all engines give the same answers."""

    def look(self, rule: Rule, subject: Subject, as_of: date, at: Bound | None) -> Look:
        """What a rule comes to at one of its records, or at the subject itself."""
        ...

    def amount(self, term: Term, subject: Subject, as_of: date) -> Known:
        """What a term over the facts of the subject comes to."""
        ...
