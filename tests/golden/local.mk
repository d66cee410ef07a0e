# One evidence through every format, the whole output compared. `tests/golden/golden.test --update` writes it anew.
check_PROGRAMS += tests/golden/render
tests_golden_render_SOURCES = tests/golden/render.c tests/golden/catalogue.c
tests_golden_render_LDADD = librule.a $(RENDER_LIBS)
golden_tests = tests/golden/formats.test tests/golden/golden.test
TESTS += $(golden_tests)
EXTRA_DIST += $(golden_tests) tests/golden/formats.py tests/golden/evidence tests/golden/expected
tests_golden_render_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=catalogue_get
