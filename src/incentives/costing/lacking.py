"""Which facts nobody knows, how much money depends on each, and who certifies it."""

import re

import polars as pl

from ..vocabulary import SubjectDeclaration
from .tables import in_yuan, total

#: The place of a record in the path of one of its facts.
_PLACE = r"\[\d+\]\."
_YEAR = re.compile(r"\[\d+\]$")


def lacking(entries: pl.DataFrame, declared: SubjectDeclaration) -> pl.DataFrame:
    """
    The missing facts of a ledger, the most money first: what is without limit before all.

    ``fact``, ``subjects``, ``alone`` and ``stake`` in yuan, ``endless``, ``certified_by``.
    """
    rows = entries.filter(pl.col("missing").list.len() > 0).explode("missing")
    named = rows.with_columns(fact=pl.col("missing").str.replace_all(_PLACE, "."))
    once = named.unique(["row", "rule", "fact"], maintain_order=True)
    gap = once.with_columns(
        gap=pl.col("high") - pl.col("low"), is_alone=pl.len().over("row", "rule") == 1
    )
    found = gap.group_by("fact").agg(
        pl.col("row").n_unique().alias("subjects"),
        pl.col("gap").filter("is_alone").cast(pl.Int128).sum().alias("alone"),
        total("gap").alias("stake"),
        pl.col("gap").is_null().sum().alias("endless"),
    )
    who = [_certifier(fact, declared) for fact in found["fact"]]
    told = found.with_columns(certified_by=pl.Series(who, dtype=pl.String))
    order = ["endless", "alone", "stake", "subjects", "fact"]
    ordered = told.sort(order, descending=[*[True] * (len(order) - 1), False])
    return in_yuan(ordered, "alone", "stake")


def _certifier(fact: str, declared: SubjectDeclaration) -> str | None:
    """Who certifies a fact; of a list, all who certify anything of its records."""
    scope, _, name = _YEAR.sub("", fact).rpartition(".")
    facts = declared.facts
    if scope:
        records = declared.by_binder(scope)
        facts = {} if records is None else records.fields
    elif name in declared.records:
        told = [each.certified_by for each in declared.records[name].fields.values()]
        return "、".join(dict.fromkeys(each for each in told if each)) or None
    found = facts.get(name)
    return None if found is None else found.certified_by or None
