"""A cluster of Spark on this machine: a master and workers, processes of their own."""

import os
import shutil
import socket
import subprocess
import sys
import time

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attrs import field, frozen

ROOT = Path(__file__).parents[2]
DEPLOY = "org.apache.spark.deploy"
LOOPBACK = "127.0.0.1"
#: A process that lives for a minute is not worth compiling well.
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


def free_port() -> int:
    with socket.socket() as found:
        found.bind((LOOPBACK, 0))
        port: int = found.getsockname()[1]
        return port


@frozen(eq=False)
class Standalone:
    """Processes that were started, to be ended by their ids."""

    jars: str
    folder: Path
    port: int = field(factory=free_port)
    master: list[subprocess.Popen[bytes]] = field(factory=list)
    workers: list[subprocess.Popen[bytes]] = field(factory=list)

    @property
    def url(self) -> str:
        return f"spark://{LOOPBACK}:{self.port}"

    def start(self, workers: int) -> None:
        port = str(self.port)
        self.master.append(self._java("master.Master", "--port", port))
        _until(lambda: _listens(self.port), "the master listens")
        for _ in range(workers):
            self.add_worker()
        _until(lambda: self.known() >= workers, "the workers are known")

    def add_worker(self) -> None:
        folder = self.folder / f"work{len(self.workers)}"
        words = ["--cores", "1", "--memory", "1g", "--work-dir", str(folder)]
        self.workers.append(self._java("worker.Worker", *words, self.url))

    def known(self) -> int:
        """How many workers the master has greeted."""
        return self._log("Master").count("Registering worker")

    def end(self) -> None:
        for process in (*self.workers, *self.master):
            process.kill()
            process.wait()

    def _log(self, name: str) -> str:
        found = sorted(self.folder.glob(f"*{name}*.log"))
        return "".join(file.read_text(errors="replace") for file in found)

    def _java(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        number = len(self.master) + len(self.workers)
        log = self.folder / f"{number}-{name}.log"
        java = shutil.which("java")
        assert java is not None
        with log.open("wb") as file:
            return subprocess.Popen(  # noqa: S603  # our own words
                [
                    java,
                    *("-Xmx256m", *QUICK),
                    "-cp",
                    f"{self.jars}/*",
                    f"{DEPLOY}.{name}",
                    *("--host", LOOPBACK, "--webui-port", str(free_port())),
                    *words,
                ],
                stdout=file,
                stderr=file,
                env={
                    **os.environ,
                    "SPARK_LOCAL_IP": LOOPBACK,
                    "SPARK_HOME": str(Path(self.jars).parent),
                    # Who is not started by a script does not find it out.
                    "SPARK_SCALA_VERSION": "2.13",
                    "PYSPARK_PYTHON": sys.executable,
                },
            )


def _listens(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex((LOOPBACK, port)) == 0


def _until(is_so: object, what: str, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < end, f"not in time: {what}"
        time.sleep(0.1)


@contextmanager
def standalone(jars: str, folder: Path, workers: int) -> Iterator[Standalone]:
    cluster = Standalone(jars, folder)
    try:
        cluster.start(workers)
        yield cluster
    finally:
        cluster.end()
