"""mtasts-* and autodiscover-* over HTTP: real nginx, and web servers that never end."""

from __future__ import annotations

from lab import peers
from lab.cases import Case, Suite
from lab.certs import Leaf
from lab.world import World
from lab.zones import Domain

NEW = "*.mail.protection.outlook.com"
POLICY = "location = /.well-known/mta-sts.txt"
XML = "application/xml"
REDIRECT = ('<?xml version="1.0"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"><Response>'
            "<Account><Action>redirectUrl</Action><RedirectUrl>https://autodiscover-s.outlook.com/autodiscover/autodiscover.xml</RedirectUrl>"
            "</Account></Response></Autodiscover>")
IMAP = ("<Autodiscover><Response><Account><AccountType>email</AccountType><Action>settings</Action><Protocol><Type>IMAP</Type>"
        "<Server>mail</Server></Protocol></Account></Response></Autodiscover>")
BOMB = ('<!DOCTYPE a [<!ENTITY x "xxxxxxxx"><!ENTITY y "&x;&x;&x;&x;">]><Autodiscover><Response><Account>&y;</Account></Response></Autodiscover>')
FILE = ('<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><Autodiscover><Response><Error><ErrorCode>&f;</ErrorCode></Error></Response>'
        "</Autodiscover>")


def run(world: World, suite: Suite) -> None:
    cases = [*policies(world), *roots(world), *hosts(world), *by_itself(world)]
    world.start()
    suite.run(cases)


def _document(kind: str, text: str) -> str:
    return f"default_type {kind}; location / {{ return 200 '{text}'; }}"


def _policy(domain: str, *mx: str, mode: str = "enforce") -> str:
    lines = ["version: STSv1", f"mode: {mode}", *(f"mx: {host}" for host in mx), "max_age: 604800"]
    return f'{POLICY} {{ return 200 "{"".join(line + chr(92) + "n" for line in lines)}"; }}'.replace("DOMAIN", domain)


def policies(world: World) -> list[Case]:
    """The policy file as it should be, and each way in which it should not."""
    both = ("mail.DOMAIN", NEW)
    rows: tuple[tuple[str, str, str, Leaf | None, str], ...] = (
        ("a policy for both hosts", "stsgood", _policy("stsgood.test", *both), None, "mtasts-ok"),
        ("a policy for the old host alone", "stsold", _policy("stsold.test", "mail.DOMAIN"), None, "mtasts-excludes-mx"),
        ("a policy for the old host alone, in testing", "ststest", _policy("ststest.test", "mail.DOMAIN", mode="testing"), None, "mtasts-ok"),
        ("a policy for the new host alone", "stsnew", _policy("stsnew.test", NEW), None, "mtasts-excludes-mx"),
        ("a policy without max_age", "stsbad", f'{POLICY} {{ return 200 "version: STSv1\\nmode: enforce\\nmx: {NEW}\\n"; }}', None, "mtasts-invalid"),
        ("a policy behind a redirect", "stsmoved", f"{POLICY} {{ return 301 https://mta-sts.stsgood.test/.well-known/mta-sts.txt; }}", None,
         "mtasts-invalid"),
        ("a policy as HTML", "stshtml", f'{POLICY} {{ default_type text/html; return 200 "version: STSv1"; }}', None, "mtasts-invalid"),
        ("no policy file", "stsnone", "", None, "mtasts-invalid"),
        ("an expired certificate", "stsexpired", _policy("stsexpired.test", *both), Leaf("mta-sts.stsexpired.test", ends=-1), "mtasts-invalid"),
        ("another name's certificate", "stsname", _policy("stsname.test", *both), Leaf("www.stsname.test"), "mtasts-invalid"),
    )
    cases = []
    for about, label, rules, leaf, finding in rows:
        address = world.site(f"mta-sts.{label}.test", rules, leaf=leaf)
        cases.append(_sts(world, about, label, address, finding))
    flood = peers.inside(peers.tls_context(world.pair("mta-sts.stsflood.test")),
                         peers.endless(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", b"x: " + b"y" * 65000 + b"\n"))
    cases.append(_sts(world, "a policy without end", "stsflood", world.peer("mta-sts.stsflood.test", {443: flood}), "mtasts-invalid"))
    return cases


def _sts(world: World, about: str, label: str, address: str, finding: str) -> Case:
    name = f"{label}.test"
    world.domain(Domain(name, more=f'_mta-sts TXT "v=STSv1; id=20260101;"\nmta-sts A {address}'))
    world.tenant(f"{label}-test")
    expect = () if finding == "mtasts-ok" else (f"{finding} {name}",)
    return Case(about, f"before {name}", expect, (f"{finding} {name}",), seconds=4.0)


def roots(world: World) -> list[Case]:
    """What the web server of the bare domain makes of the request."""
    page = "autodiscover-root-answers"
    rows = (
        ("a page for everything", "rootpage", _document("text/html", "<html>Welcome</html>"), page),
        ("nothing found", "root404", "location / { return 404; }", ""),
        ("a redirect to a page", "rootmoved", 'location /autodiscover/ { return 301 https://rootmoved.test/; } location / { return 200 "hello"; }', page),
        ("a redirect to clear text", "rootclear", "location / { return 301 http://www.rootclear.test/; }", page),
        ("settings for IMAP", "rootimap", _document(XML, IMAP), page),
        ("a document that leads to Microsoft", "rootleads", _document(XML, REDIRECT), ""),
        ("a document type with entities", "rootbomb", _document(XML, BOMB), page),
        ("an entity from a file", "rootfile", _document(XML, FILE), page),
        ("a redirect into private space", "rootprivate", "location / { return 302 https://10.0.0.1/autodiscover/autodiscover.xml; }", ""),
    )
    cases = []
    for about, label, rules, finding in rows:
        name = f"{label}.test"
        world.domain(Domain(name, more=f"@ A {world.site(name, rules)}"))
        cases.append(Case(f"root: {about}", f"before {name}", (f"{finding} {name}",) if finding else (), seconds=4.0))
    return cases


def hosts(world: World) -> list[Case]:
    """What the host autodiscover makes of it."""
    rows = (
        ("a loop", "hostloop", "location / { return 302 https://autodiscover.hostloop.test/autodiscover/autodiscover.xml; }", None,
         "autodiscover-loop"),
        ("redirects without end", "hostmany", "location / { return 302 https://autodiscover.hostmany.test$request_uri/x; }", None,
         "autodiscover-loop"),
        ("another name's certificate", "hostcert", "location / { return 401; }", Leaf("www.hoster.test"), "autodiscover-certificate"),
        ("an Exchange server", "hostgood", "location / { return 401; }", None, ""),
    )
    cases = []
    for about, label, rules, leaf, finding in rows:
        name = f"{label}.test"
        address = world.site(f"autodiscover.{name}", rules, leaf=leaf)
        world.domain(Domain(name, autodiscover="CNAME web", more=f"web A {address}"))
        cases.append(Case(f"host: {about}", f"before {name}", (f"{finding} {name}",) if finding else (), seconds=4.0))
    return cases


def by_itself(world: World) -> list[Case]:
    """The command that climbs the ladder alone."""
    world.domain(Domain("alone.test"))
    world.domain(Domain("aloneold.test", autodiscover="CNAME mail.elsewhere.test."))
    return [
        Case("alone: Microsoft's alias", "autodiscover alone.test", (), ("autodiscover-ok alone.test",), seconds=4.0),
        Case("alone: of an address", "autodiscover someone@alone.test", (), ("autodiscover-ok alone.test",), seconds=4.0),
        Case("alone: the old provider's alias", "autodiscover aloneold.test --phase after",
             ("autodiscover-old-target aloneold.test", "autodiscover-unreachable aloneold.test"), seconds=4.0),
        Case("alone: no such domain", "autodiscover absent.test --phase after", ("autodiscover-missing absent.test", "autodiscover-unreachable absent.test"),
             seconds=4.0),
    ]
