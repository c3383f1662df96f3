"""A directory of files becomes a rule book, or one error that says all that is wrong."""

import hashlib
import re

from collections.abc import Iterator
from collections.abc import Mapping as AbstractMapping
from errno import ENOENT
from functools import cached_property
from pathlib import Path

import attrs

from attrs import field, frozen

from ..errors import Diagnostic, PackError, Place, did_you_mean
from ..facts import core_vocabulary
from ..ir import Term
from ..policy import RuleBook, Stacking
from ..tables import Table, TableError, parse_table
from ..vocabulary import Vocabulary
from .fact_files import vocabulary_of
from .history import paid_before
from .nodes import (
    MAX_BYTES,
    Mapping,
    Problems,
    Scalar,
    Sequence,
    decoded,
    parse_yaml,
    walk,
)
from .policy_files import Group, PolicyFile, inventory_of, policy_of, readings_of
from .rule_files import INHERIT, RuleFile, rule_of
from .scope import Context, Scope
from .switches import check_switches, every_branch, reading_id, selected, switches

POLICY_FILE = "policy.yaml"
FACTS_FILE = "facts.yaml"

#: Books under open dates are without number: forgotten when there are more than this.
MAX_BOOKS = 256


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

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The facts of the pack; mistakes in them were told when it was loaded."""
        return vocabulary_of(self.facts, core_vocabulary(), self.tables, Problems())

    def interpret(self, readings: AbstractMapping[str, str]) -> RuleBook:
        """The book under the readings; each combination is made once."""
        key = tuple(sorted(readings.items()))
        if key not in self.books:
            # A day that a caller gives may leave some clause no day at all.
            problems = Problems(tolerated=frozenset({"empty-window"}))
            book = book_of(self, readings, problems)
            if problems.found:
                raise PackError(problems.found)
            if len(self.books) >= MAX_BOOKS:
                self.books.clear()
            self.books[key] = book
            return book
        return self.books[key]


def load_pack(directory: Path) -> RuleBook:
    """
    The rule book in a directory.

    Raises :class:`PackError` with everything that is wrong in any of its files.
    """
    try:
        return _load(directory)
    except PackError as error:
        sheets = {path.stem: path.name for path in _spreadsheets(directory)}
        found = [_told_of_sheet(each, sheets) for each in error.diagnostics]
        raise PackError(found) from None


def _load(directory: Path) -> RuleBook:
    problems = Problems()
    source = _source(directory, problems)
    _raise_any(problems)
    declared = readings_of(source.policy, problems)
    _raise_any(problems)
    for node in (source.policy, *source.rules.values()):
        check_switches(node, declared, problems)
    _raise_any(problems)
    vocabulary_of(source.facts, core_vocabulary(), source.tables, problems)
    defaults = {name: reading.default for name, reading in declared.items()}
    roots = (source.policy, *source.rules.values())
    for readings in every_branch(roots, declared, defaults):
        book_of(source, readings, problems)
    _raise_any(problems)
    warnings = tuple(_sorted(problems.warnings))
    book = attrs.evolve(source.interpret(defaults), warnings=warnings)
    source.books[tuple(sorted(defaults.items()))] = book
    return book


_SPREADSHEETS = frozenset({".xlsx", ".xls", ".et", ".ods"})
_NO_TABLE = frozenset({"unknown-table", "unknown-column"})


def _spreadsheets(directory: Path) -> Iterator[Path]:
    if directory.is_dir():
        paths = sorted(directory.iterdir())
        yield from (path for path in paths if path.suffix.lower() in _SPREADSHEETS)


def _told_of_sheet(found: Diagnostic, sheets: AbstractMapping[str, str]) -> Diagnostic:
    """What is said of a missing table, where a spreadsheet has its name."""
    for stem, name in sheets.items():
        missing = re.search(rf"'{re.escape(stem)}['.]", found.message)
        if found.code in _NO_TABLE and missing is not None:
            return attrs.evolve(found, help=f"save {name} as {stem}.csv, in UTF-8")
    return found


def _raise_any(problems: Problems) -> None:
    if problems.found:
        raise PackError(_sorted(problems.found))


def _sorted(found: list[Diagnostic]) -> list[Diagnostic]:
    """In the order of the files, each once: every reading finds the same mistakes."""
    unique = list(dict.fromkeys(found))
    return sorted(unique, key=lambda d: (d.place.file, d.place.line, d.place.column))


# --- files ---------------------------------------------------------------------


def _source(directory: Path, problems: Problems) -> PackSource:
    """The files of a pack; raises :class:`PackError` where there is none."""
    contents = dict(_contents(directory, problems))
    nodes: dict[str, Mapping] = {}
    tables: dict[str, Table] = {}
    for name, content in contents.items():
        text = decoded(content, name, problems)
        if text is None:
            continue
        if name.endswith(".csv"):
            table = _table(text, name, problems)
            tables |= {} if table is None else {table.name: table}
        else:
            node = parse_yaml(text, name, problems)
            nodes |= {} if node is None else {name: node}
    empty = Mapping({}, {}, Place(FACTS_FILE, 1, 1, 1, ""))
    policy = nodes.pop(POLICY_FILE, empty)
    facts = nodes.pop(FACTS_FILE, empty)
    if not nodes and not problems.found:
        problems.add("no-rules", "the pack has no rule file", policy.place)
    return PackSource(policy, facts, nodes, tables, _digest(contents))


def _contents(directory: Path, problems: Problems) -> Iterator[tuple[str, bytes]]:
    """The files of a pack by name, in the order of their names."""
    place = Place(str(directory), 1, 1, 1, "")
    if not directory.is_dir():
        is_file = directory.is_file()
        said = "a file, not a directory" if is_file else "no such directory"
        help_ = f"give the directory that holds {POLICY_FILE}" if is_file else None
        problems.add("no-pack", said, place, help_)
        return
    paths = {p.name: p for p in directory.iterdir() if not p.name.startswith(".")}
    if POLICY_FILE not in paths:
        problems.add("no-pack", f"the directory has no {POLICY_FILE}", place)
        return
    for name, path in sorted(paths.items()):
        start = Place(name, 1, 1, 1, "")
        if path.suffix in (".yaml", ".csv"):
            try:
                yield name, _read(path)
            except OSError as error:
                said = f"cannot read: {error.strerror}"
                problems.add("unreadable-file", said, start)
        elif path.suffix.lower() in (".yml", ".yaml", ".csv"):
            problems.add(
                "other-extension",
                f"a file with the extension {path.suffix!r} is not read",
                start,
                "name it '.yaml' or '.csv', in small letters",
            )


def _read(path: Path) -> bytes:
    """What a file holds, cut off where it is too large for a pack."""
    if not path.is_file():
        raise OSError(ENOENT, "not a file")
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _table(text: str, name: str, problems: Problems) -> Table | None:
    try:
        return parse_table(name.removesuffix(".csv"), text)
    except TableError as error:
        shown = text.split("\n")[error.line - 1 : error.line]
        line = shown[0] if shown else ""
        place = Place(name, error.line, 1, len(line) + 1, line)
        help_ = (
            "separate cells by the half-width ','"
            if re.search(r"[，;；\t]", line)
            else None
        )
        problems.add("bad-table", str(error), place, help_)
        return None


def _digest(contents: AbstractMapping[str, bytes]) -> str:
    """What identifies the pack: its files, whatever the ends of their lines."""
    digest = hashlib.sha256()
    for name, content in contents.items():
        plain = content.replace(b"\r\n", b"\n")
        digest.update(f"{name}\0{len(plain)}\0".encode())
        digest.update(plain)
    return f"sha256:{digest.hexdigest()}"


# --- interpretation ------------------------------------------------------------


def book_of(
    source: PackSource, readings: AbstractMapping[str, str], problems: Problems
) -> RuleBook:
    used_by_policy: set[str] = set()
    policy_node = _selected(source.policy, readings, used_by_policy)
    policy_file = policy_of(policy_node, problems)
    vocabulary = source.vocabulary
    files: dict[str, RuleFile] = {}
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
            files[found.rule.id] = found
    # Where two rules share an id, nobody knows which of them others refer to.
    referring = problems if len(names) == len(source.rules) else Problems()
    stackings = _stackings(policy_file, files, names, vocabulary, referring)
    return RuleBook(
        policy=policy_file.policy,
        vocabulary=vocabulary,
        rules=tuple(found.rule for found in files.values()),
        stackings=tuple(stackings),
        declared_readings=readings_of(source.policy, Problems()),
        readings=dict(readings),
        digest=source.digest,
        cases=tuple(case for found in files.values() for case in found.cases),
        inventory=inventory_of(policy_file.inventory, source.tables, names, referring),
        places={name: found.place for name, found in files.items()},
        quotes={name: found.quote for name, found in files.items()},
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
        own = rule.entries.get(key)
        overridden = isinstance(own, Scalar) and own.text != INHERIT
        if node is not None and not (key == "sunset" and overridden):
            for switch, _ in switches(node):
                yield reading_id(switch)


def _stacking_readings(policy: Mapping, rule: Mapping) -> set[str]:
    """The readings that decide how a rule stacks with others."""
    stacking = policy.entries.get("stacking")
    named = rule.entries.get("rule")
    if stacking is None or not isinstance(named, Scalar):
        return set()
    groups = stacking.items if isinstance(stacking, Sequence) else (stacking,)
    return {
        reading_id(switch)
        for group in groups
        if any(
            isinstance(node, Scalar) and node.text == named.text for node in walk(group)
        )
        for switch, _ in switches(group)
    }


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
    files: AbstractMapping[str, RuleFile],
    names: AbstractMapping[str, Place],
    vocabulary: Vocabulary,
    problems: Problems,
) -> Iterator[Stacking]:
    grouped: dict[str, Scalar] = {}
    for group in policy.groups:
        for rule in group.rules:
            if rule.text not in names:
                problems.add(
                    "unknown-rule",
                    f"no rule is called {rule.text!r}",
                    rule.place,
                    did_you_mean(rule.text, names),
                )
            first = grouped.setdefault(rule.text, rule)
            if first is not rule:
                problems.add(
                    "grouped-twice",
                    f"the rule {rule.text!r} is in a stacking group already",
                    rule.place,
                    "a rule is in one group: which of the two pays it?",
                    ("first here", first.place),
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
    files: AbstractMapping[str, RuleFile],
    vocabulary: Vocabulary,
) -> dict[str, Term]:
    found: dict[str, Term] = {}
    for member in members:
        subject = files[member].rule.subject
        scope = Scope(vocabulary[subject], {})
        context = Context(member, policy.policy.id, subject, scope, Problems())
        others = tuple(other for other in members if other != member)
        found[member] = paid_before(others, policy.policy.id, context)
    return found
