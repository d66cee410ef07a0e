"""A cable into the namespace: SYNs from any address of the world, and whether the kernel's own rules let them in.

`eth0` is the server's network card; this program holds the other end and speaks Ethernet, so that packets come "from outside" of
the address family's own checks. Behind `lan0` stands a second host, for what is forwarded. An ARP question behind each batch tells
when the kernel is through with it: nothing is concluded from a wait.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import struct
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from .daemon import Failed
from .missing import program

SERVER, SERVER6 = "192.0.2.10", "2001:db8::10"
INNER, INNER6 = "10.9.0.5", "fd00:9::5"  # behind the router
PORTS = (143, 993, 1143, 1993)  # where the server listens: the last two for what is redirected

_GATEWAY, _GATEWAY6 = "192.0.2.1", "2001:db8::1"
_OUR_MAC, _HOST_MAC, _NOBODY_MAC = (bytes.fromhex(f"0200000000{n:02x}") for n in (1, 2, 3))
_BATCH = 100
_SECONDS = 20.0  # the longest that a kernel may be busy with one batch
_IPV4, _IPV6, _ARP = 0x0800, 0x86DD, 0x0806
_SYN, _ACK = 0x02, 0x10


class Wire:
    """Made once in the namespace; `reach` may be called for each set of rules."""

    def __init__(self) -> None:
        _build()
        self._outer, self._inner = _tap("wire0"), _tap("wire1")
        self._source_port = 20000
        self._cpu = min(os.sched_getaffinity(0))

    def reach(self, sources: Iterable[str], port: int, *, is_forwarded: bool = False) -> dict[str, bool]:
        """Whether a SYN from each address is let in to the port: answered by the server, or seen by the host behind it."""
        listeners = [_listen(family, number) for family in (socket.AF_INET, socket.AF_INET6) for number in PORTS]
        cpus = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {self._cpu})  # one queue: the kernel works in the order in which we send
        try:
            verdicts: dict[str, bool] = {}
            sources = list(sources)
            for first in range(0, len(sources), _BATCH):
                verdicts |= self._batch(sources[first:first + _BATCH], port, is_forwarded)
            return verdicts
        finally:
            os.sched_setaffinity(0, cpus)
            for listener in listeners:
                listener.close()

    def _batch(self, sources: list[str], port: int, is_forwarded: bool) -> dict[str, bool]:
        asked: dict[int, str] = {}
        for source in sources:
            self._source_port = self._source_port + 1 if self._source_port < 60000 else 20001
            asked[self._source_port] = source
            self._outer.send(_syn(source, self._source_port, port, is_forwarded))
        self._outer.send(_arp_question())
        let_in = self._answers() | _seen_inside(self._inner)
        return {source: number in let_in for number, source in asked.items()}

    def _answers(self) -> set[int]:
        """Our ports that a SYN-ACK came back to, up to the answer to the ARP question."""
        answered: set[int] = set()
        deadline = time.monotonic() + _SECONDS
        while True:
            self._outer.settimeout(max(deadline - time.monotonic(), 0.001))
            try:
                frame, sender = self._outer.recvfrom(2048)
            except TimeoutError as fault:
                raise Failed("the kernel did not answer the ARP question behind the SYNs") from fault
            if sender[2] == socket.PACKET_OUTGOING:
                continue
            if frame[12:14] == struct.pack("!H", _ARP) and frame[20:22] == b"\0\2":
                return answered
            tcp = _tcp_of(frame)
            if tcp is not None and tcp[13] & (_SYN | _ACK) == _SYN | _ACK:
                answered.add(struct.unpack("!H", tcp[2:4])[0])


def _build() -> None:
    """The cards, with fixed neighbours and no checks of where a packet comes from."""
    for outer, card in (("wire0", "eth0"), ("wire1", "lan0")):
        _run("ip", f"link add {outer} address {_mac(_OUR_MAC)} type veth peer name {card} address {_mac(_HOST_MAC)}")
        Path(f"/proc/sys/net/ipv6/conf/{outer}/disable_ipv6").write_text("1", encoding="ascii")
    for setting in ("ipv4/conf/all/rp_filter", "ipv4/conf/default/rp_filter", "ipv4/conf/eth0/rp_filter", "ipv4/conf/lan0/rp_filter"):
        Path("/proc/sys/net", setting).write_text("0", encoding="ascii")
    for setting in ("ipv4/ip_forward", "ipv6/conf/all/forwarding"):
        Path("/proc/sys/net", setting).write_text("1", encoding="ascii")
    _run("ip", *(f"link set {name} up" for name in ("wire0", "wire1", "eth0", "lan0")))
    for card, own, other, own6, other6 in (("eth0", SERVER, _GATEWAY, SERVER6, _GATEWAY6), ("lan0", "10.9.0.1", INNER, "fd00:9::1", INNER6)):
        _run("ip", f"addr add {own}/32 dev {card}", f"addr add {own6}/128 dev {card} nodad", f"route add {other}/32 dev {card}",
             f"route add {other6}/128 dev {card}", f"neigh add {other} lladdr {_mac(_NOBODY_MAC)} dev {card} nud permanent",
             f"neigh add {other6} lladdr {_mac(_NOBODY_MAC)} dev {card} nud permanent")
    _run("ip", f"route add default via {_GATEWAY} dev eth0", f"route add default via {_GATEWAY6} dev eth0")


def _run(name: str, *lines: str) -> None:
    subprocess.run([program(name), "-batch", "-"], input="\n".join(lines) + "\n", text=True, check=True)


def _mac(address: bytes) -> str:
    return address.hex(":")


def _tap(name: str) -> socket.socket:
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))  # ETH_P_ALL
    tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    tap.bind((name, 0))
    return tap


def _listen(family: socket.AddressFamily, port: int) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    listener.bind(("", port))
    listener.listen(4096)
    return listener


def _seen_inside(tap: socket.socket) -> set[int]:
    """The source ports of the SYNs that came through to the host behind the router."""
    tap.setblocking(False)
    seen: set[int] = set()
    while True:
        try:
            frame, sender = tap.recvfrom(2048)
        except BlockingIOError:
            return seen
        tcp = _tcp_of(frame) if sender[2] != socket.PACKET_OUTGOING else None
        if tcp is not None and tcp[13] & (_SYN | _ACK) == _SYN:
            seen.add(struct.unpack("!H", tcp[:2])[0])


def _tcp_of(frame: bytes) -> bytes | None:
    kind = struct.unpack("!H", frame[12:14])[0]
    if kind == _IPV4 and frame[23] == socket.IPPROTO_TCP:
        return frame[14 + (frame[14] & 15) * 4:]
    return frame[54:] if kind == _IPV6 and frame[20] == socket.IPPROTO_TCP else None


def _sum(data: bytes) -> int:
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def _syn(source: str, source_port: int, port: int, is_forwarded: bool) -> bytes:
    """An Ethernet frame with a SYN."""
    sender = ipaddress.ip_address(source)
    is_v6 = sender.version == 6
    receiver = ipaddress.ip_address((INNER6 if is_v6 else INNER) if is_forwarded else (SERVER6 if is_v6 else SERVER))
    between = sender.packed + receiver.packed
    tcp = struct.pack("!HHIIBBHHH", source_port, port, 1, 0, 0x50, _SYN, 65535, 0, 0)
    tcp = tcp[:16] + struct.pack("!H", _sum(between + struct.pack("!HH", socket.IPPROTO_TCP, len(tcp)) + tcp)) + tcp[18:]
    if is_v6:
        header = struct.pack("!IHBB", 6 << 28, len(tcp), socket.IPPROTO_TCP, 64) + between
    else:
        header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 1, 0, 64, socket.IPPROTO_TCP, 0) + between
        header = header[:10] + struct.pack("!H", _sum(header)) + header[12:]
    return _HOST_MAC + _OUR_MAC + struct.pack("!H", _IPV6 if is_v6 else _IPV4) + header + tcp


def _arp_question() -> bytes:
    """Who has the server's address? Answered by the kernel behind everything that was sent before."""
    question = struct.pack("!HHBBH", 1, _IPV4, 6, 4, 1) + _OUR_MAC + socket.inet_aton(_GATEWAY) + bytes(6) + socket.inet_aton(SERVER)
    return _HOST_MAC + _OUR_MAC + struct.pack("!H", _ARP) + question
