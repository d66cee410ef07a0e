# Unit tests of src/proto: may link $(PROTO_LIBS) only.
csv_proto_tests = \
  tests/unit/proto/test_csv_reader
check_PROGRAMS += $(csv_proto_tests)
TESTS += $(csv_proto_tests)
tests_unit_proto_test_csv_reader_SOURCES = tests/unit/proto/test_csv_reader.c tests/unit/check_main.h
tests_unit_proto_test_csv_reader_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)
