"""Renders every fixture in every format and checks the promises of the format with foreign tools. Prints TAP."""
import json
import os
import subprocess
import sys

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
        assert any(line.split(":")[0] in ("NOT READY", "READY", "COULD NOT DECIDE") or line.startswith("READY, with") for line in text.splitlines())


for fixture in FIXTURES:
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
