"""A slow link between two network namespaces in user space: for kernels without sch_netem.

The servers stay in the namespace that we are in; clients run in a second one, joined to it by a pair of TUN devices whose packets
the program `link` (link.c, LINK) carries over after half the round trip.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import struct
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from lab.missing import Missing

Result = TypeVar("Result")

LINK = os.environ.get("LINK", "bench/link")
CLIENT, CLIENT6 = "192.0.2.2", "2001:db8::2"
_CLONE_NEWNET = 0x40000000
_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
_TUN = "/dev/net/tun"
# The device's queue holds a burst of 200 resolvers' questions: its 500 packets would lose some, however fast they are carried.
_MTU, _QUEUE = 1500, 10000


def require() -> None:
    """Raises Missing where there can be no link."""
    if not os.access(_TUN, os.R_OK | os.W_OK):
        raise Missing(f"{_TUN} cannot be opened (run this as root)")
    if not os.access(LINK, os.X_OK):
        raise Missing(f"{LINK} is not there (`make {LINK}` in the build folder, or LINK=FILE)")


class Link:
    """A round trip takes no time until `set_round_trip`."""

    def __init__(self) -> None:
        # What this one thread starts lives in the client's namespace: namespaces belong to threads.
        self._client = ThreadPoolExecutor(1, initializer=_leave_namespace)
        near = _open_tun(f"route add {CLIENT}/32 dev wan0\nroute add {CLIENT6}/128 dev wan0\n")
        far = self._client.submit(
            _open_tun, f"link set lo up\naddr add {CLIENT}/32 dev wan0\naddr add {CLIENT6}/128 dev wan0 nodad\n"
            "route add 0.0.0.0/0 dev wan0\nroute add ::/0 dev wan0\n").result()
        # It ends with its standard input, thus with us.
        self._carrier = subprocess.Popen([LINK, str(near), str(far)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=(near, far))
        os.close(near)
        os.close(far)

    def run(self, call: Callable[[], Result]) -> Result:
        """Runs `call` in the client's namespace: subprocesses and sockets that it makes are there."""
        return self._client.submit(call).result()

    def set_round_trip(self, seconds: float) -> int:
        """Of the packets from now on; how many were carried since the last call."""
        assert self._carrier.stdin and self._carrier.stdout
        self._carrier.stdin.write(f"{seconds * 500000:.0f}\n".encode())
        self._carrier.stdin.flush()
        return int(self._carrier.stdout.readline())


def _leave_namespace() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "unshare")


def _open_tun(addresses: str) -> int:
    tun = os.open(_TUN, os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, _TUNSETIFF, struct.pack("16sH22x", b"wan0", _IFF_TUN | _IFF_NO_PI))
    batch = f"link set wan0 up mtu {_MTU} txqueuelen {_QUEUE}\n{addresses}"
    subprocess.run(["ip", "-batch", "-"], input=batch, text=True, check=True)
    return tun
