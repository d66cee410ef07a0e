"""Records and web servers that mean ill: long, looping, unreadable, endless. Each ends in time, bounded, under its own name."""

from __future__ import annotations

import socket
import zlib

from lab import peers
from lab.cases import Case, Suite
from lab.world import World
from lab.zones import SPF, VERIFY, Domain


def run(world: World, suite: Suite) -> None:
    visits: list[str] = []
    cases = [*records(world), *bodies(world), *documents(world), *led(world, visits)]
    world.start()
    suite.run(cases)
    suite.tap.result("nothing is asked of a private address, unless the user says that it is his", [] if set(visits) == {ASSUMED} else visits)


def _strings(text: str, size: int) -> str:
    """The text as several strings of one record, as zone files have them (Domain puts the outer quotes)."""
    return '" "'.join(text[at:at + size] for at in range(0, len(text), size))


def records(world: World) -> list[Case]:
    ten = _strings(SPF, len(SPF) // 10 + 1)
    long_spf = "v=spf1 " + " ".join(f"ip4:198.18.{n // 250}.{n % 250}" for n in range(3000)) + " -all"
    many = "v=spf1 " + " ".join(f"ip4:198.18.{n // 250}.{n % 250}" for n in range(400)) + " mx include:spf.protection.outlook.com -all"
    chain = "\n".join(f"c{n} CNAME c{n + 1}" for n in range(40))
    rows: tuple[tuple[str, str, dict[str, object], tuple[str, ...], tuple[str, ...]], ...] = (
        ("ten strings, cut in the middle of words", "ten", {"txt": (ten, VERIFY)}, (), ("spf-ok",)),
        ("a record of 64 KiB that is not ours", "huge", {"txt": (SPF, VERIFY, _strings("x" * 60000, 250))}, (), ("spf-ok", "verify-ok")),
        ("an SPF record of 50 KiB", "hugespf", {"txt": (_strings(long_spf, 250), VERIFY)}, ("spf-no-microsoft", "spf-syntax"), ()),
        ("an SPF record of 400 addresses", "many", {"txt": (_strings(many, 250), VERIFY)}, (), ("spf-ok",)),
        ("an SPF record with bytes beyond ASCII", "bytes", {"txt": (SPF.replace(" mx", r" ip4:192.0.2.1\195\169 mx"), VERIFY)}, ("spf-syntax",), ()),
        ("an SPF record with a quote that does not end", "quote", {"txt": (SPF.replace(" mx", r" \"mx"), VERIFY)}, ("spf-syntax",), ()),
        ("an SPF record with control characters", "bell", {"txt": (SPF.replace(" mx", r" \007\027[31m"), VERIFY)}, ("spf-syntax",), ()),
        ("an SPF record with a NUL", "nul", {"txt": (SPF.replace(" mx", r" \000mx"), VERIFY)}, ("spf-syntax",), ()),
        ("an SPF record with a letter that nobody sees", "unseen", {"txt": (SPF.replace(" mx", r" mx a:\226\128\139mail.unseen.test"), VERIFY)}, ("spf-syntax",), ()),
        ("includes in a circle", "incloop", {"txt": (SPF.replace(" mx", " include:incloop.test"), VERIFY)}, ("spf-too-many-lookups",), ()),
        ("a redirect in a circle", "redirloop", {"txt": ("v=spf1 mx include:spf.protection.outlook.com redirect=redirloop.test", VERIFY)},
         ("spf-too-many-lookups",), ()),
        ("a long chain of aliases", "chain", {"autodiscover": "CNAME c0", "more": chain}, (), ()),
        ("aliases in a circle", "circle", {"autodiscover": "CNAME round", "more": "round CNAME autodiscover"}, (), ()),
        ("a DMARC record of 60 KiB", "hugedmarc", {"dmarc": _strings("v=DMARC1; p=none; " + "x" * 60000, 250)}, ("dmarc-invalid",), ()),
        ("a DMARC record with bytes beyond ASCII", "bytesdmarc", {"dmarc": r"v=DMARC1; p=\195\169"}, ("dmarc-invalid",), ()),
        ("a thousand records at one name", "thousand", {"more": "\n".join(f'@ TXT "noise {n}"' for n in range(1000))}, (), ("spf-ok", "verify-ok")),
    )
    cases = []
    for about, label, changes, findings, also in rows:
        name = f"{label}.test"
        world.domain(Domain(name, **changes))  # type: ignore[arg-type]
        world.tenant(f"{label}-test")
        cases.append(Case(f"records: {about}", f"dns {name}", tuple(f"{finding} {name}" for finding in findings), tuple(f"{f} {name}" for f in also),
                          seconds=4.0))
    return cases


def _answer(*headers: bytes) -> bytes:
    return b"\r\n".join((b"HTTP/1.1 200 OK", *headers, b"", b""))


def _bomb(megabytes: int) -> bytes:
    """That much of one letter, in gzip's form; made bit by bit, as a run's peak of memory begins with ours."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join([packer.compress(b"x" * (1 << 20)) for _ in range(megabytes)] + [packer.flush()])


def bodies(world: World) -> list[Case]:
    """What comes where a policy is asked for."""
    bomb = _bomb(64)
    plain, packed = b"Content-Type: text/plain", b"Content-Encoding: gzip"
    rows = (
        ("a bomb of gzip", "gzipbomb", peers.say_and_close(_answer(plain, packed, b"Content-Length: %d" % len(bomb)) + bomb)),
        ("gzip without end", "gzipflood", peers.endless(_answer(plain, packed), bomb[:65000])),
        ("headers without end", "headers", peers.endless(b"HTTP/1.1 200 OK\r\n", b"X-Noise: " + b"y" * 4000 + b"\r\n")),
        ("chunks without end", "chunks", peers.endless(_answer(plain, b"Transfer-Encoding: chunked"), b"1000\r\n" + b"z" * 4096 + b"\r\n")),
        ("a length that is not kept", "short", peers.say_and_close(_answer(plain, b"Content-Length: 100000") + b"version: STSv1\n")),
    )
    cases = []
    for about, label, script in rows:
        host, name = f"mta-sts.{label}.test", f"{label}.test"
        address = world.peer(host, {443: peers.inside(peers.tls_context(world.pair(host)), script)})
        world.domain(Domain(name, more=f'_mta-sts TXT "v=STSv1; id=20260101;"\nmta-sts A {address}'))
        world.tenant(f"{label}-test")
        cases.append(Case(f"policy: {about}", f"dns {name}", (f"mtasts-invalid {name}",), seconds=6.0))
    return cases


def documents(world: World) -> list[Case]:
    """What comes where an Autodiscover document is asked for."""
    bomb, xml, packed = _bomb(64), b"Content-Type: text/xml", b"Content-Encoding: gzip"
    rows = (
        # Not unpacked: 200 and no document.
        ("a bomb of gzip", "docbomb", peers.answer_and_hold(_answer(xml, packed, b"Content-Length: %d" % len(bomb)) + bomb), "autodiscover-root-answers"),
        ("a document without end", "docflood", peers.endless(_answer(xml), b"<Autodiscover>" + b"<a>" * 20000), ""),
        ("headers without end", "docheaders", peers.endless(b"HTTP/1.1 200 OK\r\n", b"X-Noise: " + b"y" * 4000 + b"\r\n"), ""),
        ("a length that is not kept", "docshort", peers.answer(_answer(xml, b"Content-Length: 100000") + b"<Autodiscover>"), ""),
    )
    cases = []
    for about, label, script, finding in rows:
        name = f"{label}.test"
        address = world.peer(name, {443: peers.inside(peers.tls_context(world.pair(name)), script)})
        world.domain(Domain(name, more=f"@ A {address}"))
        cases.append(Case(f"document: {about}", f"before {name}", (f"{finding} {name}",) if finding else (), seconds=8.0))
    return cases


PRIVATE, ASSUMED = "10.99.0.1", "10.99.0.2"


def led(world: World, visits: list[str]) -> list[Case]:
    """Redirects, by status and by document, to names that are inside."""
    document = ("<Autodiscover><Response><Account><Action>redirectUrl</Action><RedirectUrl>https://inside.{name}/x</RedirectUrl></Account></Response>"
                "</Autodiscover>")
    rows = (
        ("a redirect to a private address", "insidestatus", "location / {{ return 302 https://inside.{name}/x; }}", PRIVATE, ""),
        ("a document that leads to a private address", "insidedoc", "default_type text/xml; location / {{ return 200 '" + document + "'; }}", PRIVATE, ""),
        ("a redirect to the user's own private address", "insideown", "location / {{ return 302 https://inside.{name}/x; }}", ASSUMED, f" --assume-public {ASSUMED}/32"),
    )
    for address in (PRIVATE, ASSUMED):
        def visited(connection: socket.socket, address: str = address) -> None:
            visits.append(address)
            peers.close_at_once(connection)
        world.peer(f"inside-{address}", {80: visited, 443: visited}, at=address)
    cases = []
    for about, label, rules, address, option in rows:
        name = f"{label}.test"
        world.domain(Domain(name, more=f"@ A {world.site(name, rules.format(name=name))}\ninside A {address}"))
        cases.append(Case(f"led: {about}", f"before {name}{option}", seconds=6.0))
    return cases
