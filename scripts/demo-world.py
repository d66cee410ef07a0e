"""The demo's second half, called by scripts/demo: a world of real servers, and `cutover` run on it as a user would.

With --keep FOLDER, the evidence that `cutover demo` replays is recorded there (data/demo-*.jsonl).
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "lab"))

from lab import daemon, missing, namespace  # noqa: E402

WORLD = ["--ca-file", "lab-root.pem", "--assume-public", "192.0.2.0/24"]

# The service waits 15 s; a demo need not.
HURRY = " --timeout 5s"

# heading, command, name of its HTML report, name of its recording for `cutover demo`
SCENES = (
    ("1. The night before: contoso.com is not ready. A firewall drops port 993, the server on 143 does not send its\n"
     "   intermediate certificate, and one of two name servers still has a TTL of a day.",
     "before contoso.com --imap imap.contoso.com" + HURRY, "contoso-before", "not-ready"),
    ("2. The night before: fabrikam.com is ready.",
     "before fabrikam.com --imap imap.fabrikam.com --verify MS=ms12345678", "fabrikam-before", "ready"),
    ("3. The morning after: contoso.com has not been changed.",
     "after contoso.com --old-mx mail.contoso.com", "contoso-after", ""),
    ("4. The morning after: northwind.com has moved.",
     "after northwind.com --old-mx mail.northwind.com", "northwind-after", ""),
)

NEXT = """Where to go next
  {cutover} demo                      two such reports from recorded evidence, no servers needed
  {cutover} before YOUR-DOMAIN --imap YOUR-IMAP-HOST
  {cutover} explain cert-chain-incomplete
  {cutover} --help
  README.md, HACKING.md and scripts/test
HTML reports of this demo: {reports}"""


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", type=Path, help="record the evidence for `cutover demo` in this folder")
    arguments = parser.parse_args()
    try:
        namespace.enter()
    except missing.Missing as reason:
        print(f"scripts/demo: {reason}", file=sys.stderr)
        return 3
    reports = Path(tempfile.mkdtemp(prefix="cutover-demo-"))
    with tempfile.TemporaryDirectory(prefix="cutover-demo-world-") as folder:
        try:
            start_world(Path(folder), reports)
        except (missing.Missing, daemon.Failed) as reason:
            print(f"scripts/demo: {reason}", file=sys.stderr)
            return 3
        if arguments.keep:
            return record(arguments.keep.resolve(), reports)
        statuses = [play(heading, command, name, reports) for heading, command, name, _ in SCENES]
    print(NEXT.format(cutover=shown_program(), reports=reports))
    return 0 if all(status in (0, 1, 2) for status in statuses) else 3


def start_world(folder: Path, reports: Path) -> None:
    from lab.migrations import describe  # pylint: disable=import-outside-toplevel
    from lab.world import RESOLVER, World  # pylint: disable=import-outside-toplevel

    print("starting name servers, a resolver and mail servers in a private namespace ...", flush=True)
    world = World(folder)
    describe(world)
    world.start()
    namespace.use_resolver(RESOLVER, folder)
    (reports / "lab-root.pem").write_bytes(world.authority.root.read_bytes())


def play(heading: str, command: str, name: str, reports: Path) -> int:
    """Runs one scene; returns the program's exit status."""
    words = [*command.split(), *WORLD]
    print(f"\n{heading}\n\n$ cutover {shlex.join(words)}", flush=True)
    outputs = ["-o", "text", "-o", f"html:{name}.html"]
    status = subprocess.run(namespace.unprivileged([program(), *words, *outputs]), cwd=reports, check=False).returncode
    print(f"$ echo $?\n{status}\n", flush=True)
    return status


def record(folder: Path, reports: Path) -> int:
    """Records the scenes that have a name for it, with the service's own limit of time."""
    for _, command, _, name in SCENES:
        if name:
            words = [*command.removesuffix(HURRY).split(), *WORLD, "--vantage", "demo", "--record", str(folder / f"demo-{name}.jsonl")]
            subprocess.run(namespace.unprivileged([program(), *words, "-o", "text"]), cwd=reports, check=False)
    return 0


def program() -> str:
    return os.environ.get("CUTOVER", "cutover")


def shown_program() -> str:
    """The program's path as one would type it from the top of the tree."""
    return os.path.relpath(program()) if "/" in program() else program()


if __name__ == "__main__":
    sys.exit(main())
