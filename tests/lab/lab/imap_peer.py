"""A scripted IMAP server for sign-ins, which may hold literals."""

from __future__ import annotations

import socket
from collections.abc import Callable

from . import peers


def speak(connection: socket.socket, login: Callable[[str, str], str], at: Callable[[str], None] = lambda _moment: None) -> None:
    """A server's side; `login` answers the line of that command. `at` is told of each moment: before and behind each reply."""
    channel = connection.makefile("rwb", buffering=0)
    at("greeting")
    channel.write(peers.GREETING)
    for line in iter(channel.readline, b""):
        text = line.decode("utf-8", "surrogateescape").rstrip("\r\n")
        while text.endswith("}"):  # a literal: its bytes are on the next line, since none holds a line end here
            channel.write(b"+ go\r\n")
            text += channel.readline().decode("utf-8", "surrogateescape").rstrip("\r\n")
        tag, word = text.split(" ")[:2]
        at(f"{word} heard")
        reply = {"CAPABILITY": "* CAPABILITY IMAP4rev1\r\n{} OK done", "LOGIN": login(tag, text)}.get(word, "{} OK done")
        channel.write(reply.format(tag).encode("utf-8", "surrogateescape") + b"\r\n")
        at(f"{word} answered")
        if word == "LOGOUT":
            return
