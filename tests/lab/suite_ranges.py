"""--fetch-ranges against Microsoft's web service as it should be, and as it may be: what is asked, how often, what is kept."""

from __future__ import annotations

import datetime
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

from lab import program
from lab.cases import Suite
from lab.peers import inside, tls_context
from lab.web import Answer, serve
from lab.world import World

HOST = "endpoints.office.com"
RULES = "table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n\t\tip saddr 40.96.0.0/13 tcp dport 993 accept\n\t}\n}\n"
LIST = json.dumps([{"id": 1, "serviceArea": "Exchange", "ips": ["40.96.0.0/13"]}, {"id": 46, "serviceArea": "Common", "ips": ["13.107.6.171/32"]}])
TIME = "%Y-%m-%dT%H:%M:%SZ"


class Service:
    """The web service: answers by path, and the paths that were asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.version = Answer(body=b'{"instance": "Worldwide", "latest": "2026081400"}')
        self.list = Answer(body=LIST.encode())

    def choose(self, path: str) -> Answer:
        self.asked.append(path)
        return self.version if path.startswith("/version/") else self.list


class Home:
    """Where one case's runs keep what they keep."""

    def __init__(self, world: World, name: str, address: str) -> None:
        self.base = world.base / name
        self.folder = self.base / "cutover"
        self.rules = world.base / "rules.nft"
        self.options = ["--connect", f"{HOST}:{address}", "--ca-file", str(world.authority.root), "--timeout", "15s", "--imap", "imap.contoso.com:993"]

    def run(self, *words: str) -> program.Run:
        os.environ["XDG_STATE_HOME"] = str(self.base)
        return program.run(["firewall", *(words or (str(self.rules), "--json")), "--fetch-ranges", *self.options])

    def state(self) -> dict[str, str]:
        return json.loads((self.folder / "ranges-worldwide.json").read_text())

    def copy(self, version: str) -> Path:
        return self.folder / f"ranges-worldwide-{version}.json"

    def an_hour_later(self) -> None:
        """Makes what was kept older."""
        state = self.state()
        for key in ("checked", "wait_until"):
            if key in state:
                state[key] = (datetime.datetime.strptime(state[key], TIME) - datetime.timedelta(hours=1)).strftime(TIME)
        (self.folder / "ranges-worldwide.json").write_text(json.dumps(state))


def run(world: World, suite: Suite) -> None:
    service = Service()
    address = world.peer("web-service", {443: inside(tls_context(world.pair(HOST)), serve(service.choose))})
    other = world.peer("other-service", {443: inside(tls_context(world.pair("www.contoso.com")), serve(service.choose))})
    closed = world.peer("closed-service", {})
    (world.base / "rules.nft").write_text(RULES)
    world.start()
    home = Home(world, "state", address)
    for check in (first, within_the_hour, same_version, new_version, too_many, too_many_again, garbage, huge):
        suite.tap.result(f"the ranges: {check.__name__.replace('_', ' ')}", check(service, home))
    service.list, service.version = Service().list, Service().version
    for check in (no_copy_and_too_many, not_written, no_folder, a_list_of_another_cloud):
        suite.tap.result(f"the ranges: {check.__name__.replace('_', ' ')}", check(service, Home(world, check.__name__, address)))
    for name, where, words in (("another name's certificate", other, "the certificate is for www.contoso.com"), ("nobody there", closed, "refused")):
        suite.tap.result(f"the ranges: {name}", refuses(Home(world, name.replace(" ", "-"), where).run(), words))
    suite.tap.result("the ranges: one list or the other", refuses(home.run(str(home.rules), "--ranges", "x"), "--ranges and --fetch-ranges"))


def refuses(done: program.Run, *words: str) -> list[str]:
    said = done.stderr.decode()
    problems = [f"exit status {done.status}"] if done.status != 3 else []
    problems += ["something on standard output"] if done.stdout else []
    return problems + [f"did not say '{word}': {said}" for word in words if word not in said]


def judges(done: program.Run, version: str) -> list[str]:
    """The rules were judged by that version, and the list is no old one."""
    report = done.report()
    lists = {seen["facts"]["firewall.list"] for seen in report["observations"]}
    ids = [finding["id"] for finding in report["findings"]]
    wanted = {f"Microsoft's web service, version {version}"}
    return [f"exit status {done.status}: {ids}, {lists}: {done.stderr.decode()}"] if (done.status, ids, lists) != (0, ["firewall-ok"], wanted) else []


def asks(service: Service, *paths: str) -> list[str]:
    """Exactly these paths, each with one and the same request id; forgets them."""
    asked, service.asked = service.asked, []
    ids = {found.group() for path in asked for found in re.finditer(r"(?<=clientrequestid=)[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", path)}
    plain = [re.sub(r"clientrequestid=[^&]*", "clientrequestid=ID", path) for path in asked]
    problems = [f"asked for {plain}, wanted {list(paths)}"] if plain != list(paths) else []
    return problems + ([f"request ids: {ids}"] if len(ids) > 1 or (asked and not ids) else [])


VERSION, ENDPOINTS = "/version/Worldwide?clientrequestid=ID", "/endpoints/Worldwide?clientrequestid=ID&ServiceAreas=Exchange"


def first(service: Service, home: Home) -> list[str]:
    problems = judges(home.run(), "2026081400") + asks(service, VERSION, ENDPOINTS)
    copy = home.copy("2026081400")
    if copy.read_text() != LIST or copy.stat().st_mode & 0o777 != 0o600:
        problems.append("the copy is another, or open to others")
    return problems


def within_the_hour(service: Service, home: Home) -> list[str]:
    return judges(home.run(), "2026081400") + asks(service)


def same_version(service: Service, home: Home) -> list[str]:
    home.an_hour_later()
    return judges(home.run(), "2026081400") + asks(service, VERSION)


def new_version(service: Service, home: Home) -> list[str]:
    service.version = Answer(body=b'{"instance": "Worldwide", "latest": "2026091500"}')
    home.an_hour_later()
    before = (home.folder / "request-id").read_text()
    problems = judges(home.run(), "2026091500") + asks(service, VERSION, ENDPOINTS)
    problems += ["another request id"] if (home.folder / "request-id").read_text() != before else []
    return problems + (["the list before is still there"] if home.copy("2026081400").exists() or not home.copy("2026091500").exists() else [])


def too_many(service: Service, home: Home) -> list[str]:
    service.version = Answer(body=b'{"instance": "Worldwide", "latest": "2026101500"}')
    service.list = Answer("429 Too Many Requests", ("Retry-After: 600",))
    home.an_hour_later()
    began = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None, microsecond=0)
    problems = refuses(home.run(), "wants no more questions before", f"--ranges {home.copy('2026091500')}") + asks(service, VERSION, ENDPOINTS)
    waits = datetime.datetime.strptime(home.state()["wait_until"], TIME) - began
    return problems + ([f"waits for {waits}"] if not 600 <= waits.total_seconds() <= 660 else [])


def too_many_again(service: Service, home: Home) -> list[str]:
    """Nothing is asked before the time is over, though the version is an hour old."""
    problems = refuses(home.run(), "wants no more questions before", "is kept") + asks(service)
    home.an_hour_later()
    service.list = Service().list
    return problems + judges(home.run(), "2026101500") + asks(service, VERSION, ENDPOINTS)


def garbage(service: Service, home: Home) -> list[str]:
    problems = []
    kept = home.copy("2026101500")
    for version, answer, words in (
            (Answer(body=b"<html>"), Service().list, "names no version"),
            (Answer(body=b'{"latest": "../../../../tmp/x"}'), Service().list, "names no version"),
            (Answer("301 Moved", ("Location: http://192.0.2.9/",)), Service().list, "HTTP status 301"),
            (Answer("500 Oops"), Service().list, "HTTP status 500"),
            (Answer(body=b'{"latest": "2026111500"}'), Answer(body=b"[{"), "no JSON"),
            (Answer(body=b'{"latest": "2026111500"}'), Answer(body=b'[{"id": 1, "serviceArea": "Exchange", "ips": ["40.96.0.0/99"]}]'), "is no prefix"),
            (Answer(body=b'{"latest": "2026111500"}'), Answer(body=b"[]"), "no range of Exchange Online")):
        service.version, service.list = version, answer
        home.an_hour_later()
        problems += refuses(home.run(), words, f"--ranges {kept}")
    service.asked.clear()
    return problems + ([] if kept.read_text() == LIST and home.state()["version"] == "2026101500" else ["the copy was touched"])


def huge(service: Service, home: Home) -> list[str]:
    service.version = Answer(body=b'{"latest": "2026111500"}')
    service.list = Answer(body=b"[" + b" " * (5 << 20) + b"]")
    home.an_hour_later()
    problems = refuses(home.run(), "more than 4194304 bytes")
    service.asked.clear()
    return problems


def no_copy_and_too_many(service: Service, home: Home) -> list[str]:
    """Without Retry-After it is an hour, as Microsoft says."""
    service.list = Answer("429 Too Many Requests")
    began = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None, microsecond=0)
    problems = refuses(home.run(), "wants no more questions before") + asks(service, VERSION, ENDPOINTS)
    waits = datetime.datetime.strptime(home.state()["wait_until"], TIME) - began
    problems += [f"waits for {waits}"] if not 3600 <= waits.total_seconds() <= 3660 else []
    service.list = Service().list
    return problems + refuses(home.run(), "wants no more questions before") + asks(service)


def not_written(service: Service, home: Home) -> list[str]:
    """A folder stands where the copy should be."""
    home.copy("2026081400").mkdir(parents=True)
    problems = refuses(home.run(), "ranges-worldwide-2026081400.json")
    service.asked.clear()
    return problems + (["a version without a list is kept"] if (home.folder / "ranges-worldwide.json").exists() else [])


def no_folder(service: Service, home: Home) -> list[str]:
    home.base.write_text("a file")
    problems = refuses(home.run(), "cannot be made") + asks(service)
    return problems + without_home(lambda: refuses(program.run(["firewall", "--list", "--fetch-ranges", *home.options]), "neither XDG_STATE_HOME nor HOME"))


def without_home(check: Callable[[], list[str]]) -> list[str]:
    kept = {name: os.environ.pop(name) for name in ("XDG_STATE_HOME", "HOME") if name in os.environ}
    try:
        return check()
    finally:
        os.environ.update(kept)


def a_list_of_another_cloud(service: Service, home: Home) -> list[str]:
    done = home.run("--list", "--cloud", "gcc-high")
    problems = asks(service, VERSION.replace("Worldwide", "USGovGCCHigh"), ENDPOINTS.replace("Worldwide", "USGovGCCHigh"))
    return problems + ([f"printed {done.stdout!r}: {done.stderr!r}"] if done.stdout != b"40.96.0.0/13\n" or done.status != 0 else [])
