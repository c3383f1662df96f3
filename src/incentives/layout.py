"""Text that lines up although some characters are two columns wide, and safe HTML."""

from collections.abc import Sequence


def width(text: str) -> int:
    """Terminal columns of a text: a full-width character takes two, a tab one."""
    from wcwidth import wcswidth  # noqa: PLC0415  # most never print

    return max(0, wcswidth(text.replace("\t", " ")))


def visible(text: str) -> str:
    """The text with a blank for every tab and control character."""
    from wcwidth import wcwidth  # noqa: PLC0415  # most never print

    return "".join(" " if wcwidth(character) < 0 else character for character in text)


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """
    >>> padded("金额", 6), padded("金额", 6, right=True)
    ('金额  ', '  金额')
    """
    blanks = " " * max(0, columns - width(text))
    return blanks + text if right else text + blanks


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, right: frozenset[int]
) -> list[str]:
    """The lines of a table; the columns in ``right`` are set to the right."""
    widths = [max(map(width, column)) for column in zip(head, *rows, strict=True)]
    rule = ["─" * columns for columns in widths]
    return [
        "  ".join(
            padded(cell, widths[index], right=index in right)
            for index, cell in enumerate(row)
        ).rstrip()
        for row in (head, rule, *rows)
    ]


def html_table(
    caption: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    foot: Sequence[str],
    *,
    right: frozenset[int],
) -> str:
    """A table for a notebook, every text escaped."""
    from html import escape  # noqa: PLC0415  # only notebooks need it

    def cells(row: Sequence[str], tag: str) -> str:
        return "".join(
            f"<{tag} style='text-align:{'right' if i in right else 'left'}'>"
            f"{escape(cell)}</{tag}>"
            for i, cell in enumerate(row)
        )

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    notes = "".join(f"<div>{escape(line)}</div>" for line in foot)
    return (
        f"<table><caption>{escape(caption)}</caption>"
        f"<thead><tr>{cells(head, 'th')}</tr></thead><tbody>{body}</tbody></table>"
        f"{notes}"
    )
