# One file a format: a report in, bytes out.
noinst_LIBRARIES += librender.a
librender_a_SOURCES = \
  src/render/actions.c \
  src/render/actions.h \
  src/render/advice.c \
  src/render/advice.h \
  src/render/html.c \
  src/render/html_clock.c \
  src/render/html_evidence.c \
  src/render/html_findings.c \
  src/render/html_parts.h \
  src/render/html_verdict.c \
  src/render/html_walk.c \
  src/render/json.c \
  src/render/json_parts.c \
  src/render/json_parts.h \
  src/render/json_walk.c \
  src/render/jsonl.c \
  src/render/junit.c \
  src/render/markdown.c \
  src/render/measures.c \
  src/render/measures.h \
  src/render/nagios.c \
  src/render/openmetrics.c \
  src/render/page.c \
  src/render/page.h \
  src/render/renderers.c \
  src/render/seen.c \
  src/render/seen.h \
  src/render/seen_csv.c \
  src/render/seen_csv.h \
  src/render/seen_dns.c \
  src/render/seen_dns.h \
  src/render/text.c \
  src/render/text_evidence.c \
  src/render/text_finding.c \
  src/render/text_parts.h \
  src/render/text_verdict.c \
  src/render/text_walk.c \
  src/render/walk.c \
  src/render/walk.h \
  src/render/words.c \
  src/render/words.h \
  $(END)
