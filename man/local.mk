# cutover.1, one page a command, cutover-findings.7 from the catalogue and the pages of doc/findings.
dist_man_MANS += \
  man/cutover-after.1 \
  man/cutover-autodiscover.1 \
  man/cutover-before.1 \
  man/cutover-csv.1 \
  man/cutover-demo.1 \
  man/cutover-diagnose.1 \
  man/cutover-dns.1 \
  man/cutover-explain.1 \
  man/cutover-firewall.1 \
  man/cutover-login.1 \
  man/cutover-imap.1 \
  man/cutover-judge.1 \
  man/cutover-port.1 \
  man/cutover-records.1 \
  man/cutover-propagation.1 \
  man/cutover-tls.1 \
  man/cutover-ttl.1 \
  man/cutover-watch.1 \
  man/cutover.1 \
  $(END)

man_MANS = man/cutover-findings.7
CLEANFILES += man/cutover-findings.7
EXTRA_DIST += scripts/findings-man.awk
man/cutover-findings.7: include/cutover/catalogue.def scripts/findings-man.awk $(FINDING_PAGES)
	$(AM_V_GEN)$(MKDIR_P) man && $(AWK) -v pages=$(srcdir)/doc/findings -f $(srcdir)/scripts/findings-man.awk \
	  $(srcdir)/include/cutover/catalogue.def > $@.tmp && mv $@.tmp $@
