"""Files and directories that are there in whole or not at all."""

import errno
import os
import shutil

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """
    A name beside a path, to write under; at the end it takes the place of that path.

    A link stays one: what it points to is replaced. Whatever goes wrong, nothing of
    what was written stays. Raises :class:`OSError` where that place cannot be taken.
    """
    target = path.resolve() if path.is_symlink() else path
    if not target.parent.is_dir():  # named as it was given, not by the name beside it
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    part = target.with_name(f".{target.name}.{token_hex(4)}")
    try:
        yield part
        part.replace(target)
    finally:
        if part.is_dir():
            shutil.rmtree(part)
        else:
            part.unlink(missing_ok=True)
