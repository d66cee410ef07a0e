# Unit tests of src/io: may link $(IO_LIBS) only.
io_tests = \
  tests/unit/io/test_endpoint \
  tests/unit/io/test_loop \
  tests/unit/io/test_pacer \
  $(END)
check_PROGRAMS += $(io_tests)
TESTS += $(io_tests)
tests_unit_io_test_endpoint_SOURCES = tests/unit/io/test_endpoint.c tests/unit/check_main.h
tests_unit_io_test_endpoint_LDADD = $(IO_LIBS) $(CHECK_LIBS)
tests_unit_io_test_loop_SOURCES = tests/unit/io/test_loop.c tests/unit/check_main.h
tests_unit_io_test_loop_LDADD = $(IO_LIBS) $(CHECK_LIBS)
tests_unit_io_test_pacer_SOURCES = tests/unit/io/test_pacer.c tests/unit/check_main.h
tests_unit_io_test_pacer_LDADD = $(IO_LIBS) $(CHECK_LIBS)

certificate_tests = tests/unit/io/test_certificate tests/unit/io/test_tls_context
check_PROGRAMS += $(certificate_tests)
TESTS += $(certificate_tests)
tests_unit_io_test_certificate_SOURCES = tests/unit/io/test_certificate.c tests/peer/pki.c tests/peer/pki.h \
  tests/unit/check_main.h
tests_unit_io_test_certificate_LDADD = $(IO_LIBS) $(CHECK_LIBS)
tests_unit_io_test_tls_context_SOURCES = tests/unit/io/test_tls_context.c tests/peer/pki.c tests/peer/pki.h \
  tests/unit/check_main.h
tests_unit_io_test_tls_context_LDADD = $(IO_LIBS) $(CHECK_LIBS)
