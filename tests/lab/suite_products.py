"""Courier and Cyrus as Debian ships them: recognised, signed in to, and their limits found to the number that is configured."""

from __future__ import annotations

import functools

from lab.cases import Case as AnyCase
from lab.cases import Suite
from lab.courier import Courier
from lab.cyrus import ADMIN, Cyrus
from lab.migration_file import write
from lab.world import World

FAST = "--rate 50"
USERS = {f"user{n}": f"pass{n}" for n in range(1, 7)}
SHARED: list[tuple[Cyrus, str]] = []  # the mailbox that the administrator may read

Case = functools.partial(AnyCase, timeout="6s", seconds=12.0)


def run(world: World, suite: Suite) -> None:
    cases = [*courier(world), *cyrus(world)]
    world.start()
    for server, owner in SHARED:
        server.share(owner, ADMIN)
    suite.run(cases)


def rows(*users: str, wrong: tuple[str, ...] = ()) -> list[tuple[str, str, str]]:
    return [(f"{user}@contoso.com", user, "wrong" if user in wrong else USERS[user]) for user in users]


def courier(world: World) -> list[AnyCase]:
    def place(name: str, **settings: str) -> None:
        world.imap_server(f"{name}.hosts.test", lambda address, pair: Courier(
            address, pair, {**USERS, "mailadmin": "master1"}, disabled=("user4",), shared={"user5": "mailadmin"}, settings=settings))

    place("courier", MAXPERIP="40")
    place("perip", MAXPERIP="7")
    place("daemons", MAXDAEMONS="9")
    mixed = write(world, "courier-mixed", *rows("user1", "user2", "user3", "user4", "user5", wrong=("user2",)))
    one = write(world, "courier-one", *rows("user6"))
    star = write(world, "courier-star", ("user1@contoso.com", "user1*mailadmin", "master1"))
    header = ("EmailAddress", "UserName", "Password", "UserRoot")
    root = write(world, "courier-root", ("user5@contoso.com", "mailadmin", "master1", "#shared.user5"),
                 ("user1@contoso.com", "mailadmin", "master1", "#shared.user1"), ("user3@contoso.com", "mailadmin", "master1", "/users/user3"), header=header)
    host = "courier.hosts.test"
    return [
        Case("Courier on both ports", f"imap {host}", (), (f"imap-ok {host}:993", f"imap-ok {host}:143", f"tls-ok {host}:143"),
             says=("Courier-IMAP; an administrator signs in as Admin_UserName, with UserRoot for the mailbox",)),
        Case("Courier's verdicts", f"login {mixed} --imap {host} {FAST}", ("login-failed user2@contoso.com", "login-not-authorized user4@contoso.com"),
             tuple(f"login-ok user{n}@contoso.com" for n in (1, 3, 5)), says=("Login failed.", "IMAP access disabled for this account.")),
        Case("a mailbox on Courier", f"login {one} --imap {host} --mailbox {FAST}", (), ("mailbox-ok user6@contoso.com",), says=("0 messages in 1 folders",)),
        Case("Dovecot's form on Courier", f"login {star} --imap {host} {FAST}", ("login-failed user1@contoso.com", "login-format user1@contoso.com")),
        Case("an administrator and UserRoot on Courier: one mailbox shared, two not", f"login {root} --imap {host} {FAST}",
             ("login-not-authorized user1@contoso.com", "login-not-authorized user3@contoso.com"), ("login-ok user5@contoso.com",)),
        Case("MAXPERIP", "imap perip.hosts.test:993 --connections 20", ("limit-below-concurrency perip.hosts.test:993",),
             says=("holds 7 of 20 connections; the next one is",)),
        Case("MAXDAEMONS", "imap daemons.hosts.test:993 --connections 20", ("limit-below-concurrency daemons.hosts.test:993",),
             says=("holds 9 of 20 connections; the next one is not answered",), seconds=20.0),
        Case("as many as Courier is to hold", f"login {one} --imap {host} --connections 20 {FAST}", (), (f"limit-ok {host}:993",), seconds=20.0),
    ]


def cyrus(world: World) -> list[AnyCase]:
    def place(name: str, **settings: str) -> Cyrus:
        return world.imap_server(f"{name}.hosts.test", lambda address, pair: Cyrus(
            address, pair, {**USERS, ADMIN: "master1"}, denied=("user3",), settings=settings))

    SHARED.append((place("cyrus"), "user5"))
    place("peruser", maxlogins_per_user="4")
    place("perhost", maxlogins_per_host="6")
    mixed = write(world, "cyrus-mixed", *rows("user1", "user2", "user3", "user4", wrong=("user2",)))
    one = write(world, "cyrus-one", *rows("user6"))
    star = write(world, "cyrus-star", ("user1@contoso.com", f"user1*{ADMIN}", "master1"))
    header = ("EmailAddress", "UserName", "Password", "UserRoot")
    root = write(world, "cyrus-root", ("user5@contoso.com", ADMIN, "master1", "user/user5"), ("user9@contoso.com", ADMIN, "master1", "user/user9"), header=header)
    host = "cyrus.hosts.test"
    return [
        Case("Cyrus on both ports", f"imap {host}", (), (f"imap-ok {host}:993", f"imap-ok {host}:143", f"tls-ok {host}:143"), says=("Cyrus IMAP",)),
        Case("Cyrus's verdicts", f"login {mixed} --imap {host} {FAST}", ("login-failed user2@contoso.com", "login-not-authorized user3@contoso.com"),
             ("login-ok user1@contoso.com", "login-ok user4@contoso.com"), says=("authentication failure", "authorization failure")),
        Case("a mailbox on Cyrus", f"login {one} --imap {host} --mailbox {FAST}", (), ("mailbox-ok user6@contoso.com",), says=("0 messages in 1 folders",)),
        Case("Dovecot's form on Cyrus", f"login {star} --imap {host} {FAST}", ("login-failed user1@contoso.com", "login-format user1@contoso.com"),
             says=("with UserRoot user/User_UserName",)),
        Case("an administrator and UserRoot on Cyrus: one mailbox may be read", f"login {root} --imap {host} {FAST}",
             ("login-not-authorized user9@contoso.com",), ("login-ok user5@contoso.com",)),
        Case("maxlogins_per_user", f"login {one} --imap peruser.hosts.test --connections 20 {FAST}", ("limit-below-concurrency peruser.hosts.test:993",),
             says=("holds 4 of 20 connections of one user",)),
        # Cyrus counts the connection that it refuses: six are five.
        Case("maxlogins_per_host", f"login {one} --imap perhost.hosts.test --connections 20 {FAST}", ("limit-below-concurrency perhost.hosts.test:993",),
             says=("holds 5 of 20 connections from one address", "(6 of 6 from [192.0.2.1])")),
    ]
