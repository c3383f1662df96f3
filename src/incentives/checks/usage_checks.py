"""Facts, readings and tables of a pack that nothing in it uses."""

from collections.abc import Iterator

from attrs import AttrsInstance

from ..book import RuleBook
from ..errors import Diagnostic, Severity
from ..facts import core_vocabulary
from ..ir import Fact, Lookup, Member
from ..ir_walk import walk
from ..policy import Rule
from ..vocabulary import SubjectDeclaration


def usage_problems(book: RuleBook) -> Iterator[Diagnostic]:
    """What could be left out of a pack, whatever its readings."""
    books = [book, *map(book.under, book.written.branches)]
    rules = list(dict.fromkeys(rule for each in books for rule in each))
    yield from _facts(book, rules, books)
    yield from _readings(book)
    yield from _tables(book, rules)


def _facts(
    book: RuleBook, rules: list[Rule], books: list[RuleBook]
) -> Iterator[Diagnostic]:
    core = core_vocabulary()
    read = {path for rule in rules for path in _read(rule, book)}
    read |= {path for each in books for path in _shared(each)}
    read |= {
        path for case in book.cases for path in _given(book, case.rule, case.given)
    }
    for (subject, path), place in book.written.facts.items():
        known = core.subjects.get(subject)
        declared = book.vocabulary[subject] if known is not None else None
        if declared is None or known is None or _is_core(path, known):
            continue
        names = {path.rpartition(".")[2], _label(path, declared)}
        if (subject, path) in read or names & book.written.named:
            continue
        yield Diagnostic(
            "unused-fact",
            f"no rule and no case reads {path!r}",
            place,
            "leave it out, or use it in a rule",
            Severity.WARNING,
        )


def _is_core(path: str, core: SubjectDeclaration) -> bool:
    """Whether the library declares a fact itself; a pack may give it other words."""
    records, _, name = path.rpartition(".")
    if not records:
        return name in core.facts or name in core.records
    return records in core.records and name in core.records[records].fields


def _label(path: str, declared: SubjectDeclaration) -> str:
    """The label of a fact, by which expressions may name it."""
    records, _, name = path.rpartition(".")
    if records:
        return declared.records[records].fields[name].label
    found = declared.facts.get(name) or declared.records[name]
    return found.label


def _read(rule: Rule, book: RuleBook) -> Iterator[tuple[str, str]]:
    """Every fact, list and field that a rule reads, as facts.yaml declares them."""
    if rule.each is not None:
        yield from _list_read(rule.subject, rule.each.records, book)
    yield from _reads(rule, rule.subject, book)


def _shared(book: RuleBook) -> Iterator[tuple[str, str]]:
    """What the groups and the budgets of a policy read of whomever they are about."""
    nodes: tuple[AttrsInstance, ...] = (*book.groups, *book.budgets)
    for node in nodes:
        for subject in book.vocabulary.subjects:
            yield from _reads(node, subject, book)


def _reads(
    node: AttrsInstance, subject: str, book: RuleBook
) -> Iterator[tuple[str, str]]:
    """Every fact, list and field that stands in something said of a subject."""
    declared = book.vocabulary[subject]
    for found in walk(node):
        records = getattr(found, "records", None)
        if isinstance(records, str) and records in declared.records:
            yield from _list_read(subject, records, book)
        if isinstance(found, Fact):
            holder = declared.by_binder(found.scope)
            path = found.name if holder is None else f"{holder.records}.{found.name}"
            yield subject, path


def _list_read(subject: str, records: str, book: RuleBook) -> Iterator[tuple[str, str]]:
    """A list, and the key that tells its records apart."""
    yield subject, records
    yield subject, f"{records}.{book.vocabulary[subject].records[records].key}"


def _given(
    book: RuleBook, rule: str, given: object, within: str = ""
) -> Iterator[tuple[str, str]]:
    """Every fact that a case gives."""
    if isinstance(given, dict):
        for name, value in given.items():
            path = f"{within}.{name}" if within else name
            yield book[rule].subject, path
            yield from _given(book, rule, value, path)
    elif isinstance(given, list):
        for item in given:
            yield from _given(book, rule, item, within)


def _readings(book: RuleBook) -> Iterator[Diagnostic]:
    for name, place in book.written.readings.items():
        if name not in book.written.switched:
            yield Diagnostic(
                "unused-reading",
                f"nothing depends on the reading {name!r}",
                place,
                f"leave it out, or switch by 'reading: {name}' where it matters",
                Severity.WARNING,
            )


def _tables(book: RuleBook, rules: list[Rule]) -> Iterator[Diagnostic]:
    read = set(book.written.kept) | book.written.named
    for node in (node for rule in rules for node in walk(rule)):
        if isinstance(node, Member):
            read.add(node.name.partition(".")[0])
        elif isinstance(node, Lookup):
            read.add(node.table)
    for name, place in book.written.tables.items():
        if name not in read:
            yield Diagnostic(
                "unused-table",
                f"no rule reads the table {name!r}",
                place,
                "leave it out, or name it under tables: in facts.yaml where it is "
                "kept for people",
                Severity.WARNING,
            )
