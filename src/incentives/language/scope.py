"""What names mean in the expressions of one rule."""

import re

from collections.abc import Mapping

from attrs import frozen

from ..errors import Place, did_you_mean
from ..ir import Fact, Term, Value
from ..tables import Table
from ..vocabulary import FactDeclaration, RecordDeclaration, SubjectDeclaration
from .nodes import Problems
from .slips import in_name
from .syntax import Wrong

#: The day asked about, in expressions.
AS_OF = "as_of"

_NAME = re.compile(r"[^\W\d]\w*")
_OPERATORS = frozenset({"and", "or", "not", "in", "且", "或", "非", "属于", "至"})


@frozen
class Scope:
    """The facts, tables, records and definitions that a rule may name."""

    subject: SubjectDeclaration
    tables: Mapping[str, Table]
    each: RecordDeclaration | None = None
    definitions: Mapping[str, Term] = {}

    def names(self) -> list[str]:
        """Everything that a name may say here."""
        own = [*self.definitions, *self.subject.facts, AS_OF]
        if self.each is not None:
            own += [f"{self.each.binder}.{name}" for name in self.each.fields]
        return own

    def labelled(self, label: str) -> str | None:
        """The name of the fact that has a label."""
        named = {fact.label: name for name, fact in self.subject.facts.items()}
        if self.each is not None:
            binder = self.each.binder
            fields = self.each.fields.items()
            named |= {field.label: f"{binder}.{name}" for name, field in fields}
        return named.get(label)

    def in_records(self, word: str) -> str | None:
        """What to write for a fact of records: its binder, and `each` where it lacks."""
        binder, _, name = word.rpartition(".")
        if self.each is not None and not binder and name in self.each.fields:
            return f"did you mean '{self.each.binder}.{name}'?"
        for records in self.subject.records.values():
            if name in records.fields and binder in ("", records.binder):
                path = f"{records.binder}.{name}"
                return f"{path!r} needs 'each: {records.binder}' in the rule"
        return None

    def declaration(self, term: Term) -> FactDeclaration | None:
        """The declaration behind a fact of the subject or of the record at hand."""
        if not isinstance(term, Fact):
            return None
        if not term.scope:
            return self.subject.facts.get(term.name)
        fields = {} if self.each is None else self.each.fields
        return fields.get(term.name)

    def synonyms(self, term: Term, value: Value) -> tuple[Value, ...]:
        """A value, and whatever else a record may say for it where `term` stands."""
        declared = self.declaration(term)
        return (value,) if declared is None else declared.synonyms(value)

    def table(self, name: str, at: tuple[int, int]) -> Table:
        """The table of a name that stands `at` a place of an expression."""
        if name not in self.tables:
            hint = (
                in_name(name, self.names())
                or did_you_mean(name, self.tables)
                or f"put {name}.csv beside the rule"
            )
            raise Wrong("unknown-table", f"unknown table {name!r}", at, hint)
        return self.tables[name]


@frozen
class Context:
    """What the words of one rule are read with."""

    rule: str
    policy: str
    subject: str
    scope: Scope
    problems: Problems


def check_name(name: str, place: Place, problems: Problems) -> None:
    """Report a name that no expression could use."""
    if not _NAME.fullmatch(name) or name in _OPERATORS or name == AS_OF:
        problems.add(
            "bad-name",
            f"{name!r} cannot be a name in expressions",
            place,
            "use letters, digits and '_', and none of the words of expressions",
        )
