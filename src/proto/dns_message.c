#include "proto/dns_message.h"

#include <stdlib.h>
#include <string.h>

#include "proto/dns_name.h"

/* RFC 7871 6: family, prefix length, scope 0, as many bytes of the address as the prefix needs. */
static size_t put_subnet(uint8_t *out, const struct prefix *subnet)
{
	size_t bytes = (subnet->length + 7) / 8;
	const uint8_t head[] = {0, DNS_OPTION_ECS, 0, (uint8_t)(4 + bytes), 0, subnet->address.family == 4 ? 1 : 2, (uint8_t)subnet->length, 0};
	memcpy(out, head, sizeof head);
	memcpy(out + sizeof head, subnet->address.bytes, bytes);
	return sizeof head + bytes;
}

/* NSID is an empty option (RFC 5001 2.1). */
static void add_options(ldns_pkt *packet, const struct dns_asking *asking)
{
	uint8_t options[4 + 8 + ADDRESS_BYTES] = {0};
	size_t length = 0;
	if (asking->flags & DNS_NSID) {
		options[1] = DNS_OPTION_NSID;
		length = 4;
	}
	if (asking->subnet != NULL)
		length += put_subnet(options + length, asking->subnet);
	if (length > 0)
		ldns_pkt_set_edns_data(packet, ldns_rdf_new_frm_data(LDNS_RDF_TYPE_UNKNOWN, length, options));
}

size_t dns_message_query(uint8_t wire[DNS_QUERY_BYTES], const char *name, ldns_rr_type type, unsigned flags, uint16_t id)
{
	return dns_message_ask(wire, &(struct dns_asking){.name = name, .type = type, .flags = flags}, id);
}

static ldns_rr_class class_of(unsigned flags)
{
	return flags & DNS_CHAOS ? LDNS_RR_CLASS_CH : LDNS_RR_CLASS_IN;
}

size_t dns_message_ask(uint8_t wire[DNS_QUERY_BYTES], const struct dns_asking *asking, uint16_t id)
{
	unsigned flags = asking->flags;
	ldns_pkt *packet = NULL;
	uint8_t *bytes = NULL;
	size_t length = 0;
	ldns_rdf *dname = dns_name_parse(asking->name);
	if (dname == NULL)
		return 0;
	packet = ldns_pkt_query_new(dname, asking->type, class_of(flags), flags & DNS_RD ? LDNS_RD : 0);
	if (packet == NULL) {
		ldns_rdf_deep_free(dname);
		return 0;
	}
	ldns_pkt_set_id(packet, id);
	ldns_pkt_set_cd(packet, (flags & DNS_CD) != 0);
	if (!(flags & DNS_NO_EDNS)) {
		ldns_pkt_set_edns_udp_size(packet, DNS_EDNS_BYTES);
		ldns_pkt_set_edns_do(packet, (flags & DNS_DO) != 0);
		add_options(packet, asking);
	}
	if (ldns_pkt2wire(&bytes, packet, &length) != LDNS_STATUS_OK || length > DNS_QUERY_BYTES)
		length = 0;
	if (length > 0)
		memcpy(wire, bytes, length);
	free(bytes);
	ldns_pkt_free(packet);
	return length;
}

static unsigned number_at(const uint8_t *wire, size_t at)
{
	return (unsigned)(wire[at] << 8 | wire[at + 1]);
}

/* The place behind the name at `at`, or 0. Pointers are not followed: ldns has done so. */
static size_t skip_name(const uint8_t *wire, size_t length, size_t at)
{
	while (at < length) {
		if (wire[at] == 0)
			return at + 1;
		if (wire[at] >= 0xc0)
			return at + 2 <= length ? at + 2 : 0;
		at += 1u + wire[at];
	}
	return 0;
}

/* Bytes behind the last record that the header's counts promise. The message is known to be well-formed. */
static size_t count_extra(const uint8_t *wire, size_t length)
{
	size_t at = DNS_HEADER_BYTES;
	for (unsigned i = number_at(wire, 4); i > 0 && at > 0; i--) {
		at = skip_name(wire, length, at);
		at = at > 0 && at + 4 <= length ? at + 4 : 0;
	}
	for (unsigned i = number_at(wire, 6) + number_at(wire, 8) + number_at(wire, 10); i > 0 && at > 0; i--) {
		at = skip_name(wire, length, at);
		at = at > 0 && at + 10 <= length ? at + 10 + number_at(wire, at + 8) : 0;
	}
	return at > 0 && at < length ? length - at : 0;
}

/* Why the packet does not answer the question, or NULL. */
static const char *find_fault(const ldns_pkt *packet, const ldns_rdf *name, ldns_rr_type type, ldns_rr_class class)
{
	if (!ldns_pkt_qr(packet))
		return "our own query came back";
	if (ldns_pkt_get_opcode(packet) != LDNS_PACKET_QUERY)
		return "the answer has another opcode";
	const ldns_rr_list *questions = ldns_pkt_question(packet);
	if (ldns_rr_list_rr_count(questions) == 0)
		return ldns_pkt_get_rcode(packet) != LDNS_RCODE_NOERROR ? NULL : "the answer repeats no question";
	const ldns_rr *question = ldns_rr_list_rr(questions, 0);
	if (ldns_rr_list_rr_count(questions) != 1 || ldns_rr_get_type(question) != type ||
	    ldns_rr_get_class(question) != class || ldns_dname_compare(ldns_rr_owner(question), name) != 0)
		return "the answer is to another question";
	return NULL;
}

struct dns_reading dns_message_read(const uint8_t *wire, size_t length, const ldns_rdf *name, ldns_rr_type type, unsigned flags)
{
	struct dns_reading reading = {.fault = "the answer is malformed"};
	if (length < DNS_HEADER_BYTES || ldns_wire2pkt(&reading.packet, wire, length) != LDNS_STATUS_OK)
		return (struct dns_reading){.fault = reading.fault};
	reading.fault = find_fault(reading.packet, name, type, class_of(flags));
	if (reading.fault == NULL) {
		reading.extra_bytes = count_extra(wire, length);
	} else {
		ldns_pkt_free(reading.packet);
		reading.packet = NULL;
	}
	return reading;
}

const uint8_t *dns_message_option(const ldns_pkt *packet, unsigned code, size_t *length)
{
	const ldns_rdf *options = ldns_pkt_edns_data(packet);
	if (options == NULL)
		return NULL;
	const uint8_t *bytes = ldns_rdf_data(options);
	size_t size = ldns_rdf_size(options);
	for (size_t at = 0; at + 4 <= size; at += 4 + *length) {
		*length = number_at(bytes, at + 2);
		if (*length > size - at - 4)
			return NULL;
		if (number_at(bytes, at) == code)
			return bytes + at + 4;
	}
	return NULL;
}

unsigned dns_message_rcode(const ldns_pkt *packet)
{
	return (unsigned)ldns_pkt_edns_extended_rcode(packet) << 4 | (unsigned)ldns_pkt_get_rcode(packet);
}

static const ldns_rdf *alias_of(const ldns_pkt *packet, const ldns_rdf *name)
{
	const ldns_rr_list *answer = ldns_pkt_answer(packet);
	for (size_t i = 0; i < ldns_rr_list_rr_count(answer); i++) {
		const ldns_rr *record = ldns_rr_list_rr(answer, i);
		if (ldns_rr_get_type(record) == LDNS_RR_TYPE_CNAME && ldns_rr_rd_count(record) == 1 &&
		    ldns_dname_compare(ldns_rr_owner(record), name) == 0)
			return ldns_rr_rdf(record, 0);
	}
	return NULL;
}

static bool chain_knows(const struct dns_chain *chain, const ldns_rdf *name)
{
	for (size_t i = 0; i < chain->count; i++)
		if (ldns_dname_compare(chain->names[i], name) == 0)
			return true;
	return false;
}

void dns_chain_follow(struct dns_chain *chain, const ldns_pkt *packet, const ldns_rdf *name)
{
	const ldns_rr_list *questions = ldns_pkt_question(packet);
	*chain = (struct dns_chain){.names = {name}, .count = 1, .class = LDNS_RR_CLASS_IN};
	if (ldns_rr_list_rr_count(questions) > 0)
		chain->class = ldns_rr_get_class(ldns_rr_list_rr(questions, 0));
	const ldns_rdf *next = NULL;
	while ((next = alias_of(packet, chain->names[chain->count - 1])) != NULL) {
		chain->is_loop = chain->count > LIMIT_CNAME_CHAIN || chain_knows(chain, next);
		if (chain->is_loop)
			return;
		chain->names[chain->count++] = next;
	}
}

bool dns_chain_has(const struct dns_chain *chain, const ldns_rr *record)
{
	const ldns_rdf *owner = ldns_rr_owner(record);
	if (ldns_rr_get_class(record) != chain->class)
		return false;
	if (ldns_rr_get_type(record) != LDNS_RR_TYPE_DNAME)
		return chain_knows(chain, owner);
	for (size_t i = 0; i < chain->count; i++)
		if (ldns_dname_is_subdomain(chain->names[i], owner))
			return true;
	return false;
}

static bool has_type(const ldns_rr_list *list, ldns_rr_type type)
{
	for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++)
		if (ldns_rr_get_type(ldns_rr_list_rr(list, i)) == type)
			return true;
	return false;
}

static enum outcome judge_noerror(const ldns_pkt *packet, const ldns_rdf *name, ldns_rr_type type)
{
	struct dns_chain chain;
	const ldns_rr_list *answer = ldns_pkt_answer(packet), *authority = ldns_pkt_authority(packet);
	dns_chain_follow(&chain, packet, name);
	for (size_t i = 0; i < ldns_rr_list_rr_count(answer); i++)
		if (dns_chain_has(&chain, ldns_rr_list_rr(answer, i)))
			return OUTCOME_OK;
	if (ldns_rr_list_rr_count(answer) > 0)
		return OUTCOME_PROTOCOL;
	bool is_referral = !ldns_pkt_aa(packet) && has_type(authority, LDNS_RR_TYPE_NS) && !has_type(authority, LDNS_RR_TYPE_SOA);
	if (!is_referral)
		return OUTCOME_NODATA;
	return type == LDNS_RR_TYPE_NS ? OUTCOME_OK : OUTCOME_PROTOCOL;
}

enum outcome dns_message_outcome(const ldns_pkt *packet, const ldns_rdf *name, ldns_rr_type type)
{
	switch (dns_message_rcode(packet)) {
	case LDNS_RCODE_NOERROR:
		return judge_noerror(packet, name, type);
	case LDNS_RCODE_NXDOMAIN:
		return OUTCOME_NXDOMAIN;
	case LDNS_RCODE_REFUSED:
		return OUTCOME_REFUSED;
	default:
		return OUTCOME_SERVFAIL;
	}
}
