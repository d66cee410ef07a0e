# See HACKING.md for what the peer ring is.

# The scripted DNS server, and what is tried against it.
dns_peer_sources = tests/peer/dns_peer.c tests/peer/dns_peer.h tests/peer/dns_zone.c tests/peer/dns_zone.h \
  tests/peer/patience.h
dns_peer_tests =

dns_peer_tests += tests/peer/test_dns_client
tests_peer_test_dns_client_SOURCES = tests/peer/test_dns_client.c $(dns_peer_sources) tests/unit/check_main.h
tests_peer_test_dns_client_LDADD = $(IO_LIBS) $(CHECK_LIBS)

dns_peer_tests += tests/peer/test_dns_route
tests_peer_test_dns_route_SOURCES = tests/peer/test_dns_route.c tests/unit/check_main.h
tests_peer_test_dns_route_LDADD = $(IO_LIBS) $(CHECK_LIBS)

dns_peer_tests += tests/peer/test_lookup
tests_peer_test_lookup_SOURCES = tests/peer/test_lookup.c $(dns_peer_sources) tests/unit/check_main.h
tests_peer_test_lookup_LDADD = $(IO_LIBS) $(CHECK_LIBS)

dns_peer_tests += tests/peer/test_cache
tests_peer_test_cache_SOURCES = tests/peer/test_cache.c $(dns_peer_sources) tests/unit/check_main.h
tests_peer_test_cache_LDADD = $(PROBE_LIBS) $(CHECK_LIBS)

dns_peer_tests += tests/peer/test_zone
tests_peer_test_zone_SOURCES = tests/peer/test_zone.c $(dns_peer_sources) tests/unit/check_main.h
tests_peer_test_zone_LDADD = $(PROBE_LIBS) $(CHECK_LIBS)

check_PROGRAMS += $(dns_peer_tests)
TESTS += $(dns_peer_tests)
# The scripted TCP server, certificates for it, one probe run against it without the engine.
bench_sources = tests/peer/bench.c tests/peer/bench.h tests/peer/peer.c tests/peer/peer.h tests/peer/pki.c tests/peer/pki.h
verdict_sources = tests/peer/verdict.c tests/peer/verdict.h tests/peer/patience.h
# The first one waits for silence most of its time, so it begins first.
bench_tests = \
  tests/peer/test_starttls \
  tests/peer/test_dane \
  tests/peer/test_imap \
  tests/peer/test_issuer \
  tests/peer/test_limit \
  tests/peer/test_login \
  tests/peer/test_mailbox \
  tests/peer/test_offers \
  tests/peer/test_port \
  tests/peer/test_tls \
  tests/peer/test_verdicts \
  tests/peer/test_web \
  $(END)
check_PROGRAMS += $(bench_tests)
TESTS += $(bench_tests)
tests_peer_test_dane_SOURCES = tests/peer/test_dane.c $(bench_sources) tests/unit/check_main.h
tests_peer_test_dane_LDADD = $(PROBE_LIBS) $(CHECK_LIBS)
tests_peer_test_imap_SOURCES = tests/peer/test_imap.c $(bench_sources) tests/unit/check_main.h
tests_peer_test_imap_LDADD = $(PROBE_LIBS) $(CHECK_LIBS)
tests_peer_test_port_SOURCES = tests/peer/test_port.c $(bench_sources) tests/unit/check_main.h
tests_peer_test_port_LDADD = $(PROBE_LIBS) $(CHECK_LIBS)
tests_peer_test_issuer_SOURCES = tests/peer/test_issuer.c tests/peer/authority.c tests/peer/authority.h $(verdict_sources) $(bench_sources) tests/unit/check_main.h
tests_peer_test_issuer_LDADD = librule.a $(PROBE_LIBS) $(CHECK_LIBS)
tests_peer_test_starttls_SOURCES = tests/peer/test_starttls.c $(verdict_sources) $(bench_sources) tests/unit/check_main.h
tests_peer_test_starttls_LDADD = librule.a $(PROBE_LIBS) $(CHECK_LIBS)
tests_peer_test_verdicts_SOURCES = tests/peer/test_verdicts.c $(verdict_sources) $(bench_sources) tests/unit/check_main.h
tests_peer_test_verdicts_LDADD = librule.a $(PROBE_LIBS) $(CHECK_LIBS)
tests_peer_test_offers_SOURCES = tests/peer/test_offers.c $(verdict_sources) $(bench_sources) tests/unit/check_main.h
tests_peer_test_offers_LDADD = librule.a $(PROBE_LIBS) $(CHECK_LIBS)
tests_peer_test_web_SOURCES = tests/peer/test_web.c $(bench_sources) tests/unit/check_main.h
tests_peer_test_web_LDADD = $(PROBE_LIBS) $(CHECK_LIBS)
tests_peer_test_tls_SOURCES = tests/peer/test_tls.c $(bench_sources) tests/unit/check_main.h
tests_peer_test_tls_LDADD = $(PROBE_LIBS) $(CHECK_LIBS)

# What firewalls do to a connect, in a network namespace of its own.
check_PROGRAMS += tests/peer/test_firewall
TESTS += tests/peer/firewall.test
EXTRA_DIST += tests/peer/firewall.test
tests_peer_test_firewall_SOURCES = tests/peer/test_firewall.c $(bench_sources) tests/unit/check_main.h
tests_peer_test_firewall_LDADD = $(PROBE_LIBS) $(CHECK_LIBS)
tests_peer_test_limit_SOURCES = tests/peer/test_limit.c $(bench_sources) tests/unit/check_main.h
tests_peer_test_limit_LDADD = $(PROBE_LIBS) $(CHECK_LIBS)
tests_peer_test_login_SOURCES = tests/peer/test_login.c tests/peer/house.c tests/peer/house.h tests/peer/memory.c tests/peer/memory.h \
  $(bench_sources) tests/unit/check_main.h
tests_peer_test_login_LDADD = $(PROBE_LIBS) $(CHECK_LIBS)
tests_peer_test_mailbox_SOURCES = tests/peer/test_mailbox.c tests/peer/house.c tests/peer/house.h $(bench_sources) tests/unit/check_main.h
tests_peer_test_mailbox_LDADD = $(PROBE_LIBS) $(CHECK_LIBS)
