#include "proto/dns_name.h"

#include <string.h>

#include "../check_main.h"

static const struct {
	const char *text, *wire; /* wire: without the root's zero */
	const char *shown;       /* NULL: no name */
} names[] = {
    {"contoso.com", "\7contoso\3com", "contoso.com"},
    {"Contoso.COM.", "\7Contoso\3COM", "contoso.com"},
    {".", "", "."},
    {"_autodiscover._tcp.contoso.com", "\15_autodiscover\4_tcp\7contoso\3com", "_autodiscover._tcp.contoso.com"},
    {"a\\046b.com", "\3a.b\3com", "a\\046b.com"},
    {"a\\\\b.com", "\3a\\b\3com", "a\\\\b.com"},
    {"a\\032b.com", "\3a b\3com", "a\\032b.com"},
    {"\\195\\169.com", "\2\xc3\xa9\3com", "\\195\\169.com"},
    {"\\027[2J.com", "\4\33[2J\3com", "\\027[2j.com"},
    {"", NULL, NULL},
    {"a..b", NULL, NULL},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com", NULL, NULL},
};

START_TEST(names_are_read_and_shown)
{
	char text[DNS_NAME_TEXT];
	ldns_rdf *name = dns_name_parse(names[_i].text);
	ck_assert_msg((name != NULL) == (names[_i].shown != NULL), "%s", names[_i].text);
	if (name == NULL)
		return;
	ck_assert_str_eq(dns_name_text(name, text), names[_i].shown);
	ck_assert_uint_eq(ldns_rdf_size(name), strlen(names[_i].wire) + 1);
	ck_assert_mem_eq(ldns_rdf_data(name), names[_i].wire, ldns_rdf_size(name));
	ldns_rdf_deep_free(name);
}
END_TEST

START_TEST(the_longest_name_of_the_oddest_bytes_fits)
{
	uint8_t wire[255];
	char text[DNS_NAME_TEXT];
	memset(wire, 0xff, sizeof wire);
	wire[0] = wire[64] = wire[128] = 63;
	wire[192] = 61;
	wire[254] = 0;
	ldns_rdf *name = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, sizeof wire, wire);
	dns_name_text(name, text);
	ck_assert_uint_eq(strlen(text), (63 * 3 + 61) * 4 + 3);
	ldns_rdf *again = dns_name_parse(text);
	ck_assert_ptr_nonnull(again);
	ck_assert_int_eq(ldns_dname_compare(name, again), 0);
	ldns_rdf_deep_free(name);
	ldns_rdf_deep_free(again);
}
END_TEST

START_TEST(a_name_is_within_itself_and_its_ancestors)
{
	ldns_rdf *com = dns_name_parse("com"), *contoso = dns_name_parse("CONTOSO.com"), *other = dns_name_parse("xcontoso.com");
	ck_assert(dns_name_within(contoso, com));
	ck_assert(dns_name_within(contoso, contoso));
	ck_assert(!dns_name_within(com, contoso));
	ck_assert(!dns_name_within(other, contoso));
	ldns_rdf_deep_free(com);
	ldns_rdf_deep_free(contoso);
	ldns_rdf_deep_free(other);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("dns_name");
	tcase_add_loop_test(tcase, names_are_read_and_shown, 0, sizeof names / sizeof names[0]);
	tcase_add_test(tcase, the_longest_name_of_the_oddest_bytes_fits);
	tcase_add_test(tcase, a_name_is_within_itself_and_its_ancestors);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("proto/dns_name", fill)
