# The rings: unit, peer, replay, golden, lab, fuzz, lint. Each folder owns its list.
include tests/unit/base/local.mk
include tests/unit/model/local.mk
include tests/unit/proto/local.mk
include tests/unit/io/local.mk
include tests/unit/probe/local.mk
include tests/unit/engine/local.mk
include tests/unit/rule/local.mk
include tests/unit/render/local.mk
include tests/unit/app/local.mk
include tests/peer/local.mk
include tests/replay/local.mk
include tests/golden/local.mk
include tests/lab/local.mk
include tests/fuzz/local.mk
include tests/lint/local.mk

# For scripts/test, which runs the rings apart.
print-tests:
	@for test in $(TESTS); do echo $$test; done
.PHONY: print-tests
