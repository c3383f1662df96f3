"""A pack against its source: what is covered, by rules and by the inventory."""

import shutil

from pathlib import Path

import pytest

from incentives.checks.checking import Report, check
from incentives.checks.source_checks import Coverage
from incentives.checks.summary import data_of, line_of, proposed_cases
from tests.support.bad_packs import SOUND, Edit

MORE = """\
第五条　鼓励银行对上云企业给予贴息；各镇可另行配套。
第六条　符合条件的，按贷款余额的2‰给予资助。
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    found = Path(shutil.copytree(SOUND, tmp_path / "pack"))
    text = (found / "source.txt").read_text(encoding="utf-8")
    (found / "source.txt").write_text(text + MORE, encoding="utf-8")
    policy = (found / "policy.yaml").read_text(encoding="utf-8").split("\n")
    kept = [line for line in policy if "sha256" not in line]
    (found / "policy.yaml").write_text("\n".join(kept), encoding="utf-8")
    return found


def covered(pack: Path) -> tuple[Report, Coverage]:
    report = check(pack, source=pack / "source.txt")
    assert report.coverage is not None
    return report, report.coverage


def listed(pack: Path, *rows: str) -> None:
    text = (pack / "clauses.csv").read_text(encoding="utf-8")
    (pack / "clauses.csv").write_text(text + "\n".join([*rows, ""]), encoding="utf-8")


def test_open_sentences_are_counted_and_told(pack: Path) -> None:
    """Each sentence is counted once; nobody takes care of the last three."""
    report, coverage = covered(pack)
    assert [each.rules for each in coverage.sentences] == [
        ("bonus",),
        ("equipment",),
        ("growth",),
        (),
        (),
        (),
    ]
    assert (coverage.encoded, coverage.open, coverage.percent) == (3, 3, 50)
    assert [d.place.text for d in report.diagnostics] == [
        "第五条　鼓励银行对上云企业给予贴息；",
        "各镇可另行配套。",
        "第六条　符合条件的，按贷款余额的2‰给予资助。",
    ]


def test_inventory_takes_care_with_a_kind(pack: Path) -> None:
    """A row with a kind is a reason, one with a rule encodes, one with neither none."""
    listed(
        pack,
        "5a,职责,,鼓励银行对上云企业给予贴息",
        "5b,,,各镇可另行配套",
        "6,,growth,符合条件的，按贷款余额的2‰给予资助",
    )
    report, coverage = covered(pack)
    assert [d.code for d in report.diagnostics] == ["not-encoded"]
    assert coverage.by_rule == {"bonus": 1, "equipment": 1, "growth": 2}
    assert coverage.by_kind == {"职责": 1}
    assert (coverage.encoded, coverage.open, coverage.percent) == (4, 1, 83)


def test_coverage_in_words(pack: Path) -> None:
    """The summary ends with what is covered, by rule and by kind."""
    listed(pack, "5a,职责,,鼓励银行对上云企业给予贴息")
    report, _ = covered(pack)
    assert line_of(report) == (
        "3 条规则，20 个用例：2 个警告\n"
        "原文涉及奖补、金额的 6 句：规则编码 3 句，清单注明理由 1 句，未处理 2 句，"
        "覆盖 66%\n"
        "  规则 bonus: 1\n  规则 equipment: 1\n  规则 growth: 1\n  清单 职责: 1"
    )
    assert line_of(report, "en") == (
        "3 rules, 20 cases: 2 warnings\n"
        "6 sentences of the source speak of money: 3 encoded by rules, 1 with a reason "
        "in the inventory, 2 open; 66 % covered\n"
        "  rule bonus: 1\n  rule equipment: 1\n  rule growth: 1\n  inventory 职责: 1"
    )


def test_coverage_of_one_sentence(pack: Path) -> None:
    """One sentence is not sentences; without any nothing is left open."""
    source = pack / "one.txt"
    source.write_text("另行给予奖励。\n", encoding="utf-8")
    report = check(pack, source=source)
    line = line_of(report, "en").split("\n")[1]
    assert line.startswith("1 sentence of the source speaks of money: 0 encoded")
    source.write_text("附则。\n", encoding="utf-8")
    coverage = check(pack, source=source).coverage
    assert coverage == Coverage(())
    assert coverage.percent == 100


def test_coverage_as_data(pack: Path) -> None:
    """As data every sentence has its place, its rules and its kinds."""
    listed(pack, "5a,职责,,鼓励银行对上云企业给予贴息")
    data = data_of(covered(pack)[0])["coverage"]
    each = data.pop("each")
    assert data == {
        "sentences": 6,
        "encoded": 3,
        "open": 2,
        "percent": 66,
        "by_rule": {"bonus": 1, "equipment": 1, "growth": 1},
        "by_kind": {"职责": 1},
    }
    assert each[3] == {
        "file": "source.txt",
        "line": 7,
        "column": 1,
        "end": 1,
        "text": "第五条　鼓励银行对上云企业给予贴息；",
        "rules": [],
        "kinds": ["职责"],
    }


def test_pack_that_cannot_be_used() -> None:
    """Without a book nothing is counted."""
    report = Report(None, ())
    assert line_of(report) == "规则包无法使用：无错误"
    assert line_of(report, "en") == "the pack cannot be used: no errors"
    assert data_of(report) == {
        "rules": None,
        "cases": None,
        "diagnostics": [],
        "coverage": None,
    }
    assert proposed_cases(report) == ""


def test_drafts_are_printed_by_rule_and_stand_in_the_data(pack: Path) -> None:
    """A boundary without a case comes with the cases that would try it."""
    days = ("    as of: 2027-12-31\n", "    as of: 2027-12-30\n")
    Edit("1-bonus.yaml", *days).applied(pack)
    report = check(pack)
    draft = """\
  - name: 恰在界上：基准日不晚于2027年12月31日  # 请核对
    as of: 2027-12-31
    given:
      size: 小型
      county: 云桥区
    expect: 50万元"""
    assert proposed_cases(report) == f"# bonus\ncases:\n{draft}"
    (said,) = data_of(report)["diagnostics"]
    assert said == {
        "severity": "warning",
        "code": "boundary-not-tried",
        "message": (
            "the rule 'bonus' has no case exactly at '基准日不晚于2027年12月31日'"
        ),
        "file": "1-bonus.yaml",
        "line": 1,
        "column": 7,
        "end": 12,
        "text": "rule: bonus",
        "help": "add one: 'incentives check --propose' drafts it",
        "also": [],
        "cases": [draft],
    }
    assert line_of(report).endswith("1 个警告")
