"""What every engine answers: what is to be said of a rule at one record."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Protocol

from attrs import field, frozen

from ..book import RuleBook
from ..combining import Stands
from ..explanation import Explanation
from ..facts import Record, Subject
from ..ir import Branch, Choose, Constant, Greatest, Kind, Term
from ..known import Known
from ..payments import Looked
from ..plain import Plain
from ..policy import Rule
from ..standards import Repayment
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

    ``known`` is what is due, in fen: nothing where the verdict is unmet, and None
    where the rule grants no money. ``lacking`` is what its requirements miss, and
    ``unmet`` how many of them are unmet; ``key`` tells apart what is paid once each.
    With a schedule ``whole`` is the whole award, ``instalments`` its parts, ``paid``
    what was paid of it and ``remaining`` what can still be; ``repayable`` is what must
    be given back. ``explain`` makes the reasons and the working when asked to.
    """

    verdict: Verdict
    known: Known | None
    lacking: frozenset[str]
    unmet: int
    key: Known | None
    dated: date | None
    label: str
    explain: Callable[[], Explanation] = field(eq=False, repr=False)
    whole: Known | None = None
    instalments: tuple[Looked, ...] = ()
    paid: Known | None = None
    remaining: Known | None = None
    repayable: Known | None = None


#: Rules in their order, with what each plainly comes to: None where one must look. No
#: other rule of the book comes to anything.
Survey = tuple[Sequence[Rule], Sequence[Plain | None]]


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

    @property
    def stands(self) -> Stands:
        """Refuses a place among the rules of a group that another engine does not see."""
        ...

    def survey(self, book: RuleBook, subject: Subject, as_of: date) -> Survey:
        """The rules that may come to something, with what they plainly come to."""
        ...


def repayable_of(repayments: tuple[Repayment, ...]) -> Term | None:
    """The most that any of some conditions makes repayable, in fen."""
    if not repayments:
        return None
    nothing = Constant(0, Kind.MONEY)
    cases = (
        Choose((Branch(each.condition, each.amount),), nothing) for each in repayments
    )
    return Greatest((nothing, *cases))
