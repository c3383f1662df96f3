"""What an engine found: verdicts and values with everything they follow from."""

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar, Union, assert_never

from attrs import frozen

from .ir import Choose, Condition, Fact, Term
from .known import NOTHING_MISSING, Known
from .policy import ReasonCode, Requirement
from .verdict import Verdict


@frozen
class Working:
    """
    What a term came to, and from what: 算式.

    ``path`` is where a fact stands in the record, such as `platforms[0].chain`.
    """

    node: Term
    known: Known
    because: tuple[Union["Working", "Finding"], ...] = ()
    path: str = ""

    def terms(self) -> Iterator["Working"]:
        """The working itself and every one below it."""
        yield self
        for part in self.because:
            if isinstance(part, Working):
                yield from part.terms()


@frozen
class Finding:
    """The verdict on a condition, and from what it follows."""

    node: Condition
    verdict: Verdict
    missing: frozenset[str] = NOTHING_MISSING
    because: tuple[Union["Working", "Finding"], ...] = ()

    def fact(self) -> Working | None:
        """The first fact that the condition looks at directly."""
        terms = (part for part in self.because if isinstance(part, Working))
        return next((fact for term in terms for fact in facts_behind(term)), None)


def parts_of(found: Finding) -> list[Finding]:
    """The conditions that a condition is made of, those that it counts included."""
    direct = [part for part in found.because if isinstance(part, Finding)]
    if direct:
        return direct
    terms = (part for part in found.because if isinstance(part, Working))
    counted = (inner for term in terms for inner in term.because)
    return [
        part
        for each in counted
        if isinstance(each, Working) and isinstance(each.node, Choose)
        for part in each.because
        if isinstance(part, Finding)
    ]


def facts_behind(part: Working | Finding) -> Iterator[Working]:
    """Every fact from which a value or a verdict follows."""
    if isinstance(part, Working) and isinstance(part.node, Fact):
        yield part
    for inner in part.because:
        yield from facts_behind(inner)


def finding(
    node: Condition,
    verdict: Verdict,
    because: Iterable[Working | Finding],
    missing: frozenset[str],
) -> Finding:
    """A finding that misses something only where it is unknown."""
    lacking = missing if verdict is Verdict.UNKNOWN else NOTHING_MISSING
    return Finding(node, verdict, lacking, tuple(because))


@frozen
class Ground:
    """One requirement of a rule with what was found about it."""

    requirement: Requirement
    found: Finding

    @property
    def code(self) -> ReasonCode:
        """Why this requirement is met, unmet or unknown."""
        match self.found.verdict:
            case Verdict.MET:
                return ReasonCode.CONDITION_MET
            case Verdict.UNMET:
                return self.requirement.code
            case Verdict.UNKNOWN if _only_policy(self.found.missing):
                return ReasonCode.EFFECTIVE_DATE_UNKNOWN
            case Verdict.UNKNOWN:
                return ReasonCode.FACT_MISSING
            case _:
                assert_never(self.found.verdict)


@frozen
class Explanation:
    """Why a rule comes to what it does at one record: its grounds, and the working."""

    grounds: tuple[Ground, ...] = ()
    working: Working | None = None


Made = TypeVar("Made")


class Later(Generic[Made]):
    """
    What is made when it is first asked for, and then kept.

    Two of them are equal where what they make is.
    """

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make = make
        self._made: Made | None = None

    def __call__(self) -> Made:
        if self._made is None:
            self._made = self._make()
        return self._made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Later) and self() == other()

    def __hash__(self) -> int:
        return hash(self())


def _only_policy(missing: frozenset[str]) -> bool:
    return bool(missing) and all(path.startswith("policy.") for path in missing)
