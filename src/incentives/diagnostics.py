"""The catalogue of everything that can be said of a rule pack, by its code."""

import csv
import io

from collections.abc import Iterator, Mapping
from importlib.resources import files
from types import MappingProxyType

from attrs import frozen

from .errors import Diagnostic, Severity, UsageError, did_you_mean, one_of
from .layout import table

#: The languages of the catalogue, the default first.
_LANGUAGES = ("zh", "en")


@frozen
class CodeInfo:
    """
    What a code means, and what to do about it: in Chinese and in English.

    Errors refuse a pack; warnings are probably slips, but may be meant.
    """

    code: str
    severity: Severity
    meanings: tuple[str, str]
    remedies: tuple[str, str]

    def meaning(self, lang: str = "zh") -> str:
        """One sentence: what is wrong."""
        return self.meanings[_index(lang)]

    def remedy(self, lang: str = "zh") -> str:
        """One sentence: what to do."""
        return self.remedies[_index(lang)]


def _read() -> Iterator[tuple[str, CodeInfo]]:
    text = files(__package__).joinpath("diagnostics.csv").read_text("utf-8")
    for row in csv.DictReader(io.StringIO(text)):
        info = CodeInfo(
            row["code"],
            Severity(row["severity"]),
            (row["zh"], row["en"]),
            (row["zh_do"], row["en_do"]),
        )
        yield info.code, info


#: Every code that a diagnostic can have, in the order of the alphabet.
CODES: Mapping[str, CodeInfo] = MappingProxyType(dict(_read()))


def told(diagnostic: Diagnostic, lang: str = "zh") -> str:
    """
    A diagnostic as it is printed; in Chinese with what its code means, and what to do.

    The message itself is English in either language.
    """
    if _index(lang):
        return str(diagnostic)
    info = CODES[diagnostic.code]
    return f"{diagnostic}\n  = 说明：{info.meaning()}；{info.remedy()}"


_SEVERITIES = {Severity.ERROR: ("错误", "error"), Severity.WARNING: ("警告", "warning")}
_HEADS = (("代码", "级别", "含义"), ("code", "severity", "meaning"))
_FULL = (
    "{code}（{severity}）\n含义：{meaning}。\n处理：{remedy}。",
    "{code} ({severity})\nmeaning: {meaning}.\nwhat to do: {remedy}.",
)


def codes_table(lang: str = "zh") -> str:
    """Every code with its severity and what it means, as a table for a terminal."""
    index = _index(lang)
    rows = [
        (info.code, _SEVERITIES[info.severity][index], info.meaning(lang))
        for info in CODES.values()
    ]
    return "\n".join(table(_HEADS[index], rows, right=frozenset()))


def code_in_full(code: str, lang: str = "zh") -> str:
    """
    What a code means and what to do about it.

    Raises :class:`UsageError` for a code that there is not.
    """
    index = _index(lang)
    info = CODES.get(code)
    if info is None:
        hint = did_you_mean(code, CODES) or "see 'incentives codes'"
        raise UsageError(f"unknown code {code!r}, {hint}")
    return _FULL[index].format(
        code=code,
        severity=_SEVERITIES[info.severity][index],
        meaning=info.meaning(lang),
        remedy=info.remedy(lang),
    )


def _index(lang: str) -> int:
    if lang not in _LANGUAGES:
        raise UsageError(f"no language {lang!r}, expected {one_of(_LANGUAGES)}")
    return _LANGUAGES.index(lang)
