"""Awards of the past, as the kernel sees them."""

from ...dates import FIRST_DAY
from ...ir import All, AsOf, Compare, Comparison, Condition, Fact, Member, Sum, Term
from .scope import Scope


def award_fact(scope: Scope, name: str) -> Fact:
    """
    A fact of an award paid before.

    An award without a date was paid before any day that is asked about; one without a
    policy was paid under the policy at hand.
    """
    declared = scope.subject.records["awards"].fields[name].as_fact("award")
    if name == "date":
        return Fact(name, declared.kind, "award", default=FIRST_DAY)
    if name == "policy":
        return Fact(name, declared.kind, "award", default=scope.policy)
    return declared


def under_rules(rules: tuple[str, ...], scope: Scope) -> Condition:
    """An award under one of some rules of the policy, paid by the day asked about."""
    rows = frozenset((rule,) for rule in rules)
    return All(
        (
            Member((award_fact(scope, "rule"),), rows, shown=rules),
            Member(
                (award_fact(scope, "policy"),),
                frozenset({(scope.policy,)}),
                shown=(scope.policy,),
            ),
            Compare(Comparison.LE, award_fact(scope, "date"), AsOf()),
        )
    )


def paid_under(rules: tuple[str, ...], scope: Scope, *conditions: Condition) -> Term:
    """What was paid by the day asked about under some rules."""
    where = All((under_rules(rules, scope), *conditions))
    return Sum("awards", "award", where, award_fact(scope, "amount"))
