"""What names mean in the expressions of one rule."""

import re

from collections.abc import Iterator, Mapping

import attrs

from attrs import frozen

from ...errors import Place, did_you_mean
from ...ir import AsOf, Condition, Fact, Figure, Term, Value
from ...tables import Table
from ...vocabulary import FactDeclaration, RecordDeclaration, SubjectDeclaration
from ..nodes import Problems
from ..words import EXPRESSIONS
from .slips import in_name
from .syntax import Told, Wrong

#: The day asked about, in expressions.
AS_OF = "as_of"

_NAME = re.compile(r"[^\W\d]\w*")
_OPERATORS = frozenset(
    form
    for operator in ("and", "or", "not", "in", "where", "..")
    for form in EXPRESSIONS.forms(operator)
)


@frozen
class Boundaries:
    """
    Whether 以上 and 以下 include the number itself.

    They do (民法典第一千二百五十九条), unless the policy says otherwise.
    """

    above_included: bool = True
    below_included: bool = True


BY_LAW = Boundaries()


@frozen
class Scope:
    """
    The facts, tables, records and definitions that a rule may name.

    ``undefined`` are the names of definitions that could not be read. ``aggregated`` are the lists over whose records a sum or a count looks; ``units``
    are those that the facts of the pack bring along.
    """

    subject: SubjectDeclaration
    tables: Mapping[str, Table]
    each: RecordDeclaration | None = None
    definitions: Mapping[str, Term] = {}
    undefined: frozenset[str] = frozenset()
    policy: str = ""
    rule: str = ""
    aggregated: tuple[RecordDeclaration, ...] = ()
    units: tuple[str, ...] = ()
    boundaries: Boundaries = BY_LAW

    def over(self, records: RecordDeclaration) -> "Scope":
        """The scope inside a sum or a count over the records of a list."""
        return attrs.evolve(self, aggregated=(*self.aggregated, records))

    # facts by name and by label

    def resolved(self, word: str) -> Term | None:
        """
        What a name stands for; None where nothing has it.

        Raises :class:`Told` for a definition that could not be read.
        """
        if word in self.definitions:
            return self.definitions[word]
        if word in self.undefined:
            raise Told
        if EXPRESSIONS.says(word, AS_OF):
            return AsOf()
        found = self._found(word)
        return None if found is None else found[0].as_fact(found[1])

    def declared(self, word: str) -> FactDeclaration | None:
        """The declaration of the fact that a name or a label stands for."""
        found = self._found(word)
        return None if found is None else found[0]

    def _found(self, word: str) -> tuple[FactDeclaration, str] | None:
        """The declaration that a name or a label stands for, and its scope."""
        holder, _, name = word.rpartition(".")
        if not holder:
            own = _by_name(self.subject.facts, name)
            return None if own is None else (own, "")
        for scope, records, names in self._holders():
            if holder in names:
                declared = _by_name(records.fields, name)
                return None if declared is None else (declared, scope)
        return None

    def called(self, word: str) -> list[str]:
        """The names of all facts that a label may stand for."""
        holder, dot, label = word.rpartition(".")
        own = [self.subject.facts] if not dot else []
        inner = [records.fields for _, records, n in self._holders() if holder in n]
        return [
            f"{holder}{dot}{name}"
            for facts in (*own, *inner)
            for name, fact in facts.items()
            if fact.label == label
        ]

    def _holders(self) -> Iterator[tuple[str, RecordDeclaration, tuple[str, ...]]]:
        """The records at hand, the nearest first: scope, declaration and names."""
        for records in reversed(self.aggregated):
            yield records.records, records, (records.records, records.label)
        if self.each is not None:
            yield self.each.binder, self.each, (self.each.binder, self.each.label)

    def records(self, word: str) -> RecordDeclaration | None:
        """The list of a name or a label."""
        named = self.subject.records.get(word)
        labelled = [
            r for r in self.subject.records.values() if word and r.label == word
        ]
        return named or (labelled[0] if len(labelled) == 1 else None)

    def names(self) -> list[str]:
        """Everything that a name may say here, labels last."""
        own = [*self.definitions, *self.subject.facts, AS_OF]
        labels = [fact.label for fact in self.subject.facts.values()]
        for scope, records, names in self._holders():
            own += [f"{scope}.{name}" for name in records.fields]
            labels += [f"{names[1]}.{field.label}" for field in records.fields.values()]
        usable = (label for label in labels if all(map(is_name, label.split("."))))
        return [*own, *(label for label in usable if self.resolved(label) is not None)]

    def has(self, word: str) -> bool:
        """Whether a word is among :meth:`names`, without making them all."""
        if word in self.definitions or word in self.subject.facts or word == AS_OF:
            return True
        holder, _, name = word.rpartition(".")
        if any(holder == scope and name in r.fields for scope, r, _ in self._holders()):
            return True
        declared = self._labelled(holder, name)
        return (
            declared
            and all(map(is_name, word.split(".")))
            and self.resolved(word) is not None
        )

    def _labelled(self, holder: str, label: str) -> bool:
        """Whether a fact at hand is called so."""
        if not holder:
            return any(fact.label == label for fact in self.subject.facts.values())
        return any(
            names[1] == holder
            and any(f.label == label for f in records.fields.values())
            for _, records, names in self._holders()
        )

    def in_records(self, word: str) -> str | None:
        """What to write for a fact of records: its binder, and `each` where it lacks."""
        binder, _, name = word.rpartition(".")
        each = self.each
        if each is not None and not binder and (found := _by_name(each.fields, name)):
            labelled = found.name != name and each.label
            path = f"{each.label}.{name}" if labelled else f"{each.binder}.{found.name}"
            return f"did you mean {path!r}?"
        for records in self.subject.records.values():
            if _by_name(records.fields, name) is None:
                continue
            if binder in ("", records.binder, records.label):
                holder = binder or records.binder
                path = f"{holder}.{name}"
                return f"{path!r} needs 'each: {records.binder}' in the rule"
            if binder == records.records:
                return f"{word!r} stands inside sum(…), count(…) and the like"
        return None

    def declaration(self, term: Term) -> FactDeclaration | None:
        """The declaration behind a fact, or a figure, of the subject or of a record."""
        if isinstance(term, Figure):
            term = term.fact
        if not isinstance(term, Fact):
            return None
        if not term.scope:
            return self.subject.facts.get(term.name)
        for scope, records, _ in self._holders():
            if scope == term.scope:
                return records.fields.get(term.name)
        return None

    def synonyms(self, term: Term, value: Value) -> tuple[Value, ...]:
        """A value, and whatever else a record may say for it where `term` stands."""
        declared = self.declaration(term)
        return (value,) if declared is None else declared.synonyms(value)

    def _plain_lists(self) -> Iterator[str]:
        """The names and labels of lists of single values."""
        for records in self.subject.records.values():
            if records.plain:
                yield records.records
                yield records.label

    def table(self, name: str, at: tuple[int, int]) -> Table:
        """The table of a name that stands `at` a place of an expression."""
        if name not in self.tables:
            hint = (
                in_name(name, self.names())
                or did_you_mean(name, [*self.tables, *self._plain_lists()])
                or f"put {name}.csv beside the rule"
            )
            raise Wrong("unknown-table", f"unknown table {name!r}", at, hint)
        return self.tables[name]


def _by_name(
    declared: Mapping[str, FactDeclaration], word: str
) -> FactDeclaration | None:
    """The fact of a name, or else the only one of a label."""
    if word in declared:
        return declared[word]
    labelled = [fact for fact in declared.values() if fact.label == word]
    return labelled[0] if len(labelled) == 1 else None


@frozen
class Context:
    """
    What the words of one rule are read with.

    ``grant`` tells an award that is paid in instalments from others under its rule;
    None where an award is paid at once.
    """

    rule: str
    policy: str
    subject: str
    scope: Scope
    problems: Problems
    grant: tuple[Condition, ...] | None = None


def is_name(name: str) -> bool:
    """Whether expressions can use a name."""
    return (
        _NAME.fullmatch(name) is not None
        and name not in _OPERATORS
        and not EXPRESSIONS.says(name, AS_OF)
    )


def check_name(name: str, place: Place, problems: Problems) -> None:
    """Report a name that no expression could use."""
    if not is_name(name):
        problems.add(
            "bad-name",
            f"{name!r} cannot be a name in expressions",
            place,
            "use letters, digits and '_', and none of the words of expressions",
        )
