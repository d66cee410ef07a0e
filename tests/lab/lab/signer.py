"""Signed zones: keys and signatures by ldns-keygen and ldns-signzone, one key a zone."""

from __future__ import annotations

import functools
import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from .missing import program
from .zones import Domain

DAY = 86400
# ldns-signzone's own words: hashed names of absence, without and with unsigned delegations left out (RFC 5155).
NSEC3 = ("-n", "-t", "0")
OPT_OUT = (*NSEC3, "-p")
ALGORITHM = "ECDSAP256SHA256"


@functools.cache
def key(zone: str, use: str, algorithm: str = ALGORITHM) -> Path:
    """The zone's key; beside it stands its DS record, with the suffix .ds. `use` tells several keys of one zone apart."""
    folder = Path(tempfile.mkdtemp(prefix=f"cutover-lab-key{use}-"))
    done = subprocess.run([program("ldns-keygen"), "-a", algorithm, "-b", "2048", "-k", "-r", "/dev/urandom", zone or "."], cwd=folder,
                          check=True, capture_output=True, text=True)
    return folder / done.stdout.strip()


def anchor(zone: str) -> Path:
    """A trust anchor file for that zone."""
    return _ds_file(zone, "")


def ds(zone: str, use: str = "", *, algorithm: str = ALGORITHM, digest: str = "") -> str:
    """The line of the parent's zone. `digest`: "-1", "-2" or "-4", as ldns-key2ds has them."""
    if not digest:
        return _ds_file(zone, use, algorithm).read_text().strip()
    name = key(zone, use, algorithm)
    return subprocess.run([program("ldns-key2ds"), "-n", digest, f"{name}.key"], check=True, capture_output=True, text=True).stdout.strip()


def _ds_file(zone: str, use: str, algorithm: str = ALGORITHM) -> Path:
    name = key(zone, use, algorithm)
    return name.with_name(f"{name.name}.ds")


def sign(zone: str, text: str, options: tuple[str, ...] = (), *, starts: float = -1, ends: float = 30, algorithm: str = ALGORITHM) -> str:
    """The zone file with keys, signatures and proofs of absence; days count from now."""
    folder = Path(tempfile.mkdtemp(prefix="cutover-lab-zone-"))
    plain, signed = folder / "plain", folder / "signed"
    plain.write_text(text)
    begin, end = (time.strftime("%Y%m%d%H%M%S", time.gmtime(time.time() + days * DAY)) for days in (starts, ends))
    subprocess.run([program("ldns-signzone"), *options, "-i", begin, "-e", end, "-f", str(signed), "-o", f"{zone}.", str(plain),
                    str(key(zone, "", algorithm))], check=True, capture_output=True)
    return signed.read_text()


def without(text: str, lines: str) -> str:
    """The zone file without the lines that match the expression."""
    return "".join(line for line in text.splitlines(keepends=True) if not re.search(lines, line))


@dataclass(frozen=True)
class Signed(Domain):
    """A signed domain; days count from now."""

    starts: float = -1
    ends: float = 30
    options: tuple[str, ...] = ()  # of ldns-signzone
    algorithm: str = ALGORITHM
    above: str | None = None       # the parent's DS lines; None: the right one
    drop: str = ""                 # lines of the signed zone that match this expression are lost
    is_signed: bool = True

    def zone(self) -> str:
        text = super().zone()
        if self.is_signed:
            text = sign(self.name, text, self.options, starts=self.starts, ends=self.ends, algorithm=self.algorithm)
        return without(text, self.drop) if self.drop else text

    def ds(self) -> str:
        return ds(self.name, algorithm=self.algorithm) if self.above is None else self.above
