"""Scripted TCP peers: servers that stall, lie, hang up and talk garbage, each at its own address on real ports.

A script is a function of one accepted connection; it returns or raises OSError when it is done, and the connection closes.
"""

from __future__ import annotations

import random
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from .certs import Pair

Script = Callable[[socket.socket], None]


class Peers:
    """Listens and runs each connection's script in a thread of its own."""

    def __init__(self) -> None:
        self._listeners: list[socket.socket] = []

    def listen(self, address: str, port: int, script: Script) -> None:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        listener = socket.create_server((address, port), family=family, backlog=64)
        self._listeners.append(listener)
        threading.Thread(target=self._accept, args=(listener, script), daemon=True).start()

    def _accept(self, listener: socket.socket, script: Script) -> None:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=self._run, args=(connection, script), daemon=True).start()

    @staticmethod
    def _run(connection: socket.socket, script: Script) -> None:
        with connection:
            try:
                script(connection)
            except (OSError, ValueError):
                pass


# Simple behaviours.

def hold(connection: socket.socket) -> None:
    """Reads and never answers, until the client goes."""
    while connection.recv(65536):
        pass


def close_at_once(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def reset_at_once(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def reset_when_spoken_to(connection: socket.socket) -> None:
    """By then the client has seen the connection stand: a reset at once may reach it before it looks."""
    connection.recv(1)
    reset_at_once(connection)


def say(text: bytes) -> Script:
    """Sends `text`, then reads on."""
    def script(connection: socket.socket) -> None:
        connection.sendall(text)
        hold(connection)
    return script


def late(script: Script, seconds: float) -> Script:
    """The script after a time of silence."""
    def wrapped(connection: socket.socket) -> None:
        time.sleep(seconds)
        script(connection)
    return wrapped


def say_and_close(text: bytes) -> Script:
    def script(connection: socket.socket) -> None:
        connection.sendall(text)
    return script


def answer(text: bytes) -> Script:
    """Says nothing until the client has, then sends `text` and closes, as HTTP servers do."""
    def script(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(text)
    return script


def answer_and_hold(text: bytes) -> Script:
    """The same, but the client closes: what it has not read yet is not lost to a reset."""
    def script(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(text)
        hold(connection)
    return script


def endless(first: bytes, chunk: bytes) -> Script:
    """Sends without end, as fast as the client reads."""
    def script(connection: socket.socket) -> None:
        connection.sendall(first)
        while True:
            connection.sendall(chunk)
    return script


def garbage(connection: socket.socket) -> None:
    """Bytes that are no protocol's, the same in every run, with control sequences for a careless terminal."""
    noise = bytes(random.Random(143).randrange(256) for _ in range(512)).replace(b"\n", b"\x1b")
    connection.sendall(b"\x1b]0;owned\x07\x1b[2J" + noise + b"\r\n")
    hold(connection)


def tls_alert(description: int) -> Script:
    """Answers the client's first record with a fatal alert (RFC 8446 6)."""
    return answer(bytes([21, 3, 3, 0, 2, 2, description]))


# TLS.

def tls_context(pair: Pair, version: ssl.TLSVersion | None = None, ciphers: str = "DEFAULT:@SECLEVEL=0") -> ssl.SSLContext:
    """A server's settings; `version` leaves no other one."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(ciphers)
    context.minimum_version = version or ssl.TLSVersion.TLSv1_2
    if version is not None:
        context.maximum_version = version
    context.load_cert_chain(pair.chain, pair.key)
    return context


def inside(context: ssl.SSLContext, script: Script) -> Script:
    """The script behind a TLS handshake."""
    def wrapped(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as channel:
            script(channel)
    return wrapped


# Line dialogues: IMAP and SMTP.

@dataclass(frozen=True)
class Dialogue:
    """Answers lines by the command word in them; `{tag}` in a reply is the client's tag.

    After a reply to STARTTLS that goes on, the connection is wrapped if there is a `context`; then `replies_in_tls`
    come first. A reply of b"" closes the connection.
    """

    greeting: bytes
    replies: Mapping[str, bytes]
    context: ssl.SSLContext | None = None
    replies_in_tls: Mapping[str, bytes] = field(default_factory=dict)
    is_tagged: bool = True

    def __call__(self, connection: socket.socket) -> None:
        connection.sendall(self.greeting)
        wants_tls = self._talk(connection, self.replies)
        if wants_tls and self.context:
            with self.context.wrap_socket(connection, server_side=True) as channel:
                self._talk(channel, {**self.replies, **self.replies_in_tls})

    def _talk(self, connection: socket.socket, replies: Mapping[str, bytes]) -> bool:
        """True when TLS is to begin, False when the client has gone or was sent away."""
        for line in _lines(connection):
            words = line.decode("ascii", "replace").split() + ["", ""]
            tag, verb = (words[0], words[1]) if self.is_tagged else ("", words[0])
            reply = replies.get(verb.upper())
            if reply is None:
                reply = b"{tag} BAD unknown command\r\n" if self.is_tagged else b"500 unknown command\r\n"
            if reply == b"":
                return False
            connection.sendall(reply.replace(b"{tag}", tag.encode("ascii", "replace")))
            if verb.upper() in ("STARTTLS", "STLS") and reply.startswith((b"{tag} OK", b"220", b"+OK")):
                return True
        return False


def _lines(connection: socket.socket, limit: int = 1000) -> Iterator[bytes]:
    rest = b""
    for _ in range(limit):
        data = connection.recv(4096)
        if not data:
            return
        *lines, rest = (rest + data).split(b"\n")
        yield from lines


def imap_replies(capability: bytes, starttls: bytes = b"{tag} OK begin TLS\r\n") -> dict[str, bytes]:
    """A small, correct IMAP server's replies."""
    return {
        "CAPABILITY": b"* CAPABILITY " + capability + b"\r\n{tag} OK done\r\n",
        "STARTTLS": starttls,
        "ID": b"* ID NIL\r\n{tag} OK done\r\n",
        "NOOP": b"{tag} OK done\r\n",
        "LOGOUT": b"* BYE bye\r\n{tag} OK done\r\n",
    }


GREETING = b"* OK IMAP4rev1 lab server ready\r\n"
CLEAR = b"IMAP4rev1 STARTTLS LOGINDISABLED"
SECURE = b"IMAP4rev1 AUTH=PLAIN"


def imap(context: ssl.SSLContext | None, *, greeting: bytes = GREETING, clear: bytes = CLEAR, secure: bytes = SECURE,
         starttls: bytes = b"{tag} OK begin TLS\r\n") -> Dialogue:
    """An IMAP server for port 143: `clear` and `secure` are its capabilities before and inside TLS."""
    return Dialogue(greeting, imap_replies(clear, starttls), context, imap_replies(secure))
