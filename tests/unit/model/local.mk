# Unit tests of src/model: may link $(MODEL_LIBS) only.
model_tests = \
  tests/unit/model/test_address \
  tests/unit/model/test_dmarc_tree \
  tests/unit/model/test_finding \
  tests/unit/model/test_json_stream \
  tests/unit/model/test_label \
  tests/unit/model/test_mail_policy \
  tests/unit/model/test_microsoft \
  tests/unit/model/test_prefix_set \
  tests/unit/model/test_ranges \
  tests/unit/model/test_recording \
  tests/unit/model/test_report \
  tests/unit/model/test_spf_macro \
  tests/unit/model/test_table \
  tests/unit/model/test_target \
  $(END)
check_PROGRAMS += $(model_tests)
TESTS += $(model_tests)
tests_unit_model_test_address_SOURCES = tests/unit/model/test_address.c tests/unit/check_main.h
tests_unit_model_test_address_LDADD = $(MODEL_LIBS) $(CHECK_LIBS)
tests_unit_model_test_dmarc_tree_SOURCES = tests/unit/model/test_dmarc_tree.c tests/unit/check_main.h
tests_unit_model_test_dmarc_tree_LDADD = $(MODEL_LIBS) $(CHECK_LIBS)
tests_unit_model_test_finding_SOURCES = tests/unit/model/test_finding.c tests/unit/check_main.h
tests_unit_model_test_finding_LDADD = $(MODEL_LIBS) $(CHECK_LIBS)
tests_unit_model_test_json_stream_SOURCES = tests/unit/model/test_json_stream.c tests/unit/check_main.h
tests_unit_model_test_json_stream_LDADD = $(MODEL_LIBS) $(CHECK_LIBS)
tests_unit_model_test_label_SOURCES = tests/unit/model/test_label.c tests/unit/check_main.h
tests_unit_model_test_label_LDADD = $(MODEL_LIBS) $(CHECK_LIBS)
tests_unit_model_test_mail_policy_SOURCES = tests/unit/model/test_mail_policy.c tests/unit/check_main.h
tests_unit_model_test_mail_policy_LDADD = $(MODEL_LIBS) $(CHECK_LIBS)
tests_unit_model_test_microsoft_SOURCES = tests/unit/model/test_microsoft.c tests/unit/check_main.h
tests_unit_model_test_microsoft_LDADD = $(MODEL_LIBS) $(CHECK_LIBS)
tests_unit_model_test_prefix_set_SOURCES = tests/unit/model/test_prefix_set.c tests/unit/check_main.h
tests_unit_model_test_prefix_set_LDADD = $(MODEL_LIBS) $(CHECK_LIBS)
tests_unit_model_test_ranges_SOURCES = tests/unit/model/test_ranges.c tests/unit/check_main.h
tests_unit_model_test_ranges_LDADD = $(MODEL_LIBS) $(CHECK_LIBS)
tests_unit_model_test_recording_SOURCES = tests/unit/model/test_recording.c tests/unit/check_main.h
tests_unit_model_test_recording_LDADD = $(MODEL_LIBS) $(CHECK_LIBS)
tests_unit_model_test_report_SOURCES = tests/unit/model/test_report.c tests/unit/check_main.h
tests_unit_model_test_report_LDADD = $(MODEL_LIBS) $(CHECK_LIBS)
tests_unit_model_test_spf_macro_SOURCES = tests/unit/model/test_spf_macro.c tests/unit/check_main.h
tests_unit_model_test_spf_macro_LDADD = $(MODEL_LIBS) $(CHECK_LIBS)
tests_unit_model_test_table_SOURCES = tests/unit/model/test_table.c tests/unit/check_main.h
tests_unit_model_test_table_LDADD = $(MODEL_LIBS) $(CHECK_LIBS)
tests_unit_model_test_target_SOURCES = tests/unit/model/test_target.c tests/unit/check_main.h
tests_unit_model_test_target_LDADD = $(MODEL_LIBS) $(CHECK_LIBS)
