#ifndef PROTO_DNSSEC_DENIAL_H
#define PROTO_DNSSEC_DENIAL_H
/*
 * Signed proofs that something is not there: NSEC (RFC 4035 5.4) and NSEC3 (RFC 5155 8). Only records of the authority section whose
 * signatures hold are heard. Helpers of dnssec.h.
 */
#include "proto/dnssec_set.h"

enum denial {
	DENIAL_NONE,    /* not proven */
	DENIAL_PROVEN,
	DENIAL_OPEN,    /* an unsigned delegation, or a gap where unsigned ones may stand (opt-out) */
};

/*
 * What the answer proves of `owner`: that it does not exist (`type` 0), or that it has no record of that type. The link gets the reason
 * when nothing is proven, and else the end of the first signature to end.
 */
enum denial dnssec_denial(const ldns_pkt *packet, const ldns_rdf *owner, ldns_rr_type type, const struct dnssec_signer *signer,
                          struct dnssec_link *link);

/*
 * The answer comes from a wildcard with that many labels behind the "*": that no closer name exists (RFC 4035 5.3.4, RFC 5155 8.8).
 * OPEN: none that is signed.
 */
enum denial dnssec_denial_of_closer(const ldns_pkt *packet, const ldns_rdf *owner, unsigned labels, const struct dnssec_signer *signer,
                                    struct dnssec_link *link);

#endif
