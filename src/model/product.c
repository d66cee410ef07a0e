#include "model/product.h"

#include "base/str.h"
#include "model/embedded.h"
#include "model/table.h"

bool product_form_is_foreign(const char *product, enum csv_form form)
{
	struct table_row row;
	if (form == CSV_FORM_PLAIN || form == CSV_FORM_ADDRESS || form == CSV_FORM_COUNT)
		return false;
	if (form == CSV_FORM_BROKEN)
		return true;
	/* Domain and user in one name is Exchange's, too. */
	const char *name = csv_form_name(form == CSV_FORM_EXCHANGE_USER ? CSV_FORM_EXCHANGE_ADMIN : form);
	table_begin(&row, embedded_text("data/products.tsv"));
	while (table_next(&row))
		if (str_equal(row.fields[PRODUCT_NAME], product))
			return !str_equal(row.fields[PRODUCT_FORM], name) && !str_equal(row.fields[PRODUCT_FORM], "unknown");
	return false;
}
