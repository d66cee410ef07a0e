# Protocol cores without sockets: bytes in, bytes and a verdict out.
noinst_LIBRARIES += libproto.a
libproto_a_SOURCES = \
  src/proto/autodiscover.c \
  src/proto/autodiscover.h \
  src/proto/csv_faults.c \
  src/proto/csv_faults.h \
  src/proto/csv_field.c \
  src/proto/csv_field.h \
  src/proto/csv_header.c \
  src/proto/csv_header.h \
  src/proto/csv_reader.c \
  src/proto/csv_reader.h \
  src/proto/csv_repair.c \
  src/proto/csv_repair.h \
  src/proto/csv_scan.c \
  src/proto/csv_scan.h \
  src/proto/csv_seen.c \
  src/proto/csv_seen.h \
  src/proto/csv_text.c \
  src/proto/csv_text.h \
  src/proto/dns_facts.c \
  src/proto/dns_facts.h \
  src/proto/dns_message.c \
  src/proto/dns_mx.c \
  src/proto/dns_mx.h \
  src/proto/dns_message.h \
  src/proto/dns_name.c \
  src/proto/dns_name.h \
  src/proto/dnssec.c \
  src/proto/dnssec.h \
  src/proto/dnssec_denial.c \
  src/proto/dnssec_denial.h \
  src/proto/dnssec_set.c \
  src/proto/dnssec_set.h \
  src/proto/firewall_scan.c \
  src/proto/firewall_scan.h \
  src/proto/rule_match.c \
  src/proto/rule_match.h \
  src/proto/rule_selector.c \
  src/proto/rule_selector.h \
  src/proto/rules_ipset.c \
  src/proto/rules_iptables.c \
  src/proto/rules_iptables.h \
  src/proto/rules_iptables_match.c \
  src/proto/rules_iptables_parts.h \
  src/proto/rules_iptables_target.c \
  src/proto/rules_list.c \
  src/proto/rules_list.h \
  src/proto/rules_nft.c \
  src/proto/rules_nft.h \
  src/proto/rules_nft_json.c \
  src/proto/rules_nft_match.c \
  src/proto/rules_nft_parts.h \
  src/proto/rules_nft_rule.c \
  src/proto/rules_nft_values.c \
  src/proto/rules_read.c \
  src/proto/rules_read.h \
  src/proto/rules_token.c \
  src/proto/rules_token.h \
  src/proto/ruleset.c \
  src/proto/ruleset.h \
  src/proto/ruleset_judge.c \
  src/proto/ruleset_judge.h \
  $(END)
libproto_a_SOURCES += \
  src/proto/ms_message.c \
  src/proto/ms_message.h \
  src/proto/ms_pattern.c \
  src/proto/ms_pattern.h \
  src/proto/ms_text.c \
  src/proto/ms_text.h \
  src/proto/spf.c \
  src/proto/spf.h \
  src/proto/spf_run.c \
  src/proto/spf_run.h \
  $(END)
libproto_a_SOURCES += \
  src/proto/dialogue.c \
  src/proto/dialogue.h \
  src/proto/imap_command.c src/proto/imap_command.h \
  src/proto/imap_mailbox.c src/proto/imap_mailbox.h \
  src/proto/login_answer.c src/proto/login_answer.h \
  src/proto/login_file.c src/proto/login_file.h \
  src/proto/mutf7.c src/proto/mutf7.h \
  src/proto/imap_dialogue.c \
  src/proto/imap_dialogue.h \
  src/proto/imap_observe.c \
  src/proto/imap_product.c \
  src/proto/imap_product.h \
  src/proto/imap_reply.c \
  src/proto/imap_reply.h \
  src/proto/line_reader.c \
  src/proto/line_reader.h \
  src/proto/protocol_guess.c \
  src/proto/protocol_guess.h \
  src/proto/starttls.c \
  src/proto/starttls.h \
  src/proto/tls_suite.c \
  src/proto/tls_suite.h \
  $(END)
