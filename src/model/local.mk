# The values that probes, rules and renderers hand on.
noinst_LIBRARIES += libmodel.a
libmodel_a_SOURCES = \
  src/model/address.c \
  src/model/address.h \
  src/model/catalogue.c \
  src/model/diagnosis.c \
  src/model/csv.c \
  src/model/csv.h \
  src/model/dmarc.c \
  src/model/dmarc.h \
  src/model/embedded.h \
  src/model/embedded_text.c \
  src/model/evidence.c \
  src/model/fact.c \
  src/model/finding.c \
  src/model/firewall.c \
  src/model/firewall.h \
  src/model/json_stream.c \
  src/model/json_stream.h \
  src/model/json_value.c \
  src/model/json_value.h \
  src/model/label.c \
  src/model/label.h \
  src/model/microsoft.c \
  src/model/microsoft.h \
  src/model/mtasts.c \
  src/model/mtasts.h \
  src/model/observation.c \
  src/model/outcome.c \
  src/model/policy.c \
  src/model/policy_value.c \
  src/model/policy_value.h \
  src/model/prefix_set.c \
  src/model/prefix_set.h \
  src/model/ranges.c \
  src/model/ranges.h \
  src/model/public_address.c \
  src/model/public_address.h \
  src/model/recording.c \
  src/model/recording.h \
  src/model/report.c \
  src/model/special_range.c \
  src/model/special_range.h \
  src/model/spf_macro.c \
  src/model/spf_macro.h \
  src/model/spf_record.c \
  src/model/spf_record.h \
  src/model/table.c \
  src/model/table.h \
  src/model/tag_list.c \
  src/model/tag_list.h \
  src/model/target.c \
  src/model/tlsa.c \
  src/model/tlsa.h \
  $(END)
nodist_libmodel_a_SOURCES = src/model/embedded.c
