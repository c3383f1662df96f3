"""What every engine answers: what is to be said of a rule at one record."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Protocol

from attrs import frozen

from ..explanation import Ground, Working
from ..facts import Record, Subject
from ..ir import Term
from ..known import Known
from ..payments import Looked
from ..policy import Rule
from ..verdict import Verdict

#: What other rules come to for the same subject, in fen, by their ids.
Due = Mapping[str, Known]
NOTHING_DUE: Due = MappingProxyType({})


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
    paid once each. With a schedule ``whole`` is the whole award, ``instalments`` its
    parts, ``paid`` what was paid of it and ``remaining`` what can still be; ``repayable`` is what must be given back.
    """

    verdict: Verdict
    working: Working | None
    key: Known | None
    dated: date | None
    label: str
    grounds: tuple[Ground, ...]
    whole: Working | None = None
    instalments: tuple[Looked, ...] = ()
    paid: Known | None = None
    remaining: Known | None = None
    repayable: Known | None = None


class Engine(Protocol):
    """Reads the kernel; all engines give the same answers."""

    def look(
        self,
        rule: Rule,
        subject: Subject,
        as_of: date,
        at: Bound | None,
        due: Due = NOTHING_DUE,
    ) -> Look:
        """What a rule comes to at one of its records, or at the subject itself."""
        ...

    def amount(
        self, term: Term, subject: Subject, as_of: date, due: Due = NOTHING_DUE
    ) -> Known:
        """What a term over the facts of the subject comes to."""
        ...
