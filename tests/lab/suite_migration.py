"""Whole migrations as a user runs them: before, after, judge, interrupts, several domains, bad input."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from pathlib import Path

from lab import firewall, namespace, program
from lab.cases import Case, Suite
from lab.migration_file import write
from lab.migrations import describe
from lab.world import World

READY, NOT_READY = "fabrikam.com", "contoso.com"


def run(world: World, suite: Suite) -> None:
    describe(world)
    hung = world.dovecot("imap.hung.test")
    world.shut(hung, 993, firewall.DROP)
    world.host("slow.hosts.test", hung)
    world.start()
    file = write(world, "users", (f"terry@{READY}", f"#terry@{READY}#admin#", "x"), ("mary@other.test", f"#mary@{READY}#admin#", "x"))
    plan = world.base / "one.plan"
    plan.write_text(f"[{READY}]\nimap = imap.{READY}\ncsv = {file}\n", encoding="ascii")
    suite.run(migrations(file, plan))
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup it would stay ignored, also in what is run
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        suite.tap.result(f"{number.name} reports what is known and exits 130", interrupted(world, suite, hung, number))
    suite.tap.result("jsonl prints a target as soon as it is known", streamed(suite))
    suite.tap.result("SIGUSR1 says how far the run has come", asked(world, suite, hung))
    demo = program.run(["demo"])
    suite.tap.result("demo replays both migrations", [] if demo.status == 2 and b"READY" in demo.stdout else [f"exit status {demo.status}"])
    for name, problems in bad_input(suite):
        suite.tap.result(name, problems)


def migrations(file: Path, plan: Path) -> list[Case]:
    return [
        Case("before: ready", f"before {READY} --imap imap.{READY}", (), (f"mx-not-microsoft {READY}", f"ttl-ok {READY}", f"imap-ok imap.{READY}:993")),
        Case("before: ready but for the migration file", f"before {READY} --imap imap.{READY} --csv {file}",
             (f"csv-address-foreign {file}", f"login-format {file}"), (f"csv-ok {file}", f"imap-ok imap.{READY}:993"),
             says=("2 x #user@domain#admin# (Mirapoint, Zimbra), first on row 2; but the server is Dovecot",)),
        Case("the facts of a plan", f"before --plan {plan}", (f"csv-address-foreign {file}", f"login-format {file}"),
             (f"mx-not-microsoft {READY}", f"imap-ok imap.{READY}:993")),
        Case("hosts of a plan", f"imap --plan {plan}", (f"csv-address-foreign {file}", f"login-format {file}"), (f"imap-ok imap.{READY}:993",)),
        Case("before: not ready", f"before {NOT_READY} --imap imap.{NOT_READY}",
             (f"port-timeout imap.{NOT_READY}:993", f"cert-chain-incomplete imap.{NOT_READY}:143", f"ttl-too-long {NOT_READY}",
              f"ttl-differs-between-servers {NOT_READY}", f"verify-missing {NOT_READY}", f"spf-no-microsoft {NOT_READY}"),
             timeout="2s", says=(f"The connection to the server 'imap.{NOT_READY}' timed out after 00:00:15.", f"ns2.{NOT_READY}", "NOT READY")),
        Case("after: moved", "after northwind.com --old-mx mail.northwind.com", ()),
        Case("after: not moved", f"after {NOT_READY} --old-mx mail.{NOT_READY}",
             (f"mx-not-microsoft {NOT_READY}", f"propagation-not-started {NOT_READY}", f"autodiscover-old-target {NOT_READY}",
              f"autodiscover-unreachable {NOT_READY}", f"spf-no-microsoft {NOT_READY}",
              f"ttl-differs-between-servers {NOT_READY}")),
        Case("several domains at once", f"before {READY} northwind.com --severity mx-not-microsoft=pass", ()),
    ]


def only_993_is_left(world: World, hung: str) -> program.When:
    """Once 143 has been said farewell to, by the server's log."""
    log = world.base / "dovecot-main" / "mail.log"

    def farewells() -> int:
        return sum("logging out" in line and f"lip={hung}" in line for line in log.read_text().splitlines())
    before = farewells()
    return lambda *_: farewells() > before


def interrupted(world: World, suite: Suite, hung: str, number: signal.Signals) -> list[str]:
    """The signal in the middle of a wait."""
    case = Case("interrupt", "imap slow.hosts.test", timeout="50s")
    recording, page = suite.folder / f"{number.name}.jsonl", suite.folder / f"{number.name}.html"
    run_ = program.run([*case.command.split(), *suite.options(case), "-o", "json", "-o", f"html:{page}", "--record", str(recording)],
                       signals=((only_993_is_left(world, hung), number),))
    problems = [f"no {path.name}" for path in (recording, page) if not path.exists()]
    problems += [f"left behind: {path.name}" for path in suite.folder.glob(f"{number.name}.*.*")]
    if run_.status != 130:
        problems.append(f"exit status {run_.status}, wanted 130")
    if run_.seconds > 40.0:
        problems.append(f"took {run_.seconds:.1f} s to stop")
    try:
        report = run_.report()
    except ValueError as error:
        return [*problems, f"no JSON report: {error}", run_.stderr.decode(errors="replace")]
    outcomes = {o["target"]: o["outcome"] for o in report["observations"] if o["probe"] == "port"}
    if outcomes.get("slow.hosts.test:143") != "ok" or outcomes.get("slow.hosts.test:993") != "cancelled":
        problems.append(f"observations of port: {json.dumps(outcomes)}")
    return problems


def asked(world: World, suite: Suite, hung: str) -> list[str]:
    """A line a question, and the run goes on."""
    case = Case("asked", "imap slow.hosts.test", timeout="50s")
    run_ = program.run([*case.command.split(), *suite.options(case), "-o", "json"],
                       signals=((only_993_is_left(world, hung), signal.SIGUSR1), (lambda _, said: said.endswith(b"\n"), signal.SIGINT)))
    said = run_.stderr.decode(errors="replace")
    problems = [] if re.fullmatch(r"cutover: \d+ of \d+ checks done, \d+ s, waiting for imap slow.hosts.test\n", said) else [f"said {said!r}"]
    return problems + ([] if run_.status == 130 else [f"exit status {run_.status}, wanted 130"])


def streamed(suite: Suite) -> list[str]:
    """The line of the good host is there while the other one's wait goes on."""
    argv = [program.CUTOVER, "port", "slow.hosts.test:993", f"imap.{READY}:993", *suite.options(Case("", "", timeout="50s")), "-o", "jsonl"]
    with subprocess.Popen(namespace.unprivileged(argv), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        first = json.loads(process.stdout.readline())
        is_running = process.poll() is None
        process.send_signal(signal.SIGINT)
        second = json.loads(process.stdout.readline())
        rest = process.stdout.read()
        status = process.wait()
    problems = [] if is_running else ["the run had ended"]
    problems += [] if first["observations"][-1]["target"] == f"imap.{READY}:993" else [f"first: {first['observations']}"]
    problems += [] if second["run"]["interrupted"] and not first["run"]["interrupted"] else ["which one was interrupted?"]
    return problems + ([] if (status, rest) == (130, b"") else [f"exit status {status}, then {rest!r}"])


def bad_input(suite: Suite) -> list[tuple[str, list[str]]]:
    """One clear line that names what is wrong, exit 3, nothing sent."""
    case = Case("", "")
    rows = {
        "an unknown option": (["before", "contoso.com", "--frobnicate"], "--frobnicate"),
        "an unknown command": (["befor", "contoso.com"], "befor"),
        "port 0": (["port", "contoso.com:0"], "contoso.com:0"),
        "port 70000": (["port", "contoso.com:70000"], "70000"),
        "an empty domain": (["before", ""], "empty"),
        "a domain over 253 octets": (["before", "a." * 127 + "com"], "253"),
        "an address where a name is wanted": (["before", "192.0.2.1"], "192.0.2.1"),
        "an unreadable file": (["judge", "/nonexistent.jsonl"], "/nonexistent.jsonl"),
        "an unreadable CA file": (["tls", "contoso.com", "--ca-file", "/nonexistent.pem"], "/nonexistent.pem"),
        "a malformed duration": (["tls", "contoso.com", "--timeout", "soon"], "--timeout"),
        "an unknown format": (["tls", "contoso.com", "-o", "yaml"], "yaml"),
        "no domain at all": (["before"], "before"),
    }
    results = []
    for name, (arguments, names) in rows.items():
        shared = suite.options(case) if "--timeout" not in arguments and arguments[0] != "judge" and "--ca-file" not in arguments else []
        run_ = program.run([*arguments, *shared])
        problems = [] if run_.status == 3 else [f"exit status {run_.status}, wanted 3"]
        error = run_.stderr.decode(errors="replace")
        if error.count("\n") != 1 or names not in error:
            problems.append(f"standard error should be one line that names {names}: {error!r}")
        if run_.stdout:
            problems.append(f"standard output should be empty: {run_.stdout[:200]!r}")
        results.append((f"bad input: {name}", problems))
    return results
