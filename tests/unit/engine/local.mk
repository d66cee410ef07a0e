# Unit tests of src/engine: may link $(ENGINE_LIBS) only. One stanza a test.
engine_tests =

engine_tests += tests/unit/engine/test_engine
tests_unit_engine_test_engine_SOURCES = tests/unit/engine/test_engine.c tests/unit/check_main.h
tests_unit_engine_test_engine_LDADD = $(ENGINE_LIBS) $(CHECK_LIBS)

check_PROGRAMS += $(engine_tests)
TESTS += $(engine_tests)
