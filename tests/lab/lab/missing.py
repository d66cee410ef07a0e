"""What the lab needs of the machine, and how it says that something is not there."""

from __future__ import annotations

import os
import shutil

# Debian's daemons live where an ordinary user's PATH does not look.
SEARCH = os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin"

# program -> Debian package
PACKAGES = {
    "unshare": "util-linux",
    "setpriv": "util-linux",
    "ip": "iproute2",
    "nft": "nftables",
    "ipset": "ipset",
    **{f"{command}-{variant}{action}": "iptables" for command in ("iptables", "ip6tables") for variant in ("nft", "legacy")
       for action in ("-save", "-restore")},
    "openssl": "openssl",
    "nsd": "nsd",
    "unbound": "unbound",
    "dovecot": "dovecot-imapd",
    "nginx": "nginx-light",
    "ldns-keygen": "ldnsutils",
    "ldns-signzone": "ldnsutils",
    "postfix": "postfix",
}


class Missing(Exception):
    """The world cannot be built on this machine; the text says what is missing and how to get it."""


def program(name: str) -> str:
    """Full path of a program; Missing names its Debian package."""
    path = shutil.which(name, path=SEARCH)
    if path is None:
        raise Missing(f"{name} is not installed (apt-get install {PACKAGES.get(name, name)})")
    return path
