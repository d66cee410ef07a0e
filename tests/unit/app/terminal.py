"""`cutover judge` on a pseudo-terminal, under the variables that users set. Prints TAP."""

from __future__ import annotations

import errno
import fcntl
import os
import pty
import struct
import subprocess
import tempfile
import termios

CUTOVER = os.environ["CUTOVER"]
RECORDING = os.path.join(os.environ["TOP_SRCDIR"], "data/demo-not-ready.jsonl")
NUMBERS = iter(range(1, 1000))
DARK_GREY = b"\x1b[90m"  # unreadable on many themes


def environment(**extra: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "TERM": "xterm", "LC_ALL": "C.UTF-8"} | extra


def on_terminal(*options: str, columns: int = 100, **extra: str) -> bytes:
    """Its whole output, with the terminal's line ends taken back."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen([CUTOVER, "judge", RECORDING, *options], stdin=slave, stdout=slave, stderr=slave, env=environment(**extra))
    os.close(slave)
    shown = b""
    while True:
        try:
            block = os.read(master, 65536)
        except OSError as error:
            assert error.errno == errno.EIO  # nobody has it open any more
            break
        if not block:
            break
        shown += block
    process.wait()
    os.close(master)
    return shown.replace(b"\r\n", b"\n")


def in_pipe(*options: str, **extra: str) -> bytes:
    return subprocess.run([CUTOVER, "judge", RECORDING, *options], stdout=subprocess.PIPE, env=environment(**extra), check=False).stdout


def has_colour(shown: bytes) -> bool:
    return b"\x1b[" in shown


def widest(shown: bytes) -> int:
    return max(len(line) for line in shown.decode().splitlines())


def result(name: str, good: bool, shown: object = "") -> None:
    print(f"{'ok' if good else 'not ok'} {next(NUMBERS)} - {name}")
    if not good:
        print(f"# {shown!r}"[:2000])


def colour(name: str, wanted: bool, shown: bytes) -> None:
    result(f"{'colour' if wanted else 'no colour'}: {name}", has_colour(shown) == wanted and bool(shown), shown)


def main() -> None:
    plain = on_terminal("--color=never")
    coloured = on_terminal()
    colour("a terminal", True, coloured)
    colour("NO_COLOR", False, on_terminal(NO_COLOR="1"))
    colour("NO_COLOR with any value", False, on_terminal(NO_COLOR="0"))
    colour("NO_COLOR that is empty is none", True, on_terminal(NO_COLOR=""))
    colour("a dumb terminal", False, on_terminal(TERM="dumb"))
    colour("a terminal of no kind", False, on_terminal(TERM=""))
    colour("--color=never before CLICOLOR_FORCE", False, on_terminal("--color=never", CLICOLOR_FORCE="1"))
    colour("--colour=always before NO_COLOR", True, on_terminal("--colour=always", NO_COLOR="1"))
    colour("a pipe", False, in_pipe())
    colour("a pipe, CLICOLOR_FORCE", True, in_pipe(CLICOLOR_FORCE="1"))
    colour("a pipe, --color always", True, in_pipe("--color", "always"))
    result("a word stands beside every colour", b"FAIL" in plain and b"WARN" in plain and b"PASS" in plain)
    result("dim text is faint, not grey", DARK_GREY not in coloured, coloured)
    result("the terminal's width is kept", widest(plain) <= 100 and widest(on_terminal("--color=never", columns=80)) <= 80 < widest(plain))
    result("COLUMNS goes before it", on_terminal("--color=never", COLUMNS="80") == on_terminal("--color=never", columns=80))
    result("COLUMNS that is no number is none", on_terminal("--color=never", COLUMNS="wide") == plain)
    result("a pipe's lines of findings are not wrapped", widest(in_pipe(COLUMNS="80")) > 100)
    result("another locale gets ASCII", on_terminal("--color=never", LC_ALL="C").isascii() and not plain.isascii())
    result("--ascii gets ASCII", in_pipe("--ascii").isascii())
    result("nothing of progress stays in a pipe", b"\r" not in in_pipe())
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "report.txt")
        shown = on_terminal("-o", f"text:{path}")
        with open(path, "rb") as file:
            kept = file.read()
    result("a file gets what a pipe gets, the terminal nothing", kept == in_pipe() and not shown, shown or kept)
    silent = subprocess.run([CUTOVER, "judge", RECORDING, "-q"], stdout=subprocess.PIPE, check=False)
    full = subprocess.run([CUTOVER, "judge", RECORDING], stdout=subprocess.PIPE, check=False)
    result("-q hides text, never the exit status", silent.returncode == full.returncode == 2 and silent.stdout.count(b"\n") == 1, silent)
    print(f"1..{next(NUMBERS) - 1}")


main()
