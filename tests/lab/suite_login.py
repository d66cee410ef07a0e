"""limit-*, login-*, mailbox-*, speed-estimate: what a server allows, who may sign in, and what is in the mailboxes."""

from __future__ import annotations

import base64
import html
import json
import signal
import socket
import urllib.parse
from pathlib import Path

from lab import imap_peer, peers, program
from lab.cases import Case, Suite
from lab.certs import Leaf
from lab.migration_file import write
from lab.world import World

FAST = "--rate 50"


def run(world: World, suite: Suite) -> None:
    cases = [*limits(world), *sign_ins(world), *answers(world), *mailboxes(world)]
    context = peers.tls_context(world.pair("count.hosts.test", Leaf("count.hosts.test")))
    world.peer("count.hosts.test", {993: peers.inside(context, counting)})
    context = peers.tls_context(world.pair("echo.hosts.test", Leaf("echo.hosts.test")))
    world.peer("echo.hosts.test", {993: peers.inside(context, echoing)})
    world.start()
    fill_mailbox(world.base / "dovecot-main" / "mail" / "user0009")
    suite.run(cases)
    suite.tap.result("passwords are in no output", secrets(world, suite))
    suite.tap.result("an interrupt reports what was known", interrupted(world, suite))


def users(*numbers: int, wrong: tuple[int, ...] = ()) -> list[tuple[str, str, str]]:
    return [(f"user{n:04}@contoso.com", f"user{n:04}", f"{'wrong' if n in wrong else 'pass'}{n:04}") for n in numbers]


def limits(world: World) -> list[Case]:
    """Connections: a peer that holds five, Dovecot's three for one user."""
    context = peers.tls_context(world.pair("limits.hosts.test", Leaf("*.hosts.test")))
    counted = [0]

    def five(connection: socket.socket) -> None:
        if counted[0] >= 5:
            peers.say_and_close(b"* BYE Too many connections from your IP\r\n")(connection)
            return
        counted[0] += 1
        try:
            peers.Dialogue(peers.GREETING, {**peers.imap_replies(peers.SECURE), "LOGOUT": b""})(connection)
        finally:
            counted[0] -= 1

    world.peer("five.hosts.test", {993: peers.inside(context, five)})
    world.dovecot("limit.hosts.test")
    world.dovecot("seven.hosts.test", settings={"mail_max_userip_connections": "7"})
    one = write(world, "one", *users(1))
    two = write(world, "two", *users(2))
    three = write(world, "three", *users(3))
    return [
        Case("a server that holds five connections", "imap five.hosts.test:993 --connections 8", ("limit-below-concurrency five.hosts.test:993",),
             seconds=6.0, says=("holds 5 of 8 connections from one address",)),
        Case("a server that holds all", "imap limit.hosts.test:993 --connections 20", (), ("limit-ok limit.hosts.test:993",), seconds=8.0),
        Case("Dovecot's limit for one user", f"login {one} --imap limit.hosts.test --connections 8 {FAST}",
             ("limit-below-concurrency limit.hosts.test:993",), ("login-ok user0001@contoso.com",), seconds=10.0,
             says=("holds 3 of 8 connections of one user from one address",)),
        Case("Dovecot's limit, set otherwise", f"login {three} --imap seven.hosts.test --connections 20 {FAST}",
             ("limit-below-concurrency seven.hosts.test:993",), (), seconds=10.0, says=("holds 7 of 20 connections of one user from one address",)),
        Case("as many as Dovecot allows one user", f"login {two} --imap limit.hosts.test --connections 3 {FAST}", (),
             ("limit-ok limit.hosts.test:993",), seconds=10.0),
    ]


def sign_ins(world: World) -> list[Case]:
    """Real Dovecot: good and wrong passwords, master users, the guard, no TLS."""
    world.dovecot("login.hosts.test")
    world.dovecot("strict.hosts.test")
    world.dovecot("old.hosts.test", Leaf("old.hosts.test", starts=-400, ends=-1))
    world.dovecot("plain.hosts.test", settings={"ssl": "no", "disable_plaintext_auth": "no"}, ports=(143,))
    good = write(world, "good", *users(11, 12, 13))
    mixed = write(world, "mixed", *users(14, 15, 16, 17, wrong=(15, 16)))
    wrong = write(world, "wrong", *users(*range(20, 28), wrong=tuple(range(20, 28))))
    master = write(world, "master", ("user0030@contoso.com", "user0030*mailadmin", "master0001"), ("user0031@contoso.com", "user0031*mailadmin", "master0001"))
    shut = write(world, "shut", ("shut@contoso.com", "shut", "pass0000"), ("user0033@contoso.com", "user0033*mailadmin", "wrong"),
                 ("user0034@contoso.com", "user0034*nobody", "master0001"))
    foreign = write(world, "foreign", ("user0032@contoso.com", "contoso/mailadmin/user0032", "master0001"))
    login = f"--imap login.hosts.test {FAST}"
    return [
        Case("three good rows", f"login {good} {login}", (), tuple(f"login-ok user00{n}@contoso.com" for n in (11, 12, 13)), seconds=5.0,
             never=("login-without-tls user0011@contoso.com", "speed-estimate login.hosts.test:993")),
        Case("by STARTTLS", f"login {good} --imap login.hosts.test:143 {FAST}", (), ("login-ok user0011@contoso.com",), seconds=5.0),
        Case("two wrong passwords", f"login {mixed} {login}", ("login-failed user0015@contoso.com", "login-failed user0016@contoso.com"),
             ("login-ok user0014@contoso.com", "login-ok user0017@contoso.com"), seconds=8.0, says=("AUTHENTICATIONFAILED",)),
        Case("a file that is wrong throughout costs three attempts", f"login {wrong} --imap strict.hosts.test {FAST}",
             (*(f"login-failed user00{n}@contoso.com" for n in (20, 21, 22)), "login-stopped strict.hosts.test:993"), seconds=8.0,
             says=("5 of 8 rows without a verdict (rows 5, 6, 7, 8, 9): too many sign-ins failed in a row",)),
        Case("a master user", f"login {master} {login}", (), ("login-ok user0030@contoso.com", "login-ok user0031@contoso.com"), seconds=5.0),
        Case("a user who may not sign in, a wrong master password, no such master", f"login {shut} {login} --max-failures 5",
             ("login-not-authorized shut@contoso.com", "login-failed user0033@contoso.com", "login-failed user0034@contoso.com"), (), seconds=10.0,
             says=("Login disabled for this user",)),
        Case("the form of another product", f"login {foreign} {login}", ("login-failed user0032@contoso.com", "login-format user0032@contoso.com"),
             seconds=6.0, says=("User_UserName*Admin_UserName",)),
        Case("no password without good TLS", f"login {good} --imap old.hosts.test {FAST}", ("cert-expired old.hosts.test:993", "login-stopped old.hosts.test:993"),
             ("login-without-tls user0011@contoso.com",), seconds=5.0),
        Case("no password without STARTTLS", f"login {good} --imap plain.hosts.test:143 {FAST}",
             ("starttls-missing plain.hosts.test:143", "login-stopped plain.hosts.test:143"), ("login-without-tls user0011@contoso.com",), seconds=5.0),
        Case("but when --security none is typed", f"login {good} --imap plain.hosts.test:143 --security none {FAST}",
             ("starttls-missing plain.hosts.test:143",), ("login-ok user0011@contoso.com",), never=("login-without-tls user0011@contoso.com",), seconds=5.0),
    ]


ANSWERS = {
    "app": (b"NO [ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)", "login-app-password"),
    "off": (b"NO IMAP is disabled for this user", "login-not-authorized"),
    "expired": (b"NO [EXPIRED] Password expired", "login-expired"),
    "throttled": (b"NO [THROTTLED] slow down", "login-limited"),
    "locked": (b"NO Account is locked", "login-limited"),
}


def box(world: World, name: str, replies: dict[str, bytes]) -> None:
    """A scripted server for LOGIN and what follows it."""
    context = peers.tls_context(world.pair(f"{name}.hosts.test", Leaf(f"{name}.hosts.test")))
    known = {
        **peers.imap_replies(peers.SECURE),
        "LOGIN": b"{tag} OK in\r\n",
        "EXAMINE": b"* 1 EXISTS\r\n{tag} OK [READ-ONLY] done\r\n",
        "LIST": b'* LIST () "." INBOX\r\n{tag} OK done\r\n',
        "STATUS": b"* STATUS INBOX (MESSAGES 1)\r\n{tag} OK done\r\n",
        "FETCH": b"* 1 FETCH (UID 1 RFC822.SIZE 1000)\r\n{tag} OK done\r\n",
        **replies,
    }
    world.peer(f"{name}.hosts.test", {993: peers.inside(context, peers.Dialogue(peers.GREETING, known))})


def answers(world: World) -> list[Case]:
    one = write(world, "row", ("terry@contoso.com", "terry", "Secret-of-Terry"), ("mary@contoso.com", "mary", "Secret-of-Mary"))
    single = write(world, "single", ("terry@contoso.com", "terry", "Secret-of-Terry"))
    cases = []
    for name, (words, finding) in ANSWERS.items():
        box(world, name, {"LOGIN": b"{tag} " + words + b"\r\n"})
        cases.append(Case(f"the answer {name}", f"login {single} --imap {name}.hosts.test {FAST}", (f"{finding} terry@contoso.com",), seconds=4.0))
    box(world, "rights", {"EXAMINE": b"{tag} NO [NOPERM] Permission denied\r\n"})
    cases.append(Case("a mailbox that may not be opened", f"login {single} --imap rights.hosts.test {FAST}", ("login-not-authorized terry@contoso.com",), seconds=4.0))
    box(world, "busy", {"LOGIN": b"{tag} NO [LIMIT] Maximum number of connections exceeded\r\n"})
    cases.append(Case("a server that puts us off is left alone", f"login {one} --imap busy.hosts.test -j 1 {FAST}",
                      ("login-limited terry@contoso.com", "login-stopped busy.hosts.test:993"), seconds=4.0))
    return cases


def mailboxes(world: World) -> list[Case]:
    single = write(world, "box", ("terry@contoso.com", "terry", "Secret-of-Terry"))
    real = write(world, "real", *users(9))
    world.dovecot("mail.hosts.test")
    cases = [Case("a real mailbox", f"login {real} --imap mail.hosts.test --mailbox {FAST}", (),
                  ("login-ok user0009@contoso.com", "mailbox-ok user0009@contoso.com", "speed-estimate mail.hosts.test:993"), seconds=6.0,
                  says=("40 messages in 2 folders",))]

    def scripted(name: str, finding: str, replies: dict[str, bytes], says: str) -> None:
        box(world, name, replies)
        expect = (f"{finding} terry@contoso.com",) if finding != "mailbox-ok" else ()
        cases.append(Case(f"mailbox {name}", f"login {single} --imap {name}.hosts.test --mailbox {FAST}", expect, (f"{finding} terry@contoso.com",),
                          seconds=5.0, says=(says,)))

    scripted("small", "mailbox-ok", {}, "1 messages in 1 folders")
    scripted("gmail", "mailbox-gmail-labels", {"LIST": b'* LIST () "/" INBOX\r\n* LIST (\\Noselect) "/" "[Gmail]"\r\n{tag} OK done\r\n'}, "[Gmail]")
    scripted("slash", "mailbox-folder-slash", {"LIST": b'* LIST () "." INBOX\r\n* LIST () "." "a/b"\r\n{tag} OK done\r\n'}, "a/b")
    scripted("names", "mailbox-folder-name", {"LIST": b'* LIST () "/" INBOX\r\n* LIST () "/" "Entw&APw"\r\n{tag} OK done\r\n'}, '"Entw&APw"')
    forest = b"".join(b'* LIST (\\Noselect) "/" "a folder of some length, number %d"\r\n' % n for n in range(99_999))
    scripted("forest", "mailbox-ok", {"LIST": b'* LIST () "/" INBOX\r\n' + forest + b"{tag} OK done\r\n"}, "1 messages in 100000 folders")
    scripted("public", "mailbox-public-folders", {"LIST": b'* LIST () "/" INBOX\r\n* LIST () "/" "Public Folders/All"\r\n{tag} OK done\r\n'}, "Public Folders/All")
    scripted("crowd", "mailbox-too-many-items", {"CAPABILITY": b"* CAPABILITY IMAP4rev1 STATUS=SIZE\r\n{tag} OK done\r\n",
                                                 "STATUS": b"* STATUS INBOX (MESSAGES 500001 SIZE 9)\r\n{tag} OK done\r\n"}, "500001 messages")
    scripted("heavy", "mailbox-large-message", {"FETCH": b"* 1 FETCH (UID 1 RFC822.SIZE 40000000)\r\n{tag} OK done\r\n"}, "1 over 35 MB, the largest 38 MB")
    scripted("huge", "mailbox-may-not-fit", {"CAPABILITY": b"* CAPABILITY IMAP4rev1 STATUS=SIZE\r\n{tag} OK done\r\n",
                                             "STATUS": b"* STATUS INBOX (MESSAGES 1 SIZE 60000000000)\r\n{tag} OK done\r\n"}, "56 GB of mail, the target holds 50 GB")
    return cases


def fill_mailbox(folder: Path) -> None:
    """A Maildir with some mail, and a folder with a name in modified UTF-7."""
    for box_name in ("", ".Entw&APw-rfe"):
        for part in ("cur", "new", "tmp"):
            (folder / box_name / part).mkdir(parents=True, exist_ok=True)
    for number in range(40):
        (folder / "cur" / f"{number}.lab:2,").write_bytes(b"Subject: test\r\n\r\n" + b"x" * 5000 + b"\r\n")


FAREWELLS: list[str] = []


def counting(connection: socket.socket) -> None:
    imap_peer.speak(connection, lambda _tag, _line: "{} OK in", lambda moment: FAREWELLS.append(moment) if moment == "LOGOUT heard" else None)


def echoing(connection: socket.socket) -> None:
    def login(tag: str, line: str) -> str:
        return f"* OK you said {line}\r\n{tag} NO I do not take {line}".replace("{", "{{").replace("}", "}}")
    imap_peer.speak(connection, login)


PASSWORDS = ("Correct-Horse-1", 'with "quotes" and \\', "gr\u00fc\u00df-dich-9", "{4}literal", "x" * 1000, "=cmd|' /C calc'!A0", "two  blanks ")
FORMATS = ("text", "json", "jsonl", "html", "markdown", "nagios", "openmetrics", "junit")


def spellings(password: str) -> list[bytes]:
    """As it might stand in an output: plain, quoted, in JSON, in HTML, escaped as facts are, encoded for a wire; a part of a long one."""
    plain = password.encode()
    forms = [plain, plain.replace(b"\\", b"\\\\").replace(b'"', b'\\"'), json.dumps(password)[1:-1].encode(), html.escape(password).encode()]
    forms += ["".join(chr(b) if 32 <= b < 127 else f"\\{b:03}" for b in plain).encode(), plain[:24], plain[-24:], plain[::-1]]
    forms += [password.encode("utf-16-le"), password.encode("utf-16-be"), password.encode("utf-7"), password.encode("utf-7").replace(b"+", b"&")]
    forms += [plain.hex().encode(), plain.hex().upper().encode(), plain.hex(" ").encode(), urllib.parse.quote(plain, safe="").encode(),
              urllib.parse.quote_plus(plain).encode(), "".join(f"%{b:02x}" for b in plain).encode()]
    return [*forms, *in_base64(plain), *in_base64(password.encode("utf-16-le"))]


def in_base64(plain: bytes) -> list[bytes]:
    """Wherever it begins among what is encoded with it, as in SASL's "user NUL user NUL password": what its own bytes decide."""
    found = []
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + plain)
        found.append(whole[(before * 8 + 5) // 6:(before + len(plain)) * 8 // 6])
        found.append(found[-1].translate(bytes.maketrans(b"+/", b"-_")))
    return found


def secrets(world: World, suite: Suite) -> list[str]:
    """Everything that a run leaves, against a server that takes the passwords and one that repeats them."""
    file = write(world, "secrets", *((f"u{n}@contoso.com", f"u{n}", password) for n, password in enumerate(PASSWORDS)))
    problems = []
    for host in ("count.hosts.test", "echo.hosts.test"):
        folder = world.base / f"secrets-{host}"
        folder.mkdir()
        outputs = [word for name in FORMATS for word in ("-o", f"{name}:{folder / name}")]
        arguments = ["login", str(file), "--imap", host, "--rate", "50", "--max-failures", "100", "--mailbox", "-vv",
                     "--record", str(folder / "record"), *outputs, *suite.options(Case("", ""))]
        done = program.run(arguments)
        if done.status not in (0, 2):
            problems.append(f"{host}: exit status {done.status}: {done.stderr!r}")
        for name, content in (("stdout", done.stdout), ("stderr", done.stderr), *((p.name, p.read_bytes()) for p in folder.iterdir())):
            problems += [f"{host}: {name} holds {form!r}" for password in PASSWORDS for form in spellings(password) if form in content]
        dialogue = (folder / "text").read_text()
        problems += [f"{host}: the dialogue does not show LOGIN"] if "LOGIN (UserName) (Password)" not in dialogue else []
    return problems


def interrupted(world: World, suite: Suite) -> list[str]:
    rows = [(f"i{n}@contoso.com", f"i{n}", "Secret-of-I") for n in range(20)]
    file = write(world, "interrupted", *rows)
    FAREWELLS.clear()
    done = program.run(["login", str(file), "--imap", "count.hosts.test", "--rate", "4", *suite.options(Case("", "")), "-o", "json"],
                       signals=((lambda *_: len(FAREWELLS) >= 3, signal.SIGINT),))
    found = {finding["id"] for finding in done.report()["findings"]}
    problems = [] if done.status == 130 else [f"exit status {done.status}: {done.stderr!r}"]
    return problems + ([] if {"login-ok", "login-stopped"} <= found else [f"found {sorted(found)} after {len(FAREWELLS)} farewells"])
