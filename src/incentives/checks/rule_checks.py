"""Rules that never apply, conditions that say nothing, windows beyond the policy's."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from attrs import evolve, frozen

from ..book import RuleBook
from ..dates import LAST_DAY
from ..engines.engine import Bound, Look
from ..engines.reference import ReferenceEngine
from ..errors import Diagnostic, Place, Severity, listed
from ..facts import County, Enterprise
from ..ir import All, Any, Choose, Condition, Exists, Fact
from ..ir_walk import rewritten, walk
from ..known import Known
from ..policy import Requirement, Rule
from ..verdict import Verdict
from ..wording import Words
from .restrictions import Restriction, declared, disjoint, restriction, within

_ENGINE = ReferenceEngine()
#: The list of what was paid before: what is said of it follows from other keys.
_HISTORY = "awards"


def rule_problems(book: RuleBook) -> Iterator[Diagnostic]:
    """What is probably a slip in a rule, under whatever readings it shows."""
    seen: dict[Rule, None] = {}
    found: dict[Diagnostic, None] = {}
    for each in (book, *map(book.under, book.written.branches)):
        for rule in each:
            if rule not in seen:
                seen[rule] = None
                found |= dict.fromkeys(_problems(rule, each, book))
    yield from found


def _problems(rule: Rule, book: RuleBook, default: RuleBook) -> Iterator[Diagnostic]:
    yield from _windows(rule, default)
    conflicts = list(_conflicts(rule, book))
    if default.window is None or rule.window.last >= default.window.earliest:
        yield from conflicts or _never(rule, book)
    yield from _idle(rule, book)
    yield from _unreached(rule, book)


def _warning(
    code: str, message: str, place: Place, help: str, *also: tuple[str, Place]
) -> Diagnostic:
    return Diagnostic(code, message, place, help, Severity.WARNING, also)


# --- windows -------------------------------------------------------------------


def _windows(rule: Rule, book: RuleBook) -> Iterator[Diagnostic]:
    """A rule in force when its policy, as it is read by default, is not."""
    own, policy = rule.window, book.window
    place = book.places[rule.id]
    if policy is None:
        return
    if own.last < policy.earliest:
        yield _warning(
            "window-outside-policy",
            f"the rule {rule.id!r} ends on {own.last}, before its policy begins "
            f"on {policy.earliest}",
            place,
            "check 'sunset': no event of its time can be asked about",
        )
        return
    if own.earliest < policy.earliest:
        yield _warning(
            "window-outside-policy",
            f"the rule {rule.id!r} begins on {own.earliest}, before its policy "
            f"on {policy.earliest}",
            place,
            "check 'effective': a rule that reaches back says so in its clause",
        )
    if own.last > policy.last:
        yield _warning(
            "window-outside-policy",
            f"the rule {rule.id!r} ends on {own.last}, after its policy "
            f"on {policy.last}",
            place,
            "check 'sunset' here and in policy.yaml",
        )


# --- what is stated ------------------------------------------------------------


@frozen
class _Stated:
    """One part of a conjunction, and the requirement that it stands in."""

    condition: Condition
    requirement: Requirement | None

    @property
    def restriction(self) -> Restriction | None:
        """What it leaves to what it looks at."""
        return restriction(self.condition)


def _flat(condition: Condition, requirement: Requirement | None) -> Iterator[_Stated]:
    parts = condition.parts if isinstance(condition, All) else ()
    if not parts:
        yield _Stated(condition, requirement)
    for part in parts:
        yield from _flat(part, requirement)


def _stated(rule: Rule) -> list[_Stated]:
    return [s for r in rule.requirements for s in _flat(r.condition, r)]


@frozen
class _Naming:
    """How the conditions of a rule are called, and where they stand."""

    rule: Rule
    book: RuleBook

    def words(self, stated: _Stated) -> str:
        """What the author wrote, or what follows from other keys in words."""
        requirement = stated.requirement
        if (
            requirement is not None
            and requirement.text
            and stated.condition == requirement.condition
        ):
            return requirement.text
        said = Words(self.book.vocabulary, self.rule.subject)
        return said.condition(stated.condition)

    def place(self, stated: _Stated) -> Place:
        """Where it stands, or the rule where that is not written."""
        place = None if stated.requirement is None else stated.requirement.place
        return place or self.book.places[self.rule.id]


def _exclude(left: _Stated, right: _Stated) -> bool:
    one, other = left.restriction, right.restriction
    return (
        one is not None
        and other is not None
        and one.terms == other.terms
        and disjoint(one.values, other.values)
    )


def _conflicting(
    inner: Sequence[_Stated], outer: Sequence[_Stated]
) -> Iterator[tuple[_Stated, _Stated]]:
    """The first two parts that exclude each other, at least one of the inner ones."""
    for index, part in enumerate(inner):
        for other in (*outer, *inner[:index]):
            if _exclude(part, other):
                yield other, part
                return


# --- rules that never apply ----------------------------------------------------


def _conflicts(rule: Rule, book: RuleBook) -> Iterator[Diagnostic]:
    """Conditions that exclude each other, of the whole rule or of one alternative."""
    naming = _Naming(rule, book)
    stated = _stated(rule)
    for first, second in _conflicting(stated, ()):
        yield _warning(
            "never-fires",
            f"the rule {rule.id!r} can never apply: {naming.words(second)!r} excludes "
            f"{naming.words(first)!r}",
            naming.place(second),
            "one of the two is a slip, or they are alternatives: 'any of:'",
            (f"{naming.words(first)!r} stands here", naming.place(first)),
        )
        return
    for part in stated:
        yield from _alternatives(part, stated, naming)


def _alternatives(
    stated: _Stated, outer: list[_Stated], naming: _Naming
) -> Iterator[Diagnostic]:
    """Alternatives, and conditions on records, that can never be met."""
    match stated.condition:
        case Any(parts=parts):
            inner = [list(_flat(part, stated.requirement)) for part in parts]
        case Exists(records=records, where=where) if records != _HISTORY:
            inner = [list(_flat(where, stated.requirement))]
        case _:
            return
    for alternative in inner:
        around = [other for other in outer if other is not stated]
        for first, second in _conflicting(alternative, around):
            yield _warning(
                "never-met",
                f"this alternative can never hold: {naming.words(second)!r} excludes "
                f"{naming.words(first)!r}",
                naming.place(second),
                "leave the alternative out, or mend one of the two",
                (f"{naming.words(first)!r} stands here", naming.place(first)),
            )


def _never(rule: Rule, book: RuleBook) -> Iterator[Diagnostic]:
    """A rule that applies to nobody of whom nothing is known."""
    looks = [_look(_opened(rule), day) for day in _days(rule)]
    if any(_possible(look) for look in looks):
        return
    naming = _Naming(rule, book)
    never = [
        requirement
        for index, requirement in enumerate(rule.requirements)
        if all(
            look.explain().grounds[index].found.verdict is Verdict.UNMET
            for look in looks
        )
    ]
    stated = [_Stated(each.condition, each) for each in never]
    if stated:
        words = listed(naming.words(each) for each in stated)
        why, place = f"nothing meets {words}", naming.place(stated[0])
    else:
        why, place = "it comes to nothing, whatever the facts", book.places[rule.id]
    yield _warning(
        "never-fires",
        f"the rule {rule.id!r} can never apply: {why}",
        place,
        "no fact and no day was found under which it does",
    )


def _possible(look: Look) -> bool:
    nothing = look.known is not None and look.known.high == 0
    return look.verdict is not Verdict.UNMET and not nothing


def _opened(rule: Rule) -> Rule:
    """The rule with every closed fact open, and of a subject of which no id is known."""
    return rewritten(rule, _open)


def _open(node: object) -> object:
    if not isinstance(node, Fact):
        return node
    return evolve(node, name="" if node.path == "id" else node.name, default=None)


def _days(rule: Rule) -> Iterator[date]:
    """The ends of the window, days inside it, and a year later for what is dated."""
    window = rule.window
    first, last = window.earliest, window.last
    yield from (first, window.latest, last, first + (last - first) / 2)
    yield min(last, LAST_DAY - timedelta(days=366)) + timedelta(days=366)


def _look(rule: Rule, day: date) -> Look:
    subject = County(id="某地") if rule.subject == "county" else Enterprise(id="某单位")
    at = None if rule.each is None else Bound(None, rule.each.records)
    due = {used: Known(0, None) for used in rule.uses}
    return _ENGINE.look(rule, subject, day, at, due)


# --- conditions that say nothing -----------------------------------------------


def _idle(rule: Rule, book: RuleBook) -> Iterator[Diagnostic]:
    """What the author requires although it follows from something else."""
    naming = _Naming(rule, book)
    stated = _stated(rule)
    for index, part in enumerate(stated):
        found = part.restriction
        if found is None or part.requirement is None or part.requirement.place is None:
            continue
        known = declared(found.terms)
        if known is not None and within(known, found.values):
            yield _warning(
                "always-met",
                f"every value meets {naming.words(part)!r}",
                naming.place(part),
                "leave it out, or mend it: the declaration of the fact says as much",
            )
            continue
        others = [
            other for i, other in enumerate(stated) if _implies(other, part, i < index)
        ]
        if others:
            yield _warning(
                "always-met",
                f"{naming.words(part)!r} follows from {naming.words(others[0])!r}",
                naming.place(part),
                "leave it out, or mend one of the two",
                (f"{naming.words(others[0])!r} stands here", naming.place(others[0])),
            )


def _implies(left: _Stated, right: _Stated, earlier: bool) -> bool:
    """Whether the one is met only where the other is; of two alike the later is."""
    one, other = left.restriction, right.restriction
    if left is right or one is None or other is None or one.terms != other.terms:
        return False
    alike = within(other.values, one.values)
    return within(one.values, other.values) and (earlier or not alike)


# --- tiers that are never reached ----------------------------------------------


def _unreached(rule: Rule, book: RuleBook) -> Iterator[Diagnostic]:
    naming = _Naming(rule, book)
    stated = _stated(rule)
    for node in walk(rule.award):
        if not isinstance(node, Choose):
            continue
        for branch in node.branches:
            parts = list(_flat(branch.condition, None))
            for first, _ in _conflicting(parts, stated):
                tier = naming.words(_Stated(branch.condition, None))
                yield _warning(
                    "tier-never-reached",
                    f"no case reaches the tier {tier!r}: {naming.words(first)!r} "
                    "excludes it",
                    naming.place(first),
                    "leave the tier out, or mend the condition",
                )
