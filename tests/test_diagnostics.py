"""The catalogue of codes: complete, shown by examples, and printed."""

import ast

from collections.abc import Iterator
from pathlib import Path

import pytest

import incentives

from incentives.diagnostics import CODES, code_in_full, codes_table
from incentives.errors import Severity, UsageError
from tests.support.diagnostics_page import EXAMPLES, PAGE, block_of, page

PACKAGE = Path(incentives.__file__).parent
SOURCES = [path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")]

# What no text file can show: tested in the modules of its files.
ELSEWHERE = {"not-utf-8", "file-too-large", "unreadable-file", "no-pack", "no-rules"}

#: What makes a diagnostic, by the end of its name, and how severe that is; None:
#: as the call says.
MAKERS = {
    ".add": Severity.ERROR,
    "Wrong": Severity.ERROR,
    ".warn": Severity.WARNING,
    "_warning": Severity.WARNING,
    "Diagnostic": None,
}
#: Modules that hand on a code which another gave them.
HANDING_ON = {"nodes.py", "elaboration.py", "rule_checks.py"}


def made(source: str) -> Iterator[tuple[ast.Call, Severity]]:
    """Every call that makes a diagnostic, and how severe that is."""
    for call in ast.walk(ast.parse(source)):
        # A set is added to as well, but by one thing at a time.
        if isinstance(call, ast.Call) and len(call.args) > 1:
            name = ast.unparse(call.func)
            for end, severity in MAKERS.items():
                if name.endswith(end):
                    warning = "Severity.WARNING" in map(ast.unparse, call.args)
                    own = Severity.WARNING if warning else Severity.ERROR
                    yield call, severity or own


def emitted() -> dict[str, set[Severity]]:
    """Every code in the package, with how severe it is said to be."""
    found: dict[str, set[Severity]] = {}
    for source in SOURCES:
        for call, severity in made(source):
            if isinstance(call.args[0], ast.Constant):
                code = call.args[0].value
                if isinstance(code, str):
                    found.setdefault(code, set()).add(severity)
    return found


def test_every_code_is_in_the_catalogue() -> None:
    """The catalogue holds the codes that are emitted, no more and no fewer."""
    assert set(CODES) == set(emitted())


def test_every_code_has_one_severity() -> None:
    """A code is an error wherever it is one, and the catalogue says so."""
    assert {code: {info.severity} for code, info in CODES.items()} == emitted()


def test_no_code_is_computed() -> None:
    """Whoever makes a diagnostic says its code literally, or is handed it."""
    computing = {
        path.name
        for path in PACKAGE.rglob("*.py")
        for call, _ in made(path.read_text(encoding="utf-8"))
        if not isinstance(call.args[0], ast.Constant)
    }
    assert computing <= HANDING_ON


def test_every_code_has_an_example() -> None:
    """No diagnostic can be emitted that no example shows."""
    shown = {code for code in CODES for each in EXAMPLES if block_of(code, each)}
    assert set(CODES) - shown == ELSEWHERE


def test_examples_say_the_severity_of_the_catalogue() -> None:
    """What an example prints under a code is as severe as the catalogue says."""
    for code, info in CODES.items():
        blocks = filter(None, (block_of(code, each) for each in EXAMPLES))
        heads = {block.split("\n")[0].split(": ")[1] for block in blocks}
        assert heads <= {f"{info.severity.value}[{code}]"}


def test_page_is_up_to_date() -> None:
    """The page shows the catalogue: `python -m tests.support.diagnostics_page`."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_codes_are_sorted_and_said_in_both_languages() -> None:
    """The catalogue is in order, and says everything twice, without a full stop."""
    assert list(CODES) == sorted(CODES)
    for info in CODES.values():
        said = (*info.meanings, *info.remedies)
        assert all(words and not words.endswith(("。", ".")) for words in said)
        assert not any(word.isascii() for word in (info.meaning(), info.remedy()))


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("zh", "duplicate-key           错误  同一个键写了两次"),
        ("en", "duplicate-key           error     a key stands twice"),
    ],
)
def test_table(lang: str, line: str) -> None:
    """The table has a line for every code."""
    lines = codes_table(lang).split("\n")
    assert len(lines) == len(CODES) + 2
    assert line in lines


def test_code_in_full() -> None:
    """One code is told with what it means and what to do."""
    assert code_in_full("duplicate-key") == (
        "duplicate-key（错误）\n含义：同一个键写了两次。\n处理：删去或合并其中一个。"
    )
    assert code_in_full("no-case", "en") == (
        "no-case (warning)\nmeaning: a rule without any worked case.\n"
        "what to do: write one under `cases:`."
    )


@pytest.mark.parametrize(
    ("code", "lang", "said"),
    [
        ("no-cases", "zh", "unknown code 'no-cases', did you mean 'no-case'?"),
        ("x", "zh", "unknown code 'x', see 'incentives codes'"),
        ("no-case", "fr", "no language 'fr', expected one of 'zh', 'en'"),
    ],
)
def test_code_that_there_is_not(code: str, lang: str, said: str) -> None:
    """A misspelt code is told what was probably meant."""
    with pytest.raises(UsageError) as error:
        code_in_full(code, lang)
    assert str(error.value) == said
