"""The JSON Schema (draft 2020-12) of the records that a rule book reads."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .book import RuleBook
from .dates import FIRST_DAY, LAST_DAY
from .ir import Kind
from .money import rate_words
from .phrasebook import language_index
from .readers import MAX_TEXT, FactValue
from .record_checks import MAX_RECORDS
from .reports.phrases import listed, say
from .vocabulary import (
    PLAIN_VALUE,
    FactDeclaration,
    RecordDeclaration,
    SubjectDeclaration,
)

Schema = dict[str, Any]

_SAID = {
    "records": ("{}：申报主体的事实", "{}: facts of an applicant"),
    "enterprise": ("企业、高校院所或园区基地", "enterprise, institute or park"),
    "county": ("县域", "county"),
    "unknown": ("未填或 null 即未知", "absent or null is unknown"),
    "none": ("未填或 null 即没有", "absent or null is none"),
    "default": ("未填或 null 即{}", "absent or null is {}"),
    "certified": ("核定单位：{}", "certified by {}"),
    "aliases": ("别名：{}", "aliases: {}"),
    "key": ("各项的 {} 不得相同", "no two with the same {}"),
    "no-event": ("确知未发生填 false", "false if it is known not to have happened"),
    "unit": (
        "单位：元，或写明单位，如“500万元”",
        "in yuan, or with its unit: '500万元'",
    ),
    "in-unit": (
        "单位：{0}，或写明单位，如“120{0}”",
        "in {0}, or with its unit: '120{0}'",
    ),
    "price": ("单位：元/{}", "in yuan for one {}"),
    "yearly": ("逐年填写，如 {{'2025': …}}", "a figure for each year: {{'2025': …}}"),
    "several": ("可填多项，各项不得相同", "several values, each once"),
    "and": ("；", "; "),
}


def schema_of(book: RuleBook, lang: str = "zh") -> Schema:
    """
    What a record may hold, for editors, forms and validators.

    A record that the schema refuses is refused by :func:`evaluate` too. Not the other
    way round: that an amount is exact or a day exists, a schema cannot say.
    """
    return _Writer(lang).book(book)


class _Writer:
    """Writes schemas with titles and descriptions in one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.index = language_index(lang)

    def say(self, key: str, *parts: object) -> str:
        return _SAID[key][self.index].format(*parts)

    def book(self, book: RuleBook) -> Schema:
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": self.say("records", book.policy.title),
            "type": "object",
            "required": ["id"],
            "if": {
                "properties": {"kind": {"enum": ["county", "县域"]}},
                "required": ["kind"],
            },
            "then": {"$ref": "#/$defs/county"},
            "else": {"$ref": "#/$defs/enterprise"},
            "$defs": {
                name: {"title": self.say(name), **self._subject(declared)}
                for name, declared in book.vocabulary.subjects.items()
            },
        }

    def _subject(self, declared: SubjectDeclaration) -> Schema:
        facts = {name: self.fact(fact) for name, fact in declared.facts.items()}
        facts["id"]["type"] = "string"
        lists = {name: self._records(r) for name, r in declared.records.items()}
        return _object({**facts, **lists})

    def _records(self, declared: RecordDeclaration) -> Schema:
        if declared.plain:
            return self._values(declared)
        fields = {name: self.fact(fact) for name, fact in declared.fields.items()}
        notes = [
            declared.note,
            self.say("none" if declared.closed else "unknown"),
            self.say("key", declared.key) if declared.key else "",
        ]
        return {
            "title": self.title(declared),
            "description": self._joined(notes),
            "type": ["array", "null"],
            "maxItems": MAX_RECORDS,
            "items": _object(fields),
        }

    def _values(self, declared: RecordDeclaration) -> Schema:
        """A list of single values."""
        value = declared.fields[PLAIN_VALUE]
        notes = [*self._notes(value), self.say("several"), self.say("unknown")]
        return {
            "title": self.title(declared),
            "description": self._joined(notes),
            "type": ["array", "null"],
            "maxItems": MAX_RECORDS,
            "uniqueItems": True,
            "items": _known(self._form(value)),
        }

    def fact(self, declared: FactDeclaration) -> Schema:
        """One fact: title, description, and every value that is read."""
        form = self._form(declared)
        if declared.yearly:
            form = _for_each_year(form)
        return {
            "title": self.title(declared),
            "description": self._joined(self._notes(declared)),
            **form,
        }

    def _form(self, declared: FactDeclaration) -> Schema:
        """Every value that is read for a fact, or for one year of it."""
        form = self._enumeration(declared) or dict(_FORMS[declared.kind])
        if declared.negative:
            del form["minimum"]
        if declared.unit and declared.kind is Kind.NUMBER:
            form["pattern"] = _WITH_UNIT
            form["examples"] = [f"120{declared.unit}", 120]
        default = _plain(declared.default)
        return form if default is None else {**form, "default": default}

    def title(self, declared: FactDeclaration | RecordDeclaration) -> str:
        """The label in the language, or the name where there is none."""
        name = (
            declared.name if isinstance(declared, FactDeclaration) else declared.records
        )
        return (declared.label, declared.english)[self.index] or name

    def _enumeration(self, declared: FactDeclaration) -> Schema:
        words = [entry.value for entry in declared.values]
        words += [entry.label for entry in declared.values]
        if not words:
            return {}
        # A label may be its value, an alias another's label: once each.
        return {"enum": [*dict.fromkeys([*words, *declared.aliases]), None]}

    def _notes(self, declared: FactDeclaration) -> list[str]:
        labels = [(e.value, (e.label, e.english)[self.index]) for e in declared.values]
        values = [
            say("aside", self.lang, *pair) for pair in labels if pair[0] != pair[1]
        ]
        aliases = [f"{alias} = {name}" for alias, name in declared.aliases.items()]
        certified = declared.certified_by
        said = "false" in declared.note
        default = _plain(declared.default)
        return [
            (declared.question, declared.english_question)[self.index],
            declared.note,
            listed(values, self.lang),
            self._unit(declared),
            self.say("yearly") if declared.yearly else "",
            self.say("no-event") if declared.kind is Kind.DATE and not said else "",
            self.say("aliases", listed(aliases, self.lang)) if aliases else "",
            "" if default is None else self.say("default", default),
            self.say("certified", certified) if certified else "",
        ]

    def _unit(self, declared: FactDeclaration) -> str:
        """What a value is measured in."""
        if declared.kind is not Kind.MONEY:
            return self.say("in-unit", declared.unit) if declared.unit else ""
        _, slash, below = declared.unit.partition("/")
        return self.say("price", below) if slash else self.say("unit")

    def _joined(self, notes: list[str]) -> str:
        return self.say("and").join(note for note in notes if note)


def _object(properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _known(form: Schema) -> Schema:
    """The same without null."""
    if "enum" in form:
        return {"enum": [value for value in form["enum"] if value is not None]}
    types = [name for name in form["type"] if name != "null"]
    return {**form, "type": types}


def _for_each_year(form: Schema) -> Schema:
    """An object with a figure for every year that is known."""
    return {
        "type": ["object", "null"],
        "propertyNames": {"pattern": _YEAR},
        "additionalProperties": form,
        "examples": [{"2024": None, "2025": None}],
    }


def _plain(value: FactValue | None) -> object:
    match value:
        case Decimal():
            return f"{value:f}"
        case Fraction():
            return rate_words(value)
        case date():
            return value.isoformat()
        case _:
            return value


#: A number, or one with its unit.
_WITH_UNIT = r"^-?[0-9][0-9,]*(\.[0-9]{1,30})?( ?[^0-9\s.,]{1,20})?$"
_YEAR = "^(19|20|21)[0-9]{2}$"

_FORMS: Mapping[Kind, Schema] = {
    Kind.TEXT: {
        "type": ["string", "null"],
        "minLength": 1,
        "maxLength": MAX_TEXT,
        "pattern": r"^\S(.*\S)?$",
    },
    Kind.BOOLEAN: {"type": ["boolean", "null"]},
    Kind.MONEY: {
        "type": ["number", "string", "null"],
        "minimum": 0,
        "pattern": "[0-9０-９]",
        "examples": ["500万元", "1,234.50元", 2000],
    },
    Kind.NUMBER: {
        "type": ["number", "string", "null"],
        "minimum": 0,
        "pattern": r"^-?[0-9]{1,30}(\.[0-9]{1,30})?$",
    },
    Kind.RATE: {
        "type": ["string", "null"],
        "pattern": "[0-9０-９]",
        "examples": ["30%", "1/3"],
    },
    Kind.DATE: {
        "type": ["string", "boolean", "null"],
        "format": "date",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        "not": {"const": True},
        "examples": ["2025-08-28"],
    },
    Kind.YEAR: {
        "type": ["integer", "null"],
        "minimum": FIRST_DAY.year,
        "maximum": LAST_DAY.year,
    },
}
