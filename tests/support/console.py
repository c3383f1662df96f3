"""Console sessions in Markdown: commands after "$ ", and what they print."""

import difflib
import os
import subprocess
import sysconfig

from collections.abc import Iterator
from pathlib import Path

from attrs import frozen
from sybil import Example

ROOT = Path(__file__).parents[2]
PROMPT = "$ "


@frozen
class Step:
    """One command of a session and the text that it should print."""

    command: str
    expected: str


def steps(session: str) -> Iterator[Step]:
    """
    The steps of a session, in its order; a backslash continues a command.

    Raises ValueError if the session does not begin with a command.
    """
    lines = session.splitlines()
    if not lines or not lines[0].startswith(PROMPT):
        raise ValueError(f"a console session begins with {PROMPT!r}: {session!r}")
    while lines:
        command = lines.pop(0).removeprefix(PROMPT)
        while command.endswith("\\") and lines:
            command += "\n" + lines.pop(0)
        printed = []
        while lines and not lines[0].startswith(PROMPT):
            printed.append(lines.pop(0))
        yield Step(command, trimmed("\n".join(printed)))


def trimmed(text: str) -> str:
    """The text without blanks at the ends of lines, which nobody can see."""
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip("\n")


def environment() -> dict[str, str]:
    """
    The variables that a command sees: few, so that it prints the same anywhere.

    The programs of the running interpreter's environment come first.
    """
    path = [sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)]
    return {
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "PATH": os.pathsep.join(path),
        "PYTHONUTF8": "1",
    }


def run(command: str) -> str:
    """What a shell at the top of the repository prints, errors included."""
    done = subprocess.run(  # noqa: S602 - a session is written for a shell
        command,
        shell=True,
        check=False,
        cwd=ROOT,
        encoding="utf-8",
        env=environment(),
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )
    return trimmed(done.stdout)


def evaluate(example: Example) -> str | None:
    """The first difference between a session and what happens, None without one."""
    for step in steps(example.parsed):
        printed = run(step.command)
        if printed != step.expected:
            return "\n".join(
                [
                    f"{PROMPT}{step.command}",
                    *difflib.unified_diff(
                        step.expected.splitlines(),
                        printed.splitlines(),
                        "expected",
                        "printed",
                        lineterm="",
                    ),
                ]
            )
    return None
