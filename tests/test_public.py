"""The names that users import: all there, and none fetched before it is asked for."""

import ast
import subprocess
import sys

from pathlib import Path

import pytest

import incentives

SOURCE = Path(incentives.__file__)
LACKING = (
    "incentives.screen needs polars; install the extra: "
    "pip install 'incentives[registry]'"
)


def python(program: str) -> str:
    """What a new Python prints."""
    return subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(SOURCE.parents[1])},
        capture_output=True,
        check=True,
        text=True,
    ).stdout.strip()


class TestNames:
    """`incentives` fetches each name from where it is, when somebody uses it."""

    @pytest.mark.parametrize("name", incentives.__all__)
    def test_every_name_is_there(self, name: str) -> None:
        """Every name of the public API can be had."""
        assert getattr(incentives, name) is not None
        assert name in dir(incentives)

    def test_type_checkers_see_the_same(self) -> None:
        """What is imported for type checkers is what is fetched, from the same homes."""
        tree = ast.parse(SOURCE.read_text("utf-8"))
        (block,) = (n for n in tree.body if isinstance(n, ast.If))
        seen = {
            alias.name: each.module
            for each in block.body
            if isinstance(each, ast.ImportFrom)
            for alias in each.names
        }
        homes = {**incentives._HOMES, "engines": "engines.witness"}  # noqa: SLF001  # what is fetched
        assert seen == homes
        assert sorted(seen) == sorted(incentives.__all__)

    @pytest.mark.parametrize(
        ("missing", "said"),
        [
            (
                "polars",
                LACKING,
            ),
            ("cattrs", "No module named 'cattrs'"),
        ],
    )
    def test_what_is_not_installed(
        self, missing: str, said: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Who asks for what an extra brings, without it, is told which to install."""

        def lacking(*_: object) -> object:
            raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)

        monkeypatch.delitem(vars(incentives), "screen", raising=False)
        monkeypatch.setattr(incentives, "import_module", lacking)
        with pytest.raises(ModuleNotFoundError) as caught:
            _ = incentives.screen
        assert str(caught.value) == said

    def test_without_the_extra(self) -> None:
        """Without the extra the rest of the library is there all the same."""
        said = python(
            "import sys; sys.modules['polars'] = None\n"
            "import incentives\n"
            "print(incentives.evaluate({'id': 'x'}, as_of='2025-10-01').total)\n"
            "try:\n    incentives.screen\n"
            "except ModuleNotFoundError as error:\n    print(error.name)"
        )
        assert said.split() == ["0", "polars"]

    def test_no_other_name(self) -> None:
        """Any other name is refused as Python refuses it."""
        with pytest.raises(AttributeError, match=r"^module 'incentives' has no attr"):
            incentives.nope  # noqa: B018  # it is asked for

    def test_nothing_is_fetched_beforehand(self) -> None:
        """Importing the library loads nothing that it stands on."""
        said = python(
            "import sys, incentives\n"
            "print([n for n in ('attrs', 'lark', 'yaml') if n in sys.modules])"
        )
        assert said == "[]"

    def test_nothing_is_parsed_for_the_first_answer(self) -> None:
        """A well-formed record is judged without a parser, cattrs or words."""
        said = python(
            "import sys, incentives\n"
            "found = incentives.evaluate({'id': 'x'}, as_of='2026-06-01')\n"
            "found.total\n"
            "names = ('cattrs', 'lark', 'yaml', 'wcwidth', 'incentives.wording')\n"
            "ready = incentives.packs._ready('quanzhou-2024', *[\n"
            "    f / 'quanzhou-2024' for f in incentives.packs._FOLDERS\n"
            "    if (f / 'quanzhou-2024').is_dir()][:1])\n"
            "print([] if ready is None else [n for n in names if n in sys.modules])"
        )
        assert said == "[]"

    def test_one_name_for_a_package_and_a_function(self) -> None:
        """`incentives.engines` can be called, whatever was imported before."""
        said = python(
            "from incentives.engines.compiled import source_of\n"
            "import incentives\n"
            "print(sorted(incentives.engines()), callable(source_of))"
        )
        assert said == "['compiled', 'durable', 'reference'] True"
