# Plan and run: jobs with limits, migrations handed back one by one.
noinst_LIBRARIES += libengine.a
libengine_a_SOURCES = \
  src/engine/engine.c \
  src/engine/engine.h \
  src/engine/interrupt.c \
  src/engine/interrupt.h \
  src/engine/migration.c \
  src/engine/migration.h \
  $(END)
