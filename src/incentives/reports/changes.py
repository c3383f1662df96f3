"""The nearest change that would make a rule due: each fact, as it is and as it must be."""

from collections.abc import Iterator
from datetime import date

from ..dates import NEVER, date_words
from ..explanation import Finding, Ground, Working, facts_behind
from ..ir import (
    All,
    Any,
    AsOf,
    Compare,
    Comparison,
    Condition,
    Constant,
    Exists,
    Fact,
    Holds,
    Kind,
    Member,
    Not,
    Uncertain,
)
from ..ir_kinds import kind_of
from ..policy import ReasonCode, Rule
from ..verdict import Verdict
from ..wording import DATE_NEEDS, Words, counted_conditions
from .phrases import code_words, listed, say


def unmet_parts(found: Finding) -> list[Finding]:
    """The fewest parts that must change for an unmet condition to be met."""
    if found.verdict is not Verdict.UNMET:
        return []
    parts = [part for part in found.because if isinstance(part, Finding)]
    match found.node:
        case All():
            return [leaf for part in parts for leaf in unmet_parts(part)]
        case Any() if parts:
            return min(map(unmet_parts, parts), key=_effort)
        case _:
            return [found]


def _effort(leaves: list[Finding]) -> tuple[bool, int]:
    """How much there is to change: a day that must be another comes last."""
    return any(_needs_another_day(leaf.node) for leaf in leaves), len(leaves)


def _needs_another_day(node: Condition) -> bool:
    match node:
        case Compare(comparison=sign, right=Constant(kind=Kind.DATE)):
            return sign in (Comparison.LT, Comparison.GE)
        case _:
            return False


def needed(grounds: tuple[Ground, ...], said: Words) -> Iterator[str]:
    """A line for every fact that must change, and one for those to be known."""
    changes: dict[tuple[str, str], list[str]] = {}
    for ground in grounds:
        for found in unmet_parts(ground.found):
            subject, now, must = _change(found, said)
            changes.setdefault((subject, now), []).append(must)
    for (subject, now), musts in changes.items():
        yield _changed(subject, now, musts, said)
    unknown = {
        path
        for ground in grounds
        for path in ground.found.missing
        if not path.startswith("policy.")
    }
    if unknown:
        paths = [said.path(path) for path in sorted(unknown)]
        yield say("also-unknown", said.lang, listed(paths, said.lang))


def change_words(found: Finding, said: Words) -> str:
    """`认定级别：现为省级，须为国家级`."""
    subject, now, must = _change(found, said)
    return _changed(subject, now, [must], said)


def _changed(subject: str, now: str, musts: list[str], said: Words) -> str:
    if not now:
        return subject
    return say("change", said.lang, subject, now, listed(musts, said.lang))


def _change(found: Finding, said: Words) -> tuple[str, str, str]:
    """`认定级别`, `省级`, `为国家级`; of an odd condition only what it says."""
    positive = not isinstance(found.node, Not)
    inner, node = found, found.node
    if isinstance(node, Not):
        (part,) = found.because
        assert isinstance(part, Finding)  # noqa: S101  # what is negated is a condition
        inner, node = part, node.part
    requirement = _requirement(node, inner, said, positive=positive)
    if requirement is None:
        return say("to-be-met", said.lang, said.condition(found.node)), "", ""
    subject, must = requirement
    left = inner.because[0]
    now = (
        _value(left, said)
        if isinstance(node, Compare) and isinstance(left, Working)
        else listed(looked_at(inner, said), said.lang)
    )
    return subject, now, must + _later_day(inner, said)


def _requirement(
    node: Condition, found: Finding, said: Words, *, positive: bool
) -> tuple[str, str] | None:
    """What a simple condition is about, and what that must be."""
    match node:
        case Holds(term=term):
            word = said.say("yes" if positive else "no")
            return said.term(term), say("be", said.lang, word)
        case Compare() if counted_conditions(node):
            return None
        case Compare(left=left) if positive:
            return said.term(left), _compared(node, found, said)
        case Member(terms=terms):
            names = listed([said.term(term) for term in terms], said.lang)
            return names, _membership(node, said, positive=positive)
        case _:
            return None


def _compared(node: Compare, found: Finding, said: Words) -> str:
    kind = kind_of(node.left)
    right = (
        said.threshold(node, node.right)
        if isinstance(node.right, Constant)
        else _with_value(found.because[1], said)
    )
    if node.comparison is Comparison.EQ:
        return say("be", said.lang, right)
    if node.comparison is Comparison.NE:
        return say("not-be", said.lang, right)
    if kind is Kind.DATE:
        return DATE_NEEDS[node.comparison][said.index].format(right)
    return say("be-compared", said.lang, f"{node.comparison.value} {right}")


def _with_value(part: Working | Finding, said: Words) -> str:
    """A term that is not a plain constant, with its value."""
    assert isinstance(part, Working)  # noqa: S101  # a comparison of terms
    name = said.term(part.node)
    if isinstance(part.node, Uncertain):
        return name
    value = said.value(part.known.value, kind_of(part.node))
    return say("aside", said.lang, name, value)


def _membership(node: Member, said: Words, *, positive: bool) -> str:
    but = "" if positive else "not-"
    if node.name:
        return say(f"{but}be-in", said.lang, said.table(node.name))
    first = node.terms[0]
    fact = first if isinstance(first, Fact) else None
    shown = [said.value(value, kind_of(first), fact) for value in node.shown]
    key = "be" if len(shown) == 1 else "be-among"
    return say(f"{but}{key}", said.lang, listed(shown, said.lang))


def _later_day(found: Finding, said: Words) -> str:
    """An event that is still to come needs no other fact, only time."""
    match found.node:
        case Compare(comparison=Comparison.LE, right=AsOf()):
            part = found.because[0]
            day = part.known.value if isinstance(part, Working) else None
            if isinstance(day, date) and day != NEVER:
                return say("later-day", said.lang, date_words(day, said.lang))
        case _:
            pass
    return ""


# --- the time is over ----------------------------------------------------------


def out_of_time(
    grounds: tuple[Ground, ...], rule: Rule, as_of: date, said: Words
) -> str:
    """Why it is too late for a rule, or for a record of it; empty where it is not."""
    for ground in grounds:
        late = ground.code is ReasonCode.EXPIRED and rule.window.last < as_of
        early = ground.code is ReasonCode.NOT_YET_EFFECTIVE
        if not late and not (early and _is_past(ground.found, rule, as_of)):
            continue
        subject, now, must = _change(ground.found, said)
        code = code_words(ground.code, said.lang)
        why = say("out-of-time", said.lang, code, subject, now, must)
        another = rule.each is not None and as_of <= rule.window.last
        return say("record-none" if another else "changes-none", said.lang, why)
    return ""


def _is_past(found: Finding, rule: Rule, as_of: date) -> bool:
    """Whether a comparison is about the event of a rule, and that has happened."""
    match found.node:
        case Compare(left=left) if left == rule.event:
            day = found.because[0]
            happened = isinstance(day, Working) and day.known.high
            return isinstance(happened, date) and happened <= as_of
        case _:
            return False


def never_happened(found: Finding) -> Working | None:
    """The day that a condition looks at, if it is known never to have come."""
    match found:
        case Finding(node=Compare(), because=(Working(node=Fact()) as day, *_)):
            return day if day.known.value == NEVER else None
        case _:
            return None


# --- the facts as they are -----------------------------------------------------


def looked_at(found: Finding, said: Words) -> list[str]:
    """
    The values of the facts in a simple condition, in words.

    The day asked about is no fact: it counts only where nothing else does.
    """
    parts = [
        part
        for part in found.because
        if isinstance(part, Working) and not isinstance(part.node, Constant | Uncertain)
    ]
    facts = [part for part in parts if not isinstance(part.node, AsOf)]
    return [_value(part, said) for part in facts or parts]


def _value(part: Working, said: Words) -> str:
    """The value of a term; of a computed one, with the facts that it comes from."""
    fact = part.node if isinstance(part.node, Fact) else None
    value = said.value(part.known.value, kind_of(part.node), fact)
    if isinstance(part.node, Fact | AsOf):
        return value
    facts = {working.path: working for working in facts_behind(part)}
    used = [
        say("valued", said.lang, said.term(w.node), _value(w, said))
        for w in facts.values()
    ]
    if not used:
        return value
    return say("from", said.lang, value, listed(used, said.lang))


def actual(found: Finding, said: Words) -> str:
    """What the facts of a simple condition really are, empty where that is said."""
    inner = found
    while isinstance(inner.node, Not):
        (part,) = inner.because
        assert isinstance(part, Finding)  # noqa: S101  # what is negated is a condition
        inner = part
    if isinstance(inner.node, All | Any) or counted_conditions(inner.node):
        return ""
    if isinstance(inner.node, Exists):
        return _records(inner, said) if found.verdict is Verdict.UNMET else ""
    if found.verdict is Verdict.MET and _says_its_value(found.node):
        return ""
    values = looked_at(inner, said)
    if found.verdict is Verdict.UNKNOWN and set(values) <= {said.say("unknown")}:
        return say("unknown-value", said.lang)
    return say("actual", said.lang, listed(values, said.lang)) if values else ""


def _says_its_value(node: Condition) -> bool:
    """Whether a condition that is met leaves no doubt about the value."""
    match node:
        case Holds() | Not(part=Holds()):
            return True
        case Compare(comparison=Comparison.EQ, right=Constant()):
            return True
        case Member(shown=(_,), name=""):
            return True
        case _:
            return False


def _records(found: Finding, said: Words) -> str:
    """The records that meet a condition which none of them should."""
    paths = [
        fact.path.rpartition(".")[0]
        for part in found.because
        if isinstance(part, Finding) and part.verdict is Verdict.MET
        for fact in facts_behind(part)
    ]
    records = [said.path(path) for path in dict.fromkeys(paths) if path]
    return say("see", said.lang, listed(records, said.lang)) if records else ""
