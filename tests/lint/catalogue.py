"""Every finding is worded, and its page agrees with the catalogue. TAP on standard output."""
import os
import re
import sys

TOP = os.environ["TOP_SRCDIR"]
PAGES = os.path.join(TOP, "doc/findings")
SEVERITIES = {"PASS", "INFO", "SKIP", "UNKNOWN", "WARN", "FAIL"}
ACTORS = {"NOBODY", "FIREWALL", "MAIL_HOST", "DNS", "WEB_HOST", "TENANT", "YOU", "WAIT"}
HEADINGS = ["What it means", "How it is found out", "Microsoft's words", "Why it matters in a migration", "What to do", "Reference"]
# What rules give their findings; the sample stands in the pages.
PLACEHOLDERS = {
    "subject": "imap.contoso.com:993", "host": "imap.contoso.com", "port": "993", "address": "user@contoso.com",
    "domain": "contoso.com", "server": "ns1.contoso.com", "name": "autodiscover.contoso.com", "ttl": "86400", "limit": "3600",
    "value": "", "wanted": "", "label": "contoso-com",
    "column": "EmailAddress", "row": "12", "expected": "3", "actual": "2",
}
# Headings of "Troubleshooting issues with IMAP mailbox migration", KB 10062, ms.date 2024-01-24.
SECTIONS = {
    "A recipient wasn't found for user@contoso.com on the target",
    "A recipient wasn't found for user@contoso.com on the target (if issue isn't resolved)",
    "We had trouble signing in to this account error",
    "We had trouble signing in to this account (if issue not resolved)",
    "We had trouble signing in to this account (if issue still not resolved)",
    "We had trouble signing in to this account (if issue is still not resolved)",
    "I'm seeing duplicate emails",
    "This mailbox is full",
    "My problem is none of the above errors",
    "My problem is none of the above (if issue not resolved)",
    "My problem is none of the above (if issue isn't resolved)",
    "My problem is none of the above (if issue is still not resolved)",
    "My problem is none of the above",
    "The connection to the server <Servername.contoso.com> timed out",
    "Connection to the server <Servername.contoso.com> timed out",
    "The connection to the server Servername.contoso.com timed out (if issue not resolved)",
    "The connection to the server could not be completed",
    "CSV errors",
    "Upload file can't be empty",
    "The CSV file contains more than 50,000 rows",
    "Column is missing from the CSV file",
    "Row X has the wrong number of columns",
    "The migration batch <batch name> already exists",
    "My migration is slow (if migration is taking longer than expected)",
    "My migration is slow (if issue not resolved)",
    "My migration is slow (if issue isn't resolved)",
    "My migration is slow (if issue is still not resolved)",
    "Server settings",
    "IDS settings",
    "My migration is slow (if issue is still not solved)",
    "My migration is slow (if issue still not solved)",
}
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|/\*.*?\*/|[A-Za-z_][A-Za-z_0-9]*|[(),]', re.S)


class Row:
    def __init__(self, family, arguments):
        self.family = family
        (self.symbol, self.id, self.before, self.after, self.actor,
         self.message, self.title, self.section, self.cause, self.remedy) = arguments
        self.severities = {self.before, self.after}

    def texts(self):
        return [text for text in (self.message, self.title, self.cause, self.remedy) if text]


def literal(token):
    return token[1:-1].replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")


def read_rows(path):
    """The rows of catalogue.def: strings joined, NULL as None, with the comment above them as the family."""
    rows, family, arguments, value = [], None, None, None
    for token in TOKEN.findall(open(path, encoding="utf-8").read().split("*/", 1)[1]):
        if token.startswith("/*"):
            family = token.strip("/* ")
        elif token == "(":
            arguments, value = [], None
        elif token in ",)":
            arguments.append(value)
            value = None
            if token == ")":
                rows.append(Row(family, arguments))
        elif token.startswith('"'):
            value = (value or "") + literal(token)
        elif token not in ("FINDING", "NULL"):
            value = token
    return rows


def order_faults(rows):
    seen = {}
    for row in rows:
        if row.id in seen:
            yield f"{row.id}: twice"
        seen[row.id] = row
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row.id):
            yield f"{row.id}: not in lower case with single hyphens"
        if row.symbol != row.id.upper().replace("-", "_"):
            yield f"{row.id}: its symbol is {row.symbol}"
        if row.family != row.id.split("-")[0]:
            yield f"{row.id}: stands under the comment '{row.family}'"


def word_faults(rows):
    for row in rows:
        if not row.severities <= SEVERITIES or row.actor not in ACTORS:
            yield f"{row.id}: unknown severity or actor"
        if row.severities == {"PASS"} and (row.actor != "NOBODY" or row.message or row.remedy):
            yield f"{row.id}: passes, so nobody acts, nothing is quoted and nothing is to be done"
        if row.severities & {"WARN", "FAIL"} and row.actor == "NOBODY":
            yield f"{row.id}: nobody has to act"
        if row.severities & {"WARN", "FAIL"} and not row.remedy:
            yield f"{row.id}: no remedy"
        if not row.cause or not re.search(r'\."?$', row.cause):
            yield f"{row.id}: the cause is not a sentence"
        if not row.title or len(row.title) > 110 or row.title.endswith(".") or "{" in row.title:
            yield f"{row.id}: the title is not one plain line of at most 110 characters: {row.title}"
        if row.section is not None and row.section not in SECTIONS:
            yield f"{row.id}: '{row.section}' is no section of the troubleshooter"


def text_faults(rows):
    for row in rows:
        for text in row.texts():
            for name in re.findall(r"\{([a-z_]+)\}", text):
                if name not in PLACEHOLDERS:
                    yield f"{row.id}: {{{name}}} is no placeholder"
            if not text.isascii() or "\t" in text or re.search(r"\{\{|\bTODO\b| $|\s\n|\n\n", text):
                yield f"{row.id}: odd characters in '{text[:60]}'"
        for step in row.remedy.split("\n"):
            if len(step) > 320:
                yield f"{row.id}: a step of {len(step)} characters: {step[:60]}"


def sample(message):
    return re.sub(r"\{([a-z_]+)\}", lambda match: PLACEHOLDERS.get(match.group(1), match.group(0)), message)


def severity_line(row):
    actor = row.actor.lower().replace("_", " ")
    return f"Before: {row.before.lower()}. After: {row.after.lower()}. Who acts: {actor}."


def page_faults(row, page):
    lines = page.split("\n")
    if lines[0] != "# " + row.id:
        yield f"{row.id}: the page begins with '{lines[0]}'"
    if lines[2] != severity_line(row):
        yield f"{row.id}: the page says '{lines[2]}', the catalogue '{severity_line(row)}'"
    if re.findall(r"^## (.*)$", page, re.M) != HEADINGS:
        yield f"{row.id}: the headings are not those of every page"
        return
    parts = re.split(r"^## .*\n", page, flags=re.M)[1:]
    for heading, part in zip(HEADINGS, parts):
        if not part.strip():
            yield f"{row.id}: nothing under '{heading}'"
    quoted = "\n\n    " + sample(row.message) + "\n\n" if row.message else None
    if quoted and quoted not in "\n" + parts[2]:
        yield f"{row.id}: the page does not quote '{sample(row.message)}'"
    if row.section and row.section not in " ".join(parts[5].split()):
        yield f"{row.id}: the reference does not name the section '{row.section}'"
    if not re.match(r"1\. ", parts[4]):
        yield f"{row.id}: what to do is not a numbered list"


def form_faults(name, page):
    lines = page.split("\n")
    if not 15 <= len(lines) <= 60:
        yield f"{name}: {len(lines)} lines"
    if not page.isascii() or "\t" in page or not page.endswith("\n") or re.search(r"[ \t]$|\n\n\n|\bTODO\b", page, re.M):
        yield f"{name}: odd characters, blanks at the end of a line, or too many blank lines"
    for line in lines:
        # Prose is wrapped; code, also within a line, is left whole so that it can be pasted.
        if len(line) > 79 and not line.startswith("    ") and "`" not in line:
            yield f"{name}: a line of {len(line)} characters: {line[:60]}"
    if sum(line.count("`") for line in lines if not line.startswith("    ")) % 2:
        yield f"{name}: a backquote is open"


def paste_faults(rows):
    """What can be pasted stands between backquotes, so that formats can set it apart and fill it safely."""
    command = re.compile(r"\b(?:cutover (?:csv|dns|imap|port|tls|ttl|login|firewall|judge)|(?:nft|ipset) (?:add|list)|"
                         r"(?:dig|openssl|curl|rndc|certbot|doveadm|systemctl) [-+a-z@])|"
                         r"\b(?:New|Get|Set|Test|Start|Stop|Remove|Enable)-[A-Z]| IN (?:A|AAAA|MX|TXT|CNAME|SRV|TLSA) ")
    for row in rows:
        for step in row.remedy.split("\n"):
            if step.count("`") % 2:
                yield f"{row.id}: a backquote is open: {step[:60]}"
            found = command.search(re.sub(r"`[^`]*`", "", step))
            if found:
                yield f"{row.id}: '{found.group()}' stands outside of backquotes: {step[:60]}"


def reference_faults(rows, pages):
    """What looks like the id of a finding is one."""
    ids = {row.id for row in rows}
    families = "|".join(sorted({row.family for row in rows} - {"port", "host", "login", "mailbox", "dns", "migration", "batch"}))
    for name, page in pages.items():
        prose = "\n".join(line for line in page.split("\n") if not line.startswith("    "))
        for word in re.findall(rf"(?<![\w./-])(?:{families})-[a-z]+(?:-[a-z]+)*(?![\w.-])", re.sub(r"`[^`]*`", "", prose)):
            if word not in ids and word not in {"mx-hosts", "tls-inspecting"}:
                yield f"{name}: '{word}' is no finding"


def command_faults(rows, pages):
    """What a reader may paste names commands and options that the program has."""
    def words(path, pattern):
        return re.findall(pattern, open(os.path.join(TOP, path), encoding="utf-8").read(), re.M)

    commands = set(words("src/app/commands.def", r"^COMMAND\((\w+)\)"))
    options = {name: scope.split() for name, scope in
               words("src/app/options.def", r'^OPTION\(\w+, "([a-z0-9-]+)", .*?, (NULL|"[a-z ]+"), "[^"]*"\)$')}
    typed = [(row.id, line) for row in rows for line in re.findall(r"`(?:[^`]*\| )?(cutover [a-z]+[^`]*)`", row.remedy)]
    for name, page in pages.items():
        typed += [(name, line) for line in re.findall(r"`(cutover [a-z]+[^`]*)`", page)]
        typed += [(name, line) for line in re.findall(r"^ {4,}(?:.*\| )?(cutover [a-z]+.*)$", page, re.M)]
    if len(typed) < 100:
        yield f"only {len(typed)} command lines were found"
    for name, line in typed:
        command = re.match(r"cutover ([a-z]+)", line).group(1)
        if command not in commands:
            yield f"{name}: '{line}': no such command"
        for option in re.findall(r"(?<!\S)--([a-z][a-z0-9-]*)", line.split(" | ")[0]):
            scope = options.get(option)
            if scope is None or (scope != ["NULL"] and command not in " ".join(scope).strip('"').split()):
                yield f"{name}: '{line}': --{option} does not belong to it"


def main():
    rows = read_rows(os.path.join(TOP, "include/cutover/catalogue.def"))
    names = {row.id: row for row in rows}
    pages = {name[:-3]: open(os.path.join(PAGES, name), encoding="utf-8").read() for name in sorted(os.listdir(PAGES))}
    listed = re.findall(r"doc/findings/(\S+)\.md", open(os.path.join(TOP, "doc/local.mk"), encoding="utf-8").read())
    checks = [
        ("there are rows", [] if len(rows) >= 190 else [f"{len(rows)} rows"]),
        ("ids are unique, well formed and stand with their family", order_faults(rows)),
        ("every finding has severity, actor, title, cause, remedy and section", word_faults(rows)),
        ("texts hold known placeholders and plain characters", text_faults(rows)),
        ("every finding has a page", [row.id for row in rows if row.id not in pages]),
        ("every page has a finding", [name for name in pages if name not in names]),
        ("every page is built in, in order", [f"{set(pages) ^ set(listed)}"] if sorted(pages) != listed else []),
        ("pages agree with the catalogue",
         (fault for name, page in pages.items() if name in names for fault in page_faults(names[name], page))),
        ("pages keep their form", (fault for name, page in pages.items() for fault in form_faults(name, page))),
        ("pages refer to findings that exist", reference_faults(rows, pages)),
        ("what can be pasted is marked", paste_faults(rows)),
        ("what can be pasted names commands and options that exist", command_faults(rows, pages)),
    ]
    for number, (what, faults) in enumerate(checks, 1):
        faults = list(faults)
        print(("not " if faults else "") + f"ok {number} - {what}")
        for fault in faults:
            print("# " + fault)
    print(f"1..{len(checks)}")


if __name__ == "__main__":
    sys.exit(main())
