# The replay ring: evidence built in code (builder.h), judged, ids compared (replay.h). One program a group of families.
replay_tests = \
  tests/replay/test_csv \
  tests/replay/test_diagnosis \
  tests/replay/test_dane \
  tests/replay/test_dnssec \
  tests/replay/test_endpoint \
  tests/replay/test_login \
  tests/replay/test_mx \
  tests/replay/test_ns \
  tests/replay/test_firewall \
  tests/replay/test_ladder \
  tests/replay/test_policies \
  tests/replay/test_propagation \
  tests/replay/test_records \
  tests/replay/test_spf \
  tests/replay/test_ttl \
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
tests_replay_test_diagnosis_SOURCES = \
  tests/replay/builder.c tests/replay/builder.h \
  tests/replay/endpoint.c \
  tests/replay/endpoint.h \
  tests/replay/test_diagnosis.c \
  $(END)
tests_replay_test_diagnosis_LDADD = $(RULE_LIBS) $(CHECK_LIBS)
tests_replay_test_csv_SOURCES = tests/replay/test_csv.c $(replay_harness)
tests_replay_test_csv_LDADD = $(RULE_LIBS) $(CHECK_LIBS)
dns_harness = tests/replay/dns_world.c tests/replay/dns_world.h $(replay_harness)
tests_replay_test_mx_SOURCES = tests/replay/test_mx.c $(dns_harness)
tests_replay_test_mx_LDADD = $(RULE_LIBS) $(CHECK_LIBS)
tests_replay_test_ns_SOURCES = tests/replay/test_ns.c $(dns_harness)
tests_replay_test_ns_LDADD = $(RULE_LIBS) $(CHECK_LIBS)
tests_replay_test_dane_SOURCES = tests/replay/test_dane.c $(dns_harness)
tests_replay_test_dane_LDADD = $(RULE_LIBS) $(CHECK_LIBS)
tests_replay_test_dnssec_SOURCES = tests/replay/test_dnssec.c $(dns_harness)
tests_replay_test_dnssec_LDADD = $(RULE_LIBS) $(CHECK_LIBS)
tests_replay_test_ladder_SOURCES = tests/replay/test_ladder.c $(dns_harness)
tests_replay_test_ladder_LDADD = $(RULE_LIBS) $(CHECK_LIBS)
tests_replay_test_policies_SOURCES = tests/replay/test_policies.c $(dns_harness)
tests_replay_test_policies_LDADD = $(RULE_LIBS) $(CHECK_LIBS)
tests_replay_test_propagation_SOURCES = tests/replay/test_propagation.c $(dns_harness)
tests_replay_test_propagation_LDADD = $(RULE_LIBS) $(CHECK_LIBS)
tests_replay_test_records_SOURCES = tests/replay/test_records.c $(dns_harness)
tests_replay_test_records_LDADD = $(RULE_LIBS) $(CHECK_LIBS)
tests_replay_test_ttl_SOURCES = tests/replay/test_ttl.c $(dns_harness)
tests_replay_test_ttl_LDADD = $(RULE_LIBS) $(CHECK_LIBS)
tests_replay_test_spf_SOURCES = tests/replay/test_spf.c $(dns_harness)
tests_replay_test_spf_LDADD = $(RULE_LIBS) $(CHECK_LIBS)
tests_replay_test_login_SOURCES = tests/replay/test_login.c $(replay_harness)
tests_replay_test_login_LDADD = $(RULE_LIBS) $(CHECK_LIBS)
tests_replay_test_firewall_SOURCES = tests/replay/test_firewall.c $(replay_harness)
tests_replay_test_firewall_LDADD = $(RULE_LIBS) $(CHECK_LIBS)
