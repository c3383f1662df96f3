"""Files that are there in whole or not at all."""

from pathlib import Path
from tempfile import NamedTemporaryFile


def write(path: Path, data: bytes) -> Path:
    """
    Write a file beside its place and move it there; the path of it.

    Raises :class:`OSError` where it cannot be written.
    """
    target = path.resolve() if path.is_symlink() else path
    with NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as stream:
        beside = Path(stream.name)
        try:
            stream.write(data)
            stream.close()
            beside.chmod(0o644)
            beside.replace(target)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    return path
