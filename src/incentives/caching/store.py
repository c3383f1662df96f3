"""
Files in a directory of the user's own, which nobody else can have written.

What is kept: each file begins with its HMAC-SHA256, under a random key that lies beside
it, over its name and what it holds. On POSIX systems the directory and every file must
belong to the user who reads them, nobody else may be able to write them, and nobody
else may be able to read the key.

What that protects from: a file that was damaged, cut off, altered, exchanged for another
one or brought from another machine, and whatever other users put there or change. Such
a file is as good as none.

What it does not protect from: whoever acts as the same user, or as root, can read the
key; but they could change the rule files, or Python, as well. Windows says neither
owner nor mode in these terms, so only the HMAC is checked there. Nothing is encrypted.
"""

import hmac
import os
import secrets
import stat
import tempfile

from pathlib import Path

from attrs import frozen

#: How many files are kept; the oldest go first.
MAX_FILES = 64

_KEY = "key"
_SUFFIX = ".book"
_SIZE = 32  # of the key, and of an HMAC-SHA256
_POSIX = os.name == "posix"

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_OTHERS_DO_ANYTHING = stat.S_IRWXG | stat.S_IRWXO


@frozen
class Store:
    """A directory of bytes by name; trouble with it is never the reader's."""

    directory: Path

    def get(self, name: str) -> bytes | None:
        """What was put under a name; None where nothing is that can be trusted."""
        try:
            key = self._key()
            found = _own(self.directory / f"{name}{_SUFFIX}", _OTHERS_WRITE)
        except OSError:
            return None
        mark, data = found[:_SIZE], found[_SIZE:]
        return data if hmac.compare_digest(mark, _mark(key, name, data)) else None

    def put(self, name: str, data: bytes) -> None:
        """Keep bytes under a name, whole or not at all, where that is possible."""
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            key = self._key_or_new()
            marked = _mark(key, name, data) + data
            self._replace(f"{name}{_SUFFIX}", marked)
            self._forget()
        except OSError:
            return

    def _key(self) -> bytes:
        """The key of the directory; OSError where one of them cannot be trusted."""
        _refuse_foreign(self.directory.stat(), _OTHERS_WRITE)
        key = _own(self.directory / _KEY, _OTHERS_DO_ANYTHING)
        if len(key) != _SIZE:
            raise OSError("not a key")
        return key

    def _key_or_new(self) -> bytes:
        _refuse_foreign(self.directory.stat(), _OTHERS_WRITE)
        try:
            return self._key()
        except OSError:
            # Of several who make one at once the last wins: what the others wrote
            # is not believed, and written again.
            self._replace(_KEY, secrets.token_bytes(_SIZE))
            return self._key()

    def _replace(self, name: str, data: bytes) -> None:
        """Write a file that only the user can read, at once."""
        handle, made = tempfile.mkstemp(suffix=_SUFFIX, dir=self.directory)
        part = Path(made)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            part.replace(self.directory / name)
        finally:
            part.unlink(missing_ok=True)

    def _forget(self) -> None:
        files = [
            (path.stat().st_mtime_ns, path)
            for path in self.directory.glob(f"*{_SUFFIX}")
        ]
        for _, path in sorted(files)[:-MAX_FILES]:
            path.unlink(missing_ok=True)


def _own(path: Path, refused: int) -> bytes:
    """What a file holds; OSError unless it is the user's own."""
    with path.open("rb") as file:
        _refuse_foreign(os.fstat(file.fileno()), refused)
        return file.read()


def _refuse_foreign(found: os.stat_result, refused: int) -> None:
    if _POSIX and (found.st_uid != os.geteuid() or found.st_mode & refused):
        raise PermissionError("not the user's own")


def _mark(key: bytes, name: str, data: bytes) -> bytes:
    made = hmac.new(key, name.encode(), "sha256")
    made.update(b"\0")
    made.update(data)
    return made.digest()
