"""tls-*, starttls-*, cert-*: Dovecot with each kind of certificate, and peers that break the handshake."""

from __future__ import annotations

import functools
import os
import ssl
from dataclasses import replace
from datetime import timedelta

from lab import dovecot, peers, program
from lab.cases import Case, Suite
from lab.certs import Leaf
from lab.world import World

NOT_COMPLETED = "The connection to the server '{host}' could not be completed."
IDN, OTHER_IDN = (f"{label}.hosts.test" for label in ("xn--mller-kva", "xn--mnchen-3ya"))  # müller, münchen
WEAK = {"ssl_cipher_list": "DEFAULT:@SECLEVEL=0"}

# name -> what its certificate is, Dovecot's settings, findings at both ports
CERTIFICATES: dict[str, tuple[Leaf, dict[str, str], tuple[str, ...]]] = {
    "good": (Leaf(""), {}, ()),
    "expired": (Leaf("", starts=-400, ends=-10), {}, ("cert-expired",)),
    "notyet": (Leaf("", starts=40), {}, ("cert-not-yet-valid",)),
    "soon": (Leaf("", ends=10), {}, ("cert-expires-soon",)),
    "selfsigned": (Leaf("", issuer="self", chain=("leaf",)), {}, ("cert-self-signed",)),
    "stranger": (Leaf("", issuer="stranger", chain=("leaf", "stranger")), {}, ("cert-untrusted",)),
    "nochain": (Leaf("", chain=("leaf",)), {}, ("cert-chain-incomplete",)),
    "deeper": (Leaf("", issuer="issuing", chain=("leaf",)), {}, ("cert-chain-incomplete",)),
    "disordered": (Leaf("", chain=("leaf", "root", "intermediate")), {}, ()),
    "wrongname": (Leaf("www.elsewhere.test"), {}, ("cert-name-mismatch",)),
    "cnonly": (Leaf("", has_alt_name=False), {}, ("cert-name-in-cn-only",)),
    "wildcard": (Leaf("*.hosts.test"), {}, ()),
    "sha1": (Leaf("", digest="sha1"), WEAK, ("cert-weak-signature",)),
    "rsa1024": (Leaf("", key="rsa1024"), WEAK, ("cert-weak-key",)),
    "ecdsa": (Leaf("", key="ec"), {"ssl_cipher_list": "ECDHE-ECDSA-AES256-GCM-SHA384"}, ()),
}


def run(world: World, suite: Suite) -> None:
    cases = [*certificates(world), *handshakes(world), *deep(world), *starttls(world)]
    world.start()
    suite.run(cases)
    suite.tap.result("a machine without trust anchors blames no server", without_anchors(suite))


def without_anchors(suite: Suite) -> list[str]:
    """As in a slim container; the rest of the certificate is judged as ever."""
    words = suite.options(Case("", ""))
    at = words.index("--ca-file")
    nowhere = {name: str(suite.folder / "nowhere") for name in ("SSL_CERT_FILE", "SSL_CERT_DIR")}
    kept = {name: os.environ.get(name) for name in nowhere}
    os.environ.update(nowhere)
    run_ = program.run(["tls", "good.hosts.test:993", "wrongname.hosts.test:993", "-o", "json", *words[:at], *words[at + 2:]])
    for name, value in kept.items():
        os.environ.pop(name)
        os.environ.update({name: value} if value is not None else {})
    found = {f"{f['id']} {f['subject']} {f['severity']}" for f in run_.report()["findings"] if f["severity"] not in ("pass", "info")}
    wanted = {"cert-not-verified good.hosts.test:993 unknown", "cert-not-verified wrongname.hosts.test:993 unknown",
              "cert-name-mismatch wrongname.hosts.test:993 fail"}
    return [] if found == wanted else [f"found {sorted(found)}"]


def certificates(world: World) -> list[Case]:
    cases = []
    for name, (leaf, settings, findings) in CERTIFICATES.items():
        host = f"{name}.hosts.test"
        world.dovecot(host, replace(leaf, name=leaf.name or host), settings=settings)
        expect = tuple(f"{finding} {host}:{port}" for finding in findings for port in (993, 143))
        also = () if findings else (f"cert-ok {host}:993", f"cert-ok {host}:143", f"tls-ok {host}:993", f"tls-ok {host}:143")
        if name == "disordered":
            also += (f"cert-chain-order {host}:993",)
        cases.append(Case(f"certificate: {name}", f"tls {host}:993 {host}:143", expect, also,
                          never=(f"cert-chain-order {host}:993",) if name == "good" else ()))
    world.dovecot("two.hosts.test", Leaf("two.hosts.test"), at="192.0.2.60")
    world.dovecot("two.hosts.test", Leaf("two.hosts.test", ends=200), at="192.0.2.61")
    idn = world.dovecot(IDN, Leaf(IDN))
    world.stapler("revoked.hosts.test", is_revoked=True)
    world.stapler("stapled.hosts.test", is_revoked=False)
    next_month = (world.authority.now + timedelta(days=30)).strftime("%Y-%m-%dT00:00:00Z")
    world.site("pki.hosts.test", f"location / {{ default_type application/pkix-cert; root {world.authority.published()}; }}")
    both = ("cert-chain-incomplete nochain.hosts.test:993", "cert-chain-incomplete nochain.hosts.test:143")
    return [
        *cases,
        Case("--fetch: the intermediate alone is missing", "tls nochain.hosts.test --fetch", both,
             says=("with this one certificate added the chain verifies", "http://pki.hosts.test/intermediate.crt: HTTP status 200, DER")),
        Case("--fetch: the same in the whole endpoint test", "imap nochain.hosts.test --fetch", both,
             says=("with this one certificate added the chain verifies",)),
        Case("--fetch: two are missing", "tls deeper.hosts.test:993 --fetch", ("cert-chain-incomplete deeper.hosts.test:993",),
             says=("with these 2 certificates added the chain verifies, with fewer it does not: CN=Lab Issuing, CN=Lab Intermediate",
                   "http://pki.hosts.test/issuing.p7c: HTTP status 200, PKCS #7", "http://pki.hosts.test/intermediate.crt: HTTP status 200, DER")),
        Case("--fetch: nothing is missing", "tls good.hosts.test:993 --fetch", (), ("cert-ok good.hosts.test:993",)),
        Case("an internationalized name", "tls müller.hosts.test:993", (), (f"cert-ok {IDN}:993",)),
        Case("an internationalized name, and a certificate for another", f"tls münchen.hosts.test:993 --connect {OTHER_IDN}:{idn}",
             (f"cert-name-mismatch {OTHER_IDN}:993",), says=(f"asked for {OTHER_IDN}, the certificate has {IDN}",)),
        Case("a stapled response says revoked", "tls revoked.hosts.test:993", ("cert-revoked revoked.hosts.test:993",)),
        Case("a stapled response says good", "tls stapled.hosts.test:993", (), ("cert-ok stapled.hosts.test:993",)),
        Case("a stapled response is out of date", f"tls stapled.hosts.test:993 --at {next_month}", ("cert-staple-invalid stapled.hosts.test:993",)),
        Case("two addresses, two certificates", "tls two.hosts.test:993", ("cert-differs two.hosts.test:993",), says=("192.0.2.61",)),
        Case("judged as of a later day", "tls good.hosts.test:993 --at 2099-01-01T00:00:00Z", ("cert-expired good.hosts.test:993",)),
        Case("no longer valid on the planned day", "tls good.hosts.test:993 --cutover 2098-12-31T00:00:00Z",
             ("cert-expires-soon good.hosts.test:993",)),
        Case("a name of the user's own choice for the address", "tls good.hosts.test:993 --connect good.hosts.test:192.0.2.60",
             ("cert-name-mismatch good.hosts.test:993",)),
    ]


def handshakes(world: World) -> list[Case]:
    def contexts(name: str) -> ssl.SSLContext:
        return peers.tls_context(world.pair(name))

    cases = []

    def hostile(name: str, port: int, script: peers.Script, *findings: str, seconds: float = 2.0, timeout: str = "5s") -> None:
        host = f"{name}.hosts.test"
        world.peer(host, {port: script})
        expect = tuple(f"{finding} {host}:{port}" for finding in findings)
        cases.append(Case(f"handshake: {name}", f"tls {host}:{port}", expect, seconds=seconds, timeout=timeout))

    world.dovecot("tls10.hosts.test", openssl_config=dovecot.TLS10_ONLY, settings=WEAK)
    cases.append(Case("only TLS 1.0", "tls tls10.hosts.test:993 tls10.hosts.test:143",
                      ("tls-too-old tls10.hosts.test:993", "tls-too-old tls10.hosts.test:143")))
    tls11 = peers.tls_context(world.pair("tls11.hosts.test"), ssl.TLSVersion.TLSv1_1)
    hostile("tls11", 993, peers.inside(tls11, peers.imap(None)), "tls-too-old")
    null = peers.tls_context(world.pair("nocipher.hosts.test"), ssl.TLSVersion.TLSv1_2, "NULL-SHA256:@SECLEVEL=0")
    hostile("nocipher", 993, peers.inside(null, peers.imap(None)), "tls-no-common-cipher")
    chacha = peers.tls_context(world.pair("chacha.hosts.test"), ssl.TLSVersion.TLSv1_2, "ECDHE-RSA-CHACHA20-POLY1305")
    hostile("chacha", 993, peers.inside(chacha, peers.imap(None)), "tls-suite-not-listed")
    ecdsa = peers.tls_context(world.pair("ecdsaonly.hosts.test", Leaf("ecdsaonly.hosts.test", key="ec")), ssl.TLSVersion.TLSv1_2)
    hostile("ecdsaonly", 993, peers.inside(ecdsa, peers.imap(None)), "tls-suite-not-listed")
    hostile("alert80", 993, peers.tls_alert(80), "tls-handshake-failed")
    hostile("stall", 993, peers.hold, "tls-timeout", seconds=4.0, timeout="2s")
    hostile("closes", 993, peers.answer(b""), "tls-handshake-failed")
    hostile("resets", 993, peers.reset_at_once, "tls-handshake-failed")
    hostile("plain993", 993, peers.imap(None), "tls-not-spoken")
    hostile("smtp993", 993, peers.say(b"220 mx.test ESMTP\r\n"), "tls-not-spoken")
    hostile("ssh993", 993, peers.say(b"SSH-2.0-OpenSSH_9.2p1\r\n"), "tls-not-spoken")
    hostile("http993", 993, peers.answer(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"), "tls-not-spoken")
    hostile("tls143", 143, peers.inside(contexts("tls143.hosts.test"), peers.imap(None)), "tls-unexpected", seconds=4.0)
    hostile("zeros", 993, peers.endless(b"", bytes(65536)), "tls-handshake-failed")
    return cases


def deep(world: World) -> list[Case]:
    """Each version, each documented suite, and no server name. Dovecot's settings are the defaults of Debian but for what is named."""
    def at(host: str, *findings: str) -> tuple[str, ...]:
        return tuple(f"{finding} {host}.hosts.test:{port}" for finding in findings for port in (993, 143))

    world.dovecot("legacy.hosts.test", settings=WEAK)
    world.dovecot("new.hosts.test", settings={"ssl_min_protocol": "TLSv1.3"})
    by_name, default = (peers.tls_context(world.pair(name)) for name in ("sni.hosts.test", "default.hosts.test"))
    by_name.sni_callback = lambda channel, name, _: None if name else setattr(channel, "context", default)
    world.peer("sni.hosts.test", {993: peers.inside(by_name, peers.imap(None))})
    tried = functools.partial(Case, seconds=6.0)
    return [
        tried("--deep: a good server", "tls good.hosts.test --deep", (), at("good", "tls-ok", "cert-ok"),
              never=at("good", "tls-legacy-offered", "cert-needs-sni")),
        tried("--deep: old versions beside new ones", "tls legacy.hosts.test --deep", (), at("legacy", "tls-ok", "tls-legacy-offered"),
              says=("accepted too: TLSv1.1, TLSv1",)),
        tried("--deep: TLS 1.3 alone", "tls new.hosts.test --deep", at("new", "tls-too-new")),
        tried("--deep: an ECDSA certificate alone", "tls ecdsa.hosts.test --deep", at("ecdsa", "tls-suite-not-listed")),
        tried("--deep: a certificate for each name", "tls sni.hosts.test:993 --deep", (), ("cert-ok sni.hosts.test:993", "cert-needs-sni sni.hosts.test:993"),
              says=("without SNI the server presents CN=default.hosts.test",)),
    ]


def starttls(world: World) -> list[Case]:
    cases = []

    def hostile(name: str, script: peers.Script, *findings: str) -> None:
        host = f"{name}.hosts.test"
        world.peer(host, {143: script})
        cases.append(Case(f"STARTTLS: {name}", f"tls {host}:143", tuple(f"{finding} {host}:143" for finding in findings)))

    context = peers.tls_context(world.pair("starttls.hosts.test"))
    hostile("nostarttls", peers.imap(None, clear=b"IMAP4rev1 AUTH=PLAIN"), "starttls-missing")
    hostile("refusedno", peers.imap(None, starttls=b"{tag} NO not today\r\n"), "starttls-refused")
    hostile("refusedbad", peers.imap(None, starttls=b"{tag} BAD what\r\n"), "starttls-refused")
    hostile("refusedclose", peers.imap(None, starttls=b""), "starttls-refused")
    hostile("injected", peers.imap(None, starttls=b"{tag} OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"), "starttls-injection")
    world.peer("smtp.hosts.test", {587: smtp(peers.tls_context(world.pair("smtp.hosts.test")))})
    world.peer("pop.hosts.test", {110: pop3(peers.tls_context(world.pair("pop.hosts.test")))})
    world.peer("starttls.hosts.test", {143: peers.imap(context)})
    return [
        *cases,
        Case("STARTTLS: sound", "tls starttls.hosts.test:143", (), ("tls-ok starttls.hosts.test:143", "cert-ok starttls.hosts.test:143")),
        Case("STARTTLS: SMTP", "tls smtp.hosts.test:587", (), ("tls-ok smtp.hosts.test:587", "cert-ok smtp.hosts.test:587")),
        Case("STARTTLS: POP3", "tls pop.hosts.test:110", (), ("tls-ok pop.hosts.test:110", "cert-ok pop.hosts.test:110")),
    ]


def smtp(context: ssl.SSLContext) -> peers.Script:
    replies = {"EHLO": b"250-smtp.hosts.test\r\n250-STARTTLS\r\n250 8BITMIME\r\n", "STARTTLS": b"220 go\r\n", "QUIT": b"221 bye\r\n"}
    return peers.Dialogue(b"220-smtp.hosts.test\r\n220 ESMTP ready\r\n", replies, context, is_tagged=False)


def pop3(context: ssl.SSLContext) -> peers.Script:
    replies = {"CAPA": b"+OK list\r\nUSER\r\nSTLS\r\n.\r\n", "STLS": b"+OK go\r\n", "QUIT": b"+OK bye\r\n"}
    return peers.Dialogue(b"+OK ready\r\n", replies, context, is_tagged=False)
