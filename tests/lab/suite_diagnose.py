"""diagnose: for each message of the troubleshooter the planted cause is named, and the next one when the usual is ruled out."""

from __future__ import annotations

from lab import dovecot, firewall, peers, program
from lab.cases import Case, Suite
from lab.certs import Leaf
from lab.world import RESOLVER, World
from suite_login import FAST, box, users, write

TIMED_OUT = "The connection to the server '{host}' timed out after 00:00:15."
NOT_COMPLETED = "The connection to the server '{host}' could not be completed."
TELNET = "Connecting To {host}...Could not open connection to the host, on port 993: Connect failed"
SIGN_IN = "We had trouble signing in to this account. Confirm that you're using the correct user name and password."
CHAIN = (
    "Microsoft.Exchange.Migration.MigrationServerConnectionFailedException: {outer} ---> "
    "Microsoft.Exchange.Connections.Common.RemoteNetworkErrorTransientException: We were unable to reach your email provider. Please check "
    "your server settings, or try again later. ---> {inner}"
)
NO_ALGORITHM = (
    "SslStreamFailureException: TLS negotiation failed. ---> System.ComponentModel.Win32Exception: The client and server cannot "
    "communicate, because they do not possess a common algorithm."
)
CERTIFICATE = "AuthenticationException: The remote certificate is invalid according to the validation procedure."
CLOSED = "Unable to read data from the transport connection: An existing connection was forcibly closed by the remote host."
BAD_FORM = ("Row 3 has the wrong number of columns. Expected number: 3. Actual number: 2. Please edit this row and re-submit the file.")


def run(world: World, suite: Suite) -> None:
    (world.base / "csv").mkdir()
    cases = [*endpoint(world), *firewalls(world), *files(world), *sign_ins(world)]
    world.start()
    record_sign_ins(world, suite)
    record_rules(world)
    suite.run(cases)


def ask(message: str, host: str = "", **words: str) -> str:
    text = message.format(host=host, **words).replace('"', '\\"')
    return f'diagnose "{text}"'


def chain(inner: str, host: str) -> str:
    return ask(CHAIN, outer=NOT_COMPLETED.format(host=host), inner=inner)


def endpoint(world: World) -> list[Case]:
    """What the message says of the server, and what the probes say to it."""
    world.dovecot("fine.hosts.test")
    world.shut(world.peer("dropped.hosts.test", {}), 993, firewall.DROP)
    world.peer("stopped.hosts.test", {})
    world.dovecot("ancient.hosts.test", openssl_config=dovecot.TLS10_ONLY, settings={"ssl_cipher_list": "DEFAULT:@SECLEVEL=0"})
    world.dovecot("late.hosts.test", Leaf("late.hosts.test", starts=-400, ends=-1))
    world.peer("clear.hosts.test", {993: peers.imap(None)})
    world.peer("cut.hosts.test", {993: peers.reset_when_spoken_to})
    dropped, stopped, fine, absent = (f"{name}.hosts.test" for name in ("dropped", "stopped", "fine", "absent"))
    return [
        Case("a firewall drops the packets", ask(TELNET, dropped), (f"port-timeout {dropped}:993",), walk="cnnnnp port-timeout", seconds=4.0, timeout="2s",
             says=(TIMED_OUT.format(host=dropped),)),
        Case("the port in --imap is the only one tried", f"{ask(TIMED_OUT, dropped)} --imap {dropped}:993", (f"port-timeout {dropped}:993",),
             walk="cnnnnp port-timeout", seconds=4.0, timeout="2s"),
        Case("no time-out: the service is stopped", ask(TELNET, stopped), (f"port-refused {stopped}:993",), walk="rncnnp port-refused"),
        Case("open from here: Microsoft's addresses are next", ask(TIMED_OUT, fine), (), (f"port-open {fine}:993",), status=3,
             walk="rnrrrp step 2", says=("a firewall on the way drops Microsoft's addresses", "the cause was not found")),
        Case("the name is wrong", ask(NOT_COMPLETED, absent), (f"host-not-found {absent}",), walk="cnnnnnnp host-not-found"),
        Case("the name is right: the service is stopped", f"{ask(NOT_COMPLETED, stopped)} --imap {stopped}:993", (f"port-refused {stopped}:993",),
             walk="rcnnnnnp port-refused"),
        Case("all is well from here", ask(NOT_COMPLETED, fine), (), status=3, walk="rrrrrrnp step 7"),
        Case("only TLS 1.0", f"{chain(NO_ALGORITHM, 'ancient.hosts.test')} --imap ancient.hosts.test:993", ("tls-too-old ancient.hosts.test:993",),
             walk="crrrpp tls-too-old"),
        Case("TLS is fine from here", chain(NO_ALGORITHM, fine), (), status=3, walk="rrrrpp step 5"),
        Case("an expired certificate", f"{chain(CERTIFICATE, 'late.hosts.test')} --imap late.hosts.test:993", ("cert-expired late.hosts.test:993",),
             walk="cnrp cert-expired"),
        Case("the certificate is fine from here", chain(CERTIFICATE, fine), (), status=3, walk="rrrp step 4"),
        Case("clear text on 993", f"{chain(CLOSED, 'clear.hosts.test')} --imap clear.hosts.test:993", ("tls-not-spoken clear.hosts.test:993",),
             walk="cnnp tls-not-spoken"),
        Case("not the mode: the handshake is cut", f"{chain(CLOSED, 'cut.hosts.test')} --imap cut.hosts.test:993",
             ("tls-handshake-failed cut.hosts.test:993",), walk="nncp tls-handshake-failed"),
    ]


RULES = "table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n\t\tSOURCE tcp dport 993 accept\n\t}\n}\n"
FIREWALLS = {"shut": RULES.replace("SOURCE", "ip saddr 192.0.2.0/24"), "open": RULES.replace("SOURCE ", "")}


def firewalls(world: World) -> list[Case]:
    """The port answers from here: what `firewall` has recorded of the rules says whether it answers Microsoft."""
    world.dovecot("walled.hosts.test")
    shut, free = (f"--since {world.base}/{name}.jsonl" for name in FIREWALLS)
    walled = "walled.hosts.test"
    return [
        Case("open from here, and the firewall shuts Microsoft out", f"{ask(TIMED_OUT, walled)} --imap {walled}:993 {shut}",
             (f"firewall-missing-range {world.base}/shut.nft",), walk="rcrrrp firewall-missing-range"),
        Case("the firewall lets Microsoft in: the endpoint is next", f"{ask(TIMED_OUT, walled)} --imap {walled}:993 {free}", (),
             (f"firewall-ok {world.base}/open.nft",), status=3, walk="rrrrrp step 6"),
        Case("turned away by the firewall", f"{ask(NOT_COMPLETED, walled)} --imap {walled}:993 {shut}",
             (f"firewall-missing-range {world.base}/shut.nft",), walk="rrrrrrcp firewall-missing-range"),
    ]


def record_rules(world: World) -> None:
    """By a list of today's, so that its age is no finding."""
    ranges = world.base / "ranges.json"
    ranges.write_text('[{"id": 1, "serviceArea": "Exchange", "ips": ["40.96.0.0/13", "2603:1006::/40"]}]')
    for name, rules in FIREWALLS.items():
        (world.base / f"{name}.nft").write_text(rules)
        program.run(["firewall", f"{world.base}/{name}.nft", "--ranges", str(ranges), "--imap", "walled.hosts.test:993", "--record",
                     f"{world.base}/{name}.jsonl", "-q"])


def files(world: World) -> list[Case]:
    """Each error of the CSV file: in the file, and not in the file."""
    sound = write(world, "sound", ("a@contoso.com", "a", "secret-a"), ("b@contoso.com", "b", "secret-b"))
    short = write(world, "short", ("a@contoso.com", "a", "secret-a"), ("b@contoso.com", "b"))
    column = write(world, "column", ("a@contoso.com", "a", "secret-a"), header=("EmailAddress", "UserName", "Passwort"))
    semicolons = world.base / "csv" / "semicolons.csv"
    semicolons.write_text("EmailAddress;UserName;Password\r\na@contoso.com;a;secret-a\r\n")
    empty = world.base / "csv" / "empty.csv"
    empty.write_text("")
    quote = world.base / "csv" / "quote.csv"
    quote.write_text('EmailAddress,UserName,Password\r\na@contoso.com,a,"secret-a\r\n')
    for path in (semicolons, empty, quote):
        path.chmod(0o600)
    long = write(world, "long", *((f"u{n}@contoso.com", f"u{n}", "secret") for n in range(50001)))
    missing = "Column \"Password\" is missing from the CSV file. The import process can't continue because this column is required."
    recipient = "A recipient wasn't found for b@contoso.com on the target."
    return [
        Case("an empty file", ask("Upload file can't be empty") + f" --csv {empty}", (f"csv-empty {empty}",), walk="crp csv-empty"),
        Case("not an empty file", ask("Upload file can't be empty") + f" --csv {sound}", (), (f"csv-ok {sound}",), status=3, walk="rrp step 3"),
        Case("a short row", ask(BAD_FORM) + f" --csv {short}", (f"csv-row-columns {short}",), walk="crrp csv-row-columns"),
        Case("no short row", ask(BAD_FORM) + f" --csv {sound}", (), (f"csv-ok {sound}",), status=3, walk="rrrp step 4"),
        Case("a missing column", ask(missing) + f" --csv {column}", (f"csv-column-missing {column}", f"csv-column-unknown {column}"),
             walk="crcp csv-column-missing"),
        Case("no missing column: semicolons", ask(missing) + f" --csv {semicolons}", (f"csv-separator {semicolons}",), walk="rcrp csv-separator"),
        Case("the target mailbox is full", ask("This mailbox is full. Please free up some space so that email can be downloaded."), (),
             ("mailbox-full message",), walk="cnnppp mailbox-full"),
        Case("no short row: a quote that is not closed", ask(BAD_FORM) + f" --csv {quote}", (f"csv-quote {quote}",), walk="rcrp csv-quote"),
        Case("50,001 rows", ask("The CSV file contains more than 50,000 rows.") + f" --csv {long}", (f"csv-too-many-rows {long}",),
             walk="crp csv-too-many-rows"),
        Case("50,000 rows", ask("The CSV file contains more than 50,000 rows.") + f" --csv {sound}", (), status=3, walk="rrp step 3"),
        Case("a foreign address", ask(recipient) + f" --csv {sound} --domain fabrikam.test --offline",
             (f"csv-address-foreign {sound}",), ("recipient-not-found b@contoso.com",), walk="ccp csv-address-foreign"),
    ]


SIGN_INS = ("wrong", "right", "off", "rights", "many")


def sign_ins(world: World) -> list[Case]:
    """What `login` has recorded answers the steps of the troubleshooter."""
    world.dovecot("mail.hosts.test")
    box(world, "off", {"LOGIN": b"{tag} NO IMAP is disabled for this user\r\n"})
    box(world, "rights", {"EXAMINE": b"{tag} NO [NOPERM] Permission denied\r\n"})
    write(world, "wrong", *users(15, wrong=(15,)))
    write(world, "right", *users(11, 12))
    write(world, "many", *users(16))
    for name in ("off", "rights"):
        write(world, name, ("terry@contoso.com", "terry", "Secret-of-Terry"))
    since = {name: f"--since {world.base}/{name}.jsonl" for name in SIGN_INS}
    good, slow = "--imap mail.hosts.test:993", "my migration is slow"
    return [
        Case("a wrong password", f"{ask(SIGN_IN)} {good} {since['wrong']}", ("login-failed user0015@contoso.com",), walk="cnnpnprnp login-failed"),
        Case("the password is right: the batch holds another", f"{ask(SIGN_IN)} {good} {since['right']}", (), ("login-ok user0011@contoso.com",), status=3,
             walk="rrrrrrrrp step 9"),
        Case("no application password is wanted: the batch holds another", f"{ask('Application-specific password required')} {good} {since['right']}", (),
             ("login-ok user0011@contoso.com",), never=("login-app-password message",), status=3, walk="rrrp step 4",
             says=("seen only in the file from which the batch was made, beside the one that was tried",)),
        Case("IMAP is disabled", f"{ask(SIGN_IN)} --imap off.hosts.test:993 {since['off']}", ("login-not-authorized terry@contoso.com",),
             walk="nnnpccrnp login-not-authorized"),
        Case("no rights on the mailbox", f"{ask(SIGN_IN)} --imap rights.hosts.test:993 {since['rights']}",
             ("login-not-authorized terry@contoso.com",), walk="nnnpccrnp login-not-authorized"),
        Case("slow by the connection limit", f'diagnose "{slow}" {good} {since["many"]}', ("limit-below-concurrency mail.hosts.test:993",),
             ("migration-slow message",), walk="pnpcpr limit-below-concurrency"),
        Case("slow, and all connections are held", f'diagnose "{slow}" {good} --connections 10', (), ("limit-ok mail.hosts.test:993",), status=3,
             walk="pnprpr step 1", seconds=6.0),
        Case("slow, and no limit is known", f'diagnose "{slow}" {good}', (), ("migration-slow message",), never=("mailbox-full message",), status=3, walk="pnpnpr step 1"),
    ]


def record_sign_ins(world: World, suite: Suite) -> None:
    hosts = {"off": "off.hosts.test", "rights": "rights.hosts.test"}
    for name in SIGN_INS:
        more = "--connections 8" if name == "many" else ""
        command = f"login {world.base}/csv/{name}.csv --imap {hosts.get(name, 'mail.hosts.test')} {FAST} {more}"
        options = suite.options(Case(name, command, resolver=RESOLVER))
        program.run([*command.split(), *options, "--record", f"{world.base}/{name}.jsonl", "-q"])
