"""A run of sign-ins that is killed at each moment of its dialogues leaves a recording that can be judged and gone on with."""

from __future__ import annotations

import itertools
import socket
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lab import imap_peer, namespace, peers, program
from lab.cases import Case, Suite
from lab.certs import Leaf
from lab.migration_file import write
from lab.world import World

ROWS = 4
AT_ONCE = 2
HOUSES = 4  # moments that are tried side by side
MOMENTS_LEAST = 30  # five dialogues have more; else nothing was killed


class House:
    """A server that kills its client at one moment, and keeps the names of all who signed in."""

    def __init__(self, world: World, number: int) -> None:
        self.host = f"kill{number}.hosts.test"
        context = peers.tls_context(world.pair(self.host, Leaf(self.host)))
        world.peer(self.host, {993: peers.inside(context, self._serve)})
        self._lock = threading.Lock()
        self.begin(0)

    def begin(self, kill_at: int) -> None:
        """`kill_at` counts moments from 1; 0: nobody is killed."""
        self.logins: list[str] = []
        self.kill_at, self.count = kill_at, 0
        self.victim: subprocess.Popen[bytes] | None = None
        self.is_armed = threading.Event()

    def arm(self, victim: subprocess.Popen[bytes]) -> None:
        self.victim = victim
        self.is_armed.set()

    def _serve(self, connection: socket.socket) -> None:
        def login(_tag: str, line: str) -> str:
            if " LOGIN " in line:
                with self._lock:
                    self.logins.append(line.split(" ")[2].strip('"'))
            return "{} OK in"
        imap_peer.speak(connection, login, self._at)

    def _at(self, _moment: str) -> None:
        with self._lock:
            self.count += 1
            is_it = self.count == self.kill_at
        if is_it and self.is_armed.wait(20) and self.victim:
            self.victim.kill()
            self.victim.wait()


def run(world: World, suite: Suite) -> None:
    houses = [House(world, number) for number in range(HOUSES)]
    world.start()
    with ThreadPoolExecutor(HOUSES) as pool:
        tried = list(pool.map(lambda number: all_moments(world, suite, houses[number], number + 1), range(HOUSES)))
    moments = sum(count for count, _ in tried)
    problems = [problem for _, found in tried for problem in found]
    suite.tap.result(f"killed at each of {moments} moments, judged, and resumed without a second sign-in",
                     problems + ([] if moments >= MOMENTS_LEAST else ["too few moments"]))
    suite.tap.result("a recording that is cut off anywhere in its last line is judged and resumed", cut_off(world, suite, houses[0]))
    suite.tap.result("a full disk stops the run before a sign-in that would not be known of", full_disk(world, suite, houses[0]))


def all_moments(world: World, suite: Suite, house: House, first: int) -> tuple[int, list[str]]:
    """Every HOUSESth moment, until a run ends by itself."""
    problems: list[str] = []
    for moment in itertools.count(first, HOUSES):
        file, record = rows_of(world, f"at{moment}"), world.base / f"at{moment}.jsonl"
        status = kill(suite, house, moment, file, record)
        if status != -9:
            return (moment - first) // HOUSES, problems + ([f"exit status {status} of a run that was not killed"] if status else [])
        problems += [f"moment {moment}: {problem}" for problem in [*judge_problems(record), *go_on(suite, file, house, record)]]
    raise AssertionError


def command(suite: Suite, file: Path, house: House) -> list[str]:
    return ["login", str(file), "--imap", house.host, *suite.options(Case("", "")), "-j", str(AT_ONCE), "--rate", "100"]


def rows_of(world: World, name: str, count: int = ROWS) -> Path:
    return write(world, name, *((f"{name}-{n}@contoso.com", f"{name}-{n}", "Secret-of-K") for n in range(count)))


def kill(suite: Suite, house: House, moment: int, file: Path, record: Path) -> int:
    """Runs until that moment; the exit status, -9 when it came."""
    house.begin(moment)
    process = subprocess.Popen(namespace.unprivileged([program.CUTOVER, *command(suite, file, house), "--record", str(record)]),
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    house.arm(process)
    house.kill_at = 0 if process.wait() == -9 else house.kill_at
    return process.returncode


def judge_problems(record: Path) -> list[str]:
    """A recording is readable when `judge` makes a report of it."""
    judged = program.run(["judge", str(record), "-o", "json"])
    try:
        judged.report()
    except ValueError:
        return [f"judge: exit status {judged.status}: {judged.stderr.decode()[-300:]}"]
    return []


def go_on(suite: Suite, file: Path, house: House, record: Path, rows: int = ROWS) -> list[str]:
    """Resumes; each row is signed in with once at most, and all are but those whose LOGIN was under way."""
    resumed = program.run([*command(suite, file, house), "--resume", str(record), "-o", "json"])
    twice = sorted({user for user in house.logins if house.logins.count(user) > 1})
    problems = [f"signed in twice: {twice}"] if twice else []
    if rows - len(set(house.logins)) > AT_ONCE:
        problems.append(f"only {sorted(house.logins)} were signed in with")
    try:
        findings = resumed.report()["findings"]
    except ValueError:
        return [*problems, f"--resume: exit status {resumed.status}: {resumed.stderr.decode()[-300:]}"]
    good = [finding for finding in findings if finding["id"] == "login-ok"]
    if rows - len(good) > AT_ONCE or (len(good) == rows) != (resumed.status == 0):
        problems.append(f"{len(good)} good rows, exit status {resumed.status}")
    again = program.run(["judge", str(record), "-o", "json"])
    return problems + ([] if again.report()["findings"] == findings else ["judge differs from the resumed run"])


def cut_off(world: World, suite: Suite, house: House) -> list[str]:
    """As a full disk or a power cut would leave what a killed run wrote: the last line is not whole."""
    file, record = rows_of(world, "cut"), world.base / "cut.jsonl"
    problems: list[str] = []
    status = kill(suite, house, MOMENTS_LEAST // 2, file, record)
    whole = record.read_bytes()
    last = whole.rstrip(b"\n").rfind(b"\n") + 1
    if status != -9 or last == 0:
        return [f"exit status {status}, {len(whole)} bytes recorded"]
    for length in range(last, len(whole), max(1, (len(whole) - last) // 20)):
        record.write_bytes(whole[:length])
        problems += [f"cut at {length}: {problem}" for problem in judge_problems(record)]
    resumed = program.run([*command(suite, file, house), "--resume", str(record), "-o", "json"])
    again = program.run(["judge", str(record), "-o", "json"])
    if resumed.status not in (0, 3) or again.report()["findings"] != resumed.report()["findings"]:
        problems.append(f"--resume: exit status {resumed.status}: {resumed.stderr.decode()[-300:]}")
    return problems


def full_disk(world: World, suite: Suite, house: House) -> list[str]:
    """Twenty rows on a disk that holds the results of some; then there is room again."""
    disk = world.base / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12k", "tmpfs", str(disk)], check=True)
    try:
        record, file = disk / "run.jsonl", rows_of(world, "full", 20)
        house.begin(0)
        done = program.run([*command(suite, file, house), "--record", str(record)])
        tried = len(house.logins)
        problems = [] if done.status == 3 and b"cannot be written" in done.stderr else [f"exit status {done.status}: {done.stderr!r}"]
        problems += [] if 0 < tried < 20 else [f"{tried} of 20 rows were signed in with"]
        subprocess.run(["mount", "-o", "remount,size=1m", str(disk)], check=True)
        return problems + judge_problems(record) + go_on(suite, file, house, record, 20)
    finally:
        subprocess.run(["umount", str(disk)], check=True)
