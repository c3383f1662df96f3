"""Every distinct pattern of a rule, decided by all engines before anything is awarded."""

from collections.abc import Callable, Mapping
from itertools import count
from weakref import ref

from attrs import field, frozen

from ..errors import EngineDisagreement
from ..policy import Rule
from ..verdict import Verdict
from ..vocabulary import SubjectDeclaration, Vocabulary
from .durable import DurableRails, shared, why_not
from .rails import Outline, Pattern, contest, decided, outline

#: Patterns remembered of one rule, and of all rules, before remembering starts anew.
MOST_PATTERNS = 1_024
MOST_REMEMBERED = 200_000

_ACTIVE = "active"


def engines() -> Mapping[str, str]:
    """Which engines decide here, and why one does not."""
    reason = why_not()
    durable = f"inactive: {reason}" if reason else _ACTIVE
    return {"compiled": _ACTIVE, "reference": _ACTIVE, "durable": durable}


@frozen
class _Agreed:
    """What all engines have said of the patterns of a rule that is still in use."""

    rule: "ref[Rule]"
    verdicts: dict[Pattern, Verdict] = field(factory=dict)


class Witness:
    """
    Has each distinct pattern of a rule decided once by every engine.

    Threads may share one. What was agreed on is looked up without a lock: each step
    on a dictionary is atomic, and at worst two threads ask about the same pattern.
    """

    def __init__(
        self,
        durable: Callable[[], DurableRails | None] = shared,
        most_patterns: int = MOST_PATTERNS,
        most_remembered: int = MOST_REMEMBERED,
    ) -> None:
        self._durable = durable
        self._most_patterns = most_patterns
        self._most_remembered = most_remembered
        # By identity: to compare two rules would take longer than to judge one.
        self._agreed: dict[int, _Agreed] = {}
        self._stood: dict[Pattern, Verdict] = {}
        self._numbers = count(1)

    @property
    def remembered(self) -> int:
        """Of how many rules anything is remembered."""
        return len(self._agreed)

    def confirm(self, rule: Rule, pattern: Pattern, verdict: Verdict) -> None:
        """
        Refuse a verdict that not every engine comes to.

        `pattern` has a verdict for each of the propositions of the requirements.
        """
        agreed = self._agreed.get(id(rule))
        if (
            agreed is None
            or agreed.verdicts.get(pattern) is not verdict
            or agreed.rule() is not rule
        ):
            self._decide(rule, pattern, verdict)

    def stands(self, rivalry: Pattern, paid: Verdict) -> None:
        """
        Refuse a place among the rules of a group that not every engine comes to.

        The first proposition of `rivalry` is that anything may be due of an amount, and
        each of the others that another amount beats it.
        """
        if self._stood.get(rivalry) is paid:
            return
        formula = contest(len(rivalry) - 1)
        said = {"compiled": paid, "reference": decided(formula, rivalry)}
        durable = self._durable()
        if durable is not None:
            said["durable"] = durable.decided(formula, rivalry)
        if len(set(said.values())) > 1:
            words = ", ".join(each.value for each in rivalry)
            raise EngineDisagreement(
                f"engines disagree on who of a group is paid: {_by_engine(said)}\n"
                f"  anything may be due, then beaten by each other: {words}"
            )
        if len(self._stood) >= self._most_patterns:
            self._stood.clear()
        self._stood[rivalry] = paid

    def _decide(self, rule: Rule, pattern: Pattern, verdict: Verdict) -> None:
        conditions = tuple(each.condition for each in rule.requirements)
        found = outline(conditions)
        if len(pattern) != len(found.propositions):
            raise ValueError(
                f"rule {rule.id!r} has {len(found.propositions)} propositions, "
                f"not {len(pattern)}"
            )
        said = {"compiled": verdict, "reference": decided(found.formula, pattern)}
        durable = self._durable()
        if durable is not None:
            said["durable"] = durable.verdict(conditions, pattern)
        if len(set(said.values())) > 1:
            raise EngineDisagreement(_traced(rule, found, pattern, said))
        self._remember(rule, pattern, verdict)

    def _remember(self, rule: Rule, pattern: Pattern, verdict: Verdict) -> None:
        if next(self._numbers) % self._most_remembered == 0:
            self._agreed = {}
        key, all_agreed = id(rule), self._agreed
        agreed = all_agreed.get(key)
        if agreed is None or agreed.rule() is not rule:
            # A rule that is gone takes along what is remembered of it.
            agreed = _Agreed(ref(rule, lambda _: all_agreed.pop(key, None)))
            all_agreed[key] = agreed
        if len(agreed.verdicts) >= self._most_patterns:
            agreed.verdicts.clear()
        agreed.verdicts[pattern] = verdict


def _by_engine(said: Mapping[str, Verdict]) -> str:
    return ", ".join(f"{name}: {verdict.value}" for name, verdict in said.items())


def _traced(
    rule: Rule, found: Outline, pattern: Pattern, said: Mapping[str, Verdict]
) -> str:
    """What each engine said, and each proposition in English, facts by their names."""
    from ..wording import Words  # noqa: PLC0415  # only a disagreement needs words

    nothing = SubjectDeclaration({}, {})
    words = Words(Vocabulary({rule.subject: nothing}), rule.subject, "en")
    lines = (
        f"  {verdict.value}: {words.condition(condition)}"
        for condition, verdict in zip(found.propositions, pattern, strict=True)
    )
    return "\n".join((f"engines disagree on {rule.id!r}: {_by_engine(said)}", *lines))
