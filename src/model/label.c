#include "model/label.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"

enum { LABEL_OCTETS = 63, DOMAIN_OCTETS = 253, BLOCK = 4 };

/* The domain without its dashes, its dots as dashes. */
static void add_base(struct buf *out, const char *domain)
{
	for (const char *at = domain; *at != '\0'; at++)
		if (*at != '-')
			buf_putc(out, *at == '.' ? '-' : *at);
}

/*
 * The places of the dashes, four characters of the domain to a block: a block with dashes is the letter 'a' + its bits
 * (place 0 of the block is bit 0), blocks without any before it are written as their number.
 */
static void add_code(struct buf *out, const char *domain)
{
	size_t length = strlen(domain), empty = 0;
	for (size_t start = 0; start < length; start += BLOCK) {
		int bits = 0;
		for (size_t i = 0; i < BLOCK && start + i < length; i++)
			if (domain[start + i] == '-')
				bits |= 1 << i;
		if (bits == 0) {
			empty++;
			continue;
		}
		if (empty > 0)
			buf_printf(out, "%zu", empty);
		empty = 0;
		buf_putc(out, (char)('a' + bits));
	}
}

char *domain_label(const char *domain)
{
	struct buf out;
	size_t length = strlen(domain);
	if (length == 0 || length > DOMAIN_OCTETS)
		return NULL;
	buf_init(&out, 2 * DOMAIN_OCTETS);
	add_base(&out, domain);
	if (strchr(domain, '-') != NULL) {
		buf_putc(&out, '0');
		add_code(&out, domain);
	}
	bool fits = out.length > 0 && out.length <= LABEL_OCTETS;
	char *label = buf_steal(&out);
	if (!fits) {
		free(label);
		return NULL;
	}
	str_lower(label);
	return label;
}
