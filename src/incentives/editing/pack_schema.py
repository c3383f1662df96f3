"""
The JSON Schema (draft 2020-12) of pack files, for editors that complete and underline.

What a schema accepts may still be wrong: it sees keys, words and the form of values,
but no names, no expressions and nothing that two places say together.
"""

from copy import copy
from itertools import chain, count
from typing import Any, assert_never

from ..errors import UsageError, one_of
from ..language.forms.pack_forms import (
    FILES,
    FORMS,
    Either,
    Form,
    Given,
    Key,
    Leaf,
    ListOf,
    Named,
    Ref,
    Says,
    Shape,
    Worded,
)
from ..language.words import KEYS, LANGUAGES, VALUES

Schema = dict[str, Any]

#: A file in which values are switches: not facts.yaml, which no reading changes.
_UNSWITCHED = frozenset({"facts"})

_TITLES = {
    "rule": ("规则文件", "a rule file"),
    "policy": ("政策文件 policy.yaml", "policy.yaml"),
    "facts": ("事实文件 facts.yaml", "facts.yaml"),
    "amendment": ("修订文件", "an amendment file"),
}
_SAID = {
    "switch": ("随解读而定", "as a reading decides"),
    "reading": ("所依解读的编号", "the id of the reading"),
}

#: YAML reads some texts as numbers, truths or nothing.
_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
_FILLED: Schema = {**_SCALAR, "pattern": r"\S"}
_PERIODS = "|".join(
    form for word in ("lifetime", "per year") for form in VALUES.forms(word)
)
_ID = r"^[^\s!-,./:-@\[-^`{-~“”‘’（）【】《》，。：；？！、]+$"
#: What a value is made of, whatever words it may say besides.
_VALUES: dict[Says, Schema] = {
    Says.TEXT: {"type": ["string", "number", "boolean", "null"]},
    Says.STATEMENT: _FILLED,
    Says.ID: {**_SCALAR, "pattern": _ID},
    Says.NAME: _FILLED,
    Says.BINDER: _FILLED,
    Says.EXPRESSION: _FILLED,
    Says.TEST: _FILLED,
    Says.DATE: {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    Says.WHOLE: {
        "pattern": r"^[1-9][0-9]{0,8}$",
        "type": ["string", "integer"],
        "minimum": 1,
    },
    Says.EXPECTATION: {"type": ["string", "number"], "pattern": r"\d"},
    Says.MONEY: {"type": ["string", "number"], "pattern": r"\d"},
    Says.PATH: _FILLED,
    Says.TIMES: {"type": "string", "pattern": r"^\s*[1-9]"},
    Says.PER: {"type": "string", "pattern": r"^(per |每)"},
    Says.CAP_PER: {
        "type": "string",
        "pattern": rf"^[^,，]+[,，] *({_PERIODS}|\d.*) *$",
    },
    Says.PERIOD: {"type": "string", "pattern": r"[1-9]"},
    Says.VALUE: _SCALAR,
}


def pack_schema(kind: str, lang: str = "zh") -> Schema:
    """
    What a kind of pack file may hold, described in a language.

    Every keyword is accepted in either language. Raises :class:`UsageError` for a kind
    or a language that there is not.
    """
    for word, known in ((kind, FILES), (lang, LANGUAGES)):
        if word not in known:
            raise UsageError(f"expected {one_of(known)}, got {word!r}")
    return _Writer(lang, switched=kind not in _UNSWITCHED).file(kind)


class _Writer:
    """Writes the schema of one file; forms that may hold themselves become $defs."""

    def __init__(self, lang: str, *, switched: bool) -> None:
        self.index = LANGUAGES.index(lang)
        self.switched = switched
        self.definitions: Schema = {}
        self.names: dict[tuple[Form, bool], str] = {}

    def file(self, kind: str) -> Schema:
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": _TITLES[kind][self.index],
            **self.shape(FILES[kind]),
            "$defs": self.definitions,
        }

    def value(self, form: Form) -> Schema:
        """A value, or a switch between readings that comes to such a value."""
        known = self.names.get((form, self.switched))
        if known is not None:
            return {"$ref": f"#/$defs/{known}"}
        name = self.free_name(form)
        self.names[form, self.switched] = name
        self.definitions[name] = {}  # so that what holds itself ends here
        plain = self.plain(form)
        either = {"anyOf": [plain, self.switch(name)]}
        self.definitions[name] = either if self.switched else plain
        return {"$ref": f"#/$defs/{name}"}

    def free_name(self, form: Form) -> str:
        """A name that no other definition has."""
        name = _name(form) if self.switched else f"fixed-{_name(form)}"
        others = (f"{name}-{number}" for number in count(2))
        return next(n for n in chain((name,), others) if n not in self.definitions)

    def switch(self, name: str) -> Schema:
        reading = {
            "type": "string",
            "description": _SAID["reading"][self.index],
        }
        forms = KEYS.forms("reading")
        return {
            "type": "object",
            "description": _SAID["switch"][self.index],
            "properties": dict.fromkeys(forms, reading),
            "anyOf": [{"required": [form]} for form in forms],
            "additionalProperties": {"$ref": f"#/$defs/{name}"},
        }

    def plain(self, form: Form) -> Schema:
        """The value itself."""
        match form:
            case Leaf():
                return self.leaf(form)
            case ListOf():
                items = {"type": "array", "items": self.value(form.item)}
                return items if form.empty else {**items, "minItems": 1}
            case Named():
                return {
                    "type": "object",
                    "additionalProperties": self.value(form.value),
                }
            case Given():
                return {"type": "object"}
            case Shape():
                return self.shape(form)
            case Worded():
                return {"anyOf": [self.shape(shape) for shape in form.shapes]}
            case Either():
                return {"anyOf": [self.plain(one) for one in form.forms]}
            case Ref():
                return self.plain(FORMS[form.name])
            case _:
                assert_never(form)

    def leaf(self, leaf: Leaf) -> Schema:
        words = [form for word in leaf.words for form in VALUES.forms(word)]
        truths = [word == "true" for word in leaf.words if word in {"true", "false"}]
        enumeration: Schema = {"enum": [*words, *truths]}
        if leaf.says is Says.WORD:
            return enumeration
        return (
            {"anyOf": [_VALUES[leaf.says], enumeration]}
            if words
            else _VALUES[leaf.says]
        )

    def shape(self, shape: Shape) -> Schema:
        required = [
            {"anyOf": [{"required": [form]} for form in KEYS.forms(key.name)]}
            for key in shape.keys
            if key.required
        ]
        return {
            "type": "object",
            "properties": {
                form: self.key(key, shape.group)
                for key in shape.keys
                for form in KEYS.forms(key.name)
            },
            "additionalProperties": False,
            **({"allOf": required} if required else {}),
        }

    def key(self, key: Key, group: str) -> Schema:
        chinese = KEYS.said(key.name, "zh", group)
        return {
            "title": f"{chinese} {key.name}",
            "description": (key.chinese, key.english)[self.index],
            **(self.fixed() if key.fixed else self).value(key.form),
        }

    def fixed(self) -> "_Writer":
        """A writer of values that no reading changes."""
        writer = copy(self)
        writer.switched = False
        return writer


def _name(form: Form) -> str:
    """What a form is called among the definitions, if nothing else is."""
    match form:
        case Ref():
            return form.name
        case Leaf():
            return "-".join((form.says.value, *form.words)).replace(" ", "-")
        case ListOf():
            return f"list-of-{_name(form.item)}"
        case Named():
            return f"named-{_name(form.value)}"
        case Given() | Worded():
            return type(form).__name__.lower()
        case Shape():
            return form.group.replace(" ", "-")
        case Either():
            return "-or-".join(map(_name, form.forms))
        case _:
            assert_never(form)
