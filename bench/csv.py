#!/usr/bin/env python3
"""bench/csv.py [CUTOVER]: a 50,000-row migration file judged by cutover, and read by its peers from Debian.

Peers: csvclean (csvkit), mlr (miller; reads in several threads), Python's csv module, `wc -l` as the floor. Each reads the same file, three runs, the
best counts; then the largest memory. cutover does more than they do (it judges every field); the point is that it costs less.
A second file has a fault on every row. Measured by hand, on a quiet machine.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time

ROWS, RUNS = 50000, 3
HEADER = "EmailAddress,UserName,Password\r\n"


def write_good(path):
    with open(path, "w", newline="") as out:
        out.write(HEADER)
        for i in range(ROWS):
            out.write(f'user{i:05}@contoso.com,contoso/mailadmin/user{i:05},"P@ss,w0rd{i}"\r\n')


def write_bad(path):
    with open(path, "w", newline="") as out:
        out.write(HEADER)
        for i in range(ROWS):
            out.write(f" user{i % 100}@contoso,user{i % 7} ,1.09E+06{',x' * (i % 2)}\r\n")


def run(command):
    """Best wall time and the processor's in seconds, largest memory in MiB."""
    best, work, memory = None, None, 0
    for _ in range(RUNS):
        started = time.monotonic()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        elapsed = time.monotonic() - started
        best = elapsed if best is None else min(best, elapsed)
        spent = usage.ru_utime + usage.ru_stime
        work = spent if work is None else min(work, spent)
        memory = max(memory, usage.ru_maxrss / 1024)
    return best, work, memory


def main():
    cutover = sys.argv[1] if len(sys.argv) > 1 else "./cutover"
    with tempfile.TemporaryDirectory() as folder:
        good, bad = os.path.join(folder, "good.csv"), os.path.join(folder, "bad.csv")
        write_good(good)
        write_bad(bad)
        os.chmod(good, 0o600)
        python = "import csv, sys; print(sum(len(row) for row in csv.reader(open(sys.argv[1], newline=''))))"
        rows = [
            ("cutover csv", [cutover, "csv", good], None),
            ("cutover csv --json", [cutover, "csv", good, "--json"], None),
            ("cutover csv, all bad", [cutover, "csv", bad], None),
            ("cutover csv --json, all bad", [cutover, "csv", bad, "--json"], None),
            ("cutover csv --rewrite", [cutover, "csv", good, "--rewrite", os.path.join(folder, "copy.csv")], None),
            ("csvclean", ["csvclean", "--dry-run", good], "csvclean"),
            ("mlr nothing (reads only)", ["mlr", "--icsv", "--ojson", "nothing", good], "mlr"),
            ("mlr cat", ["mlr", "--icsv", "--ocsv", "cat", good], "mlr"),
            ("python csv.reader", ["python3", "-c", python, good], None),
            ("wc -l", ["wc", "-l", good], None),
        ]
        print(f"{ROWS} rows, {os.path.getsize(good) / 1e6:.1f} MB ({os.path.getsize(bad) / 1e6:.1f} MB bad)")
        print(f"{'':30} {'seconds':>8} {'of CPU':>8} {'MiB':>7}")
        for name, command, needs in rows:
            if needs and not shutil.which(needs):
                print(f"{name:30} {'not installed':>16}")
                continue
            seconds, work, memory = run(command)
            print(f"{name:30} {seconds:8.3f} {work:8.3f} {memory:7.1f}")


if __name__ == "__main__":
    main()
