# See HACKING.md for what the fuzz ring is.
# An entry is fuzz_NOUN.c with LLVMFuzzerTestOneInput and a folder corpus/NOUN. With --enable-fuzzing it is a libFuzzer
# program; else replay.c feeds it its corpus, as part of `make check`.
FUZZ_ENTRIES =
FUZZ_CORPUS =
check_PROGRAMS += $(FUZZ_ENTRIES)
if FUZZING
FUZZ_MAIN =
FUZZ_FLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
else
FUZZ_MAIN = tests/fuzz/replay.c
FUZZ_FLAGS = $(AM_LDFLAGS)
TESTS += $(FUZZ_ENTRIES)
endif
EXTRA_DIST += $(FUZZ_CORPUS) tests/fuzz/replay.c

FUZZ_ENTRIES += tests/fuzz/fuzz_recording
tests_fuzz_fuzz_recording_SOURCES = tests/fuzz/fuzz_recording.c $(FUZZ_MAIN)
tests_fuzz_fuzz_recording_LDADD = $(MODEL_LIBS)
tests_fuzz_fuzz_recording_LDFLAGS = $(FUZZ_FLAGS)
FUZZ_CORPUS += tests/fuzz/corpus/recording

FUZZ_ENTRIES += tests/fuzz/fuzz_dns
tests_fuzz_fuzz_dns_SOURCES = tests/fuzz/fuzz_dns.c $(FUZZ_MAIN)
tests_fuzz_fuzz_dns_LDADD = $(PROTO_LIBS)
tests_fuzz_fuzz_dns_LDFLAGS = $(FUZZ_FLAGS)
FUZZ_CORPUS += tests/fuzz/corpus/dns
FUZZ_ENTRIES += tests/fuzz/fuzz_judge
tests_fuzz_fuzz_judge_SOURCES = tests/fuzz/fuzz_judge.c $(FUZZ_MAIN)
tests_fuzz_fuzz_judge_LDADD = $(RULE_LIBS)
tests_fuzz_fuzz_judge_LDFLAGS = $(FUZZ_FLAGS)
FUZZ_CORPUS += tests/fuzz/corpus/judge
FUZZ_ENTRIES += tests/fuzz/fuzz_csv
tests_fuzz_fuzz_csv_SOURCES = tests/fuzz/fuzz_csv.c $(FUZZ_MAIN)
tests_fuzz_fuzz_csv_LDADD = $(PROTO_LIBS)
tests_fuzz_fuzz_csv_LDFLAGS = $(FUZZ_FLAGS)
FUZZ_CORPUS += tests/fuzz/corpus/csv

FUZZ_ENTRIES += tests/fuzz/fuzz_imap
tests_fuzz_fuzz_imap_SOURCES = tests/fuzz/fuzz_imap.c $(FUZZ_MAIN)
tests_fuzz_fuzz_imap_LDADD = $(PROTO_LIBS)
tests_fuzz_fuzz_imap_LDFLAGS = $(FUZZ_FLAGS)
FUZZ_CORPUS += tests/fuzz/corpus/imap
FUZZ_ENTRIES += tests/fuzz/fuzz_mailbox
tests_fuzz_fuzz_mailbox_SOURCES = tests/fuzz/fuzz_mailbox.c $(FUZZ_MAIN)
tests_fuzz_fuzz_mailbox_LDADD = $(PROTO_LIBS)
tests_fuzz_fuzz_mailbox_LDFLAGS = $(FUZZ_FLAGS)
FUZZ_CORPUS += tests/fuzz/corpus/mailbox
FUZZ_ENTRIES += tests/fuzz/fuzz_spf
tests_fuzz_fuzz_spf_SOURCES = tests/fuzz/fuzz_spf.c $(FUZZ_MAIN)
tests_fuzz_fuzz_spf_LDADD = $(PROTO_LIBS)
tests_fuzz_fuzz_spf_LDFLAGS = $(FUZZ_FLAGS)
FUZZ_CORPUS += tests/fuzz/corpus/spf
FUZZ_ENTRIES += tests/fuzz/fuzz_dmarc
tests_fuzz_fuzz_dmarc_SOURCES = tests/fuzz/fuzz_dmarc.c $(FUZZ_MAIN)
tests_fuzz_fuzz_dmarc_LDADD = $(MODEL_LIBS)
tests_fuzz_fuzz_dmarc_LDFLAGS = $(FUZZ_FLAGS)
FUZZ_CORPUS += tests/fuzz/corpus/dmarc
FUZZ_ENTRIES += tests/fuzz/fuzz_mtasts
tests_fuzz_fuzz_mtasts_SOURCES = tests/fuzz/fuzz_mtasts.c $(FUZZ_MAIN)
tests_fuzz_fuzz_mtasts_LDADD = $(MODEL_LIBS)
tests_fuzz_fuzz_mtasts_LDFLAGS = $(FUZZ_FLAGS)
FUZZ_CORPUS += tests/fuzz/corpus/mtasts
FUZZ_ENTRIES += tests/fuzz/fuzz_tlsa
tests_fuzz_fuzz_tlsa_SOURCES = tests/fuzz/fuzz_tlsa.c $(FUZZ_MAIN)
tests_fuzz_fuzz_tlsa_LDADD = $(MODEL_LIBS)
tests_fuzz_fuzz_tlsa_LDFLAGS = $(FUZZ_FLAGS)
FUZZ_CORPUS += tests/fuzz/corpus/tlsa
FUZZ_ENTRIES += tests/fuzz/fuzz_autodiscover
tests_fuzz_fuzz_autodiscover_SOURCES = tests/fuzz/fuzz_autodiscover.c $(FUZZ_MAIN)
tests_fuzz_fuzz_autodiscover_LDADD = $(PROTO_LIBS)
tests_fuzz_fuzz_autodiscover_LDFLAGS = $(FUZZ_FLAGS)
FUZZ_CORPUS += tests/fuzz/corpus/autodiscover

FUZZ_ENTRIES += tests/fuzz/fuzz_message
tests_fuzz_fuzz_message_SOURCES = tests/fuzz/fuzz_message.c $(FUZZ_MAIN)
tests_fuzz_fuzz_message_LDADD = $(PROTO_LIBS)
tests_fuzz_fuzz_message_LDFLAGS = $(FUZZ_FLAGS)
FUZZ_CORPUS += tests/fuzz/corpus/message

FUZZ_ENTRIES += tests/fuzz/fuzz_rules_nft
tests_fuzz_fuzz_rules_nft_SOURCES = tests/fuzz/fuzz_rules_nft.c tests/fuzz/rules.h $(FUZZ_MAIN)
tests_fuzz_fuzz_rules_nft_LDADD = $(PROTO_LIBS)
tests_fuzz_fuzz_rules_nft_LDFLAGS = $(FUZZ_FLAGS)
FUZZ_CORPUS += tests/fuzz/corpus/rules_nft

FUZZ_ENTRIES += tests/fuzz/fuzz_rules_iptables
tests_fuzz_fuzz_rules_iptables_SOURCES = tests/fuzz/fuzz_rules_iptables.c tests/fuzz/rules.h $(FUZZ_MAIN)
tests_fuzz_fuzz_rules_iptables_LDADD = $(PROTO_LIBS)
tests_fuzz_fuzz_rules_iptables_LDFLAGS = $(FUZZ_FLAGS)
FUZZ_CORPUS += tests/fuzz/corpus/rules_iptables

FUZZ_ENTRIES += tests/fuzz/fuzz_rules_list
tests_fuzz_fuzz_rules_list_SOURCES = tests/fuzz/fuzz_rules_list.c tests/fuzz/rules.h $(FUZZ_MAIN)
tests_fuzz_fuzz_rules_list_LDADD = $(PROTO_LIBS)
tests_fuzz_fuzz_rules_list_LDFLAGS = $(FUZZ_FLAGS)
FUZZ_CORPUS += tests/fuzz/corpus/rules_list

FUZZ_ENTRIES += tests/fuzz/fuzz_issuer
tests_fuzz_fuzz_issuer_SOURCES = tests/fuzz/fuzz_issuer.c $(FUZZ_MAIN)
tests_fuzz_fuzz_issuer_LDADD = $(IO_LIBS)
tests_fuzz_fuzz_issuer_LDFLAGS = $(FUZZ_FLAGS)
FUZZ_CORPUS += tests/fuzz/corpus/issuer
