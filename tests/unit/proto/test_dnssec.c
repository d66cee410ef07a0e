/* The chain of signatures over a small signed world, made in memory: the root, com, contoso.com. */
#include "proto/dnssec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../check_main.h"
#include "proto/dns_name.h"

#define NOW INT64_C(1780315200) /* 2026-06-01T12:00:00Z */
#define DAY INT64_C(86400)

enum { ANSWERS = 16, ZONES = 3 };

/* One answer of the world. */
struct given {
	char name[64];
	ldns_rr_type type;
	ldns_pkt *packet;
};

static struct given answers[ANSWERS];
static size_t answer_count;
static ldns_key *keys[ZONES];      /* of ".", "com", "contoso.com" */
static ldns_rr_list *anchors;
static int64_t begins, ends;       /* of signatures made from now on */
static const char *const zones[ZONES] = {".", "com.", "contoso.com."};

static ldns_rr *record(const char *text)
{
	ldns_rr *made = NULL;
	ck_assert_int_eq(ldns_rr_new_frm_str(&made, text, 3600, NULL, NULL), LDNS_STATUS_OK);
	return made;
}

static ldns_key *make_key(const char *zone)
{
	ldns_key *key = ldns_key_new_frm_algorithm(LDNS_SIGN_ECDSAP256SHA256, 0);
	ldns_key_set_pubkey_owner(key, ldns_dname_new_frm_str(zone));
	ldns_key_set_flags(key, LDNS_KEY_ZONE_KEY | LDNS_KEY_SEP_KEY);
	ldns_rr *public_key = ldns_key2rr(key);
	ldns_key_set_keytag(key, ldns_calc_keytag(public_key));
	ldns_rr_free(public_key);
	return key;
}

/* Puts the set and, with a key, its signature into a section of the answer. */
static void put(ldns_pkt *packet, ldns_pkt_section section, ldns_rr_list *set, ldns_key *key)
{
	if (key != NULL) {
		ldns_key_list *list = ldns_key_list_new();
		ldns_key_set_inception(key, (uint32_t)begins);
		ldns_key_set_expiration(key, (uint32_t)ends);
		ldns_key_list_push_key(list, key);
		ldns_rr_list *signatures = ldns_sign_public(set, list);
		ck_assert_ptr_nonnull(signatures);
		ldns_pkt_push_rr_list(packet, section, signatures);
		ldns_rr_list_free(signatures);
		free(list->_keys);
		free(list);
	}
	ldns_pkt_push_rr_list(packet, section, set);
	ldns_rr_list_free(set);
}

static ldns_pkt *answer_to(const char *name, ldns_rr_type type)
{
	struct given *given = NULL;
	for (size_t i = 0; i < answer_count; i++)
		if (answers[i].type == type && strcmp(answers[i].name, name) == 0)
			given = &answers[i];
	if (given == NULL)
		given = &answers[answer_count++];
	ldns_pkt_free(given->packet);
	snprintf(given->name, sizeof given->name, "%s", name);
	given->type = type;
	given->packet = ldns_pkt_new();
	ldns_pkt_set_qr(given->packet, true);
	return given->packet;
}

static ldns_rr_list *one(ldns_rr *only)
{
	ldns_rr_list *list = ldns_rr_list_new();
	ldns_rr_list_push_rr(list, only);
	return list;
}

static void serve(const char *name, const char *text, ldns_key *key)
{
	ldns_rr *made = record(text);
	put(answer_to(name, ldns_rr_get_type(made)), LDNS_SECTION_ANSWER, one(made), key);
}

static ldns_rr *ds_of(ldns_key *key)
{
	ldns_rr *public_key = ldns_key2rr(key), *ds = ldns_key_rr2ds(public_key, LDNS_SHA256);
	ldns_rr_free(public_key);
	return ds;
}

static const ldns_pkt *find(void *user, const char *name, ldns_rr_type type)
{
	(void)user;
	for (size_t i = 0; i < answer_count; i++)
		if (answers[i].type == type && strcmp(answers[i].name, name) == 0)
			return answers[i].packet;
	return NULL;
}

static void serve_keys(size_t zone, ldns_key *signer)
{
	static const char *const names[ZONES] = {".", "com", "contoso.com"};
	put(answer_to(names[zone], LDNS_RR_TYPE_DNSKEY), LDNS_SECTION_ANSWER, one(ldns_key2rr(keys[zone])), signer);
}

static void setup(void)
{
	begins = NOW - DAY;
	ends = NOW + 30 * DAY;
	for (size_t i = 0; i < ZONES; i++)
		keys[i] = make_key(zones[i]);
	for (size_t i = 0; i < ZONES; i++)
		serve_keys(i, keys[i]);
	put(answer_to("com", LDNS_RR_TYPE_DS), LDNS_SECTION_ANSWER, one(ds_of(keys[1])), keys[0]);
	put(answer_to("contoso.com", LDNS_RR_TYPE_DS), LDNS_SECTION_ANSWER, one(ds_of(keys[2])), keys[1]);
	serve("contoso.com", "contoso.com. 3600 IN MX 10 mail.contoso.com.", keys[2]);
	anchors = one(ds_of(keys[0]));
}

static void teardown(void)
{
	for (size_t i = 0; i < answer_count; i++)
		ldns_pkt_free(answers[i].packet);
	for (size_t i = 0; i < ZONES; i++)
		ldns_key_deep_free(keys[i]);
	ldns_rr_list_deep_free(anchors);
	memset(answers, 0, sizeof answers);
	answer_count = 0;
}

static struct dnssec_chain chain;

static const struct dnssec_link *judge_at(int64_t now)
{
	struct dnssec_question question = {
	    .domain = "contoso.com", .type = LDNS_RR_TYPE_MX, .anchors = anchors, .is_told = true, .now = now, .answer = find};
	dnssec_judge(&question, &chain);
	ck_assert_uint_gt(chain.count, 0);
	return &chain.links[chain.count - 1];
}

static void ck_broken(const struct dnssec_link *link, const char *name, ldns_rr_type type, const char *reason)
{
	ck_assert_int_eq(chain.status, DNSSEC_BOGUS);
	ck_assert_str_eq(link->name, name);
	ck_assert_int_eq(link->type, type);
	ck_assert_msg(strstr(link->reason, reason) != NULL, "%s", link->reason);
}

START_TEST(a_whole_chain_is_secure)
{
	const struct dnssec_link *last = judge_at(NOW);
	ck_assert_int_eq(chain.status, DNSSEC_SECURE);
	ck_assert_uint_eq(chain.count, 6);
	ck_assert_int_eq(last->expires, ends);
	ck_assert(last->is_own && chain.links[4].is_own && !chain.links[3].is_own);
}
END_TEST

START_TEST(signatures_beyond_2038_are_good)
{
	int64_t later = INT64_C(2224972800); /* 2040-07-04 */
	ends = INT64_C(2240000000);
	serve("contoso.com", "contoso.com. 3600 IN MX 10 mail.contoso.com.", keys[2]);
	ck_assert_int_eq(judge_at(NOW)->expires, ends);
	ck_assert_int_eq(chain.status, DNSSEC_SECURE);
	begins = later - DAY;
	ends = later + DAY;
	for (size_t i = 0; i < ZONES; i++)
		serve_keys(i, keys[i]);
	put(answer_to("com", LDNS_RR_TYPE_DS), LDNS_SECTION_ANSWER, one(ds_of(keys[1])), keys[0]);
	put(answer_to("contoso.com", LDNS_RR_TYPE_DS), LDNS_SECTION_ANSWER, one(ds_of(keys[2])), keys[1]);
	serve("contoso.com", "contoso.com. 3600 IN MX 10 mail.contoso.com.", keys[2]);
	judge_at(later);
	ck_assert_int_eq(chain.status, DNSSEC_SECURE);
}
END_TEST

START_TEST(times_are_kept)
{
	ck_broken(judge_at(NOW + 31 * DAY), ".", LDNS_RR_TYPE_DNSKEY, "expired at 2026-07-01T12:00:00Z");
	ck_broken(judge_at(NOW - 2 * DAY), ".", LDNS_RR_TYPE_DNSKEY, "begins only at 2026-05-31T12:00:00Z");
	ends = NOW - 1;
	serve("contoso.com", "contoso.com. 3600 IN MX 10 mail.contoso.com.", keys[2]);
	ck_broken(judge_at(NOW), "contoso.com", LDNS_RR_TYPE_MX, "expired");
}
END_TEST

START_TEST(a_ds_left_behind_is_bogus)
{
	ldns_key *other = make_key("contoso.com.");
	put(answer_to("contoso.com", LDNS_RR_TYPE_DS), LDNS_SECTION_ANSWER, one(ds_of(other)), keys[1]);
	ck_broken(judge_at(NOW), "contoso.com", LDNS_RR_TYPE_DNSKEY, "no key matches the DS record");
	answer_to("contoso.com", LDNS_RR_TYPE_DNSKEY);
	ck_broken(judge_at(NOW), "contoso.com", LDNS_RR_TYPE_DNSKEY, "but no DNSKEY");
	ldns_key_deep_free(other);
}
END_TEST

START_TEST(forged_and_missing_signatures_are_bogus)
{
	ldns_key *other = make_key("contoso.com.");
	serve("contoso.com", "contoso.com. 3600 IN MX 10 evil.example.", other);
	ck_broken(judge_at(NOW), "contoso.com", LDNS_RR_TYPE_MX, "not among the trusted keys");
	serve("contoso.com", "contoso.com. 3600 IN MX 10 evil.example.", NULL);
	ck_broken(judge_at(NOW), "contoso.com", LDNS_RR_TYPE_MX, "no signature");
	ldns_key_deep_free(other);
}
END_TEST

/* The parent's answer that there is no DS record: with the types that the name has there. */
static void deny_ds(const char *types, ldns_key *key)
{
	char text[128];
	snprintf(text, sizeof text, "contoso.com. 3600 IN NSEC d.com. %s", types);
	put(answer_to("contoso.com", LDNS_RR_TYPE_DS), LDNS_SECTION_AUTHORITY, one(record(text)), key);
}

START_TEST(an_unsigned_delegation_is_insecure)
{
	deny_ds("NS RRSIG NSEC", keys[1]);
	const struct dnssec_link *last = judge_at(NOW);
	ck_assert_int_eq(chain.status, DNSSEC_INSECURE);
	ck_assert_str_eq(last->reason, "there is no DS record");
	ck_assert(chain.is_signed_below);
	deny_ds("NS RRSIG NSEC", NULL);
	ck_broken(judge_at(NOW), "contoso.com", LDNS_RR_TYPE_DS, "no signature");
	answer_to("contoso.com", LDNS_RR_TYPE_DS);
	ck_broken(judge_at(NOW), "contoso.com", LDNS_RR_TYPE_DS, "no signed proof");
	deny_ds("NS DS RRSIG NSEC", keys[1]);
	judge_at(NOW);
	ck_assert_int_eq(chain.status, DNSSEC_BOGUS);
}
END_TEST

START_TEST(a_name_inside_a_zone_is_signed_by_that_zone)
{
	deny_ds("MX RRSIG NSEC", keys[1]);
	serve("contoso.com", "contoso.com. 3600 IN MX 10 mail.contoso.com.", keys[1]);
	judge_at(NOW);
	ck_assert_int_eq(chain.status, DNSSEC_SECURE);
}
END_TEST

START_TEST(what_is_not_known_is_not_bogus)
{
	answers[0].name[0] = '?';
	judge_at(NOW);
	ck_assert_int_eq(chain.status, DNSSEC_UNKNOWN);
	answers[0].name[0] = '.';
	/* A root of another world, with the anchors that are built in. */
	ldns_rr_list *theirs = dnssec_anchors_read("# remark\n. IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n", NULL);
	struct dnssec_question question = {.domain = "contoso.com", .type = LDNS_RR_TYPE_MX, .anchors = theirs, .now = NOW, .answer = find};
	dnssec_judge(&question, &chain);
	ck_assert_int_eq(chain.status, DNSSEC_UNKNOWN);
	ldns_rr_list_deep_free(theirs);
}
END_TEST

START_TEST(unknown_algorithms_count_as_unsigned)
{
	put(answer_to("contoso.com", LDNS_RR_TYPE_DS), LDNS_SECTION_ANSWER, one(record("contoso.com. 3600 IN DS 1 200 2 "
	    "E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D")), keys[1]);
	judge_at(NOW);
	ck_assert_int_eq(chain.status, DNSSEC_INSECURE);
}
END_TEST

/* What an alias stands for has a chain of its own; a broken alias is as bad as a broken set. */
START_TEST(an_alias_is_named_with_what_it_stands_for)
{
	ldns_pkt *packet = answer_to("contoso.com", LDNS_RR_TYPE_MX);
	put(packet, LDNS_SECTION_ANSWER, one(record("contoso.com. 3600 IN CNAME Other.Example.")), keys[2]);
	const struct dnssec_link *last = judge_at(NOW);
	ck_assert_int_eq(chain.status, DNSSEC_UNKNOWN);
	ck_assert_str_eq(chain.alias, "other.example");
	ck_assert_int_eq(last->type, LDNS_RR_TYPE_CNAME);
	ck_assert_int_eq(last->status, DNSSEC_SECURE);
	ck_assert_int_eq(last->expires, ends);
	packet = answer_to("contoso.com", LDNS_RR_TYPE_MX);
	put(packet, LDNS_SECTION_ANSWER, one(record("contoso.com. 3600 IN CNAME other.example.")), NULL);
	ck_broken(judge_at(NOW), "contoso.com", LDNS_RR_TYPE_CNAME, "no signature");
	ck_assert_str_eq(chain.alias, "");
}
END_TEST

START_TEST(anchors_are_read_and_their_faults_named)
{
	struct error error = {{0}};
	ck_assert_ptr_null(dnssec_anchors_read("; fine\ncontoso.com. IN MX 10 a.b.\n", &error));
	ck_assert_msg(strstr(error.text, "line 2") != NULL, "%s", error.text);
	const char *names[DNSSEC_DEPTH];
	ck_assert_uint_eq(dnssec_names("a.b.c", names), 4);
	ck_assert_str_eq(names[0], "");
	ck_assert_str_eq(names[1], "c");
	ck_assert_str_eq(names[3], "a.b.c");
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("dnssec");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_whole_chain_is_secure);
	tcase_add_test(tcase, signatures_beyond_2038_are_good);
	tcase_add_test(tcase, times_are_kept);
	tcase_add_test(tcase, a_ds_left_behind_is_bogus);
	tcase_add_test(tcase, forged_and_missing_signatures_are_bogus);
	tcase_add_test(tcase, an_unsigned_delegation_is_insecure);
	tcase_add_test(tcase, a_name_inside_a_zone_is_signed_by_that_zone);
	tcase_add_test(tcase, what_is_not_known_is_not_bogus);
	tcase_add_test(tcase, unknown_algorithms_count_as_unsigned);
	tcase_add_test(tcase, an_alias_is_named_with_what_it_stands_for);
	tcase_add_test(tcase, anchors_are_read_and_their_faults_named);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("proto/dnssec", fill)
