"""What was paid before: awards of the past, and how often a rule pays."""

from ..dates import FIRST_DAY
from ..errors import closest, did_you_mean
from ..ir import (
    All,
    AsOf,
    Compare,
    Comparison,
    Condition,
    Exists,
    Fact,
    Kind,
    Member,
    Not,
    Sum,
    Term,
    kind_of,
)
from ..policy import Combination, ReasonCode, Requirement
from . import expressions
from .keys import NONE
from .nodes import Scalar
from .scope import Context
from .terms import named


def award_fact(context: Context, name: str) -> Fact:
    """
    A fact of an award paid before.

    An award without a date was paid before any day that is asked about; one without a
    policy was paid under the policy at hand.
    """
    declared = context.scope.subject.records["awards"].fields[name].as_fact("award")
    if name == "date":
        return Fact(name, declared.kind, "award", default=FIRST_DAY)
    if name == "policy":
        return Fact(name, declared.kind, "award", default=context.policy)
    return declared


def _under_rules(rules: tuple[str, ...], policy: str, context: Context) -> Condition:
    rows = frozenset((rule,) for rule in rules)
    return All(
        (
            Member((award_fact(context, "rule"),), rows, shown=rules),
            Member(
                (award_fact(context, "policy"),),
                frozenset({(policy,)}),
                shown=(policy,),
            ),
            Compare(Comparison.LE, award_fact(context, "date"), AsOf()),
        )
    )


def paid_before(
    rules: tuple[str, ...], policy: str, context: Context, *conditions: Condition
) -> Term:
    """What was paid by the day asked about under some rules."""
    where = All((_under_rules(rules, policy, context), *conditions))
    return Sum("awards", "award", where, award_fact(context, "amount"))


_PER = "per "


def once_of(
    scalar: Scalar, context: Context
) -> tuple[Requirement, Combination, Term | None] | None:
    """`once: per enterprise`, `once: per listing.year`: one award, whoever asks again."""
    if scalar.text == NONE:
        return None
    whole = _PER + context.subject
    if not scalar.text.startswith(_PER):
        context.problems.add(
            "unknown-word",
            f"'once' cannot be {scalar.text!r}",
            scalar.place,
            did_you_mean(scalar.text, (whole, NONE))
            or f"write {whole!r}, or 'per' and a year or a record's key",
        )
        return None
    key: Term | None = None
    conditions: list[Condition] = []
    if scalar.text.removeprefix(_PER).strip() != context.subject:
        rest = scalar.after(len(_PER))
        if (help_ := _other_subject(rest.text, context)) is not None:
            said = f"'once' cannot be {scalar.text!r}"
            context.problems.add("unknown-word", said, rest.place, help_)
            return None
        key = expressions.term(rest, context.scope, context.problems)
        same = None if key is None else _same_thing(key, rest, context)
        if key is None or same is None:
            return None
        conditions.append(Compare(Comparison.EQ, same, key))
    where = All((_under_rules((context.rule,), context.policy, context), *conditions))
    paid = Not(Exists("awards", "award", where))
    return (
        Requirement(ReasonCode.ALREADY_AWARDED, paid),
        Combination.ONCE,
        key,
    )


#: What authors call an enterprise.
_ENTERPRISES = ("company", "firm", "business", "subject", "applicant", "企业", "公司")


def _other_subject(word: str, context: Context) -> str | None:
    """What to write for a word that probably means the subject of the rule."""
    meant = word in _ENTERPRISES or closest(word, (context.subject,)) is not None
    if not meant or word in context.scope.names():
        return None
    return f"did you mean {_PER + context.subject!r}?"


def _same_thing(key: Term, written: Scalar, context: Context) -> Fact | None:
    """What an award paid before says for a key, or None with a diagnostic."""
    if kind_of(key) is Kind.YEAR:
        return award_fact(context, "year")
    each = context.scope.each
    if each is not None and each.key is not None:
        if key == each.fields[each.key].as_fact(each.binder):
            return award_fact(context, "record")
        help_ = f"write 'per {each.binder}.{each.key}'"
    else:
        help_ = f"write 'per {context.subject}', or 'per' and a year"
    context.problems.add(
        "kind-mismatch",
        f"once per {named(kind_of(key))}: an award tells its year and record only",
        written.place,
        help_,
    )
    return None
