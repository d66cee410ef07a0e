"""The MX change from before to gone: three NSDs with zones of different age, ten Unbounds with warm caches."""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from lab import dnswire, namespace, program
from lab.cases import SLACK_SECONDS, Suite, what_was_seen
from lab.daemon import Daemon, Failed
from lab.missing import program as find
from lab.nsd import NameServer
from lab.unbound import Resolver
from lab.world import RESOLVER, World
from lab.zones import Domain

DOMAIN = "clock.test"
OLD, NEW = "mail.clock.test", "clock-test.mail.protection.outlook.com"
TTL = 15
SERVERS = ("198.51.100.61", "198.51.100.62", "198.51.100.63")
CACHES = tuple(f"192.0.2.{number}" for number in range(60, 70))
# Whole seconds, each cut off: by a cache, by its own tool and by the program.
CUT_S = 2
# Who they say they are; all others keep it to themselves.
IDENTITIES = {SERVERS[0]: "ns of the lab", CACHES[3]: "cache of the lab"}
TYPE_MX, TYPE_TXT = 15, 16


class Play:
    """The domain's three servers and the caches, and what is done to them."""

    def __init__(self, world: World, suite: Suite, imap: str) -> None:
        self.world, self.suite, self.imap = world, suite, imap
        self.folder = suite.folder
        self.running: dict[int, Daemon] = {}
        self.list = self.folder / "resolvers.txt"
        self.list.write_text("".join(f"{address} cache-{number} the lab\n" for number, address in enumerate(CACHES)))
        self.list.chmod(0o644)
        self.turn = 0
        self.said: list[str] = []  # of the scene: each command and what it found, for whoever looks into a failure

    def serve(self, number: int, mx: str, ttl: int, serial: int) -> None:
        """(Re)starts server `number` with that MX set."""
        if number in self.running:
            self.running[number].stop()
        names = "\n".join(f"ns{i} A {address}" for i, address in enumerate(SERVERS))
        zone = (f"$ORIGIN {DOMAIN}.\n$TTL 300\n@ SOA ns0 hostmaster {serial} 7200 3600 1209600 {TTL}\n"
                "@ NS ns0\n@ NS ns1\n@ NS ns2\n" + names + f"\nmail A 192.0.2.25\n@ {ttl} MX 10 {mx}.\n"
                "@ TXT \"v=spf1 mx -all\"\nautodiscover 7200 CNAME autodiscover.outlook.com.\n"
                f"imap A {self.imap}\n")
        self.turn += 1
        server = NameServer(f"clock{number}-{self.turn}", (SERVERS[number],), {DOMAIN: zone}, IDENTITIES.get(SERVERS[number], ""))
        self.running[number] = server.start(self.world.base)
        server.wait(self.running[number])

    def serve_all(self, mx: str, ttl: int, serial: int) -> None:
        for number in range(len(SERVERS)):
            self.serve(number, mx, ttl, serial)

    def warm(self, addresses: tuple[str, ...] = CACHES) -> None:
        for address in addresses:
            dnswire.ask_udp(address, dnswire.query(DOMAIN, TYPE_MX), 3.0)

    def flush(self, addresses: tuple[str, ...] = CACHES) -> None:
        for address in addresses:
            self.control(address, "flush_type", DOMAIN, "MX")

    def control(self, address: str, *words: str) -> str:
        number = CACHES.index(address)
        config = self.world.base / f"unbound-cache{number}" / "unbound.conf"
        argv = [find("unbound-control"), "-c", str(config), *words]
        return subprocess.run(argv, capture_output=True, text=True, check=True).stdout

    def left(self, address: str) -> int | None:
        """Seconds left of the old set, by Unbound's own dump of its cache."""
        for line in self.control(address, "dump_cache").splitlines():
            fields = line.split()
            if len(fields) >= 6 and fields[0] == f"{DOMAIN}." and fields[3] == "MX" and fields[5] == f"{OLD}.":
                return int(fields[1])
        return None

    def command(self, words: str, *more: str) -> list[str]:
        return [*words.split(), "-r", RESOLVER, "--resolvers", str(self.list), "--timeout", "2s", "--samples", "1",
                "--assume-public", "192.0.2.0/24", "--ca-file", str(self.suite.anchor), *more]

    def report(self, words: str, *more: str) -> tuple[dict[str, Any], int]:
        run = program.run([*self.command(words, *more), "-o", "json"])
        self.said += [f"$ {run.words()}", run.stderr.decode(errors="replace")[-2000:]]
        report = run.report()
        self.said += what_was_seen(report)
        return report, run.status


def run(world: World, suite: Suite) -> None:
    names = tuple(f"ns{i}.{DOMAIN}" for i in range(len(SERVERS)))
    world.domain(Domain(DOMAIN, servers=names, glue={f"ns{i}": a for i, a in enumerate(SERVERS)}))
    world.tenant("clock-test")
    imap = world.dovecot(f"imap.{DOMAIN}")
    for address in SERVERS:
        world.claim(address)
    for number, address in enumerate(CACHES):
        control = f'remote-control:\n  control-enable: yes\n  control-interface: "{world.base}/cache{number}.sock"\n  control-use-cert: no\n'
        identity = f'  identity: "{IDENTITIES[address]}"\n' if address in IDENTITIES else "  hide-identity: yes\n"
        world.resolver(Resolver(f"cache{number}", (address,), "198.51.100.10", identity, control))
    world.start()
    play = Play(world, suite, imap)
    for scene in SCENES:
        play.said.clear()
        try:
            problems = scene(play)
        except (ValueError, KeyError, subprocess.SubprocessError, Failed) as error:
            problems = [repr(error)]
        suite.tap.result((scene.__doc__ or scene.__name__).rstrip("."), problems + (play.said if problems else []))


def found(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {f"{f['id']} {f['subject']}": f for f in report["findings"]}


def expect(report: dict[str, Any], *names: str) -> list[str]:
    have = found(report)
    return [f"missing: {name}; there are {sorted(have)}" for name in names if name not in have]


def worst(report: dict[str, Any]) -> list[str]:
    return [f"{f['severity']} {f['id']} {f['subject']}" for f in report["findings"] if f["severity"] in ("warn", "fail", "unknown")]


def seconds(text: str) -> float:
    return time.mktime(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ")) - time.timezone


def before(play: Play) -> list[str]:
    """Before: the long TTL is recorded, then lowered; the clock counts from what was recorded."""
    play.serve_all(OLD, 86400, 1)
    first, second = play.folder / "since-1.jsonl", play.folder / "since-2.jsonl"
    problems = expect(play.report(f"ttl {DOMAIN} --record {first}")[0], f"ttl-too-long {DOMAIN}", f"ttl-target-long {DOMAIN}")
    problems += what_hangs_on_it(play)
    play.serve_all(OLD, TTL, 2)
    started = time.time()
    report, _ = play.report(f"ttl {DOMAIN} --since {first} --record {second}")
    problems += expect(report, f"ttl-ok {DOMAIN}", f"ttl-not-drained {DOMAIN}")
    earliest = seconds(report["verdict"]["earliest_cutover"] or "1970-01-01T00:00:00Z")
    if not started - 1 <= earliest - 86400 <= time.time() + 1:
        problems.append(f"earliest cutover {report['verdict']['earliest_cutover']}, wanted a day from now")
    again, _ = play.report(f"ttl {DOMAIN} --since {second}")
    if abs(seconds(again["verdict"]["earliest_cutover"] or "1970-01-01T00:00:00Z") - earliest) > 2:
        problems.append(f"seen from the second recording {again['verdict']['earliest_cutover']}")
    folder = play.folder / "past"
    folder.mkdir()
    folder.chmod(0o755)
    for file in (first, second):
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "notes.txt").write_text("no recording\n")
    from_folder, _ = play.report(f"ttl {DOMAIN} --since {folder}")
    if from_folder["verdict"]["earliest_cutover"] != again["verdict"]["earliest_cutover"]:
        problems.append(f"seen from the folder {from_folder['verdict']['earliest_cutover']}")
    return problems


def what_hangs_on_it(play: Play) -> list[str]:
    """Each at every address of the zone's servers, the delegation at the parent's, and what is left in caches."""
    started = time.time()
    for address in CACHES[:2]:
        dnswire.ask_udp(address, dnswire.query(DOMAIN, TYPE_TXT), 3.0)
    text = program.run(play.command(f"ttl {DOMAIN} --color never")).stdout.decode()
    rows = ("mail.clock.test A 300 s at 3 addresses", "clock.test SPF 300 s at 3 addresses", "clock.test NS 300 s at 3 addresses",
            "clock.test NS at the parent 3600 s at 1 address", f"clock.test absence {TTL} s at 3 addresses",
            "autodiscover.clock.test CNAME 7200 s at 3 addresses")
    lines = [" ".join(line.split()) for line in text.splitlines()]
    problems = [f"ttl does not show: {row}\n{text}" for row in rows if not any(line.startswith(row) for line in lines)]
    left = [int(line.split()[-3]) for line in lines if line.startswith("clock.test SPF 300 s at 3 addresses; 2 caches, up to ")]
    least = 300 - (time.time() - started) - CUT_S
    return problems + ([f"left of SPF in caches: {left}, at least {least:.0f}"] if len(left) != 1 or not least <= left[0] <= 300 else [])


def servers_of_different_age(play: Play) -> list[str]:
    """One of three servers has the new set: said of which, and no cache is blamed for nothing."""
    play.warm()
    play.serve(0, NEW, TTL, 3)
    report, status = play.report(f"propagation {DOMAIN} --expect-mx {NEW} --old-mx {OLD}")
    problems = expect(report, f"propagation-not-started {DOMAIN}", f"mx-differs-between-servers {DOMAIN}")
    return problems + ([f"exit status {status}"] if status != 2 else [])


def pending(play: Play) -> list[str]:
    """Each cache's state and seconds left agree with its own dump; asking fills none."""
    play.flush()
    play.serve_all(OLD, TTL, 4)
    play.warm(CACHES[:7])
    play.serve_all(NEW, TTL, 5)
    dumps = {address: (time.time(), play.left(address)) for address in CACHES}
    started = time.time()
    report, _ = play.report(f"propagation {DOMAIN} --old-mx {OLD}")
    ended = time.time()
    have, problems = found(report), []
    for address, (at, left) in dumps.items():
        finding = have.get(f"propagation-pending {address}")
        if (left is None) != (finding is None):
            problems.append(f"{address}: its dump says {left}, the report {finding}")
        elif left is not None and finding is not None and not left - (ended - at) - CUT_S <= finding["args"]["ttl"] <= left - (started - at) + CUT_S:
            problems.append(f"{address}: its dump says {left} s, the report {finding['args']['ttl']} s, {started - at:.1f} s to {ended - at:.1f} s later")
    if sum(left is not None for _, left in dumps.values()) != 7:
        problems.append(f"the caches were not warm: {dumps}")
    text = " ".join(program.run(play.command(f"propagation {DOMAIN} --old-mx {OLD} --color never")).stdout.decode().split())
    if not re.search(r"No MX set in \d+ resolvers: .*cache-9 192\.0\.2\.69 ", text):
        problems.append(f"an empty cache is not named: {text}")
    if any(f"{DOMAIN}.\t" in line and "\tMX\t" in line for line in play.control(CACHES[9], "dump_cache").splitlines()):
        problems.append("an empty cache was filled by asking")
    return problems


def identities(play: Play) -> list[str]:
    """Who answered is kept and shown, of NSD and Unbound alike; who does not say it is blamed for nothing."""
    report, _ = play.report(f"propagation {DOMAIN} --old-mx {OLD}")
    said = {o["address"]: o["facts"]["dns.id_server"] for o in report["observations"] if "dns.id_server" in o["facts"]}
    problems = [f"said: {said}"] if said != IDENTITIES else []
    if any(o["facts"].get("dns.question") == "id.server" and o["outcome"] != "ok" for o in report["observations"]):
        problems.append("what nobody owes us was recorded as missing")
    text = program.run(play.command(f"propagation {DOMAIN} --old-mx {OLD} -vv --color never")).stdout.decode()
    return problems + [f"-vv does not show {who!r}\n{text}" for who in IDENTITIES.values() if f"; id.server {who}" not in text]


def refill(play: Play) -> float:
    """Old set in the caches, new set in the zone; returns when the last cache's old answer ends."""
    play.flush()
    play.serve_all(OLD, TTL, 6)
    play.warm()
    play.serve_all(NEW, TTL, 7)
    return max(time.time() + (play.left(address) or 0) for address in CACHES)


def status_problems(run_: program.Run, wanted: int, verdict: dict[str, Any]) -> list[str]:
    """The process and its report must say the same."""
    said = (run_.status, verdict["exit_code"])
    return [] if said == (wanted, wanted) else [f"exit status and exit_code {said}, wanted {wanted}"]


def watch_ends(play: Play) -> list[str]:
    """Watch ends by itself behind the last expiry, tells each change, and runs the command."""
    last = refill(play)
    note, file = play.folder / "then.txt", play.folder / "watched.json"
    run_ = program.run(play.command(f"watch {DOMAIN} --old-mx {OLD} -o json:{file}", "--then", f'echo "status $CUTOVER_STATUS" >{note}'))
    ended = time.time()
    problems = status_problems(run_, 0, json.loads(file.read_text())["verdict"])
    # Unbound gives an answer out during the whole second in which it ends.
    if not last - 1 <= ended <= last + CUT_S + SLACK_SECONDS:
        problems.append(f"ended {ended - last:+.1f} s from the last expiry")
    text = run_.stdout.decode()
    problems += [f"it does not say: {words}" for words in (": old 10 mail.clock.test, ", "old -> ", "done: 0 of 10") if words not in text]
    if not note.exists() or note.read_text() != "status 0\n":
        problems.append("--then was not run with its status")
    return problems + ([text, run_.stderr.decode()] if problems else [])


def watch_deadline(play: Play) -> list[str]:
    """Watch ends with 4 at the deadline, and gives each round as a line of JSON."""
    refill(play)
    started = time.monotonic()
    run_ = program.run(play.command(f"watch {DOMAIN} --old-mx {OLD} --deadline 3s -o jsonl"))
    took = time.monotonic() - started
    rounds = [json.loads(line) for line in run_.stdout.splitlines()]
    problems = status_problems(run_, 4, rounds[-1]["verdict"] if rounds else {"exit_code": None})
    if not 2.5 < took < 3 + SLACK_SECONDS:
        problems.append(f"took {took:.1f} s")
    if len(rounds) < 2 or any("propagation-pending" not in {f["id"] for f in one["findings"]} for one in rounds):
        problems.append(f"{len(rounds)} rounds")
    return problems + (["in a round:", *(line for one in rounds for line in what_was_seen(one)), run_.stderr.decode()] if problems else [])


def watch_interrupted(play: Play) -> list[str]:
    """Watch ends with 130 at an interrupt, in a wait and in the table of a terminal."""
    refill(play)
    is_waiting = (lambda said, _: b": old 10 mail.clock.test, " in said, signal.SIGINT)
    file = play.folder / "interrupted.json"
    run_ = program.run(play.command(f"watch {DOMAIN} --old-mx {OLD} -o json:{file}"), signals=(is_waiting,))
    problems = status_problems(run_, 130, json.loads(file.read_text())["verdict"])
    if b"interrupted" not in run_.stdout or b"done: " in run_.stdout:
        problems.append("it does not say how it ended")
    return problems + ([run_.stdout.decode(), run_.stderr.decode()] if problems else []) + on_a_terminal(play)


def on_a_terminal(play: Play) -> list[str]:
    leader, follower = os.openpty()
    argv = namespace.unprivileged([program.CUTOVER, *play.command(f"watch {DOMAIN} --old-mx {OLD}")])
    environment = {**os.environ, "TERM": "xterm"}
    shown, deadline = b"", time.monotonic() + program.HANG_SECONDS
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=follower, stderr=subprocess.DEVNULL, env=environment) as process:
        os.close(follower)  # so that the last one who holds it is the program: reading ends with an error behind its last words
        is_interrupted = False
        with contextlib.suppress(OSError):
            while select.select([leader], [], [], max(deadline - time.monotonic(), 0))[0]:
                shown += os.read(leader, 1 << 16)
                if not is_interrupted and b"asked again in" in shown:
                    process.send_signal(signal.SIGINT)
                    is_interrupted = True
        if time.monotonic() > deadline:
            process.kill()
    os.close(leader)
    problems = [f"on a terminal: exit status {process.returncode}"] if process.returncode != 130 else []
    problems += [f"the table does not show {words!r}" for words in ("cache-3", "\033[K old", "asked again in") if words.encode() not in shown]
    return problems + ([repr(shown)] if problems else [])


def gone(play: Play) -> list[str]:
    """Gone: all is new, and the clock gives the end of synchronisation."""
    time.sleep(TTL + 1)
    play.warm(CACHES[:5])
    changed = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 60))
    report, status = play.report(f"propagation {DOMAIN} --old-mx {OLD} --cutover {changed}")
    problems = expect(report, f"propagation-ok {DOMAIN}", f"sync-until {DOMAIN}")
    if report["verdict"]["sync_until"] is None or seconds(report["verdict"]["sync_until"]) != seconds(changed) + 72 * 3600:
        problems.append(f"sync until {report['verdict']['sync_until']}")
    return problems + ([f"exit status {status}: {worst(report)}"] if status != 0 else [])


def clamped_and_silent(play: Play) -> list[str]:
    """A resolver that does not answer is not tested, and nothing waits past its time."""
    file = play.folder / "silent.txt"
    file.write_text("192.0.2.60 one\n192.0.2.199 silent\n")
    file.chmod(0o644)
    started = time.monotonic()
    run_ = program.run(["propagation", DOMAIN, "-r", RESOLVER, "--resolvers", str(file), "--timeout", "2s", "--old-mx", OLD, "-o", "json"])
    took = time.monotonic() - started
    problems = expect(run_.report(), "resolver-not-tested 192.0.2.199", f"propagation-ok {DOMAIN}")
    return problems + ([f"took {took:.1f} s"] if took > 2 + SLACK_SECONDS else [])


def runbook_commands() -> list[str]:
    """Of README's "On the night", in their order."""
    text = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    part = text.partition("### On the night")[2].partition("\n## ")[0]
    return [line.strip() for line in part.splitlines() if line.startswith("    cutover ")]


def runbook(play: Play) -> list[str]:
    """README's "On the night", command by command: each does what stands there."""
    night = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 7 * 86400))
    folder = play.folder / "night"
    (folder / "past").mkdir(parents=True)
    for place in (folder, folder / "past"):
        place.chmod(0o777)
    plan = (  # the zone before it, what must be found, the exit status
        ((OLD, 86400), (f"ttl-too-long {DOMAIN}",), (1, 2)),
        ((OLD, TTL), (f"ttl-not-drained {DOMAIN}",), (1,)),
        (None, (f"ttl-ok {DOMAIN}",), (0, 1, 2)),
        (None, (f"ttl-not-drained {DOMAIN}",), (1,)),
        ((NEW, TTL), (f"propagation-ok {DOMAIN}",), (0,)),
        (None, (f"propagation-ok {DOMAIN}", f"sync-until {DOMAIN}"), (0, 1, 2)),
        (None, (f"propagation-ok {DOMAIN}", f"sync-until {DOMAIN}"), (0, 1, 2)),
    )
    commands, problems = runbook_commands(), []
    if len(commands) != len(plan):
        return [f"the plan has {len(plan)} commands, README {commands}"]
    for number, (command, (zone, names, statuses)) in enumerate(zip(commands, plan)):
        if zone:  # as if the days between had passed
            play.flush()
            play.warm()
            play.serve_all(*zone, 20 + number)
        words = command.replace("2026-12-05T20:00:00Z", night)
        words = words.replace("contoso-com.mail", "clock-test.mail").replace("contoso.com", DOMAIN)
        report = folder / f"{number}.json"
        run_ = program.run([*play.command(words.removeprefix("cutover ")), "-o", f"json:{report}"], cwd=folder)
        if run_.status not in statuses:
            problems.append(f"{command}: exit status {run_.status}: {run_.stderr.decode()}")
        if report.exists():
            problems += [f"{command}: {problem}" for problem in expect(json.loads(report.read_text()), *names)]
    return problems


def bad_input(play: Play) -> list[str]:
    """A recording of another domain or version, a list with a bad line: one clear line, exit 3."""
    other, version = play.folder / "other.jsonl", play.folder / "version.jsonl"
    program.run(["ttl", "dns.test", "-r", RESOLVER, "--record", str(other), "-q"])
    version.write_text('{"schema": "cutover.evidence/9"}\n')
    listed = play.folder / "bad.txt"
    listed.write_text("192.0.2.60 one\nnonsense two\n")
    for file in (version, listed):
        file.chmod(0o644)
    rows = {
        f"ttl {DOMAIN} --since {other}": "holds no earlier recording of clock.test, but of dns.test",
        f"ttl {DOMAIN} --since {version}": "version.jsonl:1",
        f"ttl {DOMAIN} --since {play.folder}/missing": "missing",
        f"propagation {DOMAIN} --resolvers {listed}": "bad.txt:2",
        f"propagation {DOMAIN} --samples 0": "--samples",
        f"propagation {DOMAIN} --ecs nonsense": "--ecs",
    }
    problems = []
    for words, says in rows.items():
        run_ = program.run([*words.split(), "-r", RESOLVER])
        lines = run_.stderr.decode().splitlines()
        if run_.status != 3 or len(lines) != 1 or says not in lines[0]:
            problems.append(f"{words}: exit status {run_.status}, {lines}")
    return problems


SCENES = (before, servers_of_different_age, pending, identities, watch_ends, watch_deadline, watch_interrupted, gone,
          clamped_and_silent, bad_input, runbook)
