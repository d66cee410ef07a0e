"""The password that is asked for on a terminal: not echoed, in no output, and the terminal as it was, whatever ends the question."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import socket
import subprocess
import termios
import time
from pathlib import Path

from lab import imap_peer, namespace, peers, program
from lab.cases import Case, Suite
from lab.certs import Leaf
from lab.migration_file import write
from lab.world import World

PASSWORD = b"Typed-by-Hand-7"
HOST = "prompt.hosts.test"
PROMPT = b"Password for all rows: "
HEARD: list[str] = []
SECONDS = 20.0


def run(world: World, suite: Suite) -> None:
    context = peers.tls_context(world.pair(HOST, Leaf(HOST)))
    world.peer(HOST, {993: peers.inside(context, serve)})
    file = write(world, "bare", ("terry@contoso.com", "terry"), ("mary@contoso.com", "mary"), header=("EmailAddress", "UserName"))
    world.start()
    record = world.base / "prompt.jsonl"
    command = ["login", str(file), "--imap", HOST, "-vv", "--record", str(record), *suite.options(Case("", ""))]
    suite.tap.result("a password that is typed signs all rows in, and is shown nowhere", typed(command, record))
    for name, end in (("an interrupt", b"\x03"), ("a quit", b"\x1c")):
        suite.tap.result(f"{name} at the question gives the terminal back", broken_off(command, end))
    for number in (signal.SIGTERM, signal.SIGHUP):
        suite.tap.result(f"{number.name} at the question gives the terminal back", broken_off(command, number))
    suite.tap.result("an empty password is none", empty(command))


def serve(connection: socket.socket) -> None:
    def login(_tag: str, line: str) -> str:
        if " LOGIN " in line:
            HEARD.append(line)
        return "{} OK in"
    imap_peer.speak(connection, login)


class Terminal:
    """The program with a terminal of its own, which is also its standard output and error."""

    def __init__(self, command: list[str]) -> None:
        self.master, self.slave = pty.openpty()
        self.before = termios.tcgetattr(self.slave)
        self.shown = b""

        def take_terminal() -> None:
            for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
                signal.signal(number, signal.SIG_DFL)  # "nohup" and "&" leave them ignored
            os.setsid()
            fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
        # pylint: disable=subprocess-popen-preexec-fn
        self.process = subprocess.Popen(namespace.unprivileged([program.CUTOVER, *command]), stdin=self.slave, stdout=self.slave,
                                        stderr=self.slave, preexec_fn=take_terminal)

    def wait_for(self, words: bytes) -> bool:
        """Reads until they are shown."""
        deadline = time.monotonic() + SECONDS
        while words not in self.shown and time.monotonic() < deadline:
            self._read(0.2)
        return words in self.shown

    def finish(self) -> int:
        """Reads to the end; the exit status."""
        deadline = time.monotonic() + SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            self._read(0.1)
        self.process.kill()
        while self._read(0.1):
            pass
        return self.process.wait()

    def problems(self) -> list[str]:
        """What holds at every end."""
        found = [] if termios.tcgetattr(self.slave) == self.before else ["the terminal is not as it was"]
        return found + ([f"shown: {self.shown!r}"] if PASSWORD in self.shown else [])

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self.master], [], [], seconds)
        if ready:
            self.shown += os.read(self.master, 65536)
        return bool(ready)


def typed(command: list[str], record: Path) -> list[str]:
    terminal = Terminal(command)
    if not terminal.wait_for(PROMPT):
        return [f"no question: {terminal.shown!r}"]
    os.write(terminal.master, PASSWORD + b"\n")
    status = terminal.finish()
    wanted = [f'"{user}" "{PASSWORD.decode()}"' for user in ("mary", "terry")]
    problems = terminal.problems() + ([] if status == 0 else [f"exit status {status}: {terminal.shown!r}"])
    problems += [] if sorted(line.partition(" LOGIN ")[2] for line in HEARD) == wanted else [f"the server heard {HEARD}"]
    return problems + (["it is in the recording"] if PASSWORD in record.read_bytes() else [])


def broken_off(command: list[str], end: bytes | signal.Signals) -> list[str]:
    HEARD.clear()
    terminal = Terminal(command)
    if not terminal.wait_for(PROMPT):
        return [f"no question: {terminal.shown!r}"]
    os.write(terminal.master, PASSWORD)
    if isinstance(end, bytes):
        os.write(terminal.master, end)
    else:
        terminal.process.send_signal(end)
    status = terminal.finish()
    wanted = {b"\x03": signal.SIGINT, b"\x1c": signal.SIGQUIT}[end] if isinstance(end, bytes) else end
    problems = terminal.problems() + ([] if status == -wanted else [f"exit status {status}"])
    return problems + ([f"the server heard {HEARD}"] if HEARD else [])


def empty(command: list[str]) -> list[str]:
    terminal = Terminal(command)
    if not terminal.wait_for(PROMPT):
        return [f"no question: {terminal.shown!r}"]
    os.write(terminal.master, b"\n")
    status = terminal.finish()
    return terminal.problems() + ([] if status == 3 and b"no password" in terminal.shown else [f"exit status {status}: {terminal.shown!r}"])
