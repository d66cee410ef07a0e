"""firewall: a real kernel's verdict on a SYN from each edge of each prefix equals what the program reads in the rules."""

from __future__ import annotations

import ipaddress
import json
import os
import re
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from lab import everyday, program
from lab.cases import Suite
from lab.chance import Chance
from lab.daemon import START_SECONDS, Failed
from lab.missing import program as tool
from lab.rulesets import RULESETS, Ruleset
from lab.tables import TABLES, Tables
from lab.wire import INNER, SERVER, SERVER6, Wire
from lab.world import World

PORTS = (993, 143)
BY_CHANCE = int(os.environ.get("CUTOVER_LAB_CHANCES", "25"))  # rulesets; more of them by hand find more
# What a fresh machine has: each table's own chains, open.
_CHAINS = {"raw": ("PREROUTING", "OUTPUT"), "mangle": ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
           "nat": ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"), "filter": ("INPUT", "FORWARD", "OUTPUT")}
EMPTY = "".join("\n".join([f"*{table}", *(f":{chain} ACCEPT [0:0]" for chain in chains), "COMMIT", ""]) for table, chains in _CHAINS.items())
# Who has nothing to do with any of the rules.
STRANGERS = ("9.9.9.9", "8.8.8.8", "2620:fe::fe", "2001:4860:4860::8888")
# Addresses that a kernel takes from nobody outside, or that are its own.
_NEVER = [ipaddress.ip_network(text) for text in
          ("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3", "10.9.0.0/24", "192.0.2.0/24", "::/8", "fe80::/10", "ff00::/8", "2001:db8::/96", "fd00:9::/64")]


def run(world: World, suite: Suite) -> None:
    wire = Wire()
    folder = world.base / "rules"
    folder.mkdir()
    for number, ruleset in enumerate([*RULESETS, *everyday.NFT, *(Chance(seed).ruleset() for seed in range(BY_CHANCE))]):
        check_nft(suite, wire, folder / f"nft-{number}", ruleset)
    check_pasted_nft(suite, wire, folder / "pasted-nft")
    os.environ["XTABLES_LOCKFILE"] = str(folder / "lock")
    for variant in variants():
        for number, tables in enumerate([*TABLES, *everyday.IPTABLES]):
            check_iptables(suite, wire, folder / f"{variant}-{number}", tables, variant)
        check_pasted_ipset(suite, wire, folder / f"pasted-{variant}", variant)
    check_pasted_lists(suite, folder / "pasted-list")


def check_nft(suite: Suite, wire: Wire, stem: Path, ruleset: Ruleset) -> None:
    """The text as written and the three listings of nft against the kernel that holds it."""
    pipe("nft", "-f", "-", text=ruleset.rules)
    sources = edges(ruleset.rules)
    kernel = ask(wire, sources, ruleset.hook)
    forms = {"written": ruleset.rules, "listed": nft("list", "ruleset"), "with handles": nft("-a", "list", "ruleset"), "in JSON": nft("-j", "list", "ruleset")}
    for form, text in forms.items():
        unsure = ruleset.unsure_json if form == "in JSON" and ruleset.unsure_json is not None else ruleset.unsure
        told = judge(write(stem, form, {"rules": text}), sources, stem, (*ruleset.options, "--hook", ruleset.hook))
        suite.tap.result(f"nft {form}: {ruleset.name}", compare(kernel, told, unsure))
    nft("flush", "ruleset")


def variants() -> list[str]:
    """iptables' two kinds; newer kernels can be built without the older one."""
    older = [subprocess.run([tool(f"{command}-legacy-restore")], input=EMPTY, capture_output=True, text=True, check=False).returncode
             for command in ("iptables", "ip6tables")]
    if any(older):
        print("# this kernel has no iptables-legacy")
    return ["nft"] if any(older) else ["nft", "legacy"]


def check_iptables(suite: Suite, wire: Wire, stem: Path, tables: Tables, variant: str) -> None:
    """The text as written and what iptables-save, ip6tables-save, ipset save (and nft) list, against the kernel that holds it."""
    written = {"v4": tables.rules4, "v6": tables.rules6, "sets": tables.sets}
    saved = {}
    pipe("ipset", "restore", text=tables.sets)
    for family, command in (("v4", "iptables"), ("v6", "ip6tables")):
        pipe(f"{command}-{variant}-restore", text=written[family])
        saved[family] = pipe(f"{command}-{variant}-save")
    saved["sets"] = pipe("ipset", "save")
    sources = edges(tables.rules4 + tables.rules6 + tables.sets)
    kernel = ask(wire, sources, tables.hook)
    forms = {"written": (written, tables.unsure), "saved": (saved, tables.unsure)}
    if variant == "nft":
        listed = tables.unsure if tables.unsure_listed is None else tables.unsure_listed
        forms["listed by nft"] = ({"nft": nft("list", "ruleset")}, listed)
        forms["listed in JSON"] = ({"json": nft("-j", "list", "ruleset")}, listed if tables.unsure_json is None else tables.unsure_json)
    for form, (texts, unsure) in forms.items():
        files = write(stem, form, texts)
        suite.tap.result(f"iptables-{variant} {form}: {tables.name}", compare(kernel, judge(files, sources, stem, ("--hook", tables.hook, *tables.options)), unsure))
    for command in ("iptables", "ip6tables"):
        pipe(f"{command}-{variant}-restore", text=EMPTY)
    nft("flush", "ruleset")
    forget_sets()


# Rules that wait for the sets that --paste fills.
GATE = ("table inet filter {\n\tset exchange_online { type ipv4_addr; flags interval; }\n\tset exchange_online6 { type ipv6_addr; flags interval; }\n"
        "\tchain entry {\n\t\ttype filter hook input priority filter; policy drop;\n\t\tip saddr @exchange_online tcp dport 993 accept\n"
        "\t\tip6 saddr @exchange_online6 tcp dport 993 accept\n\t}\n}\n")
GATES = {family: f"*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m tcp --dport 993 -m set --match-set {name} src -j ACCEPT\nCOMMIT\n"
         for family, name in (("4", "exchange_online"), ("6", "exchange_online6"))}
EMPTY_SETS = "create exchange_online hash:net family inet\ncreate exchange_online6 hash:net family inet6\n"


def paste(stem: Path, form: str, texts: dict[str, str]) -> str:
    """What is missing in these rules, in that form; it must be all of the list."""
    done = program.run(["firewall", *write(stem, f"before {form}", texts), "--imap", "imap.contoso.com:993", "--paste", form])
    return done.stdout.decode()


def judge_pasted(suite: Suite, wire: Wire, stem: Path, name: str, texts: dict[str, str]) -> None:
    """The kernel lets Exchange Online in and nobody else; the program says yes to every range."""
    ranges = program.run(["firewall", "--list"]).stdout.decode()
    sources = edges(ranges)
    inside = {address for address in sources for line in ranges.split() if ipaddress.ip_address(address) in ipaddress.ip_network(line)}
    problems = [f"the kernel: {address}" for address, is_in in wire.reach(sources, 993).items() if is_in != (address in inside)]
    suite.tap.result(name, problems + verdict_of(write(stem, "after", texts)))


def verdict_of(files: list[str]) -> list[str]:
    done = program.run(["firewall", *files, "--imap", "imap.contoso.com:993", "--json", "--ignore", "firewall-list-old"])
    found = [finding["id"] for finding in done.report()["findings"]]
    return [] if done.status == 0 and found == ["firewall-ok"] else [f"exit status {done.status}: {found}", done.stderr.decode()]


def check_pasted_nft(suite: Suite, wire: Wire, stem: Path) -> None:
    pipe("nft", "-f", "-", text=GATE)
    pipe("nft", "-f", "-", text=paste(stem, "nft", {"rules": GATE}))
    judge_pasted(suite, wire, stem, "pasted into nft", {"rules": nft("list", "ruleset")})
    nft("flush", "ruleset")


def check_pasted_ipset(suite: Suite, wire: Wire, stem: Path, variant: str) -> None:
    commands = {"4": f"iptables-{variant}", "6": f"ip6tables-{variant}"}
    pipe("ipset", "restore", text=EMPTY_SETS)
    for family, command in commands.items():
        pipe(f"{command}-restore", text=GATES[family])
    saved = {family: pipe(f"{command}-save") for family, command in commands.items()}
    pipe("ipset", "restore", text=paste(stem, "ipset", saved | {"sets": pipe("ipset", "save")}))
    judge_pasted(suite, wire, stem, f"pasted into ipset, for iptables-{variant}", saved | {"sets": pipe("ipset", "save")})
    for command in commands.values():
        pipe(f"{command}-restore", text=EMPTY)
    nft("flush", "ruleset")
    forget_sets()


def check_pasted_lists(suite: Suite, stem: Path) -> None:
    """What is printed as a list is a list that passes."""
    for form in ("plain", "csv"):
        pasted = program.run(["firewall", "--list", "--paste", form]).stdout.decode()
        suite.tap.result(f"pasted as a list, {form}", verdict_of(write(stem, form, {"list": pasted})))


def forget_sets() -> None:
    """The kernel lets go of the rules that held them a little later."""
    pipe("ipset", "flush")
    deadline = time.monotonic() + START_SECONDS
    while subprocess.run([tool("ipset"), "destroy"], capture_output=True, check=False).returncode != 0:
        if time.monotonic() > deadline:
            raise Failed("the ipsets of the case before are still held")
        time.sleep(0.01)


def ask(wire: Wire, sources: list[str], hook: str) -> dict[tuple[int, str], bool]:
    return {(port, source): is_in for port in PORTS for source, is_in in wire.reach(sources, port, is_forwarded=hook == "forward").items()}


def write(stem: Path, form: str, texts: dict[str, str]) -> list[str]:
    """Files of the program's arguments; a set that nobody has needs no file."""
    files = []
    for kind, text in texts.items():
        if text:
            file = stem.with_suffix(f".{form.replace(' ', '-')}.{kind}")
            file.write_text(text)
            files.append(str(file))
    return files


def pipe(name: str, *words: str, text: str = "") -> str:
    done = subprocess.run([tool(name), *words], input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"{name} {' '.join(words)}: {done.stderr}\n{text}")
    return done.stdout


def nft(*words: str) -> str:
    return pipe("nft", *words)


def judge(files: list[str], sources: list[str], stem: Path, options: Iterable[str]) -> dict[tuple[int, str], tuple[str, str]]:
    """(port, address) -> verdict and reason: the addresses are given to the program as if Microsoft had published them."""
    ranges = stem.with_suffix(".ranges")
    ranges.write_text(json.dumps([{"id": 1, "serviceArea": "Exchange", "ips": sources}]))
    report = program.run(["firewall", *files, "--ranges", str(ranges), "--json", *options]).report()
    told = {}
    for seen in report["observations"]:
        for row in seen["facts"]["firewall.ranges"]:
            told[(seen["facts"]["firewall.port"], row["prefix"].split("/")[0])] = (row["verdict"], row.get("why") or "")
    return told


def compare(kernel: dict[tuple[int, str], bool], told: dict[tuple[int, str], tuple[str, str]], unsure: tuple[str, ...]) -> list[str]:
    problems = []
    reasons = set()
    for key, (verdict, why) in told.items():
        port, address = key
        real = "yes" if kernel[key] else "no"
        if verdict == "uncertain":
            reasons.add(why)
        elif verdict != real:
            problems.append(f"{address} to {port}: the kernel says {real}, we say {verdict} {why}")
    problems += [f"cannot tell, for no good reason: {why}" for why in reasons if not any(words in why for words in unsure)]
    problems += [f"should not be able to tell: {words}" for words in unsure if not any(words in why for why in reasons)]
    return problems if told else ["nothing was told"]


def edges(text: str) -> list[str]:
    """Of every prefix and range in the text: its first and last address, the one before and the one behind; and strangers."""
    found = {ipaddress.ip_address(stranger) for stranger in STRANGERS}
    for word in re.findall(r"[0-9a-fA-F.:]+(?:[/-][0-9a-fA-F.:]+)?", text):
        for first, last in _bounds(word):
            for number in (int(first) - 1, int(first), int(last), int(last) + 1):
                if 0 < number < 1 << first.max_prefixlen:
                    found.add(type(first)(number))
    usable = [address for address in found if not any(address in network for network in _NEVER)]
    return [str(address) for address in sorted(usable, key=lambda address: (address.version, int(address)))]


def _bounds(word: str) -> Iterable[tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, ipaddress.IPv4Address | ipaddress.IPv6Address]]:
    first, _, last = word.partition("-")
    try:
        if last:
            yield ipaddress.ip_address(first), ipaddress.ip_address(last)
        else:
            network = ipaddress.ip_network(word, strict=False)
            yield network[0], network[-1]
    except ValueError:
        return  # a number or a word
