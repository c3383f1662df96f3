"""`incentives screen`: a registry in, a file of results out, and what was wrong beside."""

import json

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from typer.testing import CliRunner, Result

import incentives

from incentives.commands.cli import app
from incentives.errors import UsageError
from incentives.registries.targets import write_table
from tests.test_screening import ENTERPRISES, FIRM, LISTINGS, OTHER, TABLES

DAY = ["--as-of", "2025-10-01"]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["screen", *map(str, arguments), *DAY])


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """The registry as a folder of tables."""
    folder = tmp_path / "registry"
    folder.mkdir()
    ENTERPRISES.write_parquet(folder / "enterprises.parquet")
    LISTINGS.write_parquet(folder / "listings.parquet")
    return folder


def test_parquet(registry: Path, tmp_path: Path) -> None:
    """What is written is what `screen()` says."""
    result = run(registry, "-o", tmp_path / "r.parquet")
    assert result.exit_code == 0, result.stderr
    expected = incentives.screen(TABLES, as_of="2025-10-01").determinations()
    assert pl.read_parquet(tmp_path / "r.parquet").equals(expected)
    assert result.stdout == (
        f"已评 2 个主体、9 条规则，合计应付 7,000,000 元，写入 {tmp_path / 'r.parquet'}\n"
    )


def test_csv(registry: Path, tmp_path: Path) -> None:
    """Excel opens the CSV as it is; amounts are plain decimals of yuan."""
    output = tmp_path / "r.csv"
    assert run(registry, "-o", output, "--shape", "wide").exit_code == 0
    assert output.read_bytes().startswith("\ufeffid,total,low,high".encode())
    rows = pl.read_csv(output, infer_schema=False).rows(named=True)
    assert rows[0]["total"] == "7000000"
    assert rows[0]["pilot-platform.missing"] == "platforms"
    assert rows[1]["total"] == "0"


def test_jsonl(registry: Path, tmp_path: Path) -> None:
    """One JSON document for each row, with lists as lists."""
    output = tmp_path / "r.jsonl"
    assert (
        run(registry, "-o", output, "--shape", "items", "--lang", "en").exit_code == 0
    )
    lines = output.read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    first = next(row for row in rows if row["rule"] == "private-top-500")
    assert first == {
        "id": FIRM,
        "rule": "private-top-500",
        "record": "listings[0]",
        "outcome": "eligible",
        "amount": "5000000",
        "reason": "condition-met",
        "low": "5000000",
        "high": "5000000",
        "missing": None,
    }


def test_rejects(registry: Path, tmp_path: Path) -> None:
    """Subjects with mistakes are left out and told beside the results; status 1."""
    wrong = ENTERPRISES.with_columns(kind=pl.Series(["firm", "enterprise"]))
    wrong.write_parquet(registry / "enterprises.parquet")
    output = tmp_path / "r.parquet"
    result = run(registry, "-o", output, "--shape", "totals")
    assert result.exit_code == 1
    assert pl.read_parquet(output)["id"].to_list() == [OTHER]
    rejects = pl.read_csv(tmp_path / "r.parquet.rejects.csv")
    assert rejects["where"].to_list() == ["enterprises[0].kind"]
    assert "有 1 处错误的行未评" in result.stderr


def test_strict(registry: Path, tmp_path: Path) -> None:
    """With `--strict` one mistake is enough, and nothing is written."""
    wrong = ENTERPRISES.with_columns(kind=pl.Series(["firm", "enterprise"]))
    wrong.write_parquet(registry / "enterprises.parquet")
    output = tmp_path / "r.parquet"
    result = run(registry, "-o", output, "--strict")
    assert result.exit_code == 1
    assert "enterprises[0].kind: expected" in result.stderr
    assert not output.exists()


def test_ignored(registry: Path, tmp_path: Path) -> None:
    """A column that is no fact is refused until it is named."""
    more = ENTERPRISES.with_columns(备注=pl.lit("x"))
    more.write_parquet(registry / "enterprises.parquet")
    output = tmp_path / "r.parquet"
    assert run(registry, "-o", output).exit_code == 1
    assert run(registry, "-o", output, "--ignore", "备注").exit_code == 0


def test_usage(registry: Path, tmp_path: Path) -> None:
    """A kind of file that nobody writes is a mistake of usage."""
    result = run(registry, "-o", tmp_path / "r.txt")
    assert result.exit_code == 2
    assert ".parquet" in result.stderr


def test_nothing_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file is there in whole or not at all."""

    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(pl.LazyFrame, "sink_parquet", fail)
    table = pl.DataFrame({"amount": [Decimal("0.50")]})
    with pytest.raises(OSError, match="the disk is full"):
        write_table(table, tmp_path / "r.parquet")
    assert list(tmp_path.iterdir()) == []


def test_through_a_link(tmp_path: Path) -> None:
    """A link stays a link: what it points to is written anew."""
    (tmp_path / "real.csv").write_text("old", "utf-8")
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "real.csv")
    write_table(pl.DataFrame({"amount": [Decimal("0.50")]}), link)
    assert link.is_symlink()
    assert (tmp_path / "real.csv").read_text("utf-8-sig") == "amount\n0.5\n"
    with pytest.raises(UsageError, match="results are written as"):
        write_table(pl.DataFrame(), tmp_path / "x.doc")
