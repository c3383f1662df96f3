"""A real server of PostgreSQL for tests, on a socket in a directory of its own."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Where Debian puts the programs of the server.
_DEBIAN = Path("/usr/lib/postgresql")


def program(name: str) -> str | None:
    """The path of a program of the server, if it is installed."""
    newest = sorted(_DEBIAN.glob(f"*/bin/{name}"), reverse=True)
    return str(newest[0]) if newest else shutil.which(name)


@contextmanager
def running() -> Iterator[str]:
    """The address of a server that has started, and is stopped and gone at the end."""
    directory = Path(tempfile.mkdtemp(dir=_passable()))
    directory.chmod(0o755)
    try:
        with _started(directory) as address:
            yield address
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _passable() -> Path | None:
    """A place for files that others can get to: that of root may be closed to them."""
    usual = Path(tempfile.gettempdir()).resolve()
    if all(each.stat().st_mode & stat.S_IXOTH for each in (usual, *usual.parents)):
        return None
    return Path("/var/tmp")  # noqa: S108  # a directory of a name of its own is made in it


@contextmanager
def _started(directory: Path) -> Iterator[str]:
    initdb, postgres = program("initdb"), program("postgres")
    assert initdb is not None
    assert postgres is not None
    who = _who()
    data, socket = directory / "data", directory / "socket"
    for each in (data, socket):
        each.mkdir()
        if who is not None:
            os.chown(each, who.pw_uid, who.pw_gid)
    as_them = {} if who is None else {"user": who.pw_uid, "group": who.pw_gid}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    init = [initdb, "-D", str(data), "-U", "test", "-A", "trust", "-E", "UTF8"]
    subprocess.run([*init, "--no-sync"], check=True, cwd="/", **as_them, **quiet)  # type: ignore[call-overload]  # noqa: S603  # a program of the system
    start = [postgres, "-D", str(data), "-k", str(socket), "-c", "listen_addresses="]
    server = subprocess.Popen([*start, "-F"], cwd="/", **as_them, **quiet)  # type: ignore[call-overload]  # noqa: S603  # likewise
    try:
        _wait(socket, server)
        yield f"postgresql:///postgres?host={socket}&user=test"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)


def _who() -> pwd.struct_passwd | None:
    """Somebody else than root, whom the server refuses."""
    if os.geteuid():
        return None
    names = [each.pw_name for each in pwd.getpwall()]
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody")


def _wait(socket: Path, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        if (socket / ".s.PGSQL.5432").exists():
            return
        assert server.poll() is None, "the server did not start"
        time.sleep(0.1)
    raise AssertionError("the server did not start in time")
