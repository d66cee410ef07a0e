# Tests of src/app, and of the program's manners as a user meets them.
app_tests = \
  tests/unit/app/test_csv_input \
  tests/unit/app/test_options \
  $(END)
app_scripts = \
  tests/unit/app/bad_input.test \
  tests/unit/app/contract.test \
  tests/unit/app/csv.test \
  tests/unit/app/firewall.test \
  tests/unit/app/diagnose.test \
  tests/unit/app/explain.test \
  tests/unit/app/login.test \
  tests/unit/app/terminal.test \
  $(END)
check_PROGRAMS += $(app_tests)
TESTS += $(app_tests) $(app_scripts)
EXTRA_DIST += $(app_scripts) tests/unit/app/terminal.py
tests_unit_app_test_csv_input_SOURCES = tests/unit/app/test_csv_input.c tests/unit/check_main.h
tests_unit_app_test_csv_input_LDADD = $(APP_LIBS) $(CHECK_LIBS)
tests_unit_app_test_options_SOURCES = tests/unit/app/test_options.c tests/unit/check_main.h
tests_unit_app_test_options_LDADD = $(APP_LIBS) $(CHECK_LIBS)
