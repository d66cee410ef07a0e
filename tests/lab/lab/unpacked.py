"""Servers of packages that exclude Dovecot's: scripts/test unpacks them into build/unpacked, and each runs in a root of its own.

The root holds the packages' files, the machine's libraries, and what the server is given; it is put together in a mount namespace
of the server's own, so that nobody who tidies the world's folder finds the machine in it.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sysconfig
import threading
from pathlib import Path

from .daemon import Daemon, Failed
from .missing import Missing, program

_TOP = Path(os.environ.get("TOP_SRCDIR", Path(__file__).resolve().parents[3]))
PACKAGES = _TOP / "build" / "unpacked"

_LIBRARIES = f"lib/{sysconfig.get_config_var('MULTIARCH')}"
ENVIRONMENT = {
    "PATH": "/usr/sbin:/usr/bin",
    "LD_LIBRARY_PATH": f"/usr/{_LIBRARIES}:/packages/{_LIBRARIES}:/usr/lib:/{_LIBRARIES}",
    "SASL_PATH": f"/usr/{_LIBRARIES}/sasl2:/{_LIBRARIES}/sasl2",
}

# In the new mount namespace: $1 is the root; the settings, and the command, follow.
_ENTER = """set -e
root=$1; shift
mount --rbind /usr "$root/machine"
mount --bind "$PACKAGES" "$root/packages"
for device in null zero random urandom; do mount --bind /dev/$device "$root/dev/$device"; done
exec env -i "$@"
"""

_NSSWITCH = "passwd: files\ngroup: files\nhosts: files\nservices: files\n"


class Root:
    """A folder that is "/" for one server."""

    def __init__(self, folder: Path) -> None:
        if not (PACKAGES / "packages").exists():
            raise Missing(f"Courier and Cyrus are not in {PACKAGES} (scripts/test fetches and unpacks them)")
        self.folder = folder
        for part in ("machine", "packages", "dev", "etc", "run", "var", "home", "tmp"):
            (folder / part).mkdir(parents=True)
        for device in ("null", "zero", "random", "urandom"):
            (folder / "dev" / device).touch()
        self.log = folder.with_name(f"{folder.name}.log")
        self._keep_syslog()
        for name, target in (("usr", "packages/usr"), ("lib", "machine/lib"), ("lib64", "machine/lib64"), ("bin", "machine/bin")):
            (folder / name).symlink_to(target)
        (folder / "var" / "run").symlink_to("../run")
        self.write("etc/nsswitch.conf", _NSSWITCH)
        self.write("etc/hosts", "127.0.0.1 localhost\n")
        self.write("etc/services", "imap 143/tcp\nimaps 993/tcp\n")
        # The one user that the lab's namespace has, under each name that a server looks for.
        self.write("etc/passwd", "".join(f"{name}:x:65534:65534::/home:/bin/sh\n" for name in ("nobody", "courier", "cyrus")))
        self.write("etc/group", "nogroup:x:65534:\n")

    def _keep_syslog(self) -> None:
        """What the server sends to syslog goes into its log, and not to the machine's."""
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        listener.bind(str(self.folder / "dev" / "log"))

        def keep() -> None:
            with self.log.open("ab", buffering=0) as log:
                while True:
                    log.write(listener.recv(65536).rstrip(b"\0\n") + b"\n")
        threading.Thread(target=keep, daemon=True).start()

    def write(self, name: str, text: str, mode: int = 0o600) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path

    def argv(self, *command: str, settings: dict[str, str] | None = None) -> list[str]:
        """Runs a command inside."""
        words = [f"{key}={value}" for key, value in {**ENVIRONMENT, **(settings or {})}.items()]
        return [program("env"), f"PACKAGES={PACKAGES}", program("unshare"), "--mount", program("sh"), "-c", _ENTER, "sh",
                str(self.folder), *words, program("chroot"), str(self.folder), *command]

    def run(self, *command: str, text: str = "") -> None:
        """Waits for it; an error ends the world."""
        done = subprocess.run(self.argv(*command), input=text, text=True, check=False, capture_output=True)
        if done.returncode != 0:
            raise Failed(f"{command[0]}: {done.stdout}{done.stderr}")

    def daemon(self, name: str, *command: str, settings: dict[str, str] | None = None) -> Daemon:
        return Daemon(name, self.argv(*command, settings=settings), self.log)
