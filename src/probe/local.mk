# One file a probe: a target in, observations out.
noinst_LIBRARIES += libprobe.a
libprobe_a_SOURCES = \
  src/probe/probes.c \
  src/probe/spf.c \
  src/probe/spf_answers.c \
  src/probe/spf_answers.h \
  $(END)
