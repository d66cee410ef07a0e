# The house: what a reader would otherwise have to check by eye.
lint_tests = \
  tests/lint/catalogue.test \
  tests/lint/completions.test \
  tests/lint/demands.test \
  tests/lint/layers.test \
  tests/lint/lengths.test \
  tests/lint/manual.test \
  tests/lint/lists.test \
  tests/lint/raised.test \
  $(END)
TESTS += $(lint_tests)
EXTRA_DIST += $(lint_tests) tests/lint/tap.sh tests/lint/catalogue.py tests/lint/raised.py
