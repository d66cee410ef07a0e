"""Renders every fixture in every format and checks the promises of the format with foreign tools. Prints TAP."""
import html.parser
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree

TOP = os.environ["TOP_SRCDIR"]
RENDER = os.path.join(os.environ["TOP_BUILDDIR"], "tests/golden/render")
EVIDENCE = os.path.join(TOP, "tests/golden/evidence")
FIXTURES = sorted(name[: -len(".jsonl")] for name in os.listdir(EVIDENCE) if name.endswith(".jsonl"))
# What must not reach any output raw: controls, C1, bidirectional and zero-width characters.
FORBIDDEN = [chr(c) for c in (*range(0x20), *range(0x7F, 0xA0), 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)]
count = failed = 0


def render(fixture, output, *options):
    base = os.path.join(EVIDENCE, fixture)
    done = subprocess.run([RENDER, output, *options, base + ".jsonl", base + ".findings.json"], stdout=subprocess.PIPE, check=True)
    return done.stdout.decode("utf-8")


def promise(name, function, *arguments):
    """One TAP line: the function returns nothing or raises."""
    global count, failed
    count += 1
    try:
        function(*arguments)
        print(f"ok {count} - {name}")
    except Exception as fault:  # whatever a foreign parser raises is a broken promise
        failed = 1
        print(f"not ok {count} - {name}")
        for line in f"{type(fault).__name__}: {fault}".splitlines()[:20]:
            print("# " + line)


def no_raw_controls(text, allowed="\n"):
    found = {repr(c) for c in FORBIDDEN if c not in allowed and c in text}
    assert not found, f"raw control characters: {sorted(found)}"


def check_json(fixture, output, *options):
    import jsonschema

    with open(os.path.join(TOP, "data/report.schema.json"), encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    text = render(fixture, output, *options)
    no_raw_controls(text)
    documents = [json.loads(line) for line in text.splitlines()] if output == "jsonl" else [json.loads(text)]
    assert documents
    for document in documents:
        validator.validate(document)
        size = len(document["observations"])
        assert all(index < size for finding in document["findings"] for index in finding["evidence"])
        severities = [finding["severity"] for finding in document["findings"]]
        assert all(severities.count(name) == n for name, n in document["verdict"]["counts"].items())
    whole, parts = json.loads(render(fixture, "json")), [json.loads(line) for line in render(fixture, "jsonl").splitlines()]
    for key in ("findings", "observations"):
        assert len(whole[key]) == sum(len(part[key]) for part in parts)
    # Evidence still points at what it pointed at, also behind the first migration.
    seen = [[part["observations"][i] for i in finding["evidence"]] for part in parts for finding in part["findings"]]
    assert seen == [[whole["observations"][i] for i in finding["evidence"]] for finding in whole["findings"]]


def check_text(fixture, *options):
    text = render(fixture, "text", *options)
    no_raw_controls(text)
    if "ascii" in options:
        assert text.isascii()
    if "-q" not in options:
        assert any(line.split(":")[0] in ("NOT READY", "READY", "COULD NOT DECIDE") or line.startswith(("READY, with", "READY AS FAR AS TESTED, with", "CAUSE ")) for line in text.splitlines())


class Page(html.parser.HTMLParser):
    """Balanced elements, anchors that exist, nothing that runs or is fetched."""

    VOID = {"meta", "br"}
    ATTRIBUTES = {"lang", "charset", "name", "content", "class", "id", "href", "scope", "role", "aria-hidden", "width", "height",
                  "rx", "r", "x", "y", "dx", "x1", "x2", "y1", "y2", "cx", "cy", "text-anchor"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.links, self.text, self.style = [], set(), set(), [], ""

    def handle_starttag(self, tag, attrs):
        assert tag not in {"script", "link", "img", "iframe", "object", "embed", "base", "form", "input", "audio", "video"}, tag
        for name, value in attrs:
            assert name in self.ATTRIBUTES, f"{tag} {name}={value}"
            if name == "href":
                assert value.startswith("#"), value
                self.links.add(value[1:])
            if name == "id":
                assert value not in self.ids, f"two of {value}"
                self.ids.add(value)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            self.style += data
        else:
            self.text.append(data)


def check_html(fixture, *options):
    text = render(fixture, "html", *options)
    no_raw_controls(text)
    page = Page()
    page.feed(text)
    page.close()
    assert not page.open, f"left open: {page.open}"
    assert page.links <= page.ids, page.links - page.ids
    assert not any(word in page.style for word in ("url(", "@import", "http:", "https:", "<"))
    if fixture == "hostile":
        assert "<script>alert(1)</script>" in "".join(page.text)  # as text, and only so


PERFORMANCE = re.compile(r"[a-z_]+=-?[0-9]+([.][0-9]+)?(s|%)?(;[0-9:]*){0,4}")


def check_nagios(fixture, *options):
    text = render(fixture, "nagios", *options)
    no_raw_controls(text)
    first, *rest = text.splitlines()
    words, _, performance = first.partition(" | ")
    assert re.match(r"(OK|WARNING|CRITICAL|UNKNOWN) - .", words), words
    assert "|" not in words and not any("|" in line for line in rest)
    for item in performance.split(" "):
        assert PERFORMANCE.fullmatch(item), item
    if "-q" in options:
        assert not rest


LABELS = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*"'
SAMPLE = re.compile(rf"([a-z_]+)(\{{{LABELS}(?:,{LABELS})*\}})? -?[0-9]+(?:[.][0-9]+)?")


def check_openmetrics(fixture):
    text = render(fixture, "openmetrics")
    no_raw_controls(text)
    assert text.endswith("# EOF\n")
    lines, family, seen, closed = text.splitlines()[:-1], None, set(), set()
    for line in lines:
        if line.startswith("# "):
            kind, name, rest = line[2:].split(" ", 2)
            if kind == "TYPE":
                assert rest == "gauge" and name not in closed, f"{name} stands in two places"
                closed.add(name)
                family = name
            assert kind in ("TYPE", "UNIT", "HELP") and name == family, line
            if kind == "UNIT":
                assert name.endswith("_" + rest), line
        else:
            match = SAMPLE.fullmatch(line)
            assert match and match[1] == family, line
            key = line.rsplit(" ", 1)[0]
            assert key not in seen, f"twice: {key}"
            seen.add(key)
    assert seen


def check_junit(fixture):
    text = render(fixture, "junit")
    no_raw_controls(text)
    root = xml.etree.ElementTree.fromstring(text)
    assert root.tag == "testsuites"
    for key, path in (("tests", "testcase"), ("failures", "testcase/failure"), ("errors", "testcase/error"), ("skipped", "testcase/skipped")):
        for suite in root:
            assert int(suite.get(key)) == len(suite.findall(path)), (suite.get("name"), key)
        assert int(root.get(key)) == len(root.findall("testsuite/" + path)), key


def check_markdown(fixture):
    text = render(fixture, "markdown")
    no_raw_controls(text)
    outside = re.sub(r"(?m)^   ```\n   .*\n   ```$", "", text)
    assert "```" not in outside and "<" not in outside
    for line in outside.splitlines():
        if line.startswith("|"):
            assert len(re.findall(r"(?<!\\)\|", line)) == 5, line


for fixture in FIXTURES:
    for options in ((), ("-q",), ("-v",)):
        promise(f"nagios {fixture} {' '.join(options)}", check_nagios, fixture, *options)
    promise(f"openmetrics {fixture}", check_openmetrics, fixture)
    promise(f"junit {fixture}", check_junit, fixture)
    promise(f"markdown {fixture}", check_markdown, fixture)
    promise(f"html {fixture}", check_html, fixture)
    promise(f"html {fixture} -vv", check_html, fixture, "-vv")
    for options in ((), ("-q",), ("-v", "width=80"), ("-vv", "ascii", "width=40")):
        promise(f"text {fixture} {' '.join(options)}", check_text, fixture, *options)
    try:
        import jsonschema  # noqa: F401
    except ImportError:
        count += 1
        print(f"ok {count} - json {fixture} # SKIP python3-jsonschema is missing")
    else:
        for output in ("json", "jsonl"):
            promise(f"{output} {fixture}", check_json, fixture, output)
            promise(f"{output} {fixture} -vv", check_json, fixture, output, "-vv")
print(f"1..{count}")
sys.exit(failed)
