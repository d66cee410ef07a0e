#ifndef TESTS_PROTO_DNS_PACKET_H
#define TESTS_PROTO_DNS_PACKET_H
/* Answers for tests, from lines in master-file form. */
#include <ldns/ldns.h>
#include <stdlib.h>
#include <string.h>

static inline void push_lines(ldns_pkt *packet, ldns_pkt_section section, const char *lines)
{
	char *copy = strdup(lines), *save = NULL;
	for (char *line = strtok_r(copy, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save)) {
		ldns_rr *record = NULL;
		if (ldns_rr_new_frm_str(&record, line, 300, NULL, NULL) != LDNS_STATUS_OK)
			abort();
		ldns_pkt_push_rr(packet, section, record);
	}
	free(copy);
}

/* "contoso.com. IN MX" answered with those lines. */
static inline ldns_pkt *packet_new(const char *question, ldns_pkt_rcode rcode, const char *answer, const char *authority)
{
	ldns_pkt *packet = ldns_pkt_new();
	ldns_rr *asked = NULL;
	if (ldns_rr_new_question_frm_str(&asked, question, NULL, NULL) != LDNS_STATUS_OK)
		abort();
	ldns_pkt_set_qr(packet, true);
	ldns_pkt_set_id(packet, 4711);
	ldns_pkt_set_rcode(packet, (uint8_t)rcode);
	ldns_pkt_push_rr(packet, LDNS_SECTION_QUESTION, asked);
	push_lines(packet, LDNS_SECTION_ANSWER, answer);
	push_lines(packet, LDNS_SECTION_AUTHORITY, authority);
	return packet;
}

#endif
