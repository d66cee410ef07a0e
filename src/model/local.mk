# The values that probes, rules and renderers hand on.
noinst_LIBRARIES += libmodel.a
libmodel_a_SOURCES = \
  src/model/catalogue.c \
  src/model/evidence.c \
  src/model/fact.c \
  src/model/finding.c \
  src/model/observation.c \
  src/model/outcome.c \
  src/model/policy.c \
  src/model/report.c \
  src/model/target.c
libmodel_a_SOURCES += \
  src/model/embedded.h \
  src/model/embedded_text.c
nodist_libmodel_a_SOURCES = src/model/embedded.c
