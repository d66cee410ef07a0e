"""spf_published.py PROGRAM: the published test suite of RFC 7208 (openspf.org, release 2014.04, as Debian ships it), case by case, in TAP.

PROGRAM is tests/unit/proto/spf_check. Only explanations are left out (6.2): what a receiver says to a rejected sender is not our business.
"""

from __future__ import annotations

import json
import subprocess
import sys

import yaml

SUITE = "/usr/share/gocode/src/blitiri.com.ar/go/spf/testdata/rfc7208-tests.yml"
TYPES = ("TXT", "A", "AAAA", "MX", "PTR")
CASES = 203
ALIASES = 10


def main() -> int:
    with open(SUITE, encoding="utf-8") as file:
        scenarios = list(yaml.safe_load_all(file))
    cases = [(name, case, scenario["zonedata"]) for scenario in scenarios for name, case in scenario["tests"].items()]
    questions = "".join(json.dumps(question(case, zone)) + "\n" for _, case, zone in cases)
    done = subprocess.run([sys.argv[1]], input=questions, capture_output=True, text=True, check=False, timeout=50)
    results = done.stdout.split()
    for number, (name, case, _) in enumerate(cases, 1):
        wanted = case["result"] if isinstance(case["result"], list) else [case["result"]]
        found = results[number - 1] if number <= len(results) else "nothing"
        print(f"{'' if found in wanted else 'not '}ok {number} - {case['spec']} {name}")
        if found not in wanted:
            print(f"# {found}, not {' or '.join(wanted)}: {case.get('description', '')}")
    print(f"{'' if len(cases) == CASES else 'not '}ok {len(cases) + 1} - the suite has {CASES} cases\n1..{len(cases) + 1}")
    return 0


def question(case: dict[str, object], zone: dict[str, list[object]]) -> dict[str, object]:
    """2.4: without a sender the greeting's name is the domain; 4.3: the local part is "postmaster" unless there is one."""
    local, _, domain = str(case["mailfrom"] or case["helo"]).rpartition("@")
    return {"domain": domain, "sender": f"{local or 'postmaster'}@{domain}", "helo": case["helo"], "address": case["host"], "zone": answers(zone)}


def answers(zone: dict[str, list[object]]) -> dict[str, object]:
    """What a resolver gives for each name and type."""
    plain = {str(name).lower(): _records(entries) for name, entries in zone.items()}
    return {f"{name} {kind.lower()}": _follow(plain, name, kind) for name in plain for kind in TYPES}


def _records(entries: list[object]) -> dict[str, list[str]]:
    """Records by type. "SPF" stands for TXT where no TXT is listed; "NONE" for nothing."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        kind, value = next(iter(entry.items())) if isinstance(entry, dict) else (entry, True)
        value = "".join(value) if kind in ("TXT", "SPF") and isinstance(value, list) else value[1] if kind == "MX" else value
        found.setdefault(kind, []).append(_text(str(value)) if kind in ("TXT", "SPF") else str(value).rstrip("."))
    texts = found.get("TXT", found.pop("SPF", []))
    return {**found, "TXT": [text for text in texts if text != "NONE"]}


def _text(value: str) -> str:
    """The suite writes octets as characters."""
    return value.encode("latin-1").decode("utf-8", "replace")


def _follow(plain: dict[str, dict[str, list[str]]], name: str, kind: str) -> object:
    for _ in range(ALIASES):
        records = plain.get(name)
        if records is None:
            return "nodata"
        if "CNAMELOOP" in records or (not records.get(kind) and "TIMEOUT" in records):
            return "timeout"
        if records.get(kind) or "CNAME" not in records:
            return records.get(kind) or "nodata"
        name = records["CNAME"][0].lower()
    return "timeout"


if __name__ == "__main__":
    sys.exit(main())
