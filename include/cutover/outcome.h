#ifndef CUTOVER_OUTCOME_H
#define CUTOVER_OUTCOME_H
/*
 * How an attempt ended: a closed list, part of the JSON contract.
 * A refused connection is a good answer to a good question; it is a value, not an error.
 *
 * OUTCOME_ROW(symbol, name, meaning)
 */
#define OUTCOME_LIST(OUTCOME_ROW) \
	OUTCOME_ROW(OK, "ok", "what was asked for happened") \
	OUTCOME_ROW(REFUSED, "refused", "RST in answer to the SYN, or ICMP port unreachable; DNS: REFUSED") \
	OUTCOME_ROW(TIMEOUT, "timeout", "no answer within the limit") \
	OUTCOME_ROW(UNREACHABLE, "unreachable", "ICMP says that the way is closed, or this machine has no route") \
	OUTCOME_ROW(RESET, "reset", "an open connection was reset") \
	OUTCOME_ROW(CLOSED, "closed", "the peer closed an open connection") \
	OUTCOME_ROW(TLS, "tls", "the TLS handshake failed") \
	OUTCOME_ROW(PROTOCOL, "protocol", "the peer spoke, but not what was expected of it") \
	OUTCOME_ROW(NXDOMAIN, "nxdomain", "the name does not exist") \
	OUTCOME_ROW(NODATA, "nodata", "the name exists without a record of that type") \
	OUTCOME_ROW(SERVFAIL, "servfail", "the DNS server could not answer, or answered with another error code") \
	OUTCOME_ROW(DENIED, "denied", "the peer understood and said no") \
	OUTCOME_ROW(LIMITED, "limited", "the peer put us off: too many, too fast, try later") \
	OUTCOME_ROW(SKIPPED, "skipped", "not tried, and the facts say why") \
	OUTCOME_ROW(CANCELLED, "cancelled", "stopped by the user before it ended") \
	OUTCOME_ROW(INTERNAL, "internal", "we are wrong: a defect of this program")

#define OUTCOME_ENUM(symbol, name, meaning) OUTCOME_##symbol,
enum outcome { OUTCOME_LIST(OUTCOME_ENUM) OUTCOME_COUNT };
#undef OUTCOME_ENUM

/* The JSON name; never NULL. */
const char *outcome_name(enum outcome outcome);

/* The outcome of that JSON name, or OUTCOME_COUNT for none. */
enum outcome outcome_from_name(const char *name);

#endif
