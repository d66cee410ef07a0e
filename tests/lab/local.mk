# The lab ring: real servers in a network namespace without a route out, and hostile peers; see HACKING.md.
TESTS += \
  tests/lab/diagnose.test \
  tests/lab/dns.test \
  tests/lab/dnssec.test \
  tests/lab/hosts.test \
  tests/lab/imap.test \
  tests/lab/login.test \
  tests/lab/migration.test \
  tests/lab/tls.test \
  tests/lab/web.test \
  tests/lab/world.test \
  $(END)
EXTRA_DIST += \
  tests/lab/diagnose.test \
  tests/lab/dns.test \
  tests/lab/dnssec.test \
  tests/lab/hosts.test \
  tests/lab/imap.test \
  tests/lab/login.test \
  tests/lab/migration.test \
  tests/lab/tls.test \
  tests/lab/web.test \
  tests/lab/world.test \
  tests/lab/run.py \
  tests/lab/suite_diagnose.py \
  tests/lab/suite_dns.py \
  tests/lab/suite_dnssec.py \
  tests/lab/suite_hosts.py \
  tests/lab/suite_imap.py \
  tests/lab/suite_login.py \
  tests/lab/suite_migration.py \
  tests/lab/suite_tls.py \
  tests/lab/suite_web.py \
  tests/lab/suite_world.py \
  tests/lab/lab/__init__.py \
  tests/lab/lab/cases.py \
  tests/lab/lab/certs.py \
  tests/lab/lab/daemon.py \
  tests/lab/lab/dnspeers.py \
  tests/lab/lab/dnswire.py \
  tests/lab/lab/dovecot.py \
  tests/lab/lab/firewall.py \
  tests/lab/lab/migrations.py \
  tests/lab/lab/missing.py \
  tests/lab/lab/namespace.py \
  tests/lab/lab/nsd.py \
  tests/lab/lab/peers.py \
  tests/lab/lab/program.py \
  tests/lab/lab/stapler.py \
  tests/lab/lab/signer.py \
  tests/lab/lab/tap.py \
  tests/lab/lab/unbound.py \
  tests/lab/lab/web.py \
  tests/lab/lab/world.py \
  tests/lab/lab/zones.py \
  $(END)
