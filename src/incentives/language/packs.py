"""A directory of files becomes a rule book, or one error that says all that is wrong."""

import hashlib

from collections.abc import Iterator
from collections.abc import Mapping as AbstractMapping
from pathlib import Path

from attrs import field, frozen

from ..errors import Diagnostic, PackError, Place
from ..facts import core_vocabulary
from ..ir import Term
from ..policy import Reading, RuleBook, Stacking
from ..tables import Table, TableError, parse_table
from ..vocabulary import Vocabulary
from .cases import cases_of
from .expressions import Scope
from .fact_files import vocabulary_of
from .nodes import Mapping, Problems, Scalar, read_text, read_yaml
from .policy_files import Group, PolicyFile, inventory_of, policy_of, readings_of
from .rule_files import RuleFile, rule_of
from .sugar import Context, paid_before
from .switches import ANY_DATE, SWITCH, check_switches, selected, switches

POLICY_FILE = "policy.yaml"
FACTS_FILE = "facts.yaml"


@frozen
class PackSource:
    """The files of a pack, read but not yet interpreted."""

    policy: Mapping
    facts: Mapping
    rules: AbstractMapping[str, Mapping]
    tables: AbstractMapping[str, Table]
    digest: str
    books: dict[tuple[tuple[str, str], ...], RuleBook] = field(
        factory=dict, eq=False, repr=False
    )

    def interpret(self, readings: AbstractMapping[str, str]) -> RuleBook:
        """The book under the readings; each combination is made once."""
        key = tuple(sorted(readings.items()))
        if key not in self.books:
            problems = Problems()
            book = _book(self, readings, problems)
            if problems.found:
                raise PackError(problems.found)
            self.books[key] = book
        return self.books[key]


def load_pack(directory: Path) -> RuleBook:
    """
    The rule book in a directory.

    Raises :class:`PackError` with everything that is wrong in any of its files.
    """
    problems = Problems()
    source = _source(directory, problems)
    if source is None or problems.found:
        raise PackError(_sorted(problems.found))
    declared = readings_of(source.policy, problems)
    for node in (source.policy, *source.rules.values()):
        check_switches(node, declared, problems)
    if problems.found:
        raise PackError(_sorted(problems.found))
    defaults = {name: reading.default for name, reading in declared.items()}
    for readings in _every_branch(source, declared, defaults):
        _book(source, readings, problems)
    if problems.found:
        raise PackError(_sorted(problems.found))
    return source.interpret(defaults)


def _sorted(found: list[Diagnostic]) -> list[Diagnostic]:
    """In the order of the files, each once: every reading finds the same mistakes."""
    unique = list(dict.fromkeys(found))
    return sorted(unique, key=lambda d: (d.place.file, d.place.line, d.place.column))


# --- files ---------------------------------------------------------------------


def _source(directory: Path, problems: Problems) -> PackSource | None:
    place = Place(directory.name, 1, 1, 1, "")
    if not directory.is_dir():
        problems.add("no-pack", f"no such directory: {directory}", place)
        return None
    names = sorted(p.name for p in directory.iterdir() if p.suffix in (".yaml", ".csv"))
    if POLICY_FILE not in names:
        problems.add("no-pack", f"{directory} has no {POLICY_FILE}", place)
        return None
    nodes = {
        name: read_yaml(directory / name, name, problems)
        for name in names
        if name.endswith(".yaml")
    }
    tables = {
        table.name: table
        for name in names
        if name.endswith(".csv")
        and (table := _table(directory / name, name, problems)) is not None
    }
    empty = Mapping({}, {}, Place(FACTS_FILE, 1, 1, 1, ""))
    policy = nodes.pop(POLICY_FILE)
    facts = nodes.pop(FACTS_FILE, empty)
    rules = {name: node for name, node in nodes.items() if node is not None}
    if policy is None or facts is None:
        return None
    if not rules:
        problems.add("no-rules", "the pack has no rule file", policy.place)
    return PackSource(policy, facts, rules, tables, _digest(directory, names))


def _table(path: Path, name: str, problems: Problems) -> Table | None:
    text = read_text(path, name, problems)
    if text is None:
        return None
    try:
        return parse_table(path.stem, text)
    except TableError as error:
        shown = text.split("\n")[error.line - 1 : error.line]
        line = shown[0] if shown else ""
        place = Place(name, error.line, 1, len(line) + 1, line)
        problems.add("bad-table", str(error), place)
        return None


def _digest(directory: Path, names: list[str]) -> str:
    """What identifies the pack: its files, whatever the ends of their lines."""
    digest = hashlib.sha256()
    for name in names:
        content = (directory / name).read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return f"sha256:{digest.hexdigest()}"


# --- interpretation ------------------------------------------------------------


def _every_branch(
    source: PackSource,
    declared: AbstractMapping[str, Reading],
    defaults: AbstractMapping[str, str],
) -> Iterator[AbstractMapping[str, str]]:
    """Readings that together reach every branch of every switch at least once."""
    seen: set[tuple[tuple[str, str], ...]] = set()
    for node in (source.policy, *source.rules.values()):
        for switch, outer in switches(node):
            named = switch.entries[SWITCH]
            reading = declared[named.text if isinstance(named, Scalar) else ""]
            values = [v for v in reading.values if v in switch.entries]
            values += [value for value in reading.tried if ANY_DATE in switch.entries]
            for value in values:
                wanted = {**defaults, **outer, reading.id: value}
                known = {k: v for k, v in wanted.items() if v != ANY_DATE}
                key = tuple(sorted(known.items()))
                if key not in seen:
                    seen.add(key)
                    yield {**defaults, **known}
    if not seen:
        yield defaults


def _book(
    source: PackSource, readings: AbstractMapping[str, str], problems: Problems
) -> RuleBook:
    used_by_policy: set[str] = set()
    policy_node = _selected(source.policy, readings, used_by_policy)
    policy_file = policy_of(policy_node, problems)
    vocabulary = vocabulary_of(source.facts, core_vocabulary(), source.tables, problems)
    files: dict[str, tuple[RuleFile, Mapping]] = {}
    names: dict[str, Place] = {}
    for node in source.rules.values():
        used = set(_inherited(source.policy, node))
        chosen = _selected(node, readings, used)
        _check_unique(chosen, names, problems)
        found = rule_of(
            chosen,
            vocabulary,
            source.tables,
            policy_file.defaults,
            frozenset(used | _stacking_readings(source.policy, node)),
            problems,
        )
        if found is not None:
            files[found.rule.id] = (found, chosen)
    stackings = _stackings(policy_file, files, names, vocabulary, problems)
    cases = [
        case
        for found, node in files.values()
        for case in cases_of(node, found.rule, vocabulary, problems)
    ]
    return RuleBook(
        policy=policy_file.policy,
        vocabulary=vocabulary,
        rules=tuple(found.rule for found, _ in files.values()),
        stackings=tuple(stackings),
        declared_readings=readings_of(source.policy, Problems()),
        readings=dict(readings),
        digest=source.digest,
        cases=tuple(cases),
        inventory=inventory_of(policy_file.inventory, source.tables, names, problems),
        places={name: found.place for name, (found, _) in files.items()},
        quotes={name: found.quote for name, (found, _) in files.items()},
        interpret=source.interpret,
    )


def _selected(
    node: Mapping, readings: AbstractMapping[str, str], used: set[str]
) -> Mapping:
    chosen = selected(node, readings, used)
    return chosen if isinstance(chosen, Mapping) else node


def _inherited(policy: Mapping, rule: Mapping) -> Iterator[str]:
    """The readings of policy.yaml that reach a rule: its dates, unless overridden."""
    for key in ("effective", "sunset", "dated by"):
        node = policy.entries.get(key)
        if node is None or (
            key == "sunset" and isinstance(rule.entries.get(key), Scalar)
        ):
            continue
        for switch, _ in switches(node):
            named = switch.entries[SWITCH]
            if isinstance(named, Scalar):
                yield named.text


def _stacking_readings(policy: Mapping, rule: Mapping) -> set[str]:
    """The readings that decide how a rule stacks with others."""
    named = rule.entries.get("rule")
    rule_id = named.text if isinstance(named, Scalar) else ""
    found: set[str] = set()
    for group in getattr(policy.entries.get("stacking"), "items", ()):
        if not isinstance(group, Mapping):
            continue
        members = getattr(group.entries.get("rules"), "items", ())
        if any(isinstance(m, Scalar) and m.text == rule_id for m in members):
            for switch, _ in switches(group):
                reading = switch.entries[SWITCH]
                found.add(reading.text if isinstance(reading, Scalar) else "")
    return found


def _check_unique(rule: Mapping, names: dict[str, Place], problems: Problems) -> None:
    named = rule.entries.get("rule")
    if not isinstance(named, Scalar):
        return
    first = names.setdefault(named.text, named.place)
    if first != named.place:
        problems.add(
            "duplicate-rule",
            f"two rules are called {named.text!r}",
            named.place,
            None,
            ("the first", first),
        )


def _stackings(
    policy: PolicyFile,
    files: AbstractMapping[str, tuple[RuleFile, Mapping]],
    names: AbstractMapping[str, Place],
    vocabulary: Vocabulary,
    problems: Problems,
) -> Iterator[Stacking]:
    for group in policy.groups:
        for rule in group.rules:
            if rule.text not in names:
                problems.add(
                    "unknown-rule", f"no rule is called {rule.text!r}", rule.place
                )
        members = [rule.text for rule in group.rules if rule.text in files]
        if group.highest_only and members:
            yield Stacking(
                group.id, _paid_elsewhere(members, group, policy, files, vocabulary)
            )


def _paid_elsewhere(
    members: list[str],
    group: Group,
    policy: PolicyFile,
    files: AbstractMapping[str, tuple[RuleFile, Mapping]],
    vocabulary: Vocabulary,
) -> dict[str, Term]:
    found: dict[str, Term] = {}
    for member in members:
        subject = files[member][0].rule.subject
        scope = Scope(vocabulary[subject], {})
        context = Context(member, policy.policy.id, scope, Problems())
        others = tuple(other for other in members if other != member)
        found[member] = paid_before(others, policy.policy.id, context)
    return found
