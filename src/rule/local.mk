# One file a subject: evidence and policy in, findings out.
noinst_LIBRARIES += librule.a
librule_a_SOURCES = \
  src/rule/rules.c \
  src/rule/rules.h \
  $(END)
