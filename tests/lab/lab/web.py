"""Web servers: scripted ones that answer one request, and a real nginx with a site an address."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .certs import Pair
from .daemon import Daemon, tcp_opens
from .missing import program
from .peers import Script


@dataclass(frozen=True)
class Answer:
    """What one request gets."""

    status: str = "200 OK"
    headers: tuple[str, ...] = ()
    body: bytes = b""


def reply(status: str, *headers: str, body: bytes = b"") -> Script:
    """Reads a whole request, then answers and closes."""
    return serve(lambda _path: Answer(status, headers, body))


def serve(choose: Callable[[str], Answer]) -> Script:
    """The same with an answer for each path."""
    def script(connection: socket.socket) -> None:
        answer = choose(_read_request(connection))
        head = "\r\n".join([f"HTTP/1.1 {answer.status}", *answer.headers, f"Content-Length: {len(answer.body)}", "Connection: close", "", ""])
        connection.sendall(head.encode() + answer.body)
    return script


def _read_request(connection: socket.socket) -> str:
    """The path of the request, once all of it is here."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return ""
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    while lengths and len(body) < lengths[0]:
        part = connection.recv(65536)
        if not part:
            return ""
        body += part
    return head.split(b" ")[1].decode(errors="replace")


@dataclass(frozen=True)
class Site:
    """What nginx answers for some names at one address; `rules` are lines of a server block."""

    address: str
    pair: Pair
    rules: str
    names: str = "_"


class Nginx:
    """One nginx with many sites, on the real ports 80 and 443."""

    def __init__(self) -> None:
        self.sites: list[Site] = []

    def start(self, base: Path) -> Daemon:
        folder = base / "nginx"
        folder.mkdir()
        config = folder / "nginx.conf"
        config.write_text(self._config(folder))
        return Daemon("nginx", [program("nginx"), "-c", str(config), "-e", str(folder / "error.log")], folder / "log")

    def wait(self, daemon: Daemon) -> None:
        for site in self.sites:
            daemon.wait_until(lambda at=site.address: tcp_opens(at, 443))  # type: ignore[misc]

    def _config(self, folder: Path) -> str:
        temporary = "".join(f"  {kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        text = f"daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        text += f"http {{\n{temporary}  access_log {folder}/access.log;\n  default_type text/plain;\n  server_names_hash_bucket_size 128;\n"
        for site in self.sites:
            text += f"""  server {{
    listen {site.address}:80;
    listen {site.address}:443 ssl;
    server_name {site.names};
    ssl_certificate {site.pair.chain};
    ssl_certificate_key {site.pair.key};
    {site.rules}
  }}
"""
        return text + "}\n"
