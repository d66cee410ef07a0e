# Unit tests of src/rule: may link $(RULE_LIBS) only.
rule_tests = \
  tests/unit/rule/test_subject \
  $(END)
check_PROGRAMS += $(rule_tests)
TESTS += $(rule_tests)
tests_unit_rule_test_subject_SOURCES = tests/unit/rule/test_subject.c tests/unit/check_main.h
tests_unit_rule_test_subject_LDADD = $(RULE_LIBS) $(CHECK_LIBS)
check_PROGRAMS += tests/unit/rule/test_clock
TESTS += tests/unit/rule/test_clock
tests_unit_rule_test_clock_SOURCES = tests/unit/rule/test_clock.c tests/unit/check_main.h \
  tests/replay/builder.c tests/replay/builder.h tests/replay/dns_world.c tests/replay/dns_world.h
tests_unit_rule_test_clock_LDADD = $(RULE_LIBS) $(CHECK_LIBS)
check_PROGRAMS += tests/unit/rule/test_dns_view
TESTS += tests/unit/rule/test_dns_view
tests_unit_rule_test_dns_view_SOURCES = tests/unit/rule/test_dns_view.c tests/unit/check_main.h \
  tests/replay/builder.c tests/replay/builder.h tests/replay/dns_world.c tests/replay/dns_world.h
tests_unit_rule_test_dns_view_LDADD = $(RULE_LIBS) $(CHECK_LIBS)
check_PROGRAMS += tests/unit/rule/test_mx_host
TESTS += tests/unit/rule/test_mx_host
tests_unit_rule_test_mx_host_SOURCES = tests/unit/rule/test_mx_host.c tests/unit/check_main.h \
  tests/replay/builder.c tests/replay/builder.h tests/replay/dns_world.c tests/replay/dns_world.h
tests_unit_rule_test_mx_host_LDADD = $(RULE_LIBS) $(CHECK_LIBS)
check_PROGRAMS += tests/unit/rule/test_history
TESTS += tests/unit/rule/test_history
tests_unit_rule_test_history_SOURCES = tests/unit/rule/test_history.c tests/unit/check_main.h \
  tests/replay/builder.c tests/replay/builder.h tests/replay/dns_world.c tests/replay/dns_world.h
tests_unit_rule_test_history_LDADD = $(RULE_LIBS) $(CHECK_LIBS)
