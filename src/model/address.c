#include "model/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

unsigned address_bits(const struct address *address)
{
	return address->family == 4 ? 32 : 128;
}

bool address_parse(const char *text, struct address *address)
{
	*address = (struct address){.family = 4};
	if (inet_pton(AF_INET, text, address->bytes) == 1)
		return true;
	address->family = 6;
	return inet_pton(AF_INET6, text, address->bytes) == 1;
}

char *address_format(const struct address *address, char text[ADDRESS_TEXT_BYTES])
{
	text[0] = '\0';
	inet_ntop(address->family == 4 ? AF_INET : AF_INET6, address->bytes, text, ADDRESS_TEXT_BYTES);
	return text;
}

int address_compare(const struct address *a, const struct address *b)
{
	return a->family != b->family ? a->family - b->family : memcmp(a->bytes, b->bytes, ADDRESS_BYTES);
}

/* The bits of byte `index` that belong to a prefix of that length. */
static unsigned char byte_mask(unsigned length, unsigned index)
{
	if (length >= (index + 1) * 8)
		return 0xff;
	if (length <= index * 8)
		return 0;
	return (unsigned char)(0xffu << (8 - length % 8) & 0xff);
}

void prefix_shorten(struct prefix *prefix, unsigned length)
{
	prefix->length = length;
	for (unsigned i = 0; i < ADDRESS_BYTES; i++)
		prefix->address.bytes[i] &= byte_mask(length, i);
}

bool prefix_parse(const char *text, struct prefix *prefix)
{
	char host[ADDRESS_TEXT_BYTES];
	size_t host_length = strcspn(text, "/");
	if (host_length >= sizeof host)
		return false;
	memcpy(host, text, host_length);
	host[host_length] = '\0';
	if (!address_parse(host, &prefix->address))
		return false;
	int64_t length = address_bits(&prefix->address);
	if (text[host_length] == '/' && !str_to_int(text + host_length + 1, 0, length, &length))
		return false;
	prefix_shorten(prefix, (unsigned)length);
	return true;
}

char *prefix_format(const struct prefix *prefix, char text[PREFIX_TEXT_BYTES])
{
	char host[ADDRESS_TEXT_BYTES];
	snprintf(text, PREFIX_TEXT_BYTES, "%s/%u", address_format(&prefix->address, host), prefix->length);
	return text;
}

int prefix_compare(const struct prefix *a, const struct prefix *b)
{
	int order = address_compare(&a->address, &b->address);
	return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

bool prefix_has(const struct prefix *prefix, const struct address *address)
{
	if (prefix->address.family != address->family)
		return false;
	for (unsigned i = 0; i < ADDRESS_BYTES; i++)
		if ((address->bytes[i] & byte_mask(prefix->length, i)) != prefix->address.bytes[i])
			return false;
	return true;
}

bool prefix_contains(const struct prefix *outer, const struct prefix *inner)
{
	return outer->length <= inner->length && prefix_has(outer, &inner->address);
}

struct address prefix_last(const struct prefix *prefix)
{
	struct address last = prefix->address;
	for (unsigned i = 0; i < address_bits(&last) / 8; i++)
		last.bytes[i] |= (unsigned char)~byte_mask(prefix->length, i);
	return last;
}
