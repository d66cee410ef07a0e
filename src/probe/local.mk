# One file a probe: a target in, observations out.
noinst_LIBRARIES += libprobe.a
libprobe_a_SOURCES = \
  src/probe/probes.c \
  $(END)
