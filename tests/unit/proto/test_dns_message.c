#include "proto/dns_message.h"

#include "../check_main.h"
#include "dns_packet.h"
#include "proto/dns_name.h"

#define SOA "contoso.com. 3600 IN SOA ns1.contoso.com. host.contoso.com. 7 7200 3600 1209600 600"

/* What the bytes of a query say, read back by ldns. */
static const struct {
	const char *name;
	unsigned flags;
	bool rd, cd, is_edns, is_do, is_nsid;
} queries[] = {
    {"authoritative", 0, false, false, true, false, false},
    {"recursive", DNS_RD, true, false, true, false, false},
    {"checking disabled", DNS_RD | DNS_CD, true, true, true, false, false},
    {"DNSSEC wanted", DNS_DO, false, false, true, true, false},
    {"identity", DNS_NSID, false, false, true, false, true},
    {"plain", DNS_RD | DNS_DO | DNS_NSID | DNS_NO_EDNS, true, false, false, false, false},
};

START_TEST(a_query_carries_what_was_asked_for)
{
	static const uint8_t nsid[] = {0, 3, 0, 0};
	uint8_t wire[DNS_QUERY_BYTES];
	ldns_pkt *packet = NULL;
	size_t length = dns_message_query(wire, "Contoso.com", LDNS_RR_TYPE_MX, queries[_i].flags, 0xabcd);
	ck_assert_uint_gt(length, 0);
	ck_assert_int_eq(ldns_wire2pkt(&packet, wire, length), LDNS_STATUS_OK);
	ck_assert_uint_eq(ldns_pkt_id(packet), 0xabcd);
	ck_assert(!ldns_pkt_qr(packet));
	ck_assert_int_eq(ldns_pkt_rd(packet), queries[_i].rd);
	ck_assert_int_eq(ldns_pkt_cd(packet), queries[_i].cd);
	ck_assert_int_eq(ldns_pkt_edns(packet), queries[_i].is_edns);
	ck_assert_int_eq(ldns_pkt_edns_do(packet), queries[_i].is_do);
	ck_assert_uint_eq(ldns_pkt_edns_udp_size(packet), queries[_i].is_edns ? 1232 : 0);
	const ldns_rdf *options = ldns_pkt_edns_data(packet);
	ck_assert_int_eq(options != NULL, queries[_i].is_nsid);
	if (options != NULL)
		ck_assert_mem_eq(ldns_rdf_data(options), nsid, sizeof nsid);
	ldns_pkt_free(packet);
}
END_TEST

START_TEST(what_is_no_name_is_not_asked)
{
	uint8_t wire[DNS_QUERY_BYTES];
	ck_assert_uint_eq(dns_message_query(wire, "", LDNS_RR_TYPE_A, 0, 1), 0);
	ck_assert_uint_eq(dns_message_query(wire, "a..b", LDNS_RR_TYPE_A, 0, 1), 0);
}
END_TEST

START_TEST(a_question_of_class_ch_is_answered_in_it)
{
	uint8_t wire[DNS_QUERY_BYTES];
	ldns_rdf *name = dns_name_parse("id.server");
	size_t length = dns_message_query(wire, "id.server", LDNS_RR_TYPE_TXT, DNS_CHAOS | DNS_NO_EDNS, 1);
	wire[2] |= 0x80; /* an answer */
	struct dns_reading reading = dns_message_read(wire, length, name, LDNS_RR_TYPE_TXT, DNS_CHAOS);
	ck_assert_ptr_nonnull(reading.packet);
	ldns_rr *record = NULL;
	ck_assert_int_eq(ldns_rr_new_frm_str(&record, "id.server. 0 CH TXT \"ns\"", 0, NULL, NULL), LDNS_STATUS_OK);
	ldns_pkt_push_rr(reading.packet, LDNS_SECTION_ANSWER, record);
	ck_assert_int_eq(dns_message_outcome(reading.packet, name, LDNS_RR_TYPE_TXT), OUTCOME_OK);
	ldns_pkt_free(reading.packet);
	reading = dns_message_read(wire, length, name, LDNS_RR_TYPE_TXT, 0);
	ck_assert_ptr_null(reading.packet);
	ck_assert_str_eq(reading.fault, "the answer is to another question");
	ldns_rdf_deep_free(name);
}
END_TEST

static const struct {
	const char *name, *question;
	ldns_pkt_rcode rcode;
	bool is_aa;
	const char *answer, *authority;
	enum outcome outcome;
} outcomes[] = {
    {"answer", "contoso.com. IN MX", 0, true, "contoso.com. 300 IN MX 10 mail.contoso.com.", "", OUTCOME_OK},
    {"other case", "CONTOSO.com. IN MX", 0, true, "contoso.COM. 300 IN MX 10 mail.contoso.com.", "", OUTCOME_OK},
    {"alias alone", "contoso.com. IN MX", 0, true, "contoso.com. 300 IN CNAME elsewhere.example.", "", OUTCOME_OK},
    {"no data", "contoso.com. IN MX", 0, true, "", SOA, OUTCOME_NODATA},
    {"no data, no SOA", "contoso.com. IN MX", 0, false, "", "", OUTCOME_NODATA},
    {"nxdomain", "contoso.com. IN MX", LDNS_RCODE_NXDOMAIN, true, "", SOA, OUTCOME_NXDOMAIN},
    {"refused", "contoso.com. IN MX", LDNS_RCODE_REFUSED, false, "", "", OUTCOME_REFUSED},
    {"servfail", "contoso.com. IN MX", LDNS_RCODE_SERVFAIL, false, "", "", OUTCOME_SERVFAIL},
    {"notauth", "contoso.com. IN MX", LDNS_RCODE_NOTAUTH, false, "", "", OUTCOME_SERVFAIL},
    {"referral to an MX question", "contoso.com. IN MX", 0, false, "", "com. 3600 IN NS a.example.", OUTCOME_PROTOCOL},
    {"referral to an NS question", "contoso.com. IN NS", 0, false, "", "contoso.com. 3600 IN NS a.example.", OUTCOME_OK},
    {"no data beside NS", "contoso.com. IN MX", 0, true, "", "contoso.com. 3600 IN NS a.example.", OUTCOME_NODATA},
    {"other names only", "contoso.com. IN MX", 0, true, "fabrikam.com. 300 IN MX 10 mail.fabrikam.com.", "", OUTCOME_PROTOCOL},
};

START_TEST(an_answer_amounts_to_one_outcome)
{
	ldns_pkt *packet = packet_new(outcomes[_i].question, outcomes[_i].rcode, outcomes[_i].answer, outcomes[_i].authority);
	const ldns_rr *question = ldns_rr_list_rr(ldns_pkt_question(packet), 0);
	ldns_pkt_set_aa(packet, outcomes[_i].is_aa);
	enum outcome outcome = dns_message_outcome(packet, ldns_rr_owner(question), ldns_rr_get_type(question));
	ck_assert_msg(outcome == outcomes[_i].outcome, "%s: %s", outcomes[_i].name, outcome_name(outcome));
	ldns_pkt_free(packet);
}
END_TEST

START_TEST(extended_error_codes_are_not_noerror)
{
	ldns_pkt *packet = packet_new("contoso.com. IN MX", 0, "", "");
	ldns_pkt_set_edns_extended_rcode(packet, 1);
	ck_assert_uint_eq(dns_message_rcode(packet), 16);
	ldns_rdf *name = dns_name_parse("contoso.com");
	ck_assert_int_eq(dns_message_outcome(packet, name, LDNS_RR_TYPE_MX), OUTCOME_SERVFAIL);
	ldns_rdf_deep_free(name);
	ldns_pkt_free(packet);
}
END_TEST

/* One byte of a good answer changed, or its length. */
static const struct {
	const char *name;
	int at;
	uint8_t value;
	int more; /* bytes added, or cut when negative */
	const char *fault;
	size_t extra;
} spoilt[] = {
    {"good", -1, 0, 0, NULL, 0},
    {"a query", 2, 0x00, 0, "our own query came back", 0},
    {"an update", 2, 0xa8, 0, "the answer has another opcode", 0},
    {"no question, no error", 5, 0, 0, "the answer is malformed", 0},
    {"another name", 13, 'x', 0, "the answer is to another question", 0},
    {"another type", 26, 1, 0, "the answer is to another question", 0},
    {"another class", 28, 3, 0, "the answer is to another question", 0},
    {"records promised that are not there", 7, 9, 0, "the answer is malformed", 0},
    {"cut", -1, 0, -3, "the answer is malformed", 0},
    {"shorter than a header", -1, 0, -44, "the answer is malformed", 0},
    {"bytes behind", -1, 0, 5, NULL, 5},
};

START_TEST(only_an_answer_to_our_question_is_read)
{
	ldns_pkt *packet = packet_new("contoso.com. IN MX", 0, "contoso.com. 300 IN MX 10 m.contoso.com.", "");
	ldns_rdf *name = dns_name_parse("contoso.com");
	uint8_t *wire = NULL, bytes[256] = {0};
	size_t length = 0;
	ck_assert_int_eq(ldns_pkt2wire(&wire, packet, &length), LDNS_STATUS_OK);
	memcpy(bytes, wire, length);
	if (spoilt[_i].at >= 0)
		bytes[spoilt[_i].at] = spoilt[_i].value;
	length = (size_t)((int)length + spoilt[_i].more);
	struct dns_reading reading = dns_message_read(bytes, length, name, LDNS_RR_TYPE_MX, 0);
	ck_assert_msg((reading.packet == NULL) == (spoilt[_i].fault != NULL), "%s: %s", spoilt[_i].name, reading.fault);
	if (spoilt[_i].fault != NULL)
		ck_assert_str_eq(reading.fault, spoilt[_i].fault);
	ck_assert_uint_eq(reading.extra_bytes, spoilt[_i].extra);
	ldns_pkt_free(reading.packet);
	ldns_rdf_deep_free(name);
	free(wire);
	ldns_pkt_free(packet);
}
END_TEST

START_TEST(a_bare_header_answers_only_with_an_error)
{
	static const uint8_t formerr[12] = {0, 1, 0x80, 1}, noerror[12] = {0, 1, 0x80, 0};
	ldns_rdf *name = dns_name_parse("contoso.com");
	struct dns_reading reading = dns_message_read(formerr, 12, name, LDNS_RR_TYPE_MX, 0);
	ck_assert_ptr_nonnull(reading.packet);
	ck_assert_uint_eq(dns_message_rcode(reading.packet), LDNS_RCODE_FORMERR);
	ldns_pkt_free(reading.packet);
	reading = dns_message_read(noerror, 12, name, LDNS_RR_TYPE_MX, 0);
	ck_assert_ptr_null(reading.packet);
	ck_assert_str_eq(reading.fault, "the answer repeats no question");
	ldns_rdf_deep_free(name);
}
END_TEST

static const struct {
	const char *name, *answer, *last;
	size_t count;
	bool is_loop;
} chains[] = {
    {"none", "a.example. 300 IN A 192.0.2.1", "a.example", 1, false},
    {"two, in the wrong order", "b.example. 300 IN CNAME c.example.\na.example. 300 IN CNAME b.example.", "c.example", 3, false},
    {"to itself", "a.example. 300 IN CNAME a.example.", "a.example", 1, true},
    {"a circle", "a.example. 300 IN CNAME b.example.\nb.example. 300 IN CNAME A.example.", "b.example", 2, true},
    {"eight",
     "a.example. IN CNAME b.example.\nb.example. IN CNAME c.example.\nc.example. IN CNAME d.example.\nd.example. IN CNAME e.example.\n"
     "e.example. IN CNAME f.example.\nf.example. IN CNAME g.example.\ng.example. IN CNAME h.example.\nh.example. IN CNAME i.example.",
     "i.example", 9, false},
    {"nine",
     "a.example. IN CNAME b.example.\nb.example. IN CNAME c.example.\nc.example. IN CNAME d.example.\nd.example. IN CNAME e.example.\n"
     "e.example. IN CNAME f.example.\nf.example. IN CNAME g.example.\ng.example. IN CNAME h.example.\nh.example. IN CNAME i.example.\n"
     "i.example. IN CNAME j.example.",
     "i.example", 9, true},
};

START_TEST(aliases_are_followed_in_the_answer)
{
	char text[DNS_NAME_TEXT];
	struct dns_chain chain;
	ldns_pkt *packet = packet_new("a.example. IN A", 0, chains[_i].answer, "");
	dns_chain_follow(&chain, packet, ldns_rr_owner(ldns_rr_list_rr(ldns_pkt_question(packet), 0)));
	ck_assert_msg(chain.count == chains[_i].count, "%s: %zu names", chains[_i].name, chain.count);
	ck_assert_int_eq(chain.is_loop, chains[_i].is_loop);
	ck_assert_str_eq(dns_name_text(chain.names[chain.count - 1], text), chains[_i].last);
	ldns_pkt_free(packet);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("dns_message");
	tcase_add_loop_test(tcase, a_query_carries_what_was_asked_for, 0, sizeof queries / sizeof queries[0]);
	tcase_add_test(tcase, what_is_no_name_is_not_asked);
	tcase_add_test(tcase, a_question_of_class_ch_is_answered_in_it);
	tcase_add_loop_test(tcase, an_answer_amounts_to_one_outcome, 0, sizeof outcomes / sizeof outcomes[0]);
	tcase_add_test(tcase, extended_error_codes_are_not_noerror);
	tcase_add_loop_test(tcase, only_an_answer_to_our_question_is_read, 0, sizeof spoilt / sizeof spoilt[0]);
	tcase_add_test(tcase, a_bare_header_answers_only_with_an_error);
	tcase_add_loop_test(tcase, aliases_are_followed_in_the_answer, 0, sizeof chains / sizeof chains[0]);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("proto/dns_message", fill)
