# Unit tests of src/rule: may link $(RULE_LIBS) only.
rule_tests = \
  tests/unit/rule/test_subject \
  $(END)
check_PROGRAMS += $(rule_tests)
TESTS += $(rule_tests)
tests_unit_rule_test_subject_SOURCES = tests/unit/rule/test_subject.c tests/unit/check_main.h
tests_unit_rule_test_subject_LDADD = $(RULE_LIBS) $(CHECK_LIBS)
