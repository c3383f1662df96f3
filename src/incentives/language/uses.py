"""Rules that are computed from the amounts of other rules: whether these can be had."""

from collections.abc import Mapping as AbstractMapping
from graphlib import CycleError, TopologicalSorter

from ..errors import Place, did_you_mean, one_of
from ..ir import Fact, Kind, Member
from ..ir_walk import walk as nodes_of
from ..policy import Rule
from ..standards import Cash
from .nodes import Mapping, Problems, Scalar, walk

#: What an award of the past says of its rule.
_AWARDED_UNDER = (Fact("rule", Kind.TEXT, "award"),)


def check_uses(
    rules: AbstractMapping[str, Rule],
    nodes: AbstractMapping[str, Mapping],
    names: AbstractMapping[str, Place],
    problems: Problems,
) -> None:
    """
    Report rules that use what is no rule, or grants no money, or what uses them.

    ``nodes`` are the files of the rules, ``names`` the places of all rules.
    """
    for rule in rules.values():
        for used in dict.fromkeys((*rule.uses, *_looked_back_at(rule))):
            place = _mention(used, nodes[rule.id]) or names[rule.id]
            if used not in names:
                problems.add(
                    "unknown-rule",
                    f"no rule is called {used!r}",
                    place,
                    did_you_mean(used, names) or f"expected {one_of(names)}",
                )
            elif used in rules and not isinstance(rules[used].award, Cash):
                message = f"the rule {used!r} grants no amount of money"
                problems.add("no-amount", message, place)
    uses = {
        rule.id: [used for used in rule.uses if used in rules]
        for rule in rules.values()
    }
    try:
        TopologicalSorter(uses).prepare()
    except CycleError as error:
        cycle: list[str] = list(reversed(error.args[1]))
        problems.add(
            "rule-cycle",
            f"the rule {cycle[0]!r} is computed from itself: {' → '.join(cycle)}",
            _mention(cycle[1], nodes[cycle[0]]) or names[cycle[0]],
            "say the amount of one of them without the others",
            *((f"the rule {name!r}", names[name]) for name in cycle[1:-1]),
        )


def _looked_back_at(rule: Rule) -> tuple[str, ...]:
    """Other rules whose awards of the past a rule counts, in alphabetical order."""
    found = {
        str(row[0])
        for node in nodes_of(rule)
        if isinstance(node, Member) and node.terms[0] in _AWARDED_UNDER
        for row in node.rows
    }
    return tuple(sorted(found - {rule.id}))


def _mention(rule: str, node: Mapping) -> Place | None:
    """Where a file names another rule, in quotes or by itself."""
    for part in walk(node):
        if isinstance(part, Scalar) and part.text == rule:
            return part.place
        if isinstance(part, Scalar):
            for quoted in (f"“{rule}”", f'"{rule}"', f"'{rule}'"):
                at = part.text.find(quoted)
                if at >= 0:
                    return part.part(at, at + len(quoted))
    return None
