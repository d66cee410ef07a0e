# One file a format: a report in, bytes out.
noinst_LIBRARIES += librender.a
librender_a_SOURCES = \
  src/render/renderers.c \
  $(END)
