#ifndef PROTO_CSV_REPAIR_H
#define PROTO_CSV_REPAIR_H
/*
 * A migration file as the service wants it, line by line, as far as that needs no guess: commas for other separators,
 * UTF-8 for UTF-16, no byte order mark, no "sep=" line, no blank lines, one kind of line end, header names in their
 * right case without blanks round them.
 *
 * All else is left as it stands, byte for byte: fields with blanks round them, rows with broken quotes or too few
 * fields, bytes of a code page. A row is written anew only when its separators change; then a field is quoted when it
 * holds a comma, a quote or a line end, or begins or ends with a blank.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One line with its line end. The header comes first, then the rows. Borrowed until the callback returns. */
typedef void csv_line_fn(void *user, const char *bytes, size_t length, bool is_header);

struct csv_repair;

struct csv_repair *csv_repair_new(csv_line_fn *on_line, void *user);
void csv_repair_free(struct csv_repair *repair); /* NULL is fine */
void csv_repair_feed(struct csv_repair *repair, const void *bytes, size_t length);
void csv_repair_finish(struct csv_repair *repair);

/*
 * After finish: NULL, or why the file cannot be repaired (it is no migration file, a line is too long, a character was
 * lost). What was written so far is to be thrown away then.
 */
const char *csv_repair_refusal(const struct csv_repair *repair);

uint64_t csv_repair_rows(const struct csv_repair *repair); /* lines below the header */

/* After finish: one printable sentence for each change, then for what was left. */
void csv_repair_each_change(const struct csv_repair *repair, void (*each)(void *user, const char *sentence), void *user);

#endif
