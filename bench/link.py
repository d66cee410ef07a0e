"""A slow link between two network namespaces in user space: for kernels without sch_netem.

The servers stay in the namespace that we are in; clients run in a second one, joined to it by a pair of TUN devices whose packets
this process carries over after half the round trip.
"""

from __future__ import annotations

import collections
import ctypes
import fcntl
import os
import select
import struct
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")

CLIENT, CLIENT6 = "192.0.2.2", "2001:db8::2"
_CLONE_NEWNET = 0x40000000
_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
_MTU = 1500


class Link:
    """`round_trip_s` may be changed while no packet is under way. Needs access to /dev/net/tun."""

    def __init__(self) -> None:
        self.round_trip_s = 0.0
        self.packets = 0
        # What this one thread starts lives in the client's namespace: namespaces belong to threads.
        self._client = ThreadPoolExecutor(1, initializer=_leave_namespace)
        near = _open_tun("wan0")
        _ip(f"link set wan0 up mtu {_MTU}\nroute add {CLIENT}/32 dev wan0\nroute add {CLIENT6}/128 dev wan0\n")
        far = self._client.submit(self._set_up_client).result()
        threading.Thread(target=self._carry, args=({near: far, far: near},), daemon=True).start()

    def run(self, call: Callable[[], Result]) -> Result:
        """Runs `call` in the client's namespace: subprocesses and sockets that it makes are there."""
        return self._client.submit(call).result()

    @staticmethod
    def _set_up_client() -> int:
        tun = _open_tun("wan0")
        _ip(f"link set lo up\nlink set wan0 up mtu {_MTU}\naddr add {CLIENT}/32 dev wan0\naddr add {CLIENT6}/128 dev wan0 nodad\n"
            "route add 0.0.0.0/0 dev wan0\nroute add ::/0 dev wan0\n")
        return tun

    def _carry(self, peers: dict[int, int]) -> None:
        waiting: collections.deque[tuple[float, int, bytes]] = collections.deque()
        while True:
            patience = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
            ready, _, _ = select.select(list(peers), [], [], patience)
            for tun in ready:
                waiting.append((time.monotonic() + self.round_trip_s / 2, peers[tun], os.read(tun, 65536)))
                self.packets += 1
            while waiting and waiting[0][0] <= time.monotonic():
                _, tun, packet = waiting.popleft()
                os.write(tun, packet)


def _leave_namespace() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "unshare")


def _open_tun(name: str) -> int:
    tun = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tun, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _IFF_TUN | _IFF_NO_PI))
    return tun


def _ip(batch: str) -> None:
    subprocess.run(["ip", "-batch", "-"], input=batch, text=True, check=True)
