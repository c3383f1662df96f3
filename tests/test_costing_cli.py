"""`incentives cost`, `compare` and `upcoming`: registries in files, answers out."""

import json

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from typer.testing import CliRunner, Result

import incentives

from incentives.commands import cli, console
from tests.support.costs import DAY, FIRMS, A, B, C, pack

ON = ("--as-of", DAY)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a folder of its own, with the rules in it."""
    monkeypatch.chdir(tmp_path)
    pack(tmp_path / "rules")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, arguments)


def cost(*arguments: str) -> Result:
    return run("cost", *arguments, "--rules", "rules", *ON)


def total(*arguments: str) -> str:
    result = cost(*arguments, "--json")
    assert result.exit_code == 0, result.output
    found: str = json.loads(result.stdout)["total"]
    return found


def jsonl(name: str, *records: Any) -> str:
    lines = (json.dumps(record, ensure_ascii=False) for record in records)
    Path(name).write_text("\n".join(lines), "utf-8")
    return name


def wide(name: str, **columns: list[Any]) -> str:
    pl.DataFrame(columns).write_parquet(name)
    return name


def tables(name: str, **frames: dict[str, list[Any]]) -> str:
    Path(name).mkdir()
    for table, columns in frames.items():
        pl.DataFrame(columns).write_parquet(f"{name}/{table}.parquet")
    return name


class TestCost:
    """`incentives cost`"""

    def test_text(self) -> None:
        """The report of the library, in either language."""
        file = jsonl("firms.jsonl", *FIRMS)
        rules = incentives.load("rules")
        found = incentives.cost(FIRMS, rules, as_of=DAY)
        assert cost(file).stdout == found.show() + "\n"
        assert cost(file, "--lang", "en").stdout == found.show("en") + "\n"
        assert json.loads(cost(file, "--json").stdout) == found.to_dict()

    def test_reading(self) -> None:
        """A word can be read otherwise."""
        assert total(jsonl("f.jsonl", *FIRMS), "--reading", "who=shoes") == "150000"

    def test_files(self) -> None:
        """A page and a picture are written before anything is printed."""
        file = jsonl("firms.jsonl", *FIRMS)
        result = cost(file, "--html", "cost.html", "--png", "cost.png", "--lang", "en")
        assert result.exit_code == 0
        assert "What it costs" in Path("cost.html").read_text("utf-8")
        assert Path("cost.png").read_bytes().startswith(b"\x89PNG")

    def test_no_place_for_a_file(self) -> None:
        """A page that cannot be written is told, without a traceback."""
        file = jsonl("firms.jsonl", *FIRMS)
        result = cost(file, "--html", "none/cost.html")
        assert result.exit_code == 1
        assert isinstance(result.exception, SystemExit)

    @pytest.mark.parametrize(
        ("modules", "extra"),
        [({"polars"}, "registry"), ({"altair", "matplotlib"}, "reports")],
    )
    def test_what_is_not_installed(
        self, monkeypatch: pytest.MonkeyPatch, modules: set[str], extra: str
    ) -> None:
        """Who lacks an extra is told which."""
        monkeypatch.setattr(
            console, "find_spec", lambda name: None if name in modules else name
        )
        result = cost("firms.jsonl", "--html", "cost.html")
        assert result.exit_code == 1
        assert f"pip install 'incentives[{extra}]'" in result.stderr


class TestRegistries:
    """A registry in files."""

    DAYS = ("2026-01-15", "2026-02-01")

    def test_parquet(self) -> None:
        """A wide table, or several of them."""
        one = wide("1.parquet", id=[A, B], green=[True, True], accepted=list(self.DAYS))
        two = wide("2.parquet", id=[C], green=[True], accepted=["2026-05-01"])
        assert total(one) == "100000"
        assert total(one, two) == "150000"

    def test_folder(self) -> None:
        """A folder has a table for the subjects, and one for each list; or several."""
        machine = {"id": ["m1"], "price": [500_000], "bought": ["2026-03-20"]}
        one = tables(
            "one", enterprises={"id": [A]}, machines={"enterprise_id": [A], **machine}
        )
        two = tables(
            "two", enterprises={"id": [B], "green": [True], "accepted": ["2026-02-01"]}
        )
        assert total(one) == "50000"
        assert total(one, two) == "100000"

    def test_mistakes_of_records(self) -> None:
        """Every mistake of every line is told, and nothing is answered."""
        file = jsonl("f.jsonl", FIRMS[0], {"id": B, "green": "perhaps"}, {"id": 3})
        Path(file).write_text(Path(file).read_text("utf-8") + "\nno record", "utf-8")
        result = cost(file)
        assert (result.exit_code, result.stdout) == (1, "")
        assert [line[:10] for line in result.stderr.splitlines() if ":" in line][
            :3
        ] == [
            "f.jsonl:2:",
            "f.jsonl:3:",
            "f.jsonl:4:",
        ]

    def test_mistakes_of_tables(self) -> None:
        """A table with mistakes is told by row and column."""
        file = wide("1.parquet", id=[A], accepted=["one day"])
        result = cost(file)
        assert result.exit_code == 1
        assert "enterprises[0].accepted" in result.stderr

    @pytest.mark.parametrize(
        "name", ["none.jsonl", "none.parquet", "empty", "no.parquet"]
    )
    def test_nothing_to_read(self, name: str) -> None:
        """What is not there, or is no table, is told without a traceback."""
        Path("empty").mkdir()
        Path("no.parquet").write_text("no table")
        result = cost(name)
        assert result.exit_code == 1
        assert result.stderr.startswith(f"{name}: ")
        assert isinstance(result.exception, SystemExit)

    def test_usage(self) -> None:
        """Other files, several kinds, other subjects and words are of usage."""
        file = jsonl("f.jsonl", *FIRMS)
        table = wide("1.parquet", id=[A])
        assert cost("f.csv").exit_code == 2
        assert cost(file, table).exit_code == 2
        assert cost(file, "--subject", "firm").exit_code == 2
        assert cost(file, "--reading", "who").exit_code == 2
        assert cost().exit_code == 2

    def test_counties(self) -> None:
        """Counties are another kind of subject."""
        file = jsonl("c.jsonl", {"id": "德化县", "kind": "county"})
        assert total(file, "--subject", "county") == "0"
        result = cost(file)
        assert result.exit_code == 1
        assert "another kind" in result.stderr


class TestCompare:
    """`incentives compare`"""

    def test_text(self, folder: Path) -> None:
        """The report of the library on two folders."""
        pack(folder / "new", plant="title: 奖励\nconditions: [green]\naward: 6万元\n")
        file = jsonl("firms.jsonl", *FIRMS)
        books = [incentives.load(name) for name in ("rules", "new")]
        found = incentives.compare(books[0], books[1], FIRMS, as_of=DAY)
        result = run("compare", "rules", "new", file, *ON)
        assert (result.exit_code, result.stdout) == (0, found.show() + "\n")
        data = run("compare", "rules", "new", file, *ON, "--json").stdout
        assert json.loads(data) == found.to_dict()
        assert found.gains == 10_000

    def test_readings(self) -> None:
        """A reading is that of both; files can be written."""
        file = jsonl("firms.jsonl", *FIRMS)
        more = ("--reading", "who=shoes", "--html", "c.html", "--png", "c.png")
        result = run("compare", "rules", "rules", file, *ON, *more)
        assert result.exit_code == 0
        assert "原规则合计：15万元" in result.stdout
        assert Path("c.html").exists()
        assert Path("c.png").exists()

    def test_no_rules(self) -> None:
        """A folder without rules is told."""
        result = run("compare", "rules", "none", jsonl("f.jsonl", *FIRMS), *ON)
        assert result.exit_code == 1
        assert isinstance(result.exception, SystemExit)


class TestUpcoming:
    """`incentives upcoming`"""

    def test_text(self) -> None:
        """The report of the library, for as many days as asked."""
        file = jsonl("firms.jsonl", *FIRMS)
        rules = incentives.load("rules")
        found = incentives.upcoming(FIRMS, rules, days=30, as_of=DAY)
        more = ("--rules", "rules", "--days", "30", *ON)
        assert run("upcoming", file, *more).stdout == found.show() + "\n"
        data = run(
            "upcoming", file, *more, "--json", "--html", "u.html", "--png", "u.png"
        ).stdout
        assert json.loads(data) == found.to_dict()
        assert Path("u.html").exists()
        assert Path("u.png").read_bytes().startswith(b"\x89PNG")

    def test_usage(self) -> None:
        """It cannot be looked back."""
        file = jsonl("firms.jsonl", *FIRMS)
        assert run("upcoming", file, "--days", "0").exit_code == 2
