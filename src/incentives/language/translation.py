"""Values of pack files in another language: words, names of facts and expressions."""

from collections.abc import Iterator
from collections.abc import Mapping as AbstractMapping

from attrs import frozen
from lark import Token

from ..dates import Period, parse_period
from ..ir import AsOf, Fact, Kind
from ..vocabulary import FactDeclaration, RecordDeclaration
from .expressions.scope import AS_OF, Scope, is_name
from .expressions.syntax import Syntax, parse, parts, tokens
from .forms.pack_forms import Leaf, Says
from .labels import binders_of, by_label, fields_of, labels_of
from .words import EXPRESSIONS, TIMES, VALUES, after_per

#: What stands before an interval or a list so that it can be read as an expression.
_BEGINNING = f"{AS_OF} in "


@frozen
class Translator:
    """
    Says in a language what the author of a rule wrote in either.

    ``scope`` tells what names mean. What has no other form stays as it is written.
    """

    lang: str
    scope: Scope

    def value(self, text: str, leaf: Leaf) -> str:
        """A single value of a form."""
        word = VALUES.meant(text, leaf.words)
        if word is not None:
            return VALUES.said(word, self.lang, leaf.group)
        match leaf.says:
            case Says.EXPRESSION:
                return self.expression(text)
            case Says.TEST:
                return self.expression(_BEGINNING + text, skipped=len(_BEGINNING))
            case Says.BINDER:
                return self._binder(text)
            case Says.PER:
                return self._per(text)
            case Says.TIMES:
                return self._times(text)
            case Says.CAP_PER:
                return self._cap_per(text)
            case Says.PATH:
                return self._path(text)
            case _:
                return text

    # keys that are phrases

    def _binder(self, text: str) -> str:
        return _either_way(text, binders_of(self.scope.subject), self.lang)

    def _per(self, text: str) -> str:
        rest = text[after_per(text) :].strip()
        subject = VALUES.meant(rest, VALUES.groups["subject"])
        if subject is not None:
            return VALUES.said(f"per {subject}", self.lang)
        if VALUES.says(text, "per year"):
            return VALUES.said("per year", self.lang)
        if _is_period(rest):
            return f"每{rest}" if self.lang == "zh" else f"per {rest}"
        per = "每" if self.lang == "zh" else "per"
        return f"{per} {self.expression(rest)}"

    def _times(self, text: str) -> str:
        found = TIMES.fullmatch(text.strip())
        assert found is not None  # noqa: S101  # the rule was read
        count, period = found["count"], found["period"]
        of_years = found["unit"] in {"year", "years", "年"}
        if self.lang == "zh":
            within = f"/{period.strip()}" if period else ""
            return f"{count}{'年' if of_years else '次'}{within}"
        unit = "year" if of_years else "time"
        within = f" in {period.strip()}" if period else ""
        return f"{count} {unit}{'' if count == '1' else 's'}{within}"

    def _cap_per(self, text: str) -> str:
        thing, _, period = (p.strip() for p in text.replace("，", ",").partition(","))
        word = VALUES.meant(thing, ("subject",))
        said = self._binder(thing) if word is None else VALUES.said(word, self.lang)
        length = VALUES.meant(period, VALUES.groups["period"]) or period
        comma = "，" if self.lang == "zh" else ", "
        return f"{said}{comma}{VALUES.said(length, self.lang)}"

    # the facts of a case

    def _path(self, text: str) -> str:
        first, dot, field = text.partition(".")
        name, bracket, index = first.partition("[")
        records = self.records(name)
        if records is not None:
            field = _either_way(field, fields_of(records), self.lang)
        return f"{self.fact(name)}{bracket}{index}{dot}{field}"

    def fact(self, name: str) -> str:
        """The name of a fact or a list of the subject."""
        return _either_way(name, labels_of(self.scope.subject), self.lang)

    def field(self, name: str, records: RecordDeclaration) -> str:
        """The name of a fact of a record."""
        return _either_way(name, fields_of(records), self.lang)

    def records(self, name: str) -> RecordDeclaration | None:
        """The list of a name or a label."""
        subject = self.scope.subject
        return subject.records.get(by_label(labels_of(subject)).get(name, name))

    def declared(
        self, name: str, records: RecordDeclaration | None = None
    ) -> FactDeclaration | None:
        """The declaration of a fact of the subject or of a record."""
        facts = self.scope.subject.facts if records is None else records.fields
        pairs = labels_of(self.scope.subject) if records is None else fields_of(records)
        return facts.get(by_label(pairs).get(name, name))

    def given(self, text: str, declared: FactDeclaration | None) -> str:
        """A value of a fact: yes and no are words, and enumerations have labels."""
        if declared is None:
            return text
        if declared.values:
            pairs = [(entry.value, entry.label) for entry in declared.values]
            return _either_way(text, pairs, self.lang)
        word = VALUES.meant(text, _ANSWERS.get(declared.kind, ()))
        return text if word is None else VALUES.said(word, self.lang)

    # expressions

    def expression(self, text: str, skipped: int = 0) -> str:
        """An expression, token by token; a beginning that nobody wrote is skipped."""
        units = self.scope.units
        roles = dict(_roles(parse(text, units=units)))
        scope = self._inside(roles, text)
        said = ""
        end = skipped
        for token in tokens(text, units):
            start = token.start_pos or 0
            if start < skipped:
                continue
            before = text[end:start]
            end = token.end_pos or 0
            if token.type in _OPERATORS:
                word = EXPRESSIONS.meant(token, EXPRESSIONS.groups["operator"])
                said = f"{(said + before).rstrip()} "
                said += EXPRESSIONS.said(word or token, self.lang) + " "
                end += len(text[end:]) - len(text[end:].lstrip())
            else:
                said += before + self._token(token, roles.get(start), scope)
        return (said + text[end:]).strip()

    def _token(self, token: Token, role: str | None, scope: Scope) -> str:
        if role == "function":
            word = EXPRESSIONS.meant(token, EXPRESSIONS.groups["function"])
            return str(token) if word is None else EXPRESSIONS.said(word, self.lang)
        if role == "table":
            return self._set(str(token))
        return self._name(str(token), scope) if role == "name" else str(token)

    def _set(self, name: str) -> str:
        """A list of plain values that something is looked for in; tables are names."""
        found = self.scope.records(name)
        if found is None or not found.plain:
            return name
        said = self.fact(name)
        return said if is_name(said) and said not in self.scope.tables else name

    def _name(self, name: str, scope: Scope) -> str:
        """The name of a fact, or its label where that is a name of the same."""
        found = None if name in scope.definitions else scope.resolved(name)
        if isinstance(found, AsOf):
            return EXPRESSIONS.said(AS_OF, self.lang)
        if not isinstance(found, Fact):
            records = self.records(name) if found is None else None
            return name if records is None else self.fact(name)
        if self.lang == "en":
            return found.path
        label = _label(found, scope)
        usable = all(map(is_name, label.split(".")))
        return label if usable and scope.resolved(label) == found else found.path

    def _inside(self, roles: AbstractMapping[int, str], text: str) -> Scope:
        """The scope inside every sum and count of an expression at once."""
        scope = self.scope
        for start in sorted(roles):
            holder = text[start:].partition(".")[0]
            records = self.scope.subject.records.get(holder)
            records = records or self._aggregated(holder)
            if records is not None and records not in scope.aggregated:
                scope = scope.over(records)
        return scope

    def _aggregated(self, label: str) -> RecordDeclaration | None:
        """The list of a label that does not stand for the record at hand."""
        each = self.scope.each
        records = self.records(label)
        return None if records is None or records == each else records


#: What a fact says in a word: whether it holds, or that it has not happened.
_ANSWERS = {Kind.BOOLEAN: ("true", "false"), Kind.DATE: ("false",)}
_OPERATORS = frozenset({"_AND", "_OR", "_NOT", "_IN", "_TO", "_WHERE"})


def _roles(tree: Syntax) -> Iterator[tuple[int, str]]:
    """What each word of an expression is, by the place where it begins."""
    for node in tree.iter_subtrees():
        children = parts(node)
        if node.data in {"call", "filtered"}:
            yield children[0].start_pos, "function"
        elif node.data in {"name", "figure"}:
            yield children[0].start_pos, "name"
        elif node.data == "table":
            yield children[0].start_pos, "table"


def _is_period(text: str) -> bool:
    try:
        return parse_period(text) != Period()
    except ValueError:
        return False


def _label(fact: Fact, scope: Scope) -> str:
    """The label of a fact, with that of its list if it stands in one."""
    declared = scope.declaration(fact)
    label = "" if declared is None else declared.label
    if not fact.scope:
        return label
    lists = [scope.each, *scope.aggregated]
    holder = next(
        records.label
        for records in lists
        if records is not None and fact.scope in {records.binder, records.records}
    )
    return f"{holder}.{label}"


def _either_way(text: str, pairs: list[tuple[str, str]], lang: str) -> str:
    """A name in English, or the label that stands for it in Chinese."""
    names = by_label(pairs)
    name = names.get(text, text)
    if lang == "en":
        return name
    return next((label for label, other in names.items() if other == name), name)
