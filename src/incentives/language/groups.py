"""
`stacking:` of policy.yaml: how the amounts of several rules go together.

- `mode: highest-only` pays only the highest (就高不重复), in all, or `per` record of a
  list for which its rules pay (同一项目就高不重复);
- `mode: capped` pays all of them up to a `cap` (合计封顶): an amount, which may depend
  on facts of the subject. `cap per` says which awards of the past count against it:
  all (`lifetime`), those of the year of the day asked about (`per year`), or those of
  a period up to it, such as `36个月`. `when exceeded` says who gives way: the later
  rules of the book (`in order`), or all of them (`pro rata`);
- `mode: cumulative` changes nothing, for a reading under which they simply add up.

`rules: all` is the whole policy.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as AbstractMapping

import attrs

from attrs import frozen

from ..dates import Period, parse_period
from ..errors import Place, did_you_mean
from ..grouping import Capped, Group, Highest, Past, Sharing
from ..ir import (
    Add,
    All,
    AsOf,
    Calendar,
    Compare,
    Comparison,
    Condition,
    Constant,
    Entitlement,
    Greatest,
    InCalendar,
    Kind,
    Member,
    Negate,
    Round,
    Shift,
    Term,
)
from ..ir_walk import walk as ir_nodes
from ..money import Rounding
from ..policy import Rule
from ..standards import Cash
from ..tables import Table
from ..vocabulary import RecordDeclaration, Vocabulary
from . import expressions
from .definitions import with_definitions
from .expressions.awards import award_fact
from .expressions.scope import Context, Scope
from .forms.pack_forms import GROUP, names
from .keys import NONE, Keys, as_scalar
from .nodes import Mapping, Problems, Scalar, walk
from .per_records import per_record_of, refuse_per_record
from .rule_files import PolicyDefaults
from .switches import reading_id, switches
from .words import VALUES

#: The whole policy.
ALL = "all"

_MODES = ("cumulative", "highest-only", "capped")


@frozen
class Pack:
    """
    What groups and budgets may name: the rules of the pack and their vocabulary.

    ``places`` has every rule, those with mistakes as well; ``referring`` collects
    what is wrong with names of rules.
    """

    defaults: PolicyDefaults
    rules: AbstractMapping[str, Rule]
    places: AbstractMapping[str, Place]
    vocabulary: Vocabulary
    tables: AbstractMapping[str, Table]
    problems: Problems
    referring: Problems

    def members(self, keys: Keys) -> dict[str, Scalar]:
        """The rules that `rules:` names, in the order of the book, where they stand."""
        node = keys.get("rules", required=True)
        if isinstance(node, Scalar) and VALUES.says(node.text, ALL):
            return dict.fromkeys(self.rules, node)
        named: dict[str, Scalar] = {}
        for item in keys.items("rules", empty="name the rules of the group"):
            rule = as_scalar(item, self.problems, repr(keys.shown("rules")))
            if rule is None:
                continue
            if rule.text not in self.places:
                self.referring.add(
                    "unknown-rule",
                    f"no rule is called {rule.text!r}",
                    rule.place,
                    did_you_mean(rule.text, self.places),
                )
            first = named.setdefault(rule.text, rule)
            self.check_once(rule.text, rule, first, "already in this list")
        return {rule: named[rule] for rule in self.rules if rule in named}

    def check_once(self, rule: str, here: Scalar, first: Scalar, where: str) -> None:
        """Report a rule that stands where it may stand only once."""
        if first is not here:
            self.referring.add(
                "grouped-twice",
                f"the rule {rule!r} is {where}",
                here.place,
                "name it once: which of the two pays it?",
                ("first here", first.place),
            )

    def check_uses(self, term: Term, at: Place) -> None:
        """Report a term that follows from the amount of a rule that has none."""
        uses = {node.rule for node in ir_nodes(term) if isinstance(node, Entitlement)}
        for used in sorted(uses):
            if used not in self.places:
                said = f"no rule is called {used!r}"
                help_ = did_you_mean(used, self.places)
                self.referring.add("unknown-rule", said, at, help_)
            elif used in self.rules and not isinstance(self.rules[used].award, Cash):
                said = f"the rule {used!r} grants no amount of money"
                self.referring.add("no-amount", said, at)

    def scope(self, subject: str, records: RecordDeclaration | None = None) -> Scope:
        """The facts of a kind of subject, and of the records that a rule looks at."""
        scope = Scope(
            self.vocabulary[subject],
            self.tables,
            records,
            policy=self.defaults.policy,
            units=self.vocabulary.units,
            boundaries=self.defaults.boundaries,
        )
        shared = self.defaults.shared.get(subject)
        if shared is None:
            return scope
        # What is wrong with these was told when rules were read that may use them.
        quiet = Context("", self.defaults.policy, subject, scope, Problems())
        return with_definitions(shared, quiet)

    def context(self, subject: str) -> Context:
        """What an expression over the facts of a kind of subject is read with."""
        scope = self.scope(subject)
        return Context("", self.defaults.policy, subject, scope, self.problems)

    def subjects(self, rules: Iterable[str]) -> list[str]:
        """The kinds of subject that some rules are for."""
        return list(dict.fromkeys(self.rules[rule].subject for rule in rules))


def groups_of(nodes: Iterable[Mapping], pack: Pack) -> Iterator[Group]:
    """The groups of a policy that change anything, in the order of the file."""
    grouped: dict[str, Scalar] = {}
    for node in nodes:
        keys = Keys(node, names(GROUP), pack.problems, "a stacking group")
        name = keys.text("group", required=True)
        members = pack.members(keys)
        mode = _mode(keys)
        if mode == "highest-only":
            for rule, scalar in members.items():
                first = grouped.setdefault(rule, scalar)
                where = "already in a group of which only the highest is paid"
                pack.check_once(rule, scalar, first, where)
        combine = _combine(mode, keys, members, pack)
        if combine is not None and members:
            yield Group(name, tuple(members), combine, keys.text("english"))


def _mode(keys: Keys) -> str:
    cap = keys.get("cap")
    none = isinstance(cap, Scalar) and VALUES.says(cap.text, NONE)
    mode = keys.word("mode", _MODES, "cumulative" if cap is None else "capped")
    if cap is not None and not none and mode != "capped":
        said = f"a group that is {VALUES.said(mode, keys.lang)!r} has no cap"
        help_ = (
            f"write '{keys.shown('mode')}: {VALUES.said('capped', keys.lang)}', or put "
            "the cap into a group of its own: a rule may be in both"
        )
        keys.problems.add("cap-without-mode", said, keys.node.at("cap"), help_)
    if mode != "capped":
        return mode
    keys.get("cap", required=True)
    return "cumulative" if none or cap is None else mode


def _combine(
    mode: str, keys: Keys, members: AbstractMapping[str, Scalar], pack: Pack
) -> Highest | Capped | None:
    if mode == "highest-only":
        subject = next(iter(pack.subjects(members)), "enterprise")
        context = pack.context(subject)
        return Highest(
            _past(context, ()), per_record_of(keys, members, context, pack.rules)
        )
    refuse_per_record(keys)
    ways = [sharing.value for sharing in Sharing]
    sharing = Sharing(keys.word("when exceeded", ways, Sharing.IN_ORDER.value))
    period = _period(keys)
    if mode != "capped":
        return None
    room: dict[str, Term] = {}
    for subject in pack.subjects(members):
        context = pack.context(subject)
        cap = expressions.term_under(keys, "cap", context, Kind.MONEY)
        if cap is None:
            continue
        if isinstance(cap, Constant) and cap.value <= 0:  # type: ignore[operator]  # money
            at = keys.node.at("cap")
            keys.problems.add("no-amount", "a cap that leaves nothing", at)
        pack.check_uses(cap, keys.node.at("cap"))
        past = _past(context, tuple(_since(period, context)))
        room[subject] = _left(cap, past.under(*members))
    return Capped(room, sharing)


# --- caps ------------------------------------------------------------------------


def _left(cap: Term, paid: Term) -> Term:
    """A cap less what was paid before, in whole fen, and not less than nothing."""
    left = Greatest((Constant(0, Kind.MONEY), Add((cap, Negate(paid)))))
    return Round(left, 1, Rounding.HALF_UP)


# --- what was paid before --------------------------------------------------------


def _past(context: Context, conditions: tuple[Condition, ...]) -> Past:
    """The awards of this policy that were paid by the day asked about."""
    policy = Member(
        (award_fact(context.scope, "policy"),),
        frozenset({(context.policy,)}),
        shown=(context.policy,),
    )
    paid = Compare(Comparison.LE, award_fact(context.scope, "date"), AsOf())
    return Past(
        All((policy, paid, *conditions)),
        award_fact(context.scope, "rule"),
        award_fact(context.scope, "amount"),
    )


_PERIODS = ("lifetime", "per year")


def _period(keys: Keys) -> str | Period:
    """What `cap per` says: one of two words, or a period up to the day asked about."""
    scalar = keys.scalar("cap per")
    if scalar is None:
        return "lifetime"
    word = VALUES.meant(scalar.text, _PERIODS)
    if word is not None:
        return word
    try:
        period = parse_period(scalar.text)
    except ValueError:
        period = Period()
    if period == Period():
        words = " or ".join(repr(VALUES.said(w, keys.lang)) for w in _PERIODS)
        keys.problems.add(
            "unknown-word",
            f"{keys.shown('cap per')!r} cannot be {scalar.text!r}",
            scalar.place,
            f"write {words}, or a period such as '36个月'",
        )
    return period


def _since(period: str | Period, context: Context) -> Iterator[Condition]:
    """That an award falls into the period of a cap."""
    # Of an award without a date nobody knows the day: it may fall into the period.
    dated = attrs.evolve(award_fact(context.scope, "date"), default=None)
    match period:
        case Period():
            start = Shift(AsOf(), period, back=True)
            yield Compare(Comparison.GT, dated, start)
        case "per year":
            years = [InCalendar(Calendar.YEAR_OF, day) for day in (dated, AsOf())]
            yield Compare(Comparison.EQ, years[0], years[1])
        case _:
            return


# --- readings --------------------------------------------------------------------


def stacking_readings(policy: Mapping, rule: str) -> set[str]:
    """The readings that decide how a rule goes together with others."""
    stacking = policy.named("stacking")
    if stacking is None:
        return set()
    groups = [
        node
        for node in walk(stacking)
        if isinstance(node, Mapping) and _names(node, rule)
    ]
    inside = [switch for group in groups for switch, _ in switches(group)]
    around = [
        switch
        for switch, _ in switches(stacking)
        if any(part is group for part in walk(switch) for group in groups)
    ]
    return {reading_id(switch) for switch in (*inside, *around)}


def _names(group: Mapping, rule: str) -> bool:
    """Whether a group is about a rule, under any reading."""
    rules = group.named("rules")
    return rules is not None and any(
        isinstance(node, Scalar) and (node.text == rule or VALUES.says(node.text, ALL))
        for node in walk(rules)
    )
