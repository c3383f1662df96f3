"""
`budgets:` of policy.yaml: what all subjects together can be paid (资金规模).

    budgets:
      - budget: 设备补助年度预算
        rules: [equipment, platform]
        amount: 5000万元
        when exceeded: first come
        order by: applied

`when exceeded` is `pro rata` (everybody is cut alike), `first come` (by the day that
`order by` says) or `ranking` (by a figure, the highest first unless `ascending`). A
`quota` is how many subjects at most are paid; `ties` says what becomes of equals of
whom not all can be paid in full.

`order by` is read at the subject, or at each record of a rule that looks at records:
there a bare name means the fact of the record, if the subject has none of that name.
"""

from collections.abc import Iterable, Iterator

from ..grouping import Budget, Exceeded, Ties
from ..ir import Constant, Kind, Term
from ..ir_kinds import kind_of
from ..policy import Rule
from . import expressions
from .expressions.scope import Scope
from .forms.pack_forms import BUDGET, names
from .groups import Pack
from .keys import NONE, Keys, as_whole_number
from .nodes import Mapping, Scalar
from .words import VALUES


def budgets_of(nodes: Iterable[Mapping], pack: Pack) -> Iterator[Budget]:
    """The budgets of a policy, in the order of the file."""
    budgeted: dict[str, Scalar] = {}
    named_so: dict[str, Scalar] = {}
    for node in nodes:
        keys = Keys(node, names(BUDGET), pack.problems, "a budget")
        budget = _budget(keys, pack, budgeted)
        named = keys.scalar("budget", required=True)
        if named is None:
            continue
        first = named_so.setdefault(named.text, named)
        if first is not named:
            pack.problems.add(
                "duplicate-name",
                f"two budgets are called {named.text!r}",
                named.place,
                None,
                ("first here", first.place),
            )
        yield budget


def _budget(keys: Keys, pack: Pack, budgeted: dict[str, Scalar]) -> Budget:
    members = pack.members(keys)
    for rule, scalar in members.items():
        first = budgeted.setdefault(rule, scalar)
        pack.check_once(rule, scalar, first, "already paid from another budget")
    ways = [way.value for way in Exceeded]
    exceeded = Exceeded(keys.word("when exceeded", ways, Exceeded.PRO_RATA.value))
    ties = Ties(keys.word("ties", [t.value for t in Ties], Ties.REFUSED.value))
    first_come = exceeded is Exceeded.FIRST_COME
    truth = keys.word("ascending", ("true", "false"), "true" if first_come else "false")
    amount, spent = _fen(keys, "amount", pack), _fen(keys, "spent", pack) or 0
    quota = _quota(keys, exceeded, ties)
    if amount is None and quota is None and "quota" not in keys:
        keys.get("amount", required=True)
    if amount is not None and amount <= 0:
        said = "a budget that leaves nothing"
        keys.problems.add("no-amount", said, keys.node.at("amount"))
    elif amount is not None and spent > amount:
        said = "more is spent than there is in the budget"
        at = (keys.node.at("spent"), None, ("the amount", keys.node.at("amount")))
        keys.problems.add("overspent", said, *at)
    return Budget(
        id=keys.text("budget"),
        english=keys.text("english"),
        rules=tuple(members),
        amount=amount,
        spent=spent,
        exceeded=exceeded,
        order=_order(keys, exceeded, [pack.rules[rule] for rule in members], pack),
        ascending=truth == "true",
        quota=quota,
        ties=ties,
    )


def _given(keys: Keys, key: str) -> Scalar | None:
    """The value of a key that a reading may switch off by `none`."""
    scalar = keys.scalar(key)
    off = scalar is not None and VALUES.says(scalar.text, NONE)
    return None if off else scalar


def _fen(keys: Keys, key: str, pack: Pack) -> int | None:
    """An amount that depends on nothing, in fen."""
    scalar = _given(keys, key)
    if scalar is None:
        return None
    scope = pack.scope("enterprise")
    term = expressions.term(scalar, scope, pack.problems, Kind.MONEY)
    if isinstance(term, Constant) and isinstance(term.value, int):
        return term.value
    if term is not None:
        said = f"{keys.shown(key)!r} of a budget depends on no facts"
        pack.problems.add("kind-mismatch", said, scalar.place, "write an amount")
    return None


def _quota(keys: Keys, exceeded: Exceeded, ties: Ties) -> int | None:
    scalar = _given(keys, "quota")
    if scalar is None:
        return None
    if exceeded is Exceeded.PRO_RATA:
        key = keys.shown("when exceeded")
        ways = " or ".join(
            repr(f"{key}: {VALUES.said(way.value, keys.lang)}")
            for way in (Exceeded.FIRST_COME, Exceeded.RANKING)
        )
        said = "a quota needs an order in which its places are taken"
        help_ = f"write {ways}"
        keys.problems.add("quota-without-order", said, scalar.place, help_)
    elif ties is Ties.PRO_RATA:
        said = "places of a quota cannot be shared pro rata"
        help_ = f"say who is served first: {VALUES.said(Ties.BY_ID.value, keys.lang)!r}"
        keys.problems.add("quota-without-order", said, keys.node.at("ties"), help_)
    return as_whole_number(scalar, keys.problems)


# --- the order in which claims are served ------------------------------------------


def _order(
    keys: Keys, exceeded: Exceeded, rules: Iterable[Rule], pack: Pack
) -> dict[str, Term]:
    """What `order by` says for each rule; nothing where everybody is cut alike."""
    needed = exceeded is not Exceeded.PRO_RATA
    scalar = keys.scalar("order by", required=needed)
    if scalar is None or not needed:
        return {}
    found: dict[str, Term] = {}
    for rule in rules:
        declared = pack.vocabulary[rule.subject]
        each = None if rule.each is None else declared.records[rule.each.records]
        scope = pack.scope(rule.subject, each)
        kind = Kind.DATE if exceeded is Exceeded.FIRST_COME else None
        written = _of_record(scalar, scope)
        term = expressions.term(written, scope, pack.problems, kind)
        if term is None:
            continue
        pack.check_uses(term, scalar.place)
        if not kind_of(term).ordered:
            said = f"{scalar.text!r} has no highest and no lowest"
            help_ = "rank by an amount, a number, a rate or a day"
            pack.problems.add("kind-mismatch", said, scalar.place, help_)
        found[rule.id] = term
    return found


def _of_record(scalar: Scalar, scope: Scope) -> Scalar:
    """A bare name of a fact that only the record at hand has, in full."""
    each = scope.each
    if each is None or scope.resolved(scalar.text) is not None:
        return scalar
    labelled = {field.label: name for name, field in each.fields.items()}
    name = labelled.get(scalar.text, scalar.text)
    if name not in each.fields:
        return scalar
    return Scalar(f"{each.binder}.{name}", scalar.place)
