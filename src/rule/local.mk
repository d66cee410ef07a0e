# One file a subject: evidence and policy in, findings out.
noinst_LIBRARIES += librule.a
librule_a_SOURCES = \
  src/rule/cert.c \
  src/rule/cert_differs.c \
  src/rule/cert_issuer.c \
  src/rule/cert_issuer.h \
  src/rule/diagnosis.c \
  src/rule/firewall.c \
  src/rule/host.c \
  src/rule/imap.c \
  src/rule/limit.c \
  src/rule/login.c \
  src/rule/login_rows.c src/rule/login_rows.h \
  src/rule/mailbox.c \
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
librule_a_SOURCES += \
  src/rule/authority.c src/rule/authority.h \
  src/rule/cache_view.c src/rule/cache_view.h \
  src/rule/dns_rows.c src/rule/dns_rows.h \
  src/rule/dns_view.c src/rule/dns_view.h \
  src/rule/drain.c src/rule/drain.h \
  src/rule/expectation.c src/rule/expectation.h \
  src/rule/history.c src/rule/history.h \
  src/rule/mx_host.c src/rule/mx_host.h \
  src/rule/mx_set.c src/rule/mx_set.h \
  src/rule/mx_target.c src/rule/mx_target.h \
  src/rule/mx_view.c src/rule/mx_view.h \
  src/rule/ns_server.c src/rule/ns_server.h \
  src/rule/old_place.c src/rule/old_place.h \
  src/rule/ttl_names.c src/rule/ttl_names.h \
  src/rule/wildcard.c src/rule/wildcard.h \
  src/rule/autodiscover.c \
  src/rule/change.c \
  src/rule/change.h \
  src/rule/clock.c \
  src/rule/ladder.c \
  src/rule/dane.c \
  src/rule/dkim.c \
  src/rule/dkim.h \
  src/rule/dmarc.c \
  src/rule/dnssec.c \
  src/rule/mtasts.c \
  src/rule/mtasts_policy.c src/rule/mtasts_policy.h \
  src/rule/web_certificate.c src/rule/web_certificate.h \
  src/rule/published.c src/rule/published.h \
  src/rule/message.c \
  src/rule/mx.c \
  src/rule/ns.c \
  src/rule/propagation.c \
  src/rule/resolver.c \
  src/rule/spf.c \
  src/rule/spf.h \
  src/rule/spf_tree.c \
  src/rule/spf_tree.h \
  src/rule/ttl.c \
  src/rule/verify.c \
  $(END)
