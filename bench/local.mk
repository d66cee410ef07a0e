# Measured by hand, on a quiet machine; never part of make check.
EXTRA_DIST += \
  bench/before.py \
  bench/csv.py \
  bench/diagnose.py \
  bench/link.py \
  bench/login.py \
  bench/propagation.py \
  bench/tls.py \
  $(END)
