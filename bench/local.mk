# Measured by hand, on a quiet machine; never part of make check.
EXTRA_DIST += \
  bench/before.py \
  bench/csv.py \
  bench/diagnose.py \
  bench/link.py \
  bench/login.py \
  bench/spf.py \
  bench/propagation.py \
  bench/tls.py \
  $(END)

# Of bench/link.py and bench/spf.py; built with the tests, so that they do not rot.
check_PROGRAMS += bench/link
bench_link_SOURCES = bench/link.c

check_PROGRAMS += bench/spf_rate
bench_spf_rate_SOURCES = bench/spf_rate.c
bench_spf_rate_LDADD = $(PROBE_LIBS)
