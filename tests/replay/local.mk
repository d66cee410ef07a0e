# The replay ring: evidence built in code (builder.h), judged, ids compared (replay.h). One program a group of families.
replay_tests = \
  tests/replay/test_csv \
  tests/replay/test_endpoint \
  $(END)
check_PROGRAMS += $(replay_tests)
TESTS += $(replay_tests)
replay_harness = \
  tests/replay/builder.c tests/replay/builder.h \
  tests/replay/replay.c tests/replay/replay.h \
  $(END)
tests_replay_test_endpoint_SOURCES = \
  tests/replay/cases_cert.c \
  tests/replay/cases_host.c \
  tests/replay/cases_imap.c \
  tests/replay/cases_port.c \
  tests/replay/cases_tls.c \
  tests/replay/endpoint.c \
  tests/replay/endpoint.h \
  tests/replay/test_endpoint.c \
  $(replay_harness)
tests_replay_test_endpoint_LDADD = $(RULE_LIBS) $(CHECK_LIBS)
tests_replay_test_csv_SOURCES = tests/replay/test_csv.c $(replay_harness)
tests_replay_test_csv_LDADD = $(RULE_LIBS) $(CHECK_LIBS)
