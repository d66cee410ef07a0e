# Unit tests of src/proto: may link $(PROTO_LIBS) only. One stanza a test.
proto_tests =

proto_tests += tests/unit/proto/test_csv_field
tests_unit_proto_test_csv_field_SOURCES = tests/unit/proto/test_csv_field.c tests/unit/check_main.h
tests_unit_proto_test_csv_field_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

proto_tests += tests/unit/proto/test_csv_header
tests_unit_proto_test_csv_header_SOURCES = tests/unit/proto/test_csv_header.c tests/unit/check_main.h
tests_unit_proto_test_csv_header_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

proto_tests += tests/unit/proto/test_csv_reader
tests_unit_proto_test_csv_reader_SOURCES = tests/unit/proto/test_csv_reader.c tests/unit/check_main.h
tests_unit_proto_test_csv_reader_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

proto_tests += tests/unit/proto/test_csv_repair
tests_unit_proto_test_csv_repair_SOURCES = tests/unit/proto/test_csv_repair.c tests/unit/check_main.h
tests_unit_proto_test_csv_repair_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

proto_tests += tests/unit/proto/test_csv_scan
tests_unit_proto_test_csv_scan_SOURCES = tests/unit/proto/test_csv_scan.c tests/unit/check_main.h
tests_unit_proto_test_csv_scan_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

proto_tests += tests/unit/proto/test_dns_facts
tests_unit_proto_test_dns_facts_SOURCES = tests/unit/proto/test_dns_facts.c tests/unit/proto/dns_packet.h tests/unit/check_main.h
tests_unit_proto_test_dns_facts_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

proto_tests += tests/unit/proto/test_dns_message
tests_unit_proto_test_dns_message_SOURCES = tests/unit/proto/test_dns_message.c tests/unit/proto/dns_packet.h tests/unit/check_main.h
tests_unit_proto_test_dns_message_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

proto_tests += tests/unit/proto/test_dns_name
tests_unit_proto_test_dns_name_SOURCES = tests/unit/proto/test_dns_name.c tests/unit/check_main.h
tests_unit_proto_test_dns_name_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

proto_tests += tests/unit/proto/test_imap_mailbox
tests_unit_proto_test_imap_mailbox_SOURCES = tests/unit/proto/test_imap_mailbox.c tests/unit/check_main.h
tests_unit_proto_test_imap_mailbox_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

proto_tests += tests/unit/proto/test_login_answer
tests_unit_proto_test_login_answer_SOURCES = tests/unit/proto/test_login_answer.c tests/unit/check_main.h
tests_unit_proto_test_login_answer_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

proto_tests += tests/unit/proto/test_autodiscover
tests_unit_proto_test_autodiscover_SOURCES = tests/unit/proto/test_autodiscover.c tests/unit/check_main.h
tests_unit_proto_test_autodiscover_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

proto_tests += tests/unit/proto/test_dnssec
tests_unit_proto_test_dnssec_SOURCES = tests/unit/proto/test_dnssec.c tests/unit/check_main.h
tests_unit_proto_test_dnssec_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

proto_tests += tests/unit/proto/test_dnssec_denial
tests_unit_proto_test_dnssec_denial_SOURCES = tests/unit/proto/test_dnssec_denial.c tests/unit/check_main.h
tests_unit_proto_test_dnssec_denial_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)
proto_tests += tests/unit/proto/test_login_file
tests_unit_proto_test_login_file_SOURCES = tests/unit/proto/test_login_file.c tests/unit/check_main.h
tests_unit_proto_test_login_file_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

proto_tests += tests/unit/proto/test_ms_message
tests_unit_proto_test_ms_message_SOURCES = tests/unit/proto/test_ms_message.c tests/unit/check_main.h
tests_unit_proto_test_ms_message_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

proto_tests += tests/unit/proto/test_ruleset_judge
tests_unit_proto_test_ruleset_judge_SOURCES = tests/unit/proto/test_ruleset_judge.c tests/unit/check_main.h
tests_unit_proto_test_ruleset_judge_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

proto_tests += tests/unit/proto/test_spf
tests_unit_proto_test_spf_SOURCES = tests/unit/proto/test_spf.c tests/unit/check_main.h
tests_unit_proto_test_spf_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

proto_tests += tests/unit/proto/test_spf_limits
tests_unit_proto_test_spf_limits_SOURCES = tests/unit/proto/test_spf_limits.c tests/unit/check_main.h
tests_unit_proto_test_spf_limits_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

proto_tests += tests/unit/proto/test_dialogue
tests_unit_proto_test_dialogue_SOURCES = tests/unit/proto/test_dialogue.c tests/unit/check_main.h
tests_unit_proto_test_dialogue_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

proto_tests += tests/unit/proto/test_imap_product
tests_unit_proto_test_imap_product_SOURCES = tests/unit/proto/test_imap_product.c tests/unit/check_main.h
tests_unit_proto_test_imap_product_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)
proto_tests += tests/unit/proto/test_imap_reply
tests_unit_proto_test_imap_reply_SOURCES = tests/unit/proto/test_imap_reply.c tests/unit/check_main.h
tests_unit_proto_test_imap_reply_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

proto_tests += tests/unit/proto/test_line_reader
tests_unit_proto_test_line_reader_SOURCES = tests/unit/proto/test_line_reader.c tests/unit/check_main.h
tests_unit_proto_test_line_reader_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

# The published suite of RFC 7208, which a script feeds to a program that is no test by itself.
check_PROGRAMS += tests/unit/proto/spf_check
tests_unit_proto_spf_check_SOURCES = tests/unit/proto/spf_check.c
tests_unit_proto_spf_check_LDADD = $(PROTO_LIBS)
TESTS += tests/unit/proto/spf_published.test
EXTRA_DIST += tests/unit/proto/spf_published.test tests/unit/proto/spf_published.py

check_PROGRAMS += $(proto_tests)
TESTS += $(proto_tests)
