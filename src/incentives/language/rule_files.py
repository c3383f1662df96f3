"""A rule file: one clause, its own words, and the rule that encodes it."""

from collections.abc import Mapping as AbstractMapping
from datetime import date

import attrs

from attrs import frozen

from ..book import Case
from ..errors import Place, closest, did_you_mean, one_of
from ..ir import (
    AsOf,
    Compare,
    Comparison,
    Constant,
    Entitlement,
    Fact,
    Kind,
    Term,
    Uncertain,
)
from ..ir_walk import walk
from ..policy import Clause, Each, ReasonCode, Requirement, Rule, Window
from ..standards import AwardStandard, Cash
from ..tables import Table
from ..vocabulary import RecordDeclaration, Vocabulary
from . import expressions
from .amounts.exclusions import exclusions_of
from .amounts.granting import granted
from .amounts.repayments import payers_of
from .cases import cases_of
from .conjunctions import condition_of
from .definitions import definitions_of
from .expressions.scope import BY_LAW, Boundaries, Context, Scope
from .forms.pack_forms import AWARD, RULE, names
from .keys import NONE, Keys, as_date, as_scalar
from .labels import binders_of, by_label
from .nodes import Mapping, Problems, Scalar
from .words import VALUES

RULE_KEYS = names(RULE)
#: Keys that an author forgot to indent.
AWARD_KEYS = dict.fromkeys(
    (key.name for shape in AWARD.shapes for key in shape.keys),
    "it belongs under 'award': indent it",
)
INHERIT = "inherit"
EFFECTIVE_CAUSE = "policy.effective_date"


@frozen
class PolicyDefaults:
    """
    What every rule of a policy inherits unless it says otherwise.

    ``shared`` are definitions of facts.yaml, by the kind of subject.
    """

    policy: str
    effective: Constant | Uncertain
    sunset: date
    dated_by: str
    boundaries: Boundaries = BY_LAW
    shared: AbstractMapping[str, Mapping] = {}


@frozen
class RuleFile:
    """One rule with what checks need to know of its file."""

    rule: Rule
    place: Place
    quote: Place
    cases: tuple[Case, ...]
    scope: Scope


@frozen
class RuleSource:
    """What a rule was read from: its file, switches included, and what names mean."""

    node: Mapping
    scope: Scope


def rule_of(  # noqa: PLR0913, PLR0917  # what a rule is read with, each a different thing
    node: Mapping,
    vocabulary: Vocabulary,
    tables: AbstractMapping[str, Table],
    defaults: PolicyDefaults,
    readings: frozenset[str],
    problems: Problems,
) -> RuleFile | None:
    """The rule that a file states, or None with diagnostics."""
    before = len(problems.found)
    keys = Keys(node, RULE_KEYS, problems, "a rule", AWARD_KEYS)
    rule_id = keys.id("rule")
    subject = keys.word("subject", vocabulary.subjects, "enterprise")
    records = _each(keys, subject, vocabulary)
    scope = Scope(
        vocabulary[subject],
        tables,
        records,
        policy=defaults.policy,
        rule=rule_id,
        units=vocabulary.units,
        boundaries=defaults.boundaries,
    )
    context = Context(rule_id, defaults.policy, subject, scope, problems)
    context = attrs.evolve(
        context, scope=definitions_of(keys, context, defaults.shared)
    )
    conditions = [*_conditions(keys, context), *exclusions_of(keys, context)]
    event = _day(keys, "event", context)
    award, history = granted(keys, context)
    dated = _dated(keys, event, defaults, context)
    if dated == AsOf() and "dated by" not in keys:
        dated = _first_payment(award) or dated
    window, timing = _timing(keys, event, dated, defaults)
    payers = payers_of(keys, context)
    clause = _clause(keys)
    each = None if records is None else _each_of(records, keys, context)
    title = keys.text("title", required=True)
    cases = tuple(cases_of(node, rule_id, scope.subject, subject, problems))
    if award is None or len(problems.found) > before:
        return None
    rule = Rule(
        id=rule_id,
        title=title,
        english=keys.text("english"),
        clause=clause,
        subject=subject,
        requirements=(*conditions, *timing, *history),
        award=award,
        window=window,
        each=each,
        dated=dated,
        event=event,
        payer=keys.text("payer"),
        departments=keys.text("departments"),
        readings=tuple(sorted(readings)),
        payers=payers,
    )
    rule = attrs.evolve(rule, uses=rules_used(rule))
    places = (node.at("rule"), node.at("quote"))
    return RuleFile(rule, *places, cases, context.scope)


def rules_used(rule: Rule) -> tuple[str, ...]:
    """The rules whose amounts a rule is computed from, in alphabetical order."""
    return tuple(sorted({n.rule for n in walk(rule) if isinstance(n, Entitlement)}))


def _clause(keys: Keys) -> Clause:
    implied = [
        as_scalar(item, keys.problems, "'implied'") for item in keys.items("implied")
    ]
    return Clause(
        number=keys.text("clause", required=True),
        quote=keys.text("quote", required=True),
        implied=tuple(item.text for item in implied if item is not None),
        note=keys.text("note"),
    )


def _each(keys: Keys, subject: str, vocabulary: Vocabulary) -> RecordDeclaration | None:
    scalar = keys.scalar("each")
    if scalar is None:
        return None
    declared = vocabulary[subject]
    labels = by_label(binders_of(declared))
    records = declared.by_binder(labels.get(scalar.text, scalar.text))
    if records is None:
        known = [r.binder for r in declared.records.values()]
        keys.problems.add(
            "unknown-record",
            f"no records called {scalar.text!r}",
            scalar.place,
            did_you_mean(scalar.text, known) or f"expected {one_of(known)}",
        )
        # With what was probably meant, nothing else in the rule looks wrong.
        meant = closest(scalar.text, known)
        return None if meant is None else declared.by_binder(meant)
    return records


def _each_of(records: RecordDeclaration, keys: Keys, context: Context) -> Each:
    label = keys.scalar("label")
    return Each(
        records.records,
        records.binder,
        None
        if label is None
        else expressions.term(label, context.scope, context.problems),
        records.at_most,
    )


# --- conditions ----------------------------------------------------------------


def _conditions(keys: Keys, context: Context) -> list[Requirement]:
    found: list[Requirement] = []
    for item in keys.items("conditions", empty="write '- none' where there are none"):
        if isinstance(item, Scalar) and VALUES.says(item.text, NONE):
            continue
        condition = condition_of(item, context)
        if condition is not None:
            text = item.text if isinstance(item, Scalar) else ""
            met = Requirement(ReasonCode.CONDITION_UNMET, condition, text, item.place)
            found.append(met)
    return found


# --- time ----------------------------------------------------------------------


def _day(keys: Keys, key: str, context: Context) -> Term | None:
    scalar = keys.scalar(key)
    if scalar is None:
        return None
    return expressions.term(scalar, context.scope, context.problems, Kind.DATE)


def _dated(
    keys: Keys, event: Term | None, defaults: PolicyDefaults, context: Context
) -> Term:
    """The day that must lie in the window: of the event, or of the application."""
    application = _day(keys, "application", context)
    scalar = keys.scalar("dated by")
    said = INHERIT if scalar is None else scalar.text
    word = VALUES.meant(said, ("event", "application", INHERIT)) or said
    if word == INHERIT:
        word = defaults.dated_by
    if word == "event":
        return event or AsOf()
    if word == "application" or scalar is None:
        return application or AsOf()
    meant = closest(word, ("event", "application", INHERIT))
    if meant is not None and word not in context.scope.names():
        help_ = f"did you mean {meant!r}?"
        message = f"{keys.shown('dated by')!r} cannot be {word!r}"
        context.problems.add("unknown-word", message, scalar.place, help_)
        return AsOf()
    day = expressions.term(scalar, context.scope, context.problems, Kind.DATE)
    return day or AsOf()


def _first_payment(award: AwardStandard | None) -> Term | None:
    """
    The day on which an award that is paid over time begins to be due.

    What began inside the window stays due until it is paid, though no event dates it.
    """
    if not isinstance(award, Cash) or award.schedule is None:
        return None
    return award.schedule.instalments[0].on


def _timing(
    keys: Keys, event: Term | None, dated: Term, defaults: PolicyDefaults
) -> tuple[Window, list[Requirement]]:
    """The window of a rule, and what it requires: never left to an author."""
    start = _start(keys, defaults)
    last = _sunset(keys, defaults)
    first = start.value if isinstance(start, Constant) else None
    earliest = start.low if isinstance(start, Uncertain) else start.value
    latest = start.high if isinstance(start, Uncertain) else start.value
    assert isinstance(earliest, date)  # noqa: S101  # _start() makes days only
    assert isinstance(latest, date)  # noqa: S101  # likewise
    window = Window(first if isinstance(first, date) else None, last, earliest, latest)
    own = [keys.node.at(key) for key in ("sunset", "effective") if key in keys]
    if last < earliest and own:
        message = "the window ends before it begins"
        keys.problems.add("empty-window", message, own[0])
    since = Compare(Comparison.GE, AsOf(), defaults.effective)
    found = [Requirement(ReasonCode.NOT_YET_EFFECTIVE, since)]
    if event is not None:
        happened = Compare(Comparison.LE, event, AsOf())
        found.append(Requirement(ReasonCode.NOT_YET_HAPPENED, happened))
    if isinstance(dated, Fact) and dated != event:
        # An application that lies ahead has not been made; a computed day may.
        done = Compare(Comparison.LE, dated, AsOf())
        found.append(Requirement(ReasonCode.NOT_YET_HAPPENED, done))
    inside = Compare(Comparison.GE, dated, start)
    if inside != since:
        found.append(Requirement(ReasonCode.NOT_YET_EFFECTIVE, inside))
    sunset = Compare(Comparison.LE, dated, Constant(last, Kind.DATE))
    found.append(Requirement(ReasonCode.EXPIRED, sunset))
    return window, found


def _start(keys: Keys, defaults: PolicyDefaults) -> Constant | Uncertain:
    scalar = keys.scalar("effective")
    if scalar is None or VALUES.says(scalar.text, INHERIT):
        return defaults.effective
    day = as_date(scalar, keys.problems)
    return defaults.effective if day is None else Constant(day, Kind.DATE)


def _sunset(keys: Keys, defaults: PolicyDefaults) -> date:
    scalar = keys.scalar("sunset")
    if scalar is None or VALUES.says(scalar.text, INHERIT):
        return defaults.sunset
    return as_date(scalar, keys.problems) or defaults.sunset
