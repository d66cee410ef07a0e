# One file a probe: a target in, observations out.
noinst_LIBRARIES += libprobe.a
libprobe_a_SOURCES = \
  src/probe/autodiscover.c \
  src/probe/autodiscover_step.c \
  src/probe/autodiscover_step.h \
  src/probe/dane.c \
  src/probe/cache.c \
  src/probe/cache_visit.c \
  src/probe/cache_visit.h \
  src/probe/dns.c \
  src/probe/dnssec.c \
  src/probe/mtasts.c \
  src/probe/probes.c \
  src/probe/spf.c \
  src/probe/spf_answers.c \
  src/probe/spf_answers.h \
  src/probe/ttl.c \
  src/probe/web.c \
  src/probe/web.h \
  src/probe/zone.c \
  src/probe/zone.h \
  src/probe/zone_ask.c \
  src/probe/zone_hosts.c \
  src/probe/zone_identity.c \
  src/probe/zone_leads.c \
  src/probe/zone_parent.c \
  src/probe/zone_servers.c \
  src/probe/zone_state.h \
  src/probe/handshake.c \
  src/probe/handshake.h \
  src/probe/imap.c \
  src/probe/issuer.c \
  src/probe/imap_link.c src/probe/imap_link.h \
  src/probe/limit.c \
  src/probe/login.c src/probe/login_plan.h \
  src/probe/mailbox.c src/probe/mailbox.h \
  src/probe/mailbox_folders.c src/probe/mailbox_folders.h \
  src/probe/scrub.c src/probe/scrub.h \
  src/probe/sign_in.c src/probe/sign_in.h \
  src/probe/ramp.c src/probe/ramp.h \
  src/probe/knock.c \
  src/probe/knock.h \
  src/probe/offers.c \
  src/probe/offers.h \
  src/probe/port.c \
  src/probe/probes.c \
  src/probe/session.c \
  src/probe/session.h \
  src/probe/tls.c \
  $(END)
