#ifndef PROTO_IMAP_PRODUCT_H
#define PROTO_IMAP_PRODUCT_H
/* Which server product this is, from what it says before anyone signs in: data/products.tsv. */
#include <stdbool.h>

#include "cutover/policy.h"
#include "model/table.h"

struct imap_product {
	char name[TABLE_FIELD_BYTES];
	const char *from; /* "id", "greeting", "capability": what gave it away */
	/* How a mailbox administrator signs in for a user, as in UserName of the CSV; "" when unknown. */
	char admin_format[TABLE_FIELD_BYTES];
};

/* `ids` are the values of the ID answer; `greeting` may be NULL. The ID counts first, then the greeting. */
bool imap_product_find(const char *greeting, const struct names *capabilities, const struct names *ids,
                       struct imap_product *product);

#endif
