"""Migration files, as administrators write them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from .world import World


def write(world: World, name: str, *rows: tuple[str, ...], header: tuple[str, ...] = ("EmailAddress", "UserName", "Password")) -> Path:
    """A migration file; rows without EmailAddress get one from the UserName."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    path = world.base / "csv" / f"{name}.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text.getvalue(), encoding="utf-8")
    path.chmod(0o600)
    return path
