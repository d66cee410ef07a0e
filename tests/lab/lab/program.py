"""Runs `cutover` as an ordinary user would, under a limit of time, and keeps what it said and needed."""

from __future__ import annotations

import json
import os
import select
import shlex
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import namespace

CUTOVER = os.environ.get("CUTOVER", "cutover")
# A run that is still there after this is a defect, whatever its case allows; it is killed.
HANG_SECONDS = 60.0
TICK_SECONDS = 0.05

# Asked again and again, with what is on standard output and on standard error so far.
When = Callable[[bytes, bytes], bool]


@dataclass(frozen=True)
class Run:
    """One finished run."""

    argv: list[str]
    status: int
    stdout: bytes
    stderr: bytes
    seconds: float
    peak_kib: int

    def report(self) -> dict[str, Any]:
        """Its JSON output; ValueError when it is none."""
        value = json.loads(self.stdout)
        if not isinstance(value, dict):
            raise ValueError("the JSON output is no object")
        return value

    def words(self) -> str:
        return shlex.join(self.argv)


def run(arguments: list[str], *, signals: tuple[tuple[When, signal.Signals], ...] = (), cwd: Path | None = None) -> Run:
    """`signals`: what it gets, one after the other, each when its condition has come to hold."""
    argv = [CUTOVER, *arguments]
    started = time.monotonic()
    process = subprocess.Popen(namespace.unprivileged(argv), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, cwd=cwd)
    stdout, stderr = _read(process, started + HANG_SECONDS, signals)
    _, wait_status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(wait_status)
    process.stdout.close()
    process.stderr.close()
    return Run(argv, process.returncode, stdout, stderr, time.monotonic() - started, usage.ru_maxrss)


def _read(process: subprocess.Popen[bytes], hangs_at: float, signals: tuple[tuple[When, signal.Signals], ...]) -> tuple[bytes, bytes]:
    """Both outputs to the end. Signals go by the number: Popen's own might reap it, and with it what it needed."""
    assert process.stdout and process.stderr
    pipes, said = [process.stdout, process.stderr], {process.stdout: b"", process.stderr: b""}
    due = list(signals)
    while pipes:
        for pipe in select.select(pipes, [], [], TICK_SECONDS)[0]:
            part = os.read(pipe.fileno(), 1 << 16)
            said[pipe] += part
            if not part:
                pipes.remove(pipe)
        if pipes and due and due[0][0](said[process.stdout], said[process.stderr]):
            os.kill(process.pid, due.pop(0)[1])
        if time.monotonic() > hangs_at:
            os.kill(process.pid, signal.SIGKILL)
    return said[process.stdout], said[process.stderr]


def is_sanitized() -> bool:
    """Whether the program carries AddressSanitizer: its memory is then no measure."""
    return b"__asan_init" in Path(CUTOVER).read_bytes()
