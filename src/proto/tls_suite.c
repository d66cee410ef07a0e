#include "proto/tls_suite.h"

#include "base/str.h"
#include "model/embedded.h"
#include "model/table.h"

bool tls_suite_is_listed(const char *iana_name)
{
	struct table_row row;
	table_begin(&row, embedded_text("data/tls_suites.tsv"));
	while (table_next(&row))
		if (str_equal(row.fields[0], iana_name))
			return true;
	return false;
}
