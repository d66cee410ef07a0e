"""Runs `cutover` as an ordinary user would, under a limit of time, and keeps what it said and needed."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import namespace

CUTOVER = os.environ.get("CUTOVER", "cutover")
# A run that is still there after this is a defect, whatever its case allows; it is killed.
HANG_SECONDS = 60.0


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


def run(arguments: list[str], *, signals: tuple[tuple[float, signal.Signals], ...] = (), cwd: Path | None = None) -> Run:
    """`signals`: after how many seconds it gets which."""
    argv = [CUTOVER, *arguments]
    started = time.monotonic()
    process = subprocess.Popen(namespace.unprivileged(argv), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, cwd=cwd)
    timers = [threading.Timer(HANG_SECONDS, process.kill)]
    timers += [threading.Timer(seconds, process.send_signal, (number,)) for seconds, number in signals]
    for timer in timers:
        timer.start()
    errors: list[bytes] = []
    assert process.stdout and process.stderr
    reader = threading.Thread(target=lambda: errors.append(process.stderr.read()))  # type: ignore[union-attr]
    reader.start()
    stdout = process.stdout.read()
    reader.join()
    _, wait_status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(wait_status)
    for timer in timers:
        timer.cancel()
    process.stdout.close()
    process.stderr.close()
    return Run(argv, process.returncode, stdout, errors[0], time.monotonic() - started, usage.ru_maxrss)


def is_sanitized() -> bool:
    """Whether the program carries AddressSanitizer: its memory is then no measure."""
    return b"__asan_init" in Path(CUTOVER).read_bytes()
