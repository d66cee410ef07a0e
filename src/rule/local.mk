# One file a subject: evidence and policy in, findings out.
noinst_LIBRARIES += librule.a
librule_a_SOURCES = \
  src/rule/cert.c \
  src/rule/cert_differs.c \
  src/rule/diagnosis.c \
  src/rule/host.c \
  src/rule/imap.c \
  src/rule/port.c \
  src/rule/port_sibling.c \
  src/rule/csv.c \
  src/rule/csv.h \
  src/rule/csv_rows.c \
  src/rule/rules.c \
  src/rule/rules.h \
  src/rule/subject.c \
  src/rule/subject.h \
  src/rule/subject_notes.c \
  src/rule/tls.c \
  $(END)
