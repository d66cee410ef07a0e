# One page a finding; also what `explain` prints, so each is built into the program.
FINDING_PAGES =
EMBEDDED_FILES += $(FINDING_PAGES)
EXTRA_DIST += $(FINDING_PAGES)
