"""A directory of files becomes a rule book, or one error that says all that is wrong."""

import hashlib

from collections.abc import Collection, Iterator
from collections.abc import Mapping as AbstractMapping
from datetime import date
from functools import cached_property
from pathlib import Path

import attrs

from attrs import field, frozen

from ..book import Case, RuleBook
from ..caching.books import KeptBooks
from ..errors import Diagnostic, PackError, Place
from ..facts import core_vocabulary
from ..tables import Table
from ..vocabulary import Vocabulary
from ..written import Written
from .amending.amendments import Amendment, amended_cases, amendments_of, is_amendment
from .amending.histories import History, history_of, put_together, under
from .amending.reforms import reform_of
from .budgets import budgets_of
from .fact_files import shared_definitions, vocabulary_of
from .groups import Pack, groups_of, stacking_readings
from .nodes import (
    Mapping,
    Problems,
    Scalar,
    decoded,
    parse_yaml,
)
from .pack_files import (
    FACTS_FILE,
    POLICY_FILE,
    contents_of,
    digest_of,
    table_of,
    told_of_sheets,
)
from .policy_files import inventory_of, policy_of, readings_of
from .rule_files import INHERIT, PolicyDefaults, RuleFile, RuleSource, rule_of
from .survey import survey
from .switches import check_switches, every_branch, reading_id, switches
from .uses import check_uses
from .words import VALUES

#: Books under open dates are without number: forgotten when there are more than this.
MAX_BOOKS = 256
#: Rules under different readings that are kept, of one pack.
MAX_VERSIONS = 100_000


@frozen
class PackSource:
    """The files of a pack, read but not yet interpreted."""

    policy: Mapping
    facts: Mapping
    rules: AbstractMapping[str, Mapping]
    tables: AbstractMapping[str, Table]
    digest: str
    amendments: tuple[Amendment, ...] = ()
    histories: AbstractMapping[str, History] = field(factory=dict)
    books: dict[tuple[tuple[str, str], ...], RuleBook] = field(
        factory=dict, eq=False, repr=False
    )
    made: dict[tuple[int, tuple[tuple[str, str], ...]], tuple[Mapping, RuleFile]] = (
        field(factory=dict, eq=False, repr=False)
    )
    asking: dict[int, tuple[Mapping, frozenset[str]]] = field(
        factory=dict, eq=False, repr=False
    )

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The facts of the pack; mistakes in them were told when it was loaded."""
        return vocabulary_of(self.facts, core_vocabulary(), self.tables, Problems())

    @cached_property
    def written(self) -> Written:
        """Where things stand in the files, for checks; they have no mistakes by then."""
        declared = readings_of(self.policy, Problems())
        return survey(self.policy, self.facts, self.files(), self.tables, declared)

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

    def files(self) -> tuple[Mapping, ...]:
        """Every rule file, and what became of it by amendments."""
        later = (file for each in self.histories.values() for file in each.files)
        return (*self.rules.values(), *later)

    def revise(
        self,
        readings: AbstractMapping[str, str],
        rule: str,
        since: str | date | None,
        changes: AbstractMapping[str, object],
    ) -> RuleBook:
        """The book with words of a rule changed, sound under every reading."""
        problems = Problems()
        amendment, text = reform_of(rule, since, changes, problems)
        source = _amended(self, amendment, text, problems)
        declared = readings_of(self.policy, Problems())
        check_switches(amendment.changes[rule], declared, problems)
        _raise_any(problems)
        for branch in every_branch(source.histories[rule].files, declared, readings):
            defaults = _defaults(source, branch)
            _rule_file(source, source.node(rule), branch, defaults, problems)
        _raise_any(problems)
        warnings = tuple(_sorted(problems.warnings))
        return attrs.evolve(source.interpret(readings), warnings=warnings)

    def asks(self, file: Mapping) -> frozenset[str]:
        """The readings that a file asks about anywhere."""
        known = self.asking.get(id(file))
        if known is None or known[0] is not file:
            names = frozenset(reading_id(switch) for switch, _ in switches(file))
            known = self.asking[id(file)] = (file, names)
        return known[1]

    def first(self, node: Mapping) -> Mapping:
        """A rule file as it reads at first: with what is amended for all days."""
        history = self.histories.get(_id_of(node))
        return node if history is None else history.files[0]

    def node(self, rule: str) -> Mapping:
        """The file of a rule."""
        return next(node for node in self.rules.values() if _id_of(node) == rule)


@frozen
class UnreadSource:
    """The files of a pack whose book is known, read when anything else is asked for."""

    contents: AbstractMapping[str, bytes] = field(repr=False)
    books: dict[tuple[tuple[str, str], ...], RuleBook] = field(
        factory=dict, eq=False, repr=False
    )

    @cached_property
    def source(self) -> PackSource:
        """The files, read; they had no mistakes when their book was made."""
        source = _source(self.contents, Problems())
        source.books.update(self.books)
        return source

    def interpret(self, readings: AbstractMapping[str, str]) -> RuleBook:
        """The book under the readings."""
        return self.source.interpret(readings)

    def revise(
        self,
        readings: AbstractMapping[str, str],
        rule: str,
        since: str | date | None,
        changes: AbstractMapping[str, object],
    ) -> RuleBook:
        """The book with words of a rule changed, sound under every reading."""
        return self.source.revise(readings, rule, since, changes)


@frozen
class UnreadRules(AbstractMapping[str, object]):
    """What each rule of a known book is printed from, read when it is asked for."""

    unread: UnreadSource
    readings: AbstractMapping[str, str]

    @cached_property
    def found(self) -> AbstractMapping[str, object]:
        """What they are in a book that is read anew."""
        return book_of(self.unread.source, self.readings, Problems()).sources

    def __getitem__(self, rule: str) -> object:
        return self.found[rule]

    def __iter__(self) -> Iterator[str]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)


def load_pack(directory: Path, cache: Path | None = None) -> RuleBook:
    """
    The rule book in a directory, remembered in another one if one is given.

    Raises :class:`PackError` with everything that is wrong in any of its files.
    """
    problems = Problems()
    contents = dict(contents_of(directory, problems))
    try:
        if cache is None or problems.found:
            return _read(contents, problems)
        return _kept(contents, problems, KeptBooks(cache))
    except PackError as error:
        raise PackError(told_of_sheets(error.diagnostics, directory)) from None


def _kept(
    contents: AbstractMapping[str, bytes], problems: Problems, kept: KeptBooks
) -> RuleBook:
    """The book of files that was kept; else it is read, and kept unless that fails."""
    parts = kept.get(contents)
    if parts is None:
        book = _read(contents, problems)
        kept.put(contents, book)
        return book
    unread = UnreadSource(contents)
    book = RuleBook(
        **parts,
        sources=UnreadRules(unread, parts["readings"]),
        interpret=unread.interpret,
        revise=unread.revise,
    )
    unread.books[tuple(sorted(book.readings.items()))] = book
    return book


def _read(contents: AbstractMapping[str, bytes], problems: Problems) -> RuleBook:
    source = _source(contents, problems)
    _raise_any(problems)
    declared = readings_of(source.policy, problems)
    _raise_any(problems)
    patches = [p for each in source.amendments for p in each.changes.values()]
    for node in (source.policy, *source.rules.values(), *patches):
        check_switches(node, declared, problems)
    _raise_any(problems)
    vocabulary_of(source.facts, core_vocabulary(), source.tables, problems)
    defaults = {name: reading.default for name, reading in declared.items()}
    roots = (source.policy, *source.files())
    for readings in every_branch(roots, declared, defaults):
        book = book_of(source, readings, problems)
        if readings == defaults:
            source.books[tuple(sorted(defaults.items()))] = book
    _raise_any(problems)
    warnings = tuple(_sorted(problems.warnings))
    book = attrs.evolve(source.interpret(defaults), warnings=warnings)
    source.books[tuple(sorted(defaults.items()))] = book
    return book


def _raise_any(problems: Problems) -> None:
    if problems.found:
        raise PackError(_sorted(problems.found))


def _sorted(found: list[Diagnostic]) -> list[Diagnostic]:
    """In the order of the files, each once: every reading finds the same mistakes."""
    unique = list(dict.fromkeys(found))
    return sorted(unique, key=lambda d: (d.place.file, d.place.line, d.place.column))


# --- files ---------------------------------------------------------------------


def _source(contents: AbstractMapping[str, bytes], problems: Problems) -> PackSource:
    """The files of a pack; raises :class:`PackError` where there is none."""
    nodes: dict[str, Mapping] = {}
    tables: dict[str, Table] = {}
    for name, content in contents.items():
        text = decoded(content, name, problems)
        if text is None:
            continue
        if name.endswith(".csv"):
            table = table_of(text, name, problems)
            tables |= {} if table is None else {table.name: table}
        else:
            node = parse_yaml(text, name, problems)
            nodes |= {} if node is None else {name: node}
    empty = Mapping({}, {}, Place(FACTS_FILE, 1, 1, 1, ""))
    policy = nodes.pop(POLICY_FILE, empty)
    facts = nodes.pop(FACTS_FILE, empty)
    if all(map(is_amendment, nodes.values())) and not problems.found:
        problems.add("no-rules", "the pack has no rule file", policy.place)
    notices = [node for node in nodes.values() if is_amendment(node)]
    rules = {name: node for name, node in nodes.items() if not is_amendment(node)}
    named = {_id_of(node): node for node in rules.values()}
    amendments = amendments_of(notices, named, problems)
    changed = dict.fromkeys(rule for each in amendments for rule in each.changes)
    return PackSource(
        policy,
        facts,
        rules,
        tables,
        digest_of(contents),
        amendments,
        {rule: history_of(rule, named[rule], amendments, problems) for rule in changed},
    )


def _id_of(rule: Mapping) -> str:
    named = rule.named("rule")
    return named.text if isinstance(named, Scalar) else ""


def _amended(
    source: PackSource, amendment: Amendment, text: str, problems: Problems
) -> PackSource:
    """The same pack with one more amendment, of which this is the text."""
    amendments = (*source.amendments, amendment)
    histories = {
        rule: history_of(rule, source.node(rule), amendments, problems)
        for rule in amendment.changes
    }
    said = "\0".join((source.digest, amendment.id, str(amendment.since), text))
    return attrs.evolve(
        source,
        amendments=amendments,
        histories={**source.histories, **histories},
        digest=f"sha256:{hashlib.sha256(said.encode()).hexdigest()}",
        books={},
        made={},
        asking={},
    )


# --- interpretation ------------------------------------------------------------


def book_of(
    source: PackSource, readings: AbstractMapping[str, str], problems: Problems
) -> RuleBook:
    policy_file = policy_of(under(source.policy, readings), problems)
    vocabulary = source.vocabulary
    shared = shared_definitions(source.facts)
    defaults = attrs.evolve(policy_file.defaults, shared=shared)
    files: dict[str, RuleFile] = {}
    sources: dict[str, RuleSource] = {}
    names: dict[str, Place] = {}
    for node in source.rules.values():
        _check_unique(node, names, problems)
        found = _rule_file(source, node, readings, defaults, problems)
        if found is not None:
            files[found.rule.id] = found
            sources[found.rule.id] = RuleSource(source.first(node), found.scope)
    # Where two rules share an id, nobody knows which of them others refer to.
    referring = problems if len(names) == len(source.rules) else Problems()
    pack = Pack(
        defaults=defaults,
        rules={name: found.rule for name, found in files.items()},
        places=names,
        vocabulary=vocabulary,
        tables=source.tables,
        problems=problems,
        referring=referring,
    )
    check_uses(
        {name: found.rule for name, found in files.items()},
        {name: kept.node for name, kept in sources.items()},
        names,
        referring,
    )
    return RuleBook(
        policy=policy_file.policy,
        vocabulary=vocabulary,
        rules=tuple(found.rule for found in files.values()),
        groups=tuple(groups_of(policy_file.stacking, pack)),
        budgets=tuple(budgets_of(policy_file.budgets, pack)),
        declared_readings=readings_of(source.policy, Problems()),
        readings=dict(readings),
        digest=source.digest,
        cases=(
            *(case for found in files.values() for case in found.cases),
            *_amended_cases(source, files, names, referring),
        ),
        inventory=inventory_of(policy_file.inventory, source.tables, names, referring),
        places={name: found.place for name, found in files.items()},
        quotes={name: found.quote for name, found in files.items()},
        window=policy_file.window,
        written=source.written,
        sources=sources,
        interpret=source.interpret,
        revise=source.revise,
    )


def _defaults(
    source: PackSource, readings: AbstractMapping[str, str]
) -> PolicyDefaults:
    """What rules inherit under some readings, of a pack without mistakes."""
    policy = policy_of(under(source.policy, readings), Problems())
    return attrs.evolve(policy.defaults, shared=shared_definitions(source.facts))


def _rule_file(
    source: PackSource,
    node: Mapping,
    readings: AbstractMapping[str, str],
    defaults: PolicyDefaults,
    problems: Problems,
) -> RuleFile | None:
    """The rule of a file with all that amends it, or None with diagnostics."""
    history = source.histories.get(_id_of(node))
    found: list[RuleFile] = []
    for file in (node,) if history is None else history.files:
        version = _version(source, file, readings, defaults, problems)
        found += [] if version is None else [version]
    if history is None:
        return found[0] if found else None
    if len(found) < len(history.files):
        return None
    written = under(node, readings)
    return put_together(found, written, history, readings, problems)


def _version(
    source: PackSource,
    file: Mapping,
    readings: AbstractMapping[str, str],
    defaults: PolicyDefaults,
    problems: Problems,
) -> RuleFile | None:
    """
    The rule of one file, made once for all readings that it does not ask about.

    What policy.yaml asks about may decide on the defaults, and so on every rule.
    """
    names = source.asks(file) | source.asks(source.policy)
    values = tuple(sorted((name, readings[name]) for name in names))
    known = source.made.get((id(file), values))
    if known is not None and known[0] is file:
        return known[1]
    used = set(_inherited(source.policy, file))
    used |= _grouping_readings(source.policy, file)
    chosen = under(file, readings, used)
    before = (len(problems.found), len(problems.warnings))
    version = rule_of(
        chosen,
        source.vocabulary,
        source.tables,
        defaults,
        frozenset(used),
        problems,
    )
    sound = (len(problems.found), len(problems.warnings)) == before
    sound = sound and not problems.tolerated  # else a mistake may have gone untold
    if version is not None and sound and len(source.made) < MAX_VERSIONS:
        source.made[id(file), values] = (file, version)
    return version


def _amended_cases(
    source: PackSource,
    files: AbstractMapping[str, RuleFile],
    names: Collection[str],
    problems: Problems,
) -> Iterator[Case]:
    subjects = {name: found.rule.subject for name, found in files.items()}
    for amendment in source.amendments:
        yield from amended_cases(
            amendment, names, subjects, source.vocabulary, problems
        )


def _inherited(policy: Mapping, rule: Mapping) -> Iterator[str]:
    """The readings of policy.yaml that reach a rule: its dates, unless overridden."""
    for key in ("effective", "sunset", "dated by"):
        node = policy.named(key)
        own = rule.named(key)
        overridden = isinstance(own, Scalar) and not VALUES.says(own.text, INHERIT)
        if node is not None and not (key == "sunset" and overridden):
            for switch, _ in switches(node):
                yield reading_id(switch)


def _grouping_readings(policy: Mapping, rule: Mapping) -> set[str]:
    """The readings that decide how a rule goes together with others."""
    named = rule.named("rule")
    return stacking_readings(policy, named.text) if isinstance(named, Scalar) else set()


def _check_unique(rule: Mapping, names: dict[str, Place], problems: Problems) -> None:
    named = rule.named("rule")
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
