"""Signed zones: keys and signatures by ldns-keygen and ldns-signzone, one key a zone."""

from __future__ import annotations

import functools
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from .missing import program
from .zones import Domain

DAY = 86400


@functools.cache
def key(zone: str) -> Path:
    """The zone's key; beside it stands its DS record, with the suffix .ds."""
    folder = Path(tempfile.mkdtemp(prefix="cutover-lab-key-"))
    done = subprocess.run([program("ldns-keygen"), "-a", "ECDSAP256SHA256", "-k", "-r", "/dev/urandom", zone], cwd=folder, check=True,
                          capture_output=True, text=True)
    return folder / done.stdout.strip()


def anchor(zone: str) -> Path:
    """A trust anchor file for that zone."""
    name = key(zone)
    return name.with_name(name.name + ".ds")


@dataclass(frozen=True)
class Signed(Domain):
    """A signed domain; days count from now."""

    starts: int = -1
    ends: int = 30

    def zone(self) -> str:
        folder = Path(tempfile.mkdtemp(prefix="cutover-lab-zone-"))
        plain, signed = folder / "plain", folder / "signed"
        plain.write_text(super().zone())
        now = int(time.time())
        subprocess.run([program("ldns-signzone"), "-i", str(now + self.starts * DAY), "-e", str(now + self.ends * DAY), "-f", str(signed),
                        "-o", f"{self.name}.", str(plain), str(key(self.name))], check=True, capture_output=True)
        return signed.read_text()
