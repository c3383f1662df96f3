"""The examples of the README that are console sessions."""

import json
import sys

from types import SimpleNamespace

import pytest

from tests.support import console


def problem(session):
    return console.evaluate(SimpleNamespace(parsed=session))


def test_a_session_is_split_at_its_prompts():
    """Each command is paired with the lines up to the next prompt."""
    assert list(console.steps("$ one\n1\n\n1\n$ two\n$ three\n3\n")) == [
        console.Step("one", "1\n\n1"),
        console.Step("two", ""),
        console.Step("three", "3"),
    ]


def test_a_backslash_continues_a_command():
    """A command may go on in the next line."""
    assert list(console.steps("$ one \\\n  two\n3\n")) == [
        console.Step("one \\\n  two", "3")
    ]


@pytest.mark.parametrize("session", ["", "1\n$ one\n"], ids=["empty", "output first"])
def test_a_session_begins_with_a_command(session):
    """Output without a command is a mistake of the writer."""
    with pytest.raises(ValueError, match=r"a console session begins with '\$ ': "):
        list(console.steps(session))


def test_a_true_session_passes():
    """A session is right if every command prints what stands below it."""
    assert problem("$ echo 企业\n企业\n$ echo 'a  '; echo b\na\nb\n") is None


def test_a_false_session_is_shown_as_a_difference():
    """The first command that prints something else is named, with both texts."""
    assert problem("$ echo 1\n1\n$ echo 2\n3\n$ echo 4\n5\n") == (
        "$ echo 2\n--- expected\n+++ printed\n@@ -1 +1 @@\n-3\n+2"
    )


def test_output_that_is_not_shown_is_a_difference():
    """A session may not keep quiet about what a command prints."""
    assert problem("$ echo 1\n") == (
        "$ echo 1\n--- expected\n+++ printed\n@@ -0,0 +1 @@\n+1"
    )


def test_errors_are_part_of_what_is_printed():
    """What goes to standard error is compared as well."""
    assert problem("$ echo wrong >&2; echo right\nwrong\nright\n") is None


def test_commands_run_at_the_top_of_the_repository():
    """Paths in a session start at the top of the repository."""
    assert problem("$ ls pyproject.toml\npyproject.toml\n") is None


def test_commands_run_in_the_environment_of_the_tests(monkeypatch):
    """The interpreter of the tests comes first on the path, and width is fixed."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    shown = "import json, os, sys; print(json.dumps([sys.prefix, sorted(os.environ)]))"
    prefix, names = json.loads(console.run(f'python -c "{shown}"'))
    assert prefix == sys.prefix
    assert {"COLUMNS", "NO_COLOR", "PATH"} <= set(names)
    assert "FORCE_COLOR" not in names
