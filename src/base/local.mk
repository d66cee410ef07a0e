# What knows nothing of cutover: memory, text, time, bytes out.
noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
  src/base/buf.c \
  src/base/buf.h \
  src/base/clock.c \
  src/base/clock.h \
  src/base/error.c \
  src/base/escape.c \
  src/base/escape.h \
  src/base/secret.c \
  src/base/secret.h \
  src/base/sink.c \
  src/base/str.c \
  src/base/str.h \
  src/base/xalloc.c \
  src/base/xalloc.h \
  $(END)
