# The house: what a reader would otherwise have to check by eye.
lint_tests = \
  tests/lint/layers.test \
  tests/lint/lengths.test \
  $(END)
TESTS += $(lint_tests)
EXTRA_DIST += $(lint_tests) tests/lint/tap.sh
