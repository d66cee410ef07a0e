#include "proto/dns_facts.h"

#include "../check_main.h"
#include "dns_packet.h"

static struct observation *o;
static struct buf detail;

static void setup(void)
{
	o = observation_new("dns", "contoso.com", "192.0.2.1", 0);
	buf_init(&detail, 1000);
}

static void teardown(void)
{
	observation_free(o);
	buf_clear(&detail);
}

static void state(ldns_pkt *packet)
{
	dns_facts_add(o, packet, ldns_rr_owner(ldns_rr_list_rr(ldns_pkt_question(packet), 0)), &detail);
	ldns_pkt_free(packet);
}

static int64_t number(enum fact_key key, uint32_t row)
{
	return observation_int_or(o, key, row, -1);
}

START_TEST(mx_records_become_rows_in_order)
{
	state(packet_new("contoso.com. IN MX", 0, "contoso.com. 300 IN MX 10 Mail.Contoso.com.\ncontoso.com. 86400 IN MX 65535 .", ""));
	ck_assert_uint_eq(observation_rows(o, FACT_DNS_MX_HOST), 2);
	ck_assert_str_eq(observation_text(o, FACT_DNS_MX_OWNER, 0), "contoso.com");
	ck_assert_str_eq(observation_text(o, FACT_DNS_MX_HOST, 0), "mail.contoso.com");
	ck_assert_int_eq(number(FACT_DNS_MX_PREFERENCE, 0), 10);
	ck_assert_int_eq(number(FACT_DNS_MX_TTL, 0), 300);
	ck_assert_str_eq(observation_text(o, FACT_DNS_MX_HOST, 1), ".");
	ck_assert_int_eq(number(FACT_DNS_MX_PREFERENCE, 1), 65535);
	ck_assert_int_eq(number(FACT_DNS_MX_TTL, 1), 86400);
	ck_assert_str_eq(observation_text(o, FACT_DNS_RCODE, 0), "NOERROR");
	ck_assert_uint_eq(detail.length, 0);
}
END_TEST

START_TEST(txt_strings_are_joined_and_escaped)
{
	state(packet_new("contoso.com. IN TXT", 0, "contoso.com. 60 IN TXT \"v=spf1 include:spf.\" \"protection.outlook.com -all\"\n"
	                                           "contoso.com. 60 IN TXT \"\\027[31m\\\\\"", ""));
	ck_assert_str_eq(observation_text(o, FACT_DNS_TXT, 0), "v=spf1 include:spf.protection.outlook.com -all");
	ck_assert_int_eq(number(FACT_DNS_TXT_STRINGS, 0), 2);
	ck_assert_str_eq(observation_text(o, FACT_DNS_TXT, 1), "\\027[31m\\\\");
	ck_assert_int_eq(number(FACT_DNS_TXT_STRINGS, 1), 1);
}
END_TEST

/* RFC 6698 2.1.3: of matching type 0 the digest is made here; the others are digests. */
START_TEST(what_a_tlsa_record_holds_whole_has_a_digest)
{
	state(packet_new("_25._tcp.mail.contoso.com. IN TLSA", 0, "_25._tcp.mail.contoso.com. 60 IN TLSA 3 1 0 616263\n"
	                                                          "_25._tcp.mail.contoso.com. 60 IN TLSA 3 1 1 616263", ""));
	ck_assert_str_eq(observation_text(o, FACT_DNS_OTHER_SHA256, 0), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	ck_assert_ptr_null(observation_text(o, FACT_DNS_OTHER_SHA256, 1));
	ck_assert_uint_eq(observation_rows(o, FACT_DNS_OTHER_DATA), 2);
}
END_TEST

START_TEST(addresses_behind_an_alias_are_kept_with_the_alias)
{
	state(packet_new("autodiscover.contoso.com. IN A", 0,
	                 "autodiscover.contoso.com. 300 IN CNAME www.contoso.com.\nwww.contoso.com. 60 IN A 192.0.2.7", ""));
	ck_assert_str_eq(observation_text(o, FACT_DNS_CNAME, 0), "www.contoso.com");
	ck_assert_int_eq(number(FACT_DNS_CNAME_TTL, 0), 300);
	ck_assert_str_eq(observation_text(o, FACT_DNS_ADDRESS, 0), "192.0.2.7");
	ck_assert_str_eq(observation_text(o, FACT_DNS_ADDRESS_OWNER, 0), "www.contoso.com");
	ck_assert_int_eq(number(FACT_DNS_ADDRESS_TTL, 0), 60);
	ck_assert_str_eq(observation_text(o, FACT_DNS_CNAME_TARGET, 0), "www.contoso.com");
}
END_TEST

START_TEST(every_type_has_its_table)
{
	state(packet_new("x.contoso.com. IN ANY", 0,
	                 "x.contoso.com. 1 IN AAAA 2001:DB8::1\nx.contoso.com. 2 IN NS NS1.contoso.com.\n"
	                 "x.contoso.com. 3 IN SRV 1 2 443 auto.contoso.com.\nx.contoso.com. 4 IN CAA 0 issue \"ca.example\"\n"
	                 "x.contoso.com. 5 IN TYPE65280 \\# 2 abcd", ""));
	ck_assert_str_eq(observation_text(o, FACT_DNS_ADDRESS, 0), "2001:db8::1");
	ck_assert_str_eq(observation_text(o, FACT_DNS_NS_HOST, 0), "ns1.contoso.com");
	ck_assert_str_eq(observation_text(o, FACT_DNS_NS_SECTION, 0), "answer");
	ck_assert_int_eq(number(FACT_DNS_SRV_PRIORITY, 0), 1);
	ck_assert_int_eq(number(FACT_DNS_SRV_WEIGHT, 0), 2);
	ck_assert_int_eq(number(FACT_DNS_SRV_PORT, 0), 443);
	ck_assert_str_eq(observation_text(o, FACT_DNS_SRV_TARGET, 0), "auto.contoso.com");
	ck_assert_str_eq(observation_text(o, FACT_DNS_OTHER_TYPE, 0), "CAA");
	ck_assert_str_eq(observation_text(o, FACT_DNS_OTHER_DATA, 0), "0 issue \"ca.example\"");
	ck_assert_str_eq(observation_text(o, FACT_DNS_OTHER_TYPE, 1), "TYPE65280");
	ck_assert_int_eq(number(FACT_DNS_OTHER_TTL, 1), 5);
}
END_TEST

START_TEST(a_negative_answer_tells_how_long_it_is_kept)
{
	state(packet_new("x.contoso.com. IN A", LDNS_RCODE_NXDOMAIN, "",
	                 "contoso.com. 3600 IN SOA ns1.contoso.com. host.contoso.com. 4294967295 7200 3600 1209600 600"));
	ck_assert_str_eq(observation_text(o, FACT_DNS_RCODE, 0), "NXDOMAIN");
	ck_assert_str_eq(observation_text(o, FACT_DNS_SOA_OWNER, 0), "contoso.com");
	ck_assert_str_eq(observation_text(o, FACT_DNS_SOA_PRIMARY, 0), "ns1.contoso.com");
	ck_assert_int_eq(number(FACT_DNS_SOA_SERIAL, 0), 4294967295);
	ck_assert_int_eq(number(FACT_DNS_SOA_TTL, 0), 3600);
	ck_assert_int_eq(number(FACT_DNS_SOA_REFRESH, 0), 7200);
	ck_assert_int_eq(number(FACT_DNS_SOA_MINIMUM, 0), 600);
	ck_assert_int_eq(number(FACT_DNS_NEGATIVE_TTL_S, 0), 600);
}
END_TEST

START_TEST(records_of_other_names_are_left_out)
{
	state(packet_new("contoso.com. IN MX", 0, "contoso.com. 300 IN MX 10 mail.contoso.com.\nfabrikam.com. 300 IN MX 10 evil.example.",
	                 "fabrikam.com. 300 IN NS evil.example.\ncom. 60 IN NS a.gtld.example."));
	ck_assert_uint_eq(observation_rows(o, FACT_DNS_MX_HOST), 1);
	ck_assert_str_eq(observation_text(o, FACT_DNS_MX_HOST, 0), "mail.contoso.com");
	ck_assert_uint_eq(observation_rows(o, FACT_DNS_NS_HOST), 1);
	ck_assert_str_eq(observation_text(o, FACT_DNS_NS_OWNER, 0), "com");
	ck_assert_str_eq(observation_text(o, FACT_DNS_NS_SECTION, 0), "authority");
	ck_assert_str_eq(detail.bytes, "records of other names left out: 1");
}
END_TEST

START_TEST(a_ttl_with_the_top_bit_is_zero)
{
	state(packet_new("contoso.com. IN A", 0, "contoso.com. 2147483647 IN A 192.0.2.1\ncontoso.com. 2147483648 IN A 192.0.2.2", ""));
	ck_assert_int_eq(number(FACT_DNS_ADDRESS_TTL, 0), 2147483647);
	ck_assert_int_eq(number(FACT_DNS_ADDRESS_TTL, 1), 0);
	ck_assert_str_eq(detail.bytes, "TTLs above 2147483647 taken as 0 (RFC 2181 8): 1");
}
END_TEST

START_TEST(records_above_the_limit_are_counted)
{
	ldns_pkt *packet = packet_new("contoso.com. IN A", 0, "", "");
	char line[64];
	for (int i = 0; i < DNS_RECORDS + 3; i++) {
		snprintf(line, sizeof line, "contoso.com. 60 IN A 10.0.%d.%d", i / 256, i % 256);
		push_lines(packet, LDNS_SECTION_ANSWER, line);
	}
	state(packet);
	ck_assert_uint_eq(observation_rows(o, FACT_DNS_ADDRESS), DNS_RECORDS);
	ck_assert_str_eq(detail.bytes, "records above the limit left out: 3");
}
END_TEST

START_TEST(endless_aliases_are_said)
{
	state(packet_new("a.example. IN A", 0, "a.example. 60 IN CNAME b.example.\nb.example. 60 IN CNAME a.example.", ""));
	ck_assert_uint_eq(observation_rows(o, FACT_DNS_CNAME), 2);
	ck_assert_str_eq(detail.bytes, "the aliases never end");
}
END_TEST

START_TEST(the_server_names_itself)
{
	static const uint8_t options[] = {0, 10, 0, 2, 1, 2, 0, 3, 0, 4, 'n', 's', 0, '1'};
	ldns_pkt *packet = packet_new("contoso.com. IN SOA", 0, "", "");
	ldns_pkt_set_edns_udp_size(packet, 1232);
	ldns_pkt_set_edns_data(packet, ldns_rdf_new_frm_data(LDNS_RDF_TYPE_UNKNOWN, sizeof options, options));
	state(packet);
	ck_assert_str_eq(observation_text(o, FACT_DNS_NSID, 0), "ns\\0001");
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("dns_facts");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, mx_records_become_rows_in_order);
	tcase_add_test(tcase, txt_strings_are_joined_and_escaped);
	tcase_add_test(tcase, what_a_tlsa_record_holds_whole_has_a_digest);
	tcase_add_test(tcase, addresses_behind_an_alias_are_kept_with_the_alias);
	tcase_add_test(tcase, every_type_has_its_table);
	tcase_add_test(tcase, a_negative_answer_tells_how_long_it_is_kept);
	tcase_add_test(tcase, records_of_other_names_are_left_out);
	tcase_add_test(tcase, a_ttl_with_the_top_bit_is_zero);
	tcase_add_test(tcase, records_above_the_limit_are_counted);
	tcase_add_test(tcase, endless_aliases_are_said);
	tcase_add_test(tcase, the_server_names_itself);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("proto/dns_facts", fill)
