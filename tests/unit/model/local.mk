# Unit tests of src/model: may link $(MODEL_LIBS) only.
model_tests = \
  tests/unit/model/test_finding
check_PROGRAMS += $(model_tests)
TESTS += $(model_tests)
tests_unit_model_test_finding_SOURCES = tests/unit/model/test_finding.c tests/unit/check_main.h
tests_unit_model_test_finding_LDADD = $(MODEL_LIBS) $(CHECK_LIBS)
