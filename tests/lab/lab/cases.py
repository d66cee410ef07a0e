"""A case: a command, the exact set of what must be found, and what every run must hold besides."""

from __future__ import annotations

import functools
import json
import re
import shlex
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema

from . import namespace, program
from .tap import Tap
from .world import RESOLVER

# What a run may need beyond its case's limit, on a busy machine and under sanitizers.
SLACK_SECONDS = 6.0
PEAK_KIB = 64 * 1024
SHOWN_OBSERVATIONS = 60  # of a failed case
TOGETHER = 6  # cases under way; they mostly wait

# Levels whose ids a case lists completely.
BAD = ("warn", "fail", "unknown")


@dataclass(frozen=True)
class Case:
    """`expect` lists every finding at warn, fail or unknown as "ID SUBJECT"; `also` lists some of the others.

    `timeout` is the program's limit: short where a case waits it out, else ample, since what answers may be slow on a busy machine.
    "" leaves the program's own. `seconds` is what the run may take.
    """

    name: str
    command: str
    expect: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    never: tuple[str, ...] = ()  # "ID SUBJECT" of what must not be found at any level: what is only info is not in `expect`
    status: int | None = None  # by default, what the worst expected finding gives
    seconds: float = 2.0
    timeout: str = "5s"
    says: tuple[str, ...] = ()  # texts that must stand in the text report
    resolver: str = RESOLVER
    walk: str = ""  # of diagnose: a letter a step (c confirmed, r ruled out, n not tested, p for a person), then the cause or "step N"


class Suite:
    """Cases run side by side against one world."""

    def __init__(self, folder: Path, anchor: Path) -> None:
        self.folder = folder
        self.anchor = anchor
        self.tap = Tap()
        self.found: dict[str, set[str]] = {}  # by the case's name: all its findings, "ID SUBJECT"

    def options(self, case: Case) -> list[str]:
        public = [word for prefix in namespace.PREFIXES for word in ("--assume-public", prefix)]
        return ["-r", case.resolver, "--ca-file", str(self.anchor), *public, *(["--timeout", case.timeout] if case.timeout else [])]

    def run(self, cases: Iterable[Case]) -> None:
        with ThreadPoolExecutor(TOGETHER) as pool:
            cases = list(cases)
            for case, problems in zip(cases, pool.map(self._check, range(len(cases)), cases)):
                self.tap.result(case.name, problems)

    def _check(self, number: int, case: Case) -> list[str]:
        recording, text = self.folder / f"{number}.jsonl", self.folder / f"{number}.txt"
        arguments = [*shlex.split(case.command), *self.options(case), "--record", str(recording), "-o", "json", "-o", f"text:{text}"]
        run = program.run(arguments)
        try:
            report = run.report()
        except ValueError as error:
            return [f"no JSON report ({error})", *_context(run)]
        self.found[case.name] = {f"{finding['id']} {finding['subject']}" for finding in report["findings"]}
        problems = compare(case, run.status, report)
        problems += check_run(case, run, text)
        problems += schema_problems(report)
        problems += self._judge(recording, report)
        return problems + ([*_context(run), *what_was_seen(report)] if problems else [])

    @staticmethod
    def _judge(recording: Path, report: dict[str, Any]) -> list[str]:
        """The recording must give what the run found."""
        again = program.run(["judge", str(recording), "-o", "json"])
        try:
            findings = again.report()["findings"]
        except (ValueError, KeyError) as error:
            return [f"judge gave no findings: {error!r}", *_context(again)]
        if findings == report["findings"]:
            return []
        there, here = ({json.dumps(f, sort_keys=True) for f in side} for side in (findings, report["findings"]))
        return ["judge differs from the run:", *(f"only judge: {f}" for f in there - here), *(f"only run: {f}" for f in here - there)]


def compare(case: Case, status: int, report: dict[str, Any]) -> list[str]:
    """Expected findings and exit status against the report's."""
    problems = []
    found = {f"{f['id']} {f['subject']}": f["severity"] for f in report["findings"]}
    bad = {name for name, severity in found.items() if severity in BAD}
    problems += [f"missing: {name}" for name in case.expect if name not in bad]
    problems += [f"unexpected: {found[name]} {name}" for name in sorted(bad - set(case.expect))]
    problems += [f"missing: {name}" for name in case.also if name not in found]
    problems += [f"unexpected: {name}" for name in case.never if name in found]
    if case.walk and case.walk != (walked := walk_of(report["diagnosis"])):
        problems.append(f"walked {walked}, wanted {case.walk}")
    worst = {found[name] for name in bad}
    wanted = case.status if case.status is not None else 2 if "fail" in worst else 1 if "warn" in worst else 3 if worst else 0
    if status != wanted or report["verdict"]["exit_code"] != wanted:
        problems.append(f"exit status {status}, in the report {report['verdict']['exit_code']}, wanted {wanted}")
    return problems


def walk_of(diagnosis: dict[str, Any]) -> str:
    letters = {"confirmed": "c", "ruled-out": "r", "not-tested": "n", "for-a-person": "p"}
    numbers = [f"step {n}" for n, step in enumerate(diagnosis["steps"], 1) if step["cause"] == diagnosis["next"]]
    states = "".join(letters[step["state"]] for step in diagnosis["steps"])
    return f"{states} {diagnosis['likely'] or (numbers or ['-'])[0]}"


def check_run(case: Case, run: program.Run, text: Path) -> list[str]:
    """What holds for every run: time, memory, clean output."""
    problems = []
    if run.seconds > case.seconds + SLACK_SECONDS:
        problems.append(f"took {run.seconds:.1f} s, allowed {case.seconds:.1f} s")
    if run.peak_kib > PEAK_KIB and not program.is_sanitized():
        problems.append(f"needed {run.peak_kib} KiB")
    if run.stderr:
        problems.append("said something on standard error")
    shown = text.read_text(encoding="utf-8") if text.exists() else ""
    if not shown:
        problems.append("no text report")
    problems += [f"control character {match.group()!r} in the text report" for match in re.finditer(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", shown)][:1]
    flat = " ".join(shown.split())
    problems += [f"the text report does not say: {words}" for words in case.says if words not in flat]
    return problems


@functools.cache
def _validator() -> jsonschema.protocols.Validator:
    schema = program.run(["--json-schema"]).report()
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def schema_problems(report: dict[str, Any]) -> list[str]:
    return [f"schema: {'/'.join(map(str, error.path))}: {error.message[:200]}" for error in _validator().iter_errors(report)][:3]


def what_was_seen(report: dict[str, Any]) -> list[str]:
    """Findings and observations in short, so that a failure tells why."""
    seen = [f"{o['probe']} {o['target']} {o['address'] or '-'}: {o['outcome']} in {o['elapsed_ms']} ms {o['facts'].get('detail', '')}".rstrip()
            for o in report["observations"]]
    dropped = len(seen) - SHOWN_OBSERVATIONS
    return [*(f"{f['severity']} {f['id']} {f['subject']}: {f['summary']}" for f in report["findings"]), *seen[:SHOWN_OBSERVATIONS],
            *([f"and {dropped} observations more"] if dropped > 0 else [])]


def _context(run: program.Run) -> list[str]:
    return [f"$ {run.words()}", run.stderr.decode(errors="replace")[-2000:]]
