# Dated tables that change without the code; each is built into the program.
DATA_FILES =
DATA_FILES += data/special-purpose.tsv
DATA_FILES += data/clouds.tsv
DATA_FILES += data/providers.tsv
EMBEDDED_FILES += $(DATA_FILES)
EXTRA_DIST += $(DATA_FILES)
