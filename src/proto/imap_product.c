#include "proto/imap_product.h"

#include <stdio.h>

#include "base/str.h"
#include "model/embedded.h"
#include "model/product.h"

static bool any_contains(const struct names *names, const char *pattern)
{
	for (size_t i = 0; i < names->count; i++)
		if (str_find_nocase(names->items[i], pattern) != NULL)
			return true;
	return false;
}

bool imap_product_find(const char *greeting, const struct names *capabilities, const struct names *ids,
                       struct imap_product *product)
{
	static const char *const places[] = {"id", "greeting", "capability"};
	struct table_row row;
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		table_begin(&row, embedded_text("data/products.tsv"));
		while (table_next(&row)) {
			if (!str_equal(row.fields[PRODUCT_WHERE], places[i]))
				continue;
			const char *pattern = row.fields[PRODUCT_PATTERN];
			bool is_it = i == 0   ? any_contains(ids, pattern)
			             : i == 1 ? greeting != NULL && str_find_nocase(greeting, pattern) != NULL
			                      : names_has(capabilities, pattern);
			if (!is_it)
				continue;
			snprintf(product->name, sizeof product->name, "%s", row.fields[PRODUCT_NAME]);
			product->from = places[i];
			snprintf(product->admin_format, sizeof product->admin_format, "%s", row.fields[PRODUCT_ADMIN_FORMAT]);
			return true;
		}
	}
	return false;
}
