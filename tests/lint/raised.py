"""Every finding of the families below is raised by real servers in the lab or peer ring, or by whole files, and absent where all is well.

A lab case lists all its findings at warn, fail and unknown (tests/lab/lab/cases.py), so a case that expects none shows all of those
absent. What is only INFO or SKIP must be named by some case's `never`. The tests of files (tests/unit/app/*.test) list the ids of
each run completely. TAP on standard output.
"""
import ast
import glob
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from catalogue import TOP, read_rows  # noqa: E402

# Families of findings: how their ids begin. A family is added here when it is complete.
FAMILIES = ("autodiscover-", "cert-", "dane-", "dkim-", "dmarc-", "dnssec-", "imap-", "limit-", "login-", "mailbox-", "msoid-", "mtasts-", "speed-",
            "spf-", "starttls-", "tls-", "tlsrpt-", "wildcard-")
FAMILIES_OF_FILES = ("csv-", "firewall-")


class Cases(ast.NodeVisitor):
    """The ids that a suite's cases expect (`raised`) and those that they must not find (`never`)."""

    def __init__(self, ids):
        self.ids, self.raised, self.never = ids, set(), set()
        self.into = self.raised

    def visit_keyword(self, node):
        before = self.into
        self.into = self.never if node.arg == "never" else self.into
        self.generic_visit(node)
        self.into = before

    def visit_Constant(self, node):  # also the first part of an f-string: f"cert-ok {host}:993"
        first = node.value.split()[:1] if isinstance(node.value, str) else []
        self.into.update(self.ids.intersection(first))


def of_lab(ids):
    cases = Cases(ids)
    for path in glob.glob(os.path.join(TOP, "tests/lab/suite_*.py")):
        with open(path, encoding="utf-8") as file:
            cases.visit(ast.parse(file.read()))
    return cases


def of_peers(ids):
    """Ids in string literals of C tests: a row's expectation may name several."""
    found = set()
    for path in glob.glob(os.path.join(TOP, "tests/peer/*.c")):
        with open(path, encoding="utf-8") as file:
            for literal in re.findall(r'"((?:[^"\\\n]|\\.)*)"', file.read()):
                found.update(ids.intersection(literal.split()))
    return found


def of_files(ids):
    """What each run of the program on files finds: the ids of `ids_are NAME EXIT "ID ID" ...`."""
    runs = []
    for path in glob.glob(os.path.join(TOP, "tests/unit/app/*.test")):
        with open(path, encoding="utf-8") as file:
            runs += [ids.intersection(found.split()) for found in re.findall(r'^\s*ids_are "[^"]*" \d "([^"]*)"', file.read(), re.MULTILINE)]
    return [run for run in runs if run]


def main():
    catalogue = read_rows(os.path.join(TOP, "include/cutover/catalogue.def"))
    rows = [row for row in catalogue if row.id.startswith(FAMILIES)]
    ids = {row.id for row in rows}
    file_ids = {row.id for row in catalogue if row.id.startswith(FAMILIES_OF_FILES)}
    runs = of_files(file_ids)
    quiet = {row.id for row in rows if row.severities <= {"INFO", "SKIP"}}
    lab = of_lab(ids)
    checks = [
        ("there are findings of each family", [family for family in FAMILIES if not any(i.startswith(family) for i in ids)]),
        ("every finding is raised by a case of the lab or peer ring", sorted(ids - lab.raised - of_peers(ids))),
        ("every finding that a good case need not list is absent from some case by name", sorted(quiet - lab.never)),
        ("every finding about files is raised by a run of the program on files", sorted(file_ids - set().union(*runs))),
        ("every finding about files is absent from some run on files of its family",
         sorted(i for i in file_ids if not any(i not in run and any(j[:4] == i[:4] for j in run) for run in runs))),
    ]
    for number, (what, faults) in enumerate(checks, 1):
        print(("not " if faults else "") + f"ok {number} - {what}")
        for fault in faults:
            print("# " + fault)
    print(f"1..{len(checks)}")


if __name__ == "__main__":
    sys.exit(main())
