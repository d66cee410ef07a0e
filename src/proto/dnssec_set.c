#include "proto/dnssec_set.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "proto/dns_name.h"

enum { SHOWN_TAGS = 6 };

void dnssec_set_read(struct dnssec_set *set, const ldns_rr_list *section, const ldns_rdf *owner, ldns_rr_type type)
{
	*set = (struct dnssec_set){ldns_rr_list_new(), ldns_rr_list_new()};
	for (size_t i = 0; i < ldns_rr_list_rr_count(section); i++) {
		ldns_rr *record = ldns_rr_list_rr(section, i);
		if (ldns_dname_compare(ldns_rr_owner(record), owner) != 0)
			continue;
		if (ldns_rr_get_type(record) == type)
			ldns_rr_list_push_rr(set->records, record);
		else if (ldns_rr_get_type(record) == LDNS_RR_TYPE_RRSIG && ldns_rr_rd_count(record) == 9 &&
		         ldns_rdf2rr_type(ldns_rr_rrsig_typecovered(record)) == type)
			ldns_rr_list_push_rr(set->signatures, record);
	}
}

void dnssec_set_clear(struct dnssec_set *set)
{
	ldns_rr_list_free(set->records);
	ldns_rr_list_free(set->signatures);
	*set = (struct dnssec_set){0};
}

/* RFC 4034 3.1.5: a time of 32 bits stands for the one nearest to now. */
static int64_t near_now(const ldns_rdf *time, int64_t now)
{
	uint32_t bits = ldns_rdf2native_int32(time);
	return now + (int32_t)(bits - (uint32_t)now);
}

/* The reason why a signature does not count, or "". */
static void check_signature(const struct dnssec_set *set, const ldns_rr *signature, const struct dnssec_signer *signer, char *reason)
{
	char when[CLOCK_TEXT_BYTES], name[DNS_NAME_TEXT];
	int64_t begins = near_now(ldns_rr_rrsig_inception(signature), signer->now);
	int64_t ends = near_now(ldns_rr_rrsig_expiration(signature), signer->now);
	unsigned tag = ldns_rdf2native_int16(ldns_rr_rrsig_keytag(signature));
	reason[0] = '\0';
	if (ldns_dname_compare(ldns_rr_rrsig_signame(signature), signer->zone) != 0) {
		snprintf(reason, DNSSEC_REASON_BYTES, "signed by %.100s, another zone", dns_name_text(ldns_rr_rrsig_signame(signature), name));
	} else if (ends < signer->now) {
		snprintf(reason, DNSSEC_REASON_BYTES, "the signature of key %u expired at %s", tag, clock_format(ends, when));
	} else if (begins > signer->now) {
		snprintf(reason, DNSSEC_REASON_BYTES, "the signature of key %u begins only at %s", tag, clock_format(begins, when));
	} else {
		ldns_rr_list *good = ldns_rr_list_new();
		ldns_status status = ldns_verify_rrsig_keylist_notime(set->records, signature, signer->keys, good);
		if (status == LDNS_STATUS_CRYPTO_NO_MATCHING_KEYTAG_DNSKEY)
			snprintf(reason, DNSSEC_REASON_BYTES, "signed by key %u, which is not among the trusted keys", tag);
		else if (status != LDNS_STATUS_OK)
			snprintf(reason, DNSSEC_REASON_BYTES, "the signature of key %u does not verify: %.80s", tag, ldns_get_errorstr_by_id(status));
		ldns_rr_list_free(good);
	}
}

void dnssec_set_verify(const struct dnssec_set *set, const struct dnssec_signer *signer, struct dnssec_link *link)
{
	size_t count = ldns_rr_list_rr_count(set->signatures);
	link->status = DNSSEC_BOGUS;
	if (count == 0)
		snprintf(link->reason, sizeof link->reason, "there is no signature");
	for (size_t i = 0; i < count; i++) {
		const ldns_rr *signature = ldns_rr_list_rr(set->signatures, i);
		char reason[DNSSEC_REASON_BYTES];
		check_signature(set, signature, signer, reason);
		int64_t ends = near_now(ldns_rr_rrsig_expiration(signature), signer->now);
		if (reason[0] == '\0') {
			if (link->status != DNSSEC_SECURE || ends > link->expires) {
				link->expires = ends;
				link->begins = near_now(ldns_rr_rrsig_inception(signature), signer->now);
			}
			link->status = DNSSEC_SECURE;
			snprintf(link->reason, sizeof link->reason, "signed by key %u", ldns_rdf2native_int16(ldns_rr_rrsig_keytag(signature)));
		} else if (link->status != DNSSEC_SECURE) {
			snprintf(link->reason, sizeof link->reason, "%s", reason);
		}
	}
}

static bool vouches(const ldns_rr *voucher, const ldns_rr *key)
{
	if (ldns_rr_get_type(voucher) == LDNS_RR_TYPE_DS)
		return ldns_rr_compare_ds(key, voucher);
	return ldns_rr_compare(voucher, key) == 0;
}

void dnssec_vouched_keys(const struct dnssec_set *set, const ldns_rr_list *vouchers, ldns_rr_list *vouched)
{
	for (size_t i = 0; i < ldns_rr_list_rr_count(set->records); i++) {
		ldns_rr *key = ldns_rr_list_rr(set->records, i);
		bool is_vouched = false;
		for (size_t k = 0; ldns_rr_rd_count(key) == 4 && k < ldns_rr_list_rr_count(vouchers) && !is_vouched; k++)
			is_vouched = vouches(ldns_rr_list_rr(vouchers, k), key);
		if (is_vouched)
			ldns_rr_list_push_rr(vouched, key);
	}
}

void dnssec_say_mismatch(const struct dnssec_set *set, const ldns_rr_list *vouchers, char *reason, size_t room)
{
	int length = snprintf(reason, room, "no key matches the DS record: DS is for");
	for (size_t i = 0; i < ldns_rr_list_rr_count(vouchers) && i < SHOWN_TAGS && length > 0 && (size_t)length < room; i++) {
		const ldns_rr *voucher = ldns_rr_list_rr(vouchers, i);
		bool is_ds = ldns_rr_get_type(voucher) == LDNS_RR_TYPE_DS;
		unsigned tag = is_ds ? ldns_rdf2native_int16(ldns_rr_rdf(voucher, 0)) : ldns_calc_keytag(voucher);
		length += snprintf(reason + length, room - (size_t)length, " %u", tag);
	}
	if (length > 0 && (size_t)length < room)
		length += snprintf(reason + length, room - (size_t)length, ", the keys are");
	for (size_t i = 0; i < ldns_rr_list_rr_count(set->records) && i < SHOWN_TAGS && length > 0 && (size_t)length < room; i++)
		length += snprintf(reason + length, room - (size_t)length, " %u", ldns_calc_keytag(ldns_rr_list_rr(set->records, i)));
}

bool dnssec_is_supported(const ldns_rr_list *vouchers)
{
	static const int algorithms[] = {LDNS_RSASHA1, LDNS_RSASHA1_NSEC3, LDNS_RSASHA256, LDNS_RSASHA512,
	                                 LDNS_ECDSAP256SHA256, LDNS_ECDSAP384SHA384, LDNS_ED25519, LDNS_ED448};
	for (size_t i = 0; i < ldns_rr_list_rr_count(vouchers); i++) {
		const ldns_rr *voucher = ldns_rr_list_rr(vouchers, i);
		if (ldns_rr_get_type(voucher) != LDNS_RR_TYPE_DS)
			return true;
		int algorithm = ldns_rdf2native_int8(ldns_rr_rdf(voucher, 1)), digest = ldns_rdf2native_int8(ldns_rr_rdf(voucher, 2));
		bool is_digest = digest == LDNS_SHA1 || digest == LDNS_SHA256 || digest == LDNS_SHA384;
		for (size_t k = 0; is_digest && k < sizeof algorithms / sizeof *algorithms; k++)
			if (algorithm == algorithms[k])
				return true;
	}
	return false;
}
