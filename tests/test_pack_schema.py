"""The JSON Schema of pack files: what it accepts, what it sees, and what it says."""

import json
import re

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from incentives import UsageError
from incentives.editing.pack_schema import pack_schema
from incentives.language.forms.pack_forms import FILES
from tests.support.bad_packs import DATA, SOUND, Example, examples

ROOT = Path(__file__).resolve().parent.parent
PACKS = [
    SOUND,
    *sorted(path.parent for path in ROOT.glob("rules/*/policy.yaml")),
    *sorted(path.parent for path in ROOT.glob("tests/data/*/policy.yaml")),
]
SCHEMAS = {kind: pack_schema(kind) for kind in FILES}
VALIDATORS = {
    kind: jsonschema.Draft202012Validator(schema) for kind, schema in SCHEMAS.items()
}


def kind_of(file: str, node: object) -> str:
    if file in ("policy.yaml", "facts.yaml"):
        return file.removesuffix(".yaml")
    amends = isinstance(node, dict) and {"amends", "修订"} & node.keys()
    return "amendment" if amends else "rule"


class CoreLoader(yaml.SafeLoader):
    """Reads scalars as editors do, by the core schema of YAML 1.2."""


CoreLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    (
        "float",
        r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$",
        "-+.0123456789",
    ),
    ("null", r"^(?:~|null|Null|NULL|)$", "~nN\0"),
):
    CoreLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{tag}", re.compile(pattern), [*first, ""]
    )


def texts_of(pack: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(pack.glob("*.yaml")):
        yield path.name, path.read_text(encoding="utf-8")


def mistakes(file: str, text: str, loader: Any) -> list[str]:
    """What the schema says against a file as a loader reads it."""
    try:
        node = yaml.load(text, loader)  # noqa: S506  # neither loader makes objects
    except yaml.YAMLError as error:
        return [f"not YAML: {error}"]
    errors = VALIDATORS[kind_of(file, node)].iter_errors(node)
    return [f"{file}: {error.json_path}: {error.message}" for error in errors]


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_schema_is_one(kind: str, lang: str) -> None:
    """Each schema is a JSON Schema itself, and JSON."""
    schema = pack_schema(kind, lang)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize("loader", [yaml.BaseLoader, CoreLoader])
@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_every_pack_file_is_accepted(pack: Path, loader: Any) -> None:
    """Whatever a scalar is taken for, the files of a sound pack have nothing wrong."""
    found = [m for file, text in texts_of(pack) for m in mistakes(file, text, loader)]
    assert found == []


# What a schema sees of the diagnostics: keys, words and the form of values…
VISIBLE = {
    "bad-number",
    "empty-list",
    "empty-value",
    "missing-key",
    "no-amount",
    "not-a-list",
    "not-a-mapping",
    "not-a-value",
    "two-amounts",
    "unknown-key",
    "unknown-word",
}
# … but not what depends on names, on other keys, or on what a phrase means…
HIDDEN = re.compile(
    r"leaves? nothing|award of nothing|budget of nothing|expects nothing"
    r"|the records of .* have no key|the table has no row|at least \d+ of \d+"
    r"|a bracket needs|'price' stands beside 'rate'|'look up' needs the key 'otherwise'"
    r"|needs the key '(amount|cap|in|order by|record|try|type)'"
    r"|'once' cannot be '(per |每)"
    r"|^(?!policy).*'(dated by|计期依据)' cannot be"
    r"|'(cap per|封顶口径)' cannot be '[^,，]*[,，] ?(lifetime|累计|per year)'"
)
# … and besides, days and ids that are not written as such, and empty texts.
SEEN = re.compile(
    r"\[bad-date\]: .*is not (written|a date)|cannot be an id|an empty expression"
    r"|the id of a rule stays"
)


def is_visible(said: str) -> bool:
    """Whether a schema can see any of the diagnostics that are printed."""
    lines = [line for line in said.split("\n") if re.search(r": error\[", line)]
    return any(
        SEEN.search(line)
        or (
            line.partition("error[")[2].partition("]")[0] in VISIBLE
            and not HIDDEN.search(line)
        )
        for line in lines
    )


def edited(example: Example) -> Iterator[tuple[str, str]]:
    """The YAML files that an example changes, with their text."""
    texts = dict(texts_of(SOUND))
    for edit in example.edits:
        old = texts.get(edit.file, "")
        texts[edit.file] = old.replace(edit.old, edit.new) if edit.old else edit.new
    changed = {edit.file for edit in example.edits}
    yield from (pair for pair in texts.items() if pair[0] in changed)


EXAMPLES = [
    pytest.param(example, id=f"{page.stem}: {example.title}")
    for page in sorted(DATA.glob("*.txt"))
    for example in examples(page.read_text(encoding="utf-8"))
    if page.stem != "yaml"
    and any(edit.file.endswith(".yaml") for edit in example.edits)
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_bad_examples(example: Example) -> None:
    """A schema refuses what it can see, and accepts every other bad example."""
    found = [
        mistake
        for file, text in edited(example)
        if file.endswith(".yaml")
        for mistake in mistakes(file, text, yaml.BaseLoader)
    ]
    assert bool(found) == is_visible(example.said), found


def test_descriptions() -> None:
    """A key is described in the language that is asked for, its title in both."""
    for lang, said in (("zh", "条款号"), ("en", "the number of the clause")):
        key = pack_schema("rule", lang)["properties"]["clause"]
        assert (key["title"], key["description"]) == ("条款 clause", said)
    assert (
        pack_schema("rule")["properties"]["条款"]
        == SCHEMAS["rule"]["properties"]["clause"]
    )


def test_any_value_may_be_a_switch() -> None:
    """A switch between readings stands for any value of a rule, in either language."""
    rule = {"rule": "r", "标题": "甲", "clause": "一", "quote": "甲", "award": "1元"}
    for word in ("reading", "解读"):
        switch = {word: "x", "a": {word: "y", "b": "甲", "c": "乙"}}
        assert list(VALIDATORS["rule"].iter_errors({**rule, "quote": switch})) == []
    wrong = {"reading": "x", "a": ["甲"]}
    found = list(VALIDATORS["rule"].iter_errors({**rule, "quote": wrong}))
    assert [error.json_path for error in found] == ["$.quote"]


def test_facts_are_no_switches() -> None:
    """facts.yaml is the same under every reading, so a switch is refused there."""
    switch = {"reading": "x", "a": "甲"}
    facts = {"enterprise": {"city": {"label": switch, "english": "city"}}}
    assert not VALIDATORS["facts"].is_valid(facts)


@pytest.mark.parametrize(
    ("kind", "lang", "said"),
    [
        ("rules", "zh", "expected one of 'rule', 'policy', "),
        ("rule", "de", "expected one of 'zh', 'en', got 'de'"),
    ],
)
def test_unknown_kind_or_language(kind: str, lang: str, said: str) -> None:
    """Kinds and languages that there are not are told."""
    with pytest.raises(UsageError, match=said):
        pack_schema(kind, lang)
