"""The few bytes of DNS messages (RFC 1035 4.1) that readiness checks and scripted servers need."""

from __future__ import annotations

import socket
import struct

TYPE_A, TYPE_CNAME, TYPE_SOA, TYPE_MX, TYPE_TLSA = 1, 5, 6, 15, 52
RCODE_FORMERR, RCODE_SERVFAIL, RCODE_NXDOMAIN, RCODE_REFUSED = 1, 2, 3, 5
_HEADER = struct.Struct("!HHHHHH")
_QR, _AA, _TC = 0x8000, 0x0400, 0x0200
_AD, _CD = 0x20, 0x10  # of the header's fourth byte


def query(name: str, rrtype: int) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode("ascii") for label in name.split(".") if label)
    return _HEADER.pack(0x4C41, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", rrtype, 1)


def ask_udp(address: str, message: bytes, seconds: float) -> bytes | None:
    """The answer to one UDP query to port 53, or None."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as client:
        client.settimeout(seconds)
        try:
            client.connect((address, 53))
            client.send(message)
            return client.recv(65535)
        except OSError:
            return None


def answers(address: str, name: str) -> bool:
    """Whether the server at port 53 has an SOA answer for `name`."""
    reply = ask_udp(address, query(name, TYPE_SOA), 0.5)
    return reply is not None and rcode(reply) == 0 and _HEADER.unpack_from(reply)[3] > 0


def validation(resolver: str, name: str, rrtype: int) -> str:
    """What a validating resolver makes of it: secure (AD), insecure, or bogus (SERVFAIL that CD=1 turns into an answer)."""
    message = bytearray(query(name, rrtype))
    message[3] |= _AD
    reply = ask_udp(resolver, bytes(message), 5.0)
    if reply is None:
        return "silent"
    if rcode(reply) != RCODE_SERVFAIL:
        return "secure" if reply[3] & _AD else "insecure"
    message[3] |= _CD
    unchecked = ask_udp(resolver, bytes(message), 5.0)
    return "bogus" if unchecked is not None and rcode(unchecked) != RCODE_SERVFAIL else "servfail"


def rcode(message: bytes) -> int:
    return message[3] & 0x0F


def has_edns(message: bytes) -> bool:
    """A query's only additional record is its OPT."""
    return _HEADER.unpack_from(message)[5] > 0


def without_edns(message: bytes) -> bytes:
    """The query without its OPT record."""
    return message[:10] + b"\0\0" + message[12:question_end(message)]


def question_end(message: bytes) -> int:
    at = 12
    while message[at]:
        at += 1 + message[at]
    return at + 5


def question_type(message: bytes) -> int:
    return int(struct.unpack_from("!H", message, question_end(message) - 4)[0])


def error_reply(message: bytes, code: int) -> bytes:
    """The question sent back with an rcode, no OPT record: as servers that do not know EDNS do."""
    ident, flags, *_ = _HEADER.unpack_from(message)
    return _HEADER.pack(ident, (flags & 0x7900) | _QR | code, 1, 0, 0, 0) + message[12:question_end(message)]


def truncated_reply(message: bytes) -> bytes:
    reply = bytearray(error_reply(message, 0))
    reply[2] |= _TC >> 8
    return bytes(reply)


def without_authority(reply: bytes) -> bytes:
    """The same answer with AA cleared."""
    changed = bytearray(reply)
    changed[2] &= ~(_AA >> 8) & 0xFF
    return bytes(changed)


# Names in a record's data: the question's own, as a pointer, and labels in front of it.
OWN_NAME = b"\xc0\x0c"


def below(label: str) -> bytes:
    return bytes([len(label)]) + label.encode("ascii") + OWN_NAME


def record(rrtype: int, ttl: int, data: bytes, owner: bytes = OWN_NAME) -> bytes:
    return owner + struct.pack("!HHIH", rrtype, 1, ttl, len(data)) + data


def authoritative_reply(message: bytes, records: list[bytes]) -> bytes:
    """NOERROR with AA and these records as the answer."""
    ident, flags, *_ = _HEADER.unpack_from(message)
    head = _HEADER.pack(ident, (flags & 0x7900) | _QR | _AA, 1, len(records), 0, 0)
    return head + message[12:question_end(message)] + b"".join(records)


def address_reply(message: bytes, address: str, ttl: int) -> bytes:
    """NOERROR with one A record for the name asked; without an answer for any type but A."""
    reply = bytearray(error_reply(message, 0))
    reply[3] |= 0x80
    if question_type(message) == TYPE_A:
        reply[7] = 1
        reply += record(TYPE_A, ttl, socket.inet_aton(address))
    return bytes(reply)
