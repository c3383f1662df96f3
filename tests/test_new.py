"""A new pack: right as it stands, and never written over another."""

from pathlib import Path

import attrs
import pytest

from typer.testing import CliRunner

import incentives

from incentives.checks.checking import check
from incentives.commands import cli
from incentives.editing import scaffolding
from incentives.editing.scaffolding import new_pack
from incentives.errors import UsageError

NAMES = [
    "01-fixed-sum.yaml",
    "02-rate-with-cap.yaml",
    "03-tiers.yaml",
    "chains.csv",
    "facts.yaml",
    "policy.yaml",
]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Every test has a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments):
    result = CliRunner().invoke(cli.app, arguments)
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_new_pack_is_right(lang):
    """Neither errors nor warnings; its rules are three, and all its cases hold."""
    files = new_pack("yunqiao-2026", Path("pack"), lang)
    assert files == [Path("pack") / name for name in NAMES]
    report = check("pack")
    assert report.diagnostics == ()
    assert report.book.policy.id == "yunqiao-2026"
    assert [rule.id for rule in report.book] == [
        "first-listing",
        "renovation",
        "output-award",
    ]
    assert {case.rule for case in report.book.cases} == {r.id for r in report.book}


def bare(rule):
    """A rule without what its author wrote for it."""
    requirements = tuple(attrs.evolve(each, text="") for each in rule.requirements)
    return attrs.evolve(rule, requirements=requirements)


def test_both_languages_say_the_same():
    """The same rules, facts and worked cases in Chinese and in English keywords."""
    new_pack("p", Path("zh"), "zh")
    new_pack("p", Path("en"), "en")
    chinese, english = incentives.load("zh"), incentives.load("en")
    assert list(map(bare, chinese)) == list(map(bare, english))
    assert chinese.vocabulary == english.vocabulary
    assert chinese.policy == english.policy
    assert [case.name for case in chinese.cases] == [c.name for c in english.cases]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_key_is_explained(lang):
    """Each file of rules begins with a comment, and has more of them inside."""
    for path in new_pack("p", Path("pack"), lang):
        if path.suffix == ".yaml":
            lines = path.read_text("utf-8").splitlines()
            assert lines[0].startswith("# ")
            assert sum(line.lstrip().startswith("#") for line in lines) > 1


def test_new_names_what_it_wrote():
    """In the directory of that name, unless another is given; the rest is made."""
    assert run("new", "yunqiao-2026") == (
        0,
        "".join(f"yunqiao-2026/{name}\n" for name in NAMES),
        "",
    )
    assert run("check", "yunqiao-2026") == (0, "3 条规则，27 个用例：无错误\n", "")
    assert run("new", "p", "--dir", "a/b", "--lang", "en")[0] == 0
    assert (Path("a/b") / "policy.yaml").read_text("utf-8").startswith("# The document")


def test_an_empty_directory_is_filled():
    """Whoever has made the directory already need not remove it."""
    Path("p").mkdir()
    assert run("new", "p")[0] == 0
    assert sorted(path.name for path in Path("p").iterdir()) == NAMES


def test_nothing_is_written_over():
    """A directory that holds anything is refused, and stays as it is."""
    Path("p").mkdir()
    Path("p/mine.txt").write_text("mine")
    assert run("new", "p") == (1, "", "p: not empty; name a new directory\n")
    assert [path.name for path in Path("p").iterdir()] == ["mine.txt"]
    Path("q").write_text("a file")
    assert run("new", "q") == (1, "", "q: a file stands there; name a new directory\n")
    assert sorted(path.name for path in Path().iterdir()) == ["p", "q"]


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        ("a b", "'a b' cannot be the id of a policy: use letters, digits and '-'"),
        ("", "'' cannot be the id of a policy: use letters, digits and '-'"),
        ("../p", "'../p' cannot be the id of a policy: use letters, digits and '-'"),
        ("-p", "'-p' cannot be the id of a policy: use letters, digits and '-'"),
        ("p" * 101, "an id longer than 100 characters"),
    ],
)
def test_an_id_is_a_word(policy, message):
    """What no rule file could name is refused before anything is written."""
    with pytest.raises(UsageError) as caught:
        new_pack(policy, Path("pack"))
    assert str(caught.value) == message
    code, out, err = run("new", "--dir", "pack", "--", policy)
    assert (code, out) == (2, "")
    assert f"Invalid value for POLICY: {message}" in err
    assert list(Path().iterdir()) == []


def test_there_are_two_languages():
    """Another is refused."""
    with pytest.raises(UsageError, match=r"^no language 'fr', expected one of 'zh', "):
        new_pack("p", Path("pack"), "fr")


def test_nothing_is_half_written(monkeypatch):
    """A disk that fills up leaves no pack, and nothing beside it."""

    def full(self, target):
        assert [path.suffix for path in self.iterdir()].count(".yaml") == 5
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(scaffolding.Path, "rename", full)
    assert run("new", "p") == (1, "", "[Errno 28] No space left on device\n")
    assert list(Path().iterdir()) == []
