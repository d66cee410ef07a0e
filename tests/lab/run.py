"""run.py SUITE: builds the suite's world in a private namespace, runs its cases and prints TAP."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import tempfile
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lab import daemon, missing, namespace, tap  # noqa: E402


def _tidy(folder: Path) -> None:
    """The servers go with the namespace, behind us: until then they may write where we have just tidied up."""
    for _ in range(5):
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    name = sys.argv[1]
    try:
        namespace.enter()
        from lab.cases import Suite  # pylint: disable=import-outside-toplevel
        from lab.world import World  # pylint: disable=import-outside-toplevel
    except missing.Missing as reason:
        return tap.skip_all(str(reason))
    except ImportError as reason:
        return tap.skip_all(f"{reason} (apt-get install python3-jsonschema)")
    folder = Path(tempfile.mkdtemp(prefix=f"cutover-lab-{name}-"))
    tempfile.tempdir = str(folder)  # keys and zones lie there too, and go with it
    try:
        world = World(folder)
        suite = Suite(folder, world.authority.root)
        importlib.import_module(f"suite_{name}").run(world, suite)
    except missing.Missing as reason:
        _tidy(folder)
        return tap.skip_all(str(reason))
    except daemon.Failed as reason:
        suite.tap.result("the world comes up", [str(reason)])
    except Exception:  # pylint: disable=broad-exception-caught
        suite.tap.result("the suite comes to its end", [traceback.format_exc()])
    status = suite.tap.finish()
    if status == 0 and "CUTOVER_LAB_KEEP" not in os.environ:
        _tidy(folder)
    else:
        print(f"# logs and recordings: {folder}")
    return status


if __name__ == "__main__":
    STATUS = main()
    sys.stdout.flush()
    os._exit(STATUS)  # the peers' threads have nothing left to say
