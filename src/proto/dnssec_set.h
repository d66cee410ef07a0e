#ifndef PROTO_DNSSEC_SET_H
#define PROTO_DNSSEC_SET_H
/* One record set with its signatures, and what vouches for it. Helpers of dnssec.h. */
#include "proto/dnssec.h"

/* The lists are ours, the records the packet's. */
struct dnssec_set {
	ldns_rr_list *records, *signatures;
};

struct dnssec_signer {
	const ldns_rr_list *keys;
	const ldns_rdf *zone;
	int64_t now;
};

/* Of the section: the records of that owner and type, and the signatures over them. */
void dnssec_set_read(struct dnssec_set *set, const ldns_rr_list *section, const ldns_rdf *owner, ldns_rr_type type);
void dnssec_set_clear(struct dnssec_set *set);

/* Status, reason and expiry of the link: secure when one signature of the signer's is good now. */
void dnssec_set_verify(const struct dnssec_set *set, const struct dnssec_signer *signer, struct dnssec_link *link);

/* The keys of the set that a DS record or an anchor's DNSKEY stands for. */
void dnssec_vouched_keys(const struct dnssec_set *set, const ldns_rr_list *vouchers, ldns_rr_list *vouched);
void dnssec_say_mismatch(const struct dnssec_set *set, const ldns_rr_list *vouchers, char *reason, size_t room);

/* One of the DS records at least has an algorithm and a digest that we know (RFC 4035 5.2: else the zone counts as unsigned). */
bool dnssec_is_supported(const ldns_rr_list *vouchers);

#endif
