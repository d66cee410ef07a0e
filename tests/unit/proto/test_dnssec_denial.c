/* Proofs of absence by NSEC and NSEC3, of the zone contoso.com, made and signed in memory: each whole, and with a part taken away. */
#include "proto/dnssec_denial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../check_main.h"
#include "proto/dns_name.h"

#define NOW INT64_C(1780315200) /* 2026-06-01T12:00:00Z */
#define DAY INT64_C(86400)
#define ZONE "contoso.com."

enum { PARTS = 4, BASE32 = 32, OPT_OUT = 1 };

static ldns_key *key;
static ldns_rr_list *keys;
static ldns_rdf *zone;
static ldns_pkt *packet;

static void setup(void)
{
	key = ldns_key_new_frm_algorithm(LDNS_SIGN_ECDSAP256SHA256, 0);
	ldns_key_set_pubkey_owner(key, ldns_dname_new_frm_str(ZONE));
	ldns_key_set_flags(key, LDNS_KEY_ZONE_KEY | LDNS_KEY_SEP_KEY);
	ldns_rr *public_key = ldns_key2rr(key);
	ldns_key_set_keytag(key, ldns_calc_keytag(public_key));
	ldns_key_set_inception(key, (uint32_t)(NOW - DAY));
	ldns_key_set_expiration(key, (uint32_t)(NOW + DAY));
	keys = ldns_rr_list_new();
	ldns_rr_list_push_rr(keys, public_key);
	zone = ldns_dname_new_frm_str(ZONE);
	packet = NULL;
}

static void teardown(void)
{
	ldns_pkt_free(packet);
	ldns_rdf_deep_free(zone);
	ldns_rr_list_deep_free(keys);
	ldns_key_deep_free(key);
}

static void put(ldns_rr *record, bool is_signed)
{
	ldns_rr_list *set = ldns_rr_list_new();
	ldns_rr_list_push_rr(set, record);
	if (is_signed) {
		ldns_key_list *list = ldns_key_list_new();
		ldns_key_list_push_key(list, key);
		ldns_rr_list *signatures = ldns_sign_public(set, list);
		ck_assert_ptr_nonnull(signatures);
		ldns_pkt_push_rr_list(packet, LDNS_SECTION_AUTHORITY, signatures);
		ldns_rr_list_free(signatures);
		free(list->_keys);
		free(list);
	}
	ldns_pkt_push_rr_list(packet, LDNS_SECTION_AUTHORITY, set);
	ldns_rr_list_free(set);
}

/* The hash with its last letter moved: just before or just behind. */
static void move(char *hash, int by)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
	for (size_t i = strlen(hash); i-- > 0;) {
		size_t at = (size_t)(strchr(digits, hash[i]) - digits);
		hash[i] = digits[(at + BASE32 + (size_t)by) % BASE32];
		if (at + (size_t)by < BASE32)
			return;
	}
}

/*
 * One part: "nsec OWNER NEXT TYPES" as it is; "at NAME TYPES" the NSEC3 record of that name; "gap NAME" one whose gap holds the name,
 * "optgap" the same with opt-out. "!" in front: without a signature.
 */
static ldns_rr *make(const char *part)
{
	char text[512], word[16], name[128], hash[64], behind[64];
	int used = 0, flags = strncmp(part, "opt", 3) == 0 ? OPT_OUT : 0;
	ldns_rr *record = NULL;
	ck_assert_int_eq(sscanf(part, "%15s %127s %n", word, name, &used), 2);
	if (strcmp(word, "nsec") == 0) {
		snprintf(text, sizeof text, "%s 300 IN NSEC %s", name, part + used);
	} else {
		ldns_rdf *owner = ldns_dname_new_frm_str(name);
		ldns_rdf *hashed = ldns_nsec3_hash_name(owner, 1, strcmp(word, "costly") == 0 ? 200 : 0, 0, NULL);
		char *shown = ldns_rdf2str(hashed);
		snprintf(hash, sizeof hash, "%.32s", shown);
		snprintf(behind, sizeof behind, "%.32s", shown);
		move(behind, 1);
		if (strstr(word, "gap") != NULL)
			move(hash, -1);
		snprintf(text, sizeof text, "%s." ZONE " 300 IN NSEC3 1 %d %d - %s %s", hash, flags, strcmp(word, "costly") == 0 ? 200 : 0, behind,
		         strstr(word, "gap") != NULL ? "A" : part + used);
		free(shown);
		ldns_rdf_deep_free(hashed);
		ldns_rdf_deep_free(owner);
	}
	ck_assert_msg(ldns_rr_new_frm_str(&record, text, 300, NULL, NULL) == LDNS_STATUS_OK, "%s", text);
	return record;
}

static const struct {
	const char *about, *name;
	ldns_rr_type type; /* 0: the name; CNAME stands for the proof that nothing is closer than *.contoso.com */
	enum denial wanted;
	const char *parts[PARTS];
} cases[] = {
#define CLOSER LDNS_RR_TYPE_CNAME
    {"nothing at all", "www." ZONE, LDNS_RR_TYPE_MX, DENIAL_NONE, {0}},
    {"no such type", "www." ZONE, LDNS_RR_TYPE_MX, DENIAL_PROVEN, {"nsec www." ZONE " x." ZONE " A RRSIG NSEC"}},
    {"no such type, unsigned", "www." ZONE, LDNS_RR_TYPE_MX, DENIAL_NONE, {"!nsec www." ZONE " x." ZONE " A RRSIG NSEC"}},
    {"the type is there", "www." ZONE, LDNS_RR_TYPE_MX, DENIAL_NONE, {"nsec www." ZONE " x." ZONE " MX RRSIG NSEC"}},
    {"an alias has every type", "www." ZONE, LDNS_RR_TYPE_MX, DENIAL_NONE, {"nsec www." ZONE " x." ZONE " CNAME RRSIG NSEC"}},
    {"the parent's word on a child", "sub." ZONE, LDNS_RR_TYPE_MX, DENIAL_NONE, {"nsec sub." ZONE " x." ZONE " NS RRSIG NSEC"}},
    {"another name's record", "www." ZONE, LDNS_RR_TYPE_MX, DENIAL_NONE, {"nsec x." ZONE " y." ZONE " A RRSIG NSEC"}},
    {"a name with names below", "b." ZONE, LDNS_RR_TYPE_MX, DENIAL_PROVEN, {"nsec a." ZONE " x.b." ZONE " A RRSIG NSEC"}},
    {"an unsigned delegation", "sub." ZONE, LDNS_RR_TYPE_DS, DENIAL_OPEN, {"nsec sub." ZONE " x." ZONE " NS RRSIG NSEC"}},
    {"no delegation", "sub." ZONE, LDNS_RR_TYPE_DS, DENIAL_PROVEN, {"nsec sub." ZONE " x." ZONE " A RRSIG NSEC"}},
    {"no such name", "g." ZONE, 0, DENIAL_PROVEN, {"nsec f." ZONE " h." ZONE " A RRSIG NSEC", "nsec " ZONE " a." ZONE " SOA RRSIG NSEC"}},
    {"no such name, at the zone's end", "z." ZONE, 0, DENIAL_PROVEN, {"nsec f." ZONE " " ZONE " A RRSIG NSEC", "nsec " ZONE " a." ZONE " SOA RRSIG NSEC"}},
    {"but a wildcard may be", "g." ZONE, 0, DENIAL_NONE, {"nsec f." ZONE " h." ZONE " A RRSIG NSEC"}},
    {"but a wildcard is", "g." ZONE, 0, DENIAL_NONE, {"nsec f." ZONE " h." ZONE " A RRSIG NSEC", "nsec *." ZONE " a." ZONE " A RRSIG NSEC"}},
    {"a wildcard without the type", "g." ZONE, LDNS_RR_TYPE_MX, DENIAL_PROVEN,
     {"nsec f." ZONE " h." ZONE " A RRSIG NSEC", "nsec *." ZONE " a." ZONE " A RRSIG NSEC"}},
    {"a wildcard with the type", "g." ZONE, LDNS_RR_TYPE_MX, DENIAL_NONE,
     {"nsec f." ZONE " h." ZONE " A RRSIG NSEC", "nsec *." ZONE " a." ZONE " MX RRSIG NSEC"}},
    {"nothing is closer than the wildcard", "g." ZONE, CLOSER, DENIAL_PROVEN, {"nsec f." ZONE " h." ZONE " A RRSIG NSEC"}},
    {"something may be closer", "g." ZONE, CLOSER, DENIAL_NONE, {"nsec h." ZONE " i." ZONE " A RRSIG NSEC"}},
    {"NSEC3: no such type", "www." ZONE, LDNS_RR_TYPE_MX, DENIAL_PROVEN, {"at www." ZONE " A RRSIG"}},
    {"NSEC3: the type is there", "www." ZONE, LDNS_RR_TYPE_MX, DENIAL_NONE, {"at www." ZONE " MX RRSIG"}},
    {"NSEC3: unsigned", "www." ZONE, LDNS_RR_TYPE_MX, DENIAL_NONE, {"!at www." ZONE " A RRSIG"}},
    {"NSEC3: a name with names below", "b." ZONE, LDNS_RR_TYPE_DS, DENIAL_PROVEN, {"at b." ZONE " "}},
    {"NSEC3: an unsigned delegation", "sub." ZONE, LDNS_RR_TYPE_DS, DENIAL_OPEN, {"at sub." ZONE " NS"}},
    {"NSEC3: left out", "sub." ZONE, LDNS_RR_TYPE_DS, DENIAL_OPEN, {"at " ZONE " SOA NS RRSIG", "optgap sub." ZONE}},
    {"NSEC3: left out, but the zone leaves out nothing", "sub." ZONE, LDNS_RR_TYPE_DS, DENIAL_NONE, {"at " ZONE " SOA NS RRSIG", "gap sub." ZONE}},
    {"NSEC3: opt-out of another gap", "sub." ZONE, LDNS_RR_TYPE_DS, DENIAL_NONE, {"at " ZONE " SOA NS RRSIG", "optgap other." ZONE}},
    {"NSEC3: the gap without what is above", "sub." ZONE, LDNS_RR_TYPE_DS, DENIAL_NONE, {"optgap sub." ZONE}},
    {"NSEC3: left out is no word on other types", "sub." ZONE, LDNS_RR_TYPE_MX, DENIAL_NONE, {"at " ZONE " SOA NS RRSIG", "optgap sub." ZONE}},
    {"NSEC3: no such name", "a.g." ZONE, 0, DENIAL_PROVEN, {"at " ZONE " SOA NS RRSIG", "gap g." ZONE, "gap *." ZONE}},
    {"NSEC3: but a wildcard may be", "a.g." ZONE, 0, DENIAL_NONE, {"at " ZONE " SOA NS RRSIG", "gap g." ZONE}},
    {"NSEC3: but something closer may be", "a.g." ZONE, 0, DENIAL_NONE, {"at " ZONE " SOA NS RRSIG", "gap *." ZONE}},
    {"NSEC3: a wildcard without the type", "g." ZONE, LDNS_RR_TYPE_MX, DENIAL_PROVEN, {"at " ZONE " SOA NS RRSIG", "gap g." ZONE, "at *." ZONE " A"}},
    {"NSEC3: nothing is closer than the wildcard", "a.g." ZONE, CLOSER, DENIAL_PROVEN, {"gap g." ZONE}},
    {"NSEC3: something may be closer", "a.g." ZONE, CLOSER, DENIAL_NONE, {"gap a.g." ZONE}},
    {"NSEC3: an unsigned name may be closer", "a.g." ZONE, CLOSER, DENIAL_OPEN, {"optgap g." ZONE}},
    {"NSEC3: too many rounds", "www." ZONE, LDNS_RR_TYPE_MX, DENIAL_OPEN, {"costly x." ZONE " A"}},
    {"the two do not add up", "g." ZONE, 0, DENIAL_NONE, {"nsec f." ZONE " h." ZONE " A RRSIG NSEC", "gap *." ZONE}},
};

START_TEST(proofs_are_judged)
{
	const struct dnssec_signer signer = {keys, zone, NOW};
	struct dnssec_link link = {0};
	ldns_rdf *owner = ldns_dname_new_frm_str(cases[_i].name);
	packet = ldns_pkt_new();
	for (size_t i = 0; i < PARTS && cases[_i].parts[i] != NULL; i++) {
		const char *part = cases[_i].parts[i];
		put(make(part + (*part == '!')), *part != '!');
	}
	enum denial denial = cases[_i].type == CLOSER ? dnssec_denial_of_closer(packet, owner, 2, &signer, &link)
	                                              : dnssec_denial(packet, owner, cases[_i].type, &signer, &link);
	ck_assert_msg(denial == cases[_i].wanted, "%s: %d, %s", cases[_i].about, (int)denial, link.reason);
	ck_assert_msg((link.status == DNSSEC_SECURE) == (denial != DENIAL_NONE) && link.reason[0] != '\0', "%s: %s", cases[_i].about, link.reason);
	if (denial != DENIAL_NONE)
		ck_assert_int_eq(link.expires, NOW + DAY);
	ldns_rdf_deep_free(owner);
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("denial");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, proofs_are_judged, 0, sizeof cases / sizeof cases[0]);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("proto/dnssec_denial", fill)
