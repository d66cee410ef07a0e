"""Starts servers in the foreground and waits until they answer; their logs stay in the world's folder."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

START_SECONDS = 60.0


class Failed(Exception):
    """A server did not come up; the text holds the end of its log."""


class Daemon:
    """One server process. It needs no stopping: the namespace takes it along."""

    def __init__(self, name: str, argv: list[str], log: Path) -> None:
        self.name = name
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=output, stderr=output)

    def wait_until(self, is_ready: Callable[[], bool]) -> None:
        """Polls until `is_ready`; Failed when the process ends or START_SECONDS pass."""
        deadline = time.monotonic() + START_SECONDS
        while not is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-12:])
                raise Failed(f"{self.name} did not come up; the end of {self.log}:\n{tail}")
            time.sleep(0.02)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


def tcp_opens(address: str, port: int) -> bool:
    """Whether a TCP connection to that address and port stands at once."""
    try:
        with socket.create_connection((address, port), timeout=1):
            return True
    except OSError:
        return False
