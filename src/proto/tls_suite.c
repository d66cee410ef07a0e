#include "proto/tls_suite.h"

#include "base/str.h"
#include "model/embedded.h"
#include "model/table.h"

void tls_suites_of(const char *version, struct names *suites)
{
	struct table_row row;
	table_begin(&row, embedded_text("data/tls_suites.tsv"));
	while (table_next(&row))
		if (str_equal(row.fields[1], version))
			names_add(suites, row.fields[0]);
}

bool tls_suite_is_listed(const char *iana_name)
{
	struct table_row row;
	table_begin(&row, embedded_text("data/tls_suites.tsv"));
	while (table_next(&row))
		if (str_equal(row.fields[0], iana_name))
			return true;
	return false;
}
