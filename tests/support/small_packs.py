"""Packs of a few lines, written for one test."""

from pathlib import Path

import incentives

POLICY = """\
policy: yunqiao-2026
title: 云桥区支持企业若干措施（虚构）
issuer: 云桥区人民政府（虚构）
status: issued
effective: 2026-01-01
sunset: 2027-12-31
"""


def written(directory: Path, facts: str, **rules: str) -> Path:
    """A pack with these facts, and a rule for each name and what follows its head."""
    pack = directory / "pack"
    pack.mkdir()
    (pack / "policy.yaml").write_text(POLICY, encoding="utf-8")
    (pack / "facts.yaml").write_text(facts, encoding="utf-8")
    for at, (name, body) in enumerate(rules.items()):
        head = f"rule: {name}\ntitle: {name}\nclause: 第{at + 1}条\nquote: （虚构）\n"
        (pack / f"{at + 1}-{name}.yaml").write_text(head + body, encoding="utf-8")
    return pack


def book(directory: Path, facts: str, **rules: str) -> incentives.RuleBook:
    """The rule book of such a pack."""
    return incentives.load(written(directory, facts, **rules))


def mistakes(directory: Path, facts: str, **rules: str) -> list[str]:
    """What is wrong with such a pack, a line each."""
    pack = written(directory, facts, **rules)
    try:
        incentives.load(pack)
    except incentives.PackError as error:
        return [str(diagnostic).partition("\n")[0] for diagnostic in error.diagnostics]
    return []
