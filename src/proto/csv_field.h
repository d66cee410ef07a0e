#ifndef PROTO_CSV_FIELD_H
#define PROTO_CSV_FIELD_H
/*
 * Questions about one field. Answers are fixed phrases, never a part of the field: it may be a password.
 */
#include <stdbool.h>

#include "model/csv.h"
#include "proto/csv_reader.h"

bool csv_field_equals(const struct csv_field *field, const char *text);
bool csv_field_is_utf8(const struct csv_field *field);
bool csv_field_has_nul(const struct csv_field *field);

/* Without the spaces and tabs round it. */
struct csv_field csv_field_trim(const struct csv_field *field);

/*
 * Blanks at the ends, line breaks, and characters that cannot be seen or are easily taken for others: "a leading
 * blank", "a no-break space (U+00A0)", "a typographic quote"; NULL for none.
 */
const char *csv_field_blanks(const struct csv_field *field);

/* What a spreadsheet makes of a value: 1.09E+06, #####, #NAME? (also German); NULL for none. */
const char *csv_field_damage(const struct csv_field *field);

/*
 * NULL when it is an address that an Exchange Online mailbox can have: a dot-atom of at most 64 octets of ASCII
 * (RFC 5322 3.2.3), '@', a domain of two labels at least (internationalized ones may be written in Unicode). Otherwise
 * what is wrong.
 */
const char *csv_address_fault(const struct csv_field *field);

/* The form of a UserName; `has_root`: the row has a UserRoot. Source: microsoft.md 3.5, [CSV]. */
enum csv_form csv_user_form(const struct csv_field *field, bool has_root);

#endif
