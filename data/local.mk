# Dated tables that change without the code; each is built into the program.
DATA_FILES =
DATA_FILES += data/special-purpose.tsv
DATA_FILES += data/clouds.tsv
DATA_FILES += data/providers.tsv
DATA_FILES += data/messages.tsv
DATA_FILES += data/walks.tsv
DATA_FILES += data/senders.tsv
DATA_FILES += data/demo-not-ready.jsonl
DATA_FILES += data/demo-ready.jsonl
DATA_FILES += data/report.css
DATA_FILES += data/report.schema.json
DATA_FILES += data/tls_suites.tsv
DATA_FILES += data/products.tsv
EMBEDDED_FILES += $(DATA_FILES)
EXTRA_DIST += $(DATA_FILES)
schemadir = $(pkgdatadir)
schema_DATA = data/report.schema.json
