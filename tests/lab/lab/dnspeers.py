"""Scripted DNS servers: in front of a real one, and misbehaving in one way each. Port 53, UDP and TCP."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable

from . import dnswire

# A twist gets the query, whether it came over TCP, and a way to ask the real server; None means silence.
Upstream = Callable[[bytes], "bytes | None"]
Twist = Callable[[bytes, bool, Upstream], "bytes | None"]


def formerr_on_edns(query: bytes, _is_tcp: bool, upstream: Upstream) -> bytes | None:
    return dnswire.error_reply(query, dnswire.RCODE_FORMERR) if dnswire.has_edns(query) else upstream(query)


def silent_on_edns(query: bytes, is_tcp: bool, upstream: Upstream) -> bytes | None:
    """As behind a firewall that drops what it does not know; such things look into UDP only.

    TCP comes late, as it does over a real way, where it needs another round trip than a plain query.
    """
    if dnswire.has_edns(query) and not is_tcp:
        return None
    if dnswire.has_edns(query):
        time.sleep(1)
    return upstream(query)


def servfail(query: bytes, _is_tcp: bool, _upstream: Upstream) -> bytes | None:
    return dnswire.error_reply(query, dnswire.RCODE_SERVFAIL)


def refused(query: bytes, _is_tcp: bool, _upstream: Upstream) -> bytes | None:
    return dnswire.error_reply(query, dnswire.RCODE_REFUSED)


def not_authoritative(query: bytes, _is_tcp: bool, upstream: Upstream) -> bytes | None:
    reply = upstream(query)
    return None if reply is None else dnswire.without_authority(reply)


def always_truncated(query: bytes, is_tcp: bool, upstream: Upstream) -> bytes | None:
    return upstream(query) if is_tcp else dnswire.truncated_reply(query)


def garbage(query: bytes, _is_tcp: bool, _upstream: Upstream) -> bytes | None:
    """The right header, then nothing that can be read: compression loops and counts without records."""
    return query[:2] + b"\x84\x00\x00\x01\x00\x09\x00\x00\x00\x00" + query[12:dnswire.question_end(query)] + b"\xc0\x0c\xc0\x0e" * 9


def another_id(query: bytes, _is_tcp: bool, upstream: Upstream) -> bytes | None:
    reply = upstream(query)
    return None if reply is None else bytes([reply[0] ^ 0xFF]) + reply[1:]


def another_name(query: bytes, _is_tcp: bool, _upstream: Upstream) -> bytes | None:
    """An answer to a question that nobody asked."""
    evil = dnswire.query("evil.example", dnswire.question_type(query))
    return dnswire.authoritative_reply(query[:2] + evil[2:], [dnswire.record(dnswire.TYPE_MX, 60, b"\0\1" + dnswire.OWN_NAME)])


def forged_record(query: bytes, _is_tcp: bool, upstream: Upstream) -> bytes | None:
    """The answer, and behind it a record of another domain."""
    reply = bytearray(upstream(dnswire.without_edns(query)) or b"")
    if dnswire.question_type(query) != dnswire.TYPE_MX or len(reply) < 12 or reply[9] or reply[11]:
        return upstream(query)
    reply[7] += 1
    return bytes(reply) + dnswire.record(dnswire.TYPE_MX, 60, b"\0\1\4evil\7example\0", b"\4evil\7example\0")


def _for_mx(records: list[bytes]) -> Twist:
    def twist(query: bytes, is_tcp: bool, upstream: Upstream) -> bytes | None:
        if dnswire.question_type(query) != dnswire.TYPE_MX:
            return upstream(query)
        reply = dnswire.authoritative_reply(query, records)
        return reply if is_tcp or len(reply) < 1200 else dnswire.truncated_reply(query)

    return twist


alias_loop = _for_mx([dnswire.record(dnswire.TYPE_CNAME, 60, dnswire.below("a")),
                      dnswire.record(dnswire.TYPE_CNAME, 60, dnswire.OWN_NAME, dnswire.below("a"))])
thousand_records = _for_mx([dnswire.record(dnswire.TYPE_MX, 3600, struct.pack("!H", 10) + dnswire.below(f"h{n:03}")) for n in range(1000)])
# RFC 2181 8: to be taken for 0.
huge_ttl = _for_mx([dnswire.record(dnswire.TYPE_MX, 0x80000001, struct.pack("!H", 10) + dnswire.below("mail"))])


def rewrites_nxdomain(query: bytes, _is_tcp: bool, upstream: Upstream) -> bytes | None:
    """As some access providers do: every absent name leads to a search page."""
    reply = upstream(query)
    if reply is not None and dnswire.rcode(reply) == dnswire.RCODE_NXDOMAIN:
        return dnswire.address_reply(query, "203.0.113.99", 60)
    return reply


def serve(address: str, upstream: str, twist: Twist) -> None:
    """Listens at `address`; `upstream` is the real server's."""
    def ask(query: bytes) -> bytes | None:
        return dnswire.ask_udp(upstream, query, 3.0)

    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.bind((address, 53))
    streams = socket.create_server((address, 53), backlog=64)
    threading.Thread(target=_serve_udp, args=(datagrams, twist, ask), daemon=True).start()
    threading.Thread(target=_serve_tcp, args=(streams, twist, ask), daemon=True).start()


def _serve_udp(datagrams: socket.socket, twist: Twist, ask: Upstream) -> None:
    while True:
        query, client = datagrams.recvfrom(4096)
        threading.Thread(target=_answer_udp, args=(datagrams, query, client, twist, ask), daemon=True).start()


def _answer_udp(datagrams: socket.socket, query: bytes, client: tuple[str, int], twist: Twist, ask: Upstream) -> None:
    reply = twist(query, False, ask)
    if reply is not None:
        datagrams.sendto(reply, client)


def _serve_tcp(streams: socket.socket, twist: Twist, ask: Upstream) -> None:
    while True:
        connection, _ = streams.accept()
        threading.Thread(target=_answer_tcp, args=(connection, twist, ask), daemon=True).start()


def _answer_tcp(connection: socket.socket, twist: Twist, ask: Upstream) -> None:
    with contextlib.suppress(OSError), connection, connection.makefile("rb") as stream:
        while len(head := stream.read(2)) == 2:
            reply = twist(stream.read(struct.unpack("!H", head)[0]), True, ask)
            if reply is None:
                return
            connection.sendall(struct.pack("!H", len(reply)) + reply)
