"""A Dask scheduler with workers on this machine."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def local_cluster() -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Yield the address of a scheduler, and its two workers of one thread, then it itself."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    dask = [sys.executable, "-m", "dask"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    scheduler = subprocess.Popen(
        [*dask, "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"], **quiet
    )
    one = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
    workers = [subprocess.Popen([*dask, "worker", address, *one], **quiet) for _ in range(2)]
    try:
        await_workers(address, 2)
        yield address, [*workers, scheduler]
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def await_workers(address: str, number: int) -> None:
    """Return when so many workers are there."""
    from dask.distributed import Client

    for _ in range(60):
        try:
            with Client(address, timeout=2) as client:
                client.wait_for_workers(number, timeout=60)
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError("the scheduler did not start")
