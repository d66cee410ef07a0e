#include "proto/dns_name.h"

#include <stdio.h>
#include <string.h>

/* One octet of a label; returns the characters written, at most four. */
static size_t write_octet(char *to, uint8_t octet)
{
	if (octet >= 'A' && octet <= 'Z')
		octet = (uint8_t)(octet - 'A' + 'a');
	if (octet > ' ' && octet < 0x7f && octet != '.' && octet != '\\') {
		*to = (char)octet;
		return 1;
	}
	if (octet == '\\') {
		memcpy(to, "\\\\", 2);
		return 2;
	}
	snprintf(to, 5, "\\%03u", octet);
	return 4;
}

char *dns_name_text(const ldns_rdf *name, char text[DNS_NAME_TEXT])
{
	const uint8_t *wire = ldns_rdf_data(name);
	size_t size = ldns_rdf_size(name), at = 0, length = 0;
	while (at < size && wire[at] > 0 && at + wire[at] < size) {
		if (length > 0)
			text[length++] = '.';
		size_t end = at + 1 + wire[at];
		for (at++; at < end && length + 6 < DNS_NAME_TEXT; at++)
			length += write_octet(text + length, wire[at]);
	}
	if (length == 0)
		text[length++] = '.';
	text[length] = '\0';
	return text;
}

ldns_rdf *dns_name_parse(const char *text)
{
	/* ldns takes "" for the root. */
	return *text == '\0' ? NULL : ldns_dname_new_frm_str(text);
}

bool dns_name_within(const ldns_rdf *name, const ldns_rdf *ancestor)
{
	return ldns_dname_compare(name, ancestor) == 0 || ldns_dname_is_subdomain(name, ancestor);
}
