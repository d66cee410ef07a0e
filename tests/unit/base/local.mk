# Unit tests of src/base: may link $(BASE_LIBS) only.
base_tests = \
  tests/unit/base/test_clock \
  tests/unit/base/test_escape \
  tests/unit/base/test_secret \
  tests/unit/base/test_sink \
  $(END)
check_PROGRAMS += $(base_tests)
TESTS += $(base_tests)
tests_unit_base_test_clock_SOURCES = tests/unit/base/test_clock.c tests/unit/check_main.h
tests_unit_base_test_clock_LDADD = $(BASE_LIBS) $(CHECK_LIBS)
tests_unit_base_test_escape_SOURCES = tests/unit/base/test_escape.c tests/unit/check_main.h
tests_unit_base_test_escape_LDADD = $(BASE_LIBS) $(CHECK_LIBS)
tests_unit_base_test_sink_SOURCES = tests/unit/base/test_sink.c tests/unit/check_main.h
tests_unit_base_test_sink_LDADD = $(BASE_LIBS) $(CHECK_LIBS)
tests_unit_base_test_secret_SOURCES = tests/unit/base/test_secret.c tests/unit/check_main.h
tests_unit_base_test_secret_LDADD = $(BASE_LIBS) $(CHECK_LIBS)
