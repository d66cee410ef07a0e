"""imap-*: what a mail server says once the channel stands, and what stands there instead of one."""

from __future__ import annotations

import functools

from lab import peers
from lab.cases import Case as AnyCase
from lab.cases import Suite
from lab.certs import Leaf
from lab.world import World

NOT_COMPLETED = "The connection to the server '{host}' could not be completed."
TIMED_OUT = "The connection to the server '{host}' timed out after 00:00:15."

# A third of the limit is what imap-slow calls slow: on a busy machine a sound server may need seconds.
Case = functools.partial(AnyCase, timeout="9s")


def run(world: World, suite: Suite) -> None:
    cases = [*real(world), *hostile(world)]
    world.start()
    suite.run(cases)


def real(world: World) -> list[AnyCase]:
    """Dovecot's personalities."""
    world.dovecot("good.hosts.test")
    world.dovecot("clear.hosts.test", settings={"disable_plaintext_auth": "no"})
    world.dovecot("notls.hosts.test", settings={"ssl": "no", "disable_plaintext_auth": "no"}, ports=(143,))
    world.dovecot("expired.hosts.test", Leaf("expired.hosts.test", starts=-400, ends=-1))
    both = ("imap-ok good.hosts.test:993", "imap-ok good.hosts.test:143")
    return [
        Case("Dovecot as it should be, on both ports", "imap good.hosts.test", (), (*both, "cert-ok good.hosts.test:993", "port-open good.hosts.test:143")),
        Case("Dovecot is recognised", "imap good.hosts.test:993", (), ("imap-product good.hosts.test:993",), says=("Dovecot",)),
        Case("passwords in clear text are a warning", "imap clear.hosts.test:143", ("imap-clear-text-login clear.hosts.test:143",)),
        Case("no STARTTLS at all", "imap notls.hosts.test:143", ("starttls-missing notls.hosts.test:143",)),
        Case("a bad certificate does not hide the dialogue", "imap expired.hosts.test:993", ("cert-expired expired.hosts.test:993",)),
    ]


def hostile(world: World) -> list[AnyCase]:
    """Each peer on 143 in clear text and on 993 behind a good handshake."""
    cases = []
    context = peers.tls_context(world.pair("any.hosts.test", Leaf("*.hosts.test")))

    def both(name: str, script: peers.Script, finding: str, *, seconds: float = 2.0, timeout: str = "9s", says: str = "") -> None:
        host = f"{name}.hosts.test"
        world.peer(host, {143: script, 993: peers.inside(context, script)})
        for port in (143, 993):
            cases.append(Case(f"{name} on {port}", f"imap {host}:{port}", (f"{finding} {host}:{port}",), seconds=seconds, timeout=timeout,
                              says=(says.format(host=host),) if says else ()))

    both("silence", peers.hold, "imap-no-greeting", seconds=5.0, timeout="4s", says=TIMED_OUT)
    both("mute", peers.Dialogue(peers.GREETING, {"CAPABILITY": b"* CAPABILITY IMAP4rev1 "}), "imap-no-answer", seconds=8.0, timeout="6s", says=TIMED_OUT)
    both("closes", peers.close_at_once, "imap-closed", says=NOT_COMPLETED)
    both("bye", peers.say_and_close(b"* BYE too busy\r\n"), "imap-bye", says="too busy")
    both("garbage", peers.garbage, "imap-malformed")
    both("endless", peers.endless(b"* OK ", b"A" * 65536), "imap-malformed")
    both("chatter", peers.endless(peers.GREETING, b"* OK still here\r\n" * 4096), "imap-malformed")
    both("smtp", peers.say(b"220 mx.hosts.test ESMTP\r\n"), "imap-other-protocol", says="SMTP")
    both("pop3", peers.say(b"+OK POP3 ready\r\n"), "imap-other-protocol", says="POP3")
    both("ssh", peers.say(b"SSH-2.0-OpenSSH_9.2p1\r\n"), "imap-other-protocol", says="SSH")

    slow = peers.late(peers.Dialogue(peers.GREETING, peers.imap_replies(peers.SECURE)), 4.0)
    world.peer("slow.hosts.test", {993: peers.inside(context, slow)})
    cases.append(Case("a slow greeting", "imap slow.hosts.test:993", ("imap-slow slow.hosts.test:993",), seconds=6.0))

    def secure(name: str, capability: bytes, *findings: str) -> None:
        host = f"{name}.hosts.test"
        dialogue = peers.Dialogue(peers.GREETING, peers.imap_replies(capability))
        world.peer(host, {143: peers.imap(context, secure=capability), 993: peers.inside(context, dialogue)})
        for port in (143, 993):
            also = () if findings else (f"imap-ok {host}:{port}",)
            cases.append(Case(f"{name} on {port}", f"imap {host}:{port}", tuple(f"{finding} {host}:{port}" for finding in findings), also,
                              never=(f"imap-product {host}:{port}",)))

    secure("plain", b"IMAP4rev1 AUTH=PLAIN")
    secure("rev2", b"IMAP4rev2 AUTH=PLAIN ID")
    secure("disabled", b"IMAP4rev1 LOGINDISABLED", "imap-login-disabled")
    secure("oauth", b"IMAP4rev1 LOGINDISABLED AUTH=XOAUTH2 SASL-IR", "imap-no-password-auth")
    world.peer("preauth.hosts.test", {993: peers.inside(context, peers.imap(None, greeting=b"* PREAUTH hello root\r\n", clear=peers.SECURE))})
    cases.append(Case("PREAUTH", "imap preauth.hosts.test:993", ("imap-preauth preauth.hosts.test:993",)))
    return cases
