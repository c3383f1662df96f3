"""Pack files in canonical order: what moves, what stays, and that nothing is lost."""

import re
import shutil

from pathlib import Path

import attrs
import pytest
import yaml

from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import incentives

from incentives.commands import cli
from incentives.editing import formatting
from incentives.editing.formatting import files_in, formatted, formatted_file
from incentives.errors import PackError

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "src" / "incentives" / "editing" / "templates"
PACKS = sorted(
    path.parent
    for folder in (
        ROOT / "rules",
        ROOT / "tests" / "data",
        ROOT / "examples",
        TEMPLATES,
    )
    for path in folder.rglob("policy.yaml")
)
FILES = sorted(file for pack in PACKS for file in pack.glob("*.yaml"))
COUNTY = (ROOT / "rules" / "quanzhou-2024" / "23a-county-excellence.yaml").read_text(
    "utf-8"
)
COUNTY = COUNTY.partition("cases:\n")[0]


def names(path):
    return str(path.relative_to(ROOT))


def tree(text):
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  # reads texts only


def comments(text):
    return sorted(found.rstrip() for found in re.findall(r"(?m)(?:^|(?<=\s))#.*", text))


def holds_the_laws(text):
    """Formatting again changes nothing, and nothing that is said is lost."""
    new = formatted(text)
    assert formatted(new) == new
    assert tree(new) == tree(text)
    assert comments(new) == comments(text)
    return new


# --- laws ----------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=names)
def test_formatting_keeps_every_word_and_comment(path):
    """Every file of every pack: idempotent, the same values, every comment once."""
    holds_the_laws(path.read_text("utf-8"))


@pytest.mark.parametrize("pack", PACKS, ids=names)
def test_a_formatted_pack_is_the_same_book(pack, tmp_path):
    """The same rules and cases, wherever they stand in the files now."""
    shutil.copytree(pack, tmp_path / "pack")
    if any("__POLICY__" in path.read_text("utf-8") for path in pack.glob("*.yaml")):
        policy = tmp_path / "pack" / "policy.yaml"
        text = policy.read_text("utf-8")
        policy.write_text(text.replace("__POLICY__", "yunqiao-2026"), "utf-8")
    before = incentives.load(tmp_path / "pack")
    for path in files_in(tmp_path / "pack"):
        formatted_file(path).write()
    after = incentives.load(tmp_path / "pack")
    assert after.rules == before.rules
    assert after.vocabulary == before.vocabulary
    assert [attrs.evolve(case, place=None) for case in after.cases] == [
        attrs.evolve(case, place=None) for case in before.cases
    ]


def test_the_bundled_pack_is_formatted():
    """What `incentives fmt --check` says of it: nothing."""
    result = CliRunner().invoke(
        cli.app, ["fmt", str(ROOT / "rules" / "quanzhou-2024"), str(TEMPLATES / "zh"), str(TEMPLATES / "en"), "--check"]
    )  # fmt: skip
    assert (result.exit_code, result.output) == (0, "")


def blocks(text):
    """The keys at the left margin, each with the lines below it."""
    found = []
    for line in text.splitlines(keepends=True):
        if line[0] not in " -":
            found.append("")
        found[-1] += line
    return found


@given(st.permutations(blocks(COUNTY)))
def test_any_order_comes_to_the_same_text(parts):
    """A file in any order of its keys is formatted to the one canonical text."""
    assert formatted("".join(parts)) == COUNTY


KEYS = {
    "title": "标题文字",
    "rule": "renovation",
    "note": '"带引号: 的说明"',
    "conditions": ["a ≥ 1元", "b"],
    "award": {"cap": "1元", "of": "c", "rate": "1%", "unknown": "x"},
    "implied": [{"b": "1", "a": "{x: 1}"}, ["p", "q"]],
    "quote": "|\n一、\n\n  二",
    "没有这个键": "值",
}


@st.composite
def written(draw, value, indent, path):
    """A value as somebody may write it, each key under a comment that names it."""
    step = draw(st.integers(1, 3))
    if isinstance(value, dict):
        entries = draw(st.permutations(list(value.items())))
        lines = []
        for key, inner in entries:
            name = f"{path}.{key}"
            lines += [""] * draw(st.integers(0, 2))
            if draw(st.booleans()):
                lines.append(f"{' ' * indent}# above {name}")
            beside = f" # beside {name}" if draw(st.booleans()) else ""
            head = f"{' ' * indent}{key}:"
            if isinstance(inner, str):
                lines += entry(head, inner, beside, indent, step)
                continue
            inside = indent + step - isinstance(inner, list)
            lines += [head + beside, *draw(written(inner, inside, name))]
        return lines
    lines = []
    for index, inner in enumerate(value):
        name = f"{path}[{index}]"
        if draw(st.booleans()):
            lines.append(f"{' ' * indent}# above {name}")
        if isinstance(inner, str):
            lines.append(f"{' ' * indent}-{' ' * step}{inner}")
        else:
            inside = draw(written(inner, indent + 1 + step, name))
            while inside[0].lstrip().startswith("#") or not inside[0]:
                lines.append(inside.pop(0))
            first = inside[0].lstrip()
            lines += [f"{' ' * indent}-{' ' * step}{first}", *inside[1:]]
    return lines


def entry(head, value, beside, indent, step):
    """A key with a single value, a text over several lines included."""
    if not value.startswith("|"):
        return [f"{head}{' ' * step}{value}{beside}"]
    text = value.split("\n")[1:]
    blanks = " " * (indent + step)
    return [f"{head} |{beside}", *(f"{blanks}{line}" if line else "" for line in text)]


@given(written(KEYS, 0, ""))
def test_comments_move_with_their_keys(lines):
    """Whatever the order, the indentation and the comments: no law is broken."""
    text = holds_the_laws("\n".join(lines) + "\n").splitlines()
    for index, line in enumerate(text):
        word, place, name = [*line.partition("#")[2].split(), "", "", ""][:3]
        if word == "above":
            below = next(x for x in text[index:] if not x.strip().startswith("#") and x)
            key = place.rpartition(".")[2]
            if not key.endswith("]"):
                assert below.strip().removeprefix("- ").startswith(f"{key}:")
        elif word == "beside":
            key = place.rpartition(".")[2]
            assert line.strip().removeprefix("- ").startswith((f"{key}:", "#"))
        assert line == line.rstrip()
        assert not name


# --- exactly -------------------------------------------------------------------

EXAMPLES = {
    "spacing": (
        'award:   5万元 # 每家\nrule: "a: b"   \n\n\n\ntitle:\n    长 标题\n',
        'rule: "a: b"\n\ntitle: 长 标题\naward: 5万元  # 每家\n',
    ),
    "keys under award, cases and a switch": (
        """\
rule: a
cases:
- expect: {reason: expired, amount: 0元}
  given: {z: 1, a: 2}
  as of: 2026-01-01
  name: 甲
- expect:
    reason: expired
    amount: 0元
  name: 乙
award:
   cap: {b: 1, reading: last-day}
   otherwise: 1元
   tiers:
   - then: 1元
     in: x
   of: y
sunset:
  included: 2027-12-31
  reading: last-day
""",
        """\
rule: a
sunset:
  reading: last-day
  included: 2027-12-31
award:
  of: y
  tiers:
    - in: x
      then: 1元
  otherwise: 1元
  cap: {b: 1, reading: last-day}
cases:
  - name: 甲
    as of: 2026-01-01
    given: {z: 1, a: 2}
    expect: {reason: expired, amount: 0元}
  - name: 乙
    expect:
      amount: 0元
      reason: expired
""",
    ),
    "Chinese keywords": (
        "奖补:\n  封顶: 2元\n  基数: a\n  比例: 1%\n规则: a\n",
        "规则: a\n奖补:\n  比例: 1%\n  基数: a\n  封顶: 2元\n",
    ),
    "policy.yaml": (
        "readings:\n  b: {}\n  a:\n    values: {x: 1}\n    question: 问\npolicy: p\n",
        "policy: p\nreadings:\n  b: {}\n  a:\n    question: 问\n    values: {x: 1}\n",
    ),
    "facts.yaml": (
        """\
tables: {}
enterprise:
  b:
    fields:
      z: {}
      a:
        type: text
        label: 甲
    label: 乙
  a:
    aliases:
      z: 1
      a: 2
    label: 丙
""",
        """\
enterprise:
  b:
    label: 乙
    fields:
      z: {}
      a:
        label: 甲
        type: text
  a:
    label: 丙
    aliases:
      z: 1
      a: 2
tables: {}
""",
    ),
    "a header, what ends a block, and a footer": (
        """\
# 文件头
# 两行

# 名称
title: a
conditions:
  - b
  # - 暂停的条件
  -  # 这一项
    c
# 代号
rule: a

# 完
""",
        """\
# 文件头
# 两行

# 代号
rule: a
# 名称
title: a
conditions:
  - b
  # - 暂停的条件
  # 这一项
  - c

# 完
""",
    ),
    "a comment above the first key alone": (
        "# 名称\ntitle: a\nrule: b\n",
        "rule: b\n# 名称\ntitle: a\n",
    ),
    "comments under a nested block go by their column": (
        """\
award:
    of: a
    tiers:
        - in: x
      # 归 tiers 之上的一层
    # 归 award
  # 归下一个键
rule: a
""",
        """\
# 归下一个键
rule: a
award:
  of: a
  tiers:
    - in: x
  # 归 tiers 之上的一层
  # 归 award
""",
    ),
    "a key that becomes the first of an item leaves its comment above": (
        "cases:\n\n  - given: {}\n\n    # 名称在后\n    name: 甲\n",
        "cases:\n  # 名称在后\n  - name: 甲\n    given: {}\n",
    ),
    "a comment between a key and its value": (
        "title: # 一\n  # 二\n  名称\nrule: a\n",
        "rule: a\n# 一\n# 二\ntitle: 名称\n",
    ),
    "block scalars": (
        """\
quote: |   # 原文
      一、

        二

note: >2-
    缩进两格的
  说明


title: |+
  留空

rule: a
""",
        """\
rule: a

title: |+
  留空

quote: |   # 原文
  一、

    二

note: >2-
    缩进两格的
  说明
""",
    ),
    "texts over several lines": (
        """\
quote: "一，
    二 \\
      三"
note: 甲
        乙

        丙
title:
      很长的标题
      另一行
implied:
- '丁
  戊'
rule: a
""",
        """\
rule: a
title:
  很长的标题
  另一行
quote: "一，
  二 \\
  三"
implied:
  - '丁
    戊'
note: 甲
  乙

  丙
""",
    ),
    "braces over several lines": (
        """\
cases:
- given: {a: 1,  # 一
          b: [
            2]}  # 尾
  name:
    {c: 1,
     d: 2}
rule: a
""",
        """\
rule: a
cases:
  - name:
      {c: 1,
       d: 2}
    given: {a: 1,  # 一
            b: [
              2]}  # 尾
""",
    ),
    "lists in lists, and nothing": (
        "implied:\n- - a\n  - b\n-\n- # 空\nnote:\nrule: a\n",
        "rule: a\nimplied:\n  - - a\n    - b\n  -\n  -  # 空\nnote:\n",
    ),
    "a mark where a document begins and ends": (
        "--- # 始\nrule: a\n...\n# 终\n",
        "# 始\nrule: a\n# 终\n",
    ),
    "an indented whole": (
        "  # 头\n  title: a\n  rule: b\n # 尾\n# 末\n",
        "rule: b\n# 头\ntitle: a\n# 尾\n# 末\n",
    ),
    "keys that nobody knows": (
        "x:\n   b: [2]\n   a:\n   - d: 1\n     c: 2\nrule: a\n",
        "rule: a\nx:\n  b: [2]\n  a:\n    - d: 1\n      c: 2\n",
    ),
    "no line end at the end": ("rule: a\naward: 1元", "rule: a\naward: 1元\n"),
    "braces around everything": ("# 头\n{award: 1元,\n rule: a} # 旁\n # 尾", "# 头\n{award: 1元,\n rule: a}  # 旁\n# 尾\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", EXAMPLES)
def test_formatted_text(name):
    """What comes of a text, exactly."""
    old, new = EXAMPLES[name]
    assert formatted(old) == new
    holds_the_laws(old)


@pytest.mark.parametrize(
    "text",
    ['? "a\n  b"\n: 1\nrule:   a\n', "b:  1\nquote: |\n  没有行尾"],
    ids=["a key over two lines", "a text whose end would change"],
)
def test_what_cannot_be_moved_safely_stays(text):
    """A text that formatting would change in meaning is left as it is."""
    assert formatted(text) == text


# --- files ---------------------------------------------------------------------


def test_bad_yaml_is_refused():
    """With the ordinary diagnostic, which names the file."""
    with pytest.raises(PackError) as caught:
        formatted("rule: a\naward\n", "a.yaml")
    assert str(caught.value) == (
        "a.yaml:2:1: error[bad-yaml]: a key without ':'\n"
        " 2 | award\n"
        "   | ^\n"
        "  = help: indent what belongs together alike, and close every quote and bracket"
    )


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments):
    result = CliRunner().invoke(cli.app, ["fmt", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_fmt_writes_what_changes(folder):
    """The files of the current directory; those that change are named."""
    Path("a.yaml").write_text("award: 1元\nrule: a\n", "utf-8")
    Path("b.yaml").write_text("rule: b\n", "utf-8")
    Path("c.csv").write_text("b\na\n", "utf-8")
    Path("a.yaml").chmod(0o640)
    assert run() == (0, "a.yaml\n", "")
    assert Path("a.yaml").read_text("utf-8") == "rule: a\naward: 1元\n"
    assert Path("a.yaml").stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in folder.iterdir()) == [
        "a.yaml",
        "b.yaml",
        "c.csv",
    ]
    assert run("a.yaml", ".") == (0, "", "")


def test_fmt_check_and_diff_write_nothing(folder):
    """The one names the files and fails, the other shows what would change."""
    Path("a.yaml").write_text("award: 1元\nrule: a\n", "utf-8")
    difference = (
        "--- a.yaml\n+++ a.yaml\n@@ -1,2 +1,2 @@\n+rule: a\n award: 1元\n-rule: a\n"
    )
    assert run("a.yaml", "--check") == (1, "a.yaml\n", "")
    assert run("a.yaml", "--diff") == (0, difference, "")
    assert run("a.yaml", "--diff", "--check") == (1, difference, "")
    assert Path("a.yaml").read_text("utf-8") == "award: 1元\nrule: a\n"


def test_fmt_leaves_what_it_cannot_read(folder):
    """The others are formatted; the status tells."""
    Path("a.yaml").write_text("award: 1元\nrule: a\n", "utf-8")
    Path("b.yaml").write_bytes(b"rule: \xff\n")
    assert run("b.yaml", "gone.yaml", "a.yaml") == (
        1,
        "a.yaml\n",
        (
            "b.yaml:1:1: error[not-utf-8]: not UTF-8\n"
            "  = help: save the file as UTF-8\n"
            "[Errno 2] No such file or directory: 'gone.yaml'\n"
        ),
    )
    assert Path("b.yaml").read_bytes() == b"rule: \xff\n"


def test_fmt_needs_a_pack(folder):
    """A directory without any file of rules is said to be none."""
    assert run() == (1, "", ".:1:1: error[no-pack]: the directory has no .yaml\n")


def test_line_ends_are_kept(folder):
    """A file of another system keeps its own."""
    Path("a.yaml").write_bytes("award: 1元\r\nrule: a\r\n".encode())
    assert run("a.yaml") == (0, "a.yaml\n", "")
    assert Path("a.yaml").read_bytes() == "rule: a\r\naward: 1元\r\n".encode()
    assert run("a.yaml") == (0, "", "")


def test_a_failure_leaves_the_file_whole(folder, monkeypatch):
    """What cannot be written leaves the old text, and nothing beside it."""
    Path("a.yaml").write_text("award: 1元\nrule: a\n", "utf-8")

    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(formatting.Path, "replace", full)
    assert run("a.yaml") == (1, "", "[Errno 28] No space left on device\n")
    assert Path("a.yaml").read_text("utf-8") == "award: 1元\nrule: a\n"
    assert [path.name for path in folder.iterdir()] == ["a.yaml"]
