"""What the READMEs say agrees with the commands, the rules and the code."""

import re
import tomllib

from collections.abc import Iterable
from itertools import chain, pairwise
from pathlib import Path

import pytest

import incentives

from incentives import checks
from incentives.commands.cli import app
from incentives.language.amending.amendments import AMENDMENT_KEYS
from incentives.language.forms.pack_forms import FACT, RECORDS, names
from incentives.language.policy_files import POLICY_KEYS
from incentives.language.rule_files import RULE_KEYS
from incentives.language.words import EXPRESSIONS, KEYS
from tests.support import console

ROOT = console.ROOT
LANGUAGES = {"README.md": "en", "README.zh.md": "zh"}
PAGES = [*LANGUAGES, "CONTRIBUTING.md", "rules/README.md", "rules/AMENDMENTS.md"]
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
LINK = re.compile(r"\[[^]]+\]\((?!https?:)([^)#]+)\)")


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def section(page: str, *titles: str) -> str:
    """The part of a page under the one of the headings that it has."""
    parts = HEADING.split(text_of(page))
    found = [body for title, body in pairwise(parts) if title in titles]
    assert len(found) == 1, titles
    return found[0]


def rows(table: str) -> list[list[str]]:
    """The rows of the only table of a section, without its head."""
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def blocks(page: str, language: str) -> list[str]:
    """The fenced blocks of a language."""
    fence = rf"^```{language}\n(.*?)^```$"
    return re.findall(fence, text_of(page), re.MULTILINE | re.DOTALL)


def project() -> dict[str, object]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)


@pytest.mark.parametrize("page", LANGUAGES)
def test_commands_are_those_that_are_run(page: str) -> None:
    """The two commands are, word for word, the ones that `.ci/run` tries."""
    script = text_of(".ci/run")
    wanted = [
        found[1]
        for name in ("try_it", "test_it")
        if (found := re.search(rf'^{name}="(.*)"$', script, re.MULTILINE))
    ]
    assert [block.rstrip("\n") for block in blocks(page, "sh")] == wanted


def test_twins_have_one_structure() -> None:
    """Both READMEs have as many sections and run the same commands and code."""
    english, chinese = LANGUAGES
    assert len(HEADING.findall(text_of(english))) == len(
        HEADING.findall(text_of(chinese))
    )
    commands = [
        [
            step.command.replace(" --lang en", "")
            for session in blocks(page, "console")
            for step in console.steps(session)
        ]
        for page in LANGUAGES
    ]
    assert commands[0] == commands[1]
    assert blocks(english, "python") == blocks(chinese, "python")
    assert blocks(english, "yaml") == blocks(chinese, "yaml")


@pytest.mark.parametrize(("page", "lang"), LANGUAGES.items())
def test_readings_are_those_of_the_pack(page: str, lang: str) -> None:
    """The table says every reading, its default and its other values, in order."""
    colon, separator = (": ", "; ") if lang == "en" else ("：", "；")
    expected = []
    for reading in incentives.bundled().declared_readings.values():
        values = [
            f"`{value}`{colon}{reading.meaning(value, lang)}"
            for value in reading.values
        ]
        if reading.any_date:
            said = {"en": "an ISO date: that day", "zh": "某一日期（ISO）：该日"}
            values.append(said[lang])
        question = [reading.question] if lang == "zh" else []
        others = separator.join(values[1:])
        expected.append([f"`{reading.id}`", *question, values[0], others])
    assert rows(section(page, "Readings", "解读")) == expected


@pytest.mark.parametrize("page", LANGUAGES)
def test_codes_and_outcomes_are_complete(page: str) -> None:
    """Every outcome and every reason code has its row, in the order of the code."""
    names = re.findall(
        r"^\| `([a-z-]+)`",
        section(page, "Reading a result", "怎样读结果"),
        re.MULTILINE,
    )
    codes = [code.value for code in incentives.ReasonCode]
    outcomes = [outcome.value for outcome in incentives.Outcome]
    assert names == outcomes + codes


@pytest.mark.parametrize("page", LANGUAGES)
def test_dependencies_are_those_declared(page: str) -> None:
    """Every dependency has its line of reasons, and no line is left over."""
    declared = project()["project"]
    assert isinstance(declared, dict)
    extras = declared["optional-dependencies"]
    # What only gathers other extras, or is for work on the project itself, needs none.
    for name in ("all", "test", "lint"):
        del extras[name]
    wanted = {
        re.split(r"[\[<>=; ]", requirement)[0].lower()
        for requirement in chain(declared["dependencies"], *extras.values())
    } - {"incentives"}
    said = {
        name
        for row in rows(section(page, "Dependencies", "依赖"))
        for name in re.split("[,、] ?", re.sub("[(（].*", "", row[0]).strip())
    }
    assert said == wanted


@pytest.mark.parametrize("page", LANGUAGES)
def test_architecture_names_every_layer_in_order(page: str) -> None:
    """The architecture is the layers that import-linter enforces, top to bottom."""
    layers = project()["tool"]["importlinter"]["contracts"][0]["layers"]  # type: ignore[index]
    order = {
        name.strip(): depth
        for depth, layer in enumerate(layers)
        for name in layer.split("|")
    }
    said = [
        re.findall(r"`([a-z_]+)`", row[0])
        for row in rows(section(page, "Architecture", "结构"))
    ]
    assert sorted(name for names in said for name in names) == sorted(order)
    for upper, lower in pairwise(said):
        assert max(order[name] for name in upper) <= min(order[name] for name in lower)


@pytest.mark.parametrize("page", LANGUAGES)
def test_rules_shown_are_those_of_the_packs(page: str) -> None:
    """The YAML shown stands to the letter in the file that is named before it."""
    shown = list(
        re.finditer(r"\(([^)]+\.yaml)\)|^```yaml\n", text_of(page), re.MULTILINE)
    )
    files = [link[1] for link, block in pairwise(shown) if link[1] and not block[1]]
    wanted = [(ROOT / file).read_text(encoding="utf-8") for file in files]
    found = blocks(page, "yaml")
    assert len(found) == len(wanted) > 0
    assert [part in whole for part, whole in zip(found, wanted, strict=True)] == [
        True for _ in found
    ]


@pytest.mark.parametrize("page", LANGUAGES)
def test_every_command_is_named(page: str) -> None:
    """Every command of the program has its line."""
    said = re.findall(
        r"^incentives ([a-z]+)", section(page, "Command line", "命令行"), re.MULTILINE
    )
    callbacks = [
        c.name or c.callback.__name__ for c in app.registered_commands if c.callback
    ]
    assert sorted(said) == sorted(callbacks)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    """Every link into the repository leads to a file that is there."""
    folder = (ROOT / page).parent
    targets = LINK.findall(text_of(page))
    assert targets
    assert [target for target in targets if not (folder / target).exists()] == []


@pytest.mark.parametrize("page", LANGUAGES)
def test_readme_stays_short(page: str) -> None:
    """A README that is read to its end is short."""
    assert len(text_of(page).splitlines()) <= 480


# --- the pages on the rule language ---------------------------------------------

LANGUAGE = "rules/README.md"
NOTICES = "rules/AMENDMENTS.md"
NAMED = re.compile(r"^```(?:yaml|csv) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CHUNK = re.compile(r"^(?=[^\s#-])", re.MULTILINE)


def keyword(word: str) -> str:
    """A key of a rule file or of policy.yaml in English."""
    return KEYS.meant(word, (*RULE_KEYS, *POLICY_KEYS)) or word


def chunks(fragment: str) -> dict[str, str]:
    """The top-level keys of a YAML text in English, each with its text."""
    parts = [part for part in CHUNK.split(fragment) if part]
    return {keyword(part.split(":", 1)[0]): part for part in parts}


def joined(fragments: list[dict[str, str]]) -> dict[str, str]:
    """What stands under each key, one fragment after the other."""
    found: dict[str, str] = {}
    for fragment in fragments:
        for key, text in fragment.items():
            head, body = text.split("\n", 1)
            found[key] = found.get(key, f"{head}\n") + body
    return found


BLOCKS = NAMED.findall(text_of(LANGUAGE))
FACTS = joined([chunks(text) for name, text in BLOCKS if name == "facts.yaml"])
TABLES = {name: text for name, text in BLOCKS if name.endswith(".csv")}
FRAGMENTS = [chunks(text) for name, text in BLOCKS if not name]
POLICY = next(f for f in FRAGMENTS if "policy" in f)
RULE = next(f for f in FRAGMENTS if "rule" in f)
READINGS = next(f for f in FRAGMENTS if "readings" in f)


@pytest.mark.parametrize(
    "fragment",
    [pytest.param(f, id=f"{n:02}-{next(iter(f))}") for n, f in enumerate(FRAGMENTS)],
)
def test_every_example_of_the_language_holds(
    fragment: dict[str, str], tmp_path: Path
) -> None:
    """Each example fits into the page's own rule, and makes a pack without fault."""
    policy, rule = {**POLICY, **READINGS}, dict(RULE)
    if "rule" in fragment:
        rule = fragment
    elif fragment.keys() <= set(RULE_KEYS):
        rule |= fragment
    else:
        own = fragment.keys() - set(POLICY_KEYS)
        rule |= {key: text for key, text in fragment.items() if key in own}
        policy |= {key: text for key, text in fragment.items() if key not in own}
    files = {"policy.yaml": policy, "facts.yaml": FACTS, "rule.yaml": rule}
    for name, parts in files.items():
        (tmp_path / name).write_text("".join(parts.values()), encoding="utf-8")
    for name, text in TABLES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    report = checks.check(tmp_path)
    assert [str(found) for found in report.errors] == []
    assert report.book is not None
    names = re.findall("(?:name|名称):", fragment.get("cases", ""))
    assert len(report.book.cases) == len(names)


def test_notices_hold_what_their_page_says(tmp_path: Path) -> None:
    """The files of the page on amendments make a pack whose cases all hold."""
    files = dict(NAMED.findall(text_of(NOTICES)))
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    report = checks.check(tmp_path)
    assert [str(found) for found in report.errors] == []
    assert report.book is not None
    cases = sum(text.count("name:") for text in files.values())
    assert len(report.book.cases) == cases


def unsaid(page: str, words: Iterable[str]) -> set[str]:
    """The words that a page neither names nor uses as a key."""
    text = text_of(page)
    return {
        word for word in words if f"`{word}`" not in text and f"{word}:" not in text
    }


def test_every_key_of_the_language_is_explained() -> None:
    """The page says every key of a rule file, of policy.yaml and of facts.yaml."""
    facts = (*names(FACT), *names(RECORDS))
    assert unsaid(LANGUAGE, {*RULE_KEYS, *POLICY_KEYS, *facts}) == set()


def test_every_function_is_explained() -> None:
    """The page says every function of expressions, with its Chinese name."""
    text = text_of(LANGUAGE)
    functions = EXPRESSIONS.groups["function"]
    said = {
        (word, chinese)
        for word, chinese in functions.items()
        if f"{word}(" in text and f"`{chinese}`" in text
    }
    assert said == set(functions.items())


def test_every_key_of_a_notice_is_explained() -> None:
    """The page on amendments says every key of such a file."""
    assert unsaid(NOTICES, AMENDMENT_KEYS) == set()
