#ifndef PROTO_CSV_SCAN_H
#define PROTO_CSV_SCAN_H
/*
 * One pass over a CSV file that turns it into observations of the name "csv": first the file as a whole, then one for
 * each kind of fault on its rows. Nothing is judged here.
 *
 * Rows are looked at field by field only in a migration file, and only those that have as many fields as the header:
 * in the others nobody knows which field is which. No field of a row becomes a fact but an EmailAddress that looks
 * like one ("@" and a dot behind it), and no header cell unless csv_header says that it is a name. So no password can.
 */
#include <stddef.h>
#include <stdint.h>

#include "cutover/evidence.h"
#include "cutover/policy.h"

struct csv_scan_options {
	const char *target;          /* the file's name, printable; borrowed */
	const struct names *domains; /* those that addresses may be in, A-labels; NULL or empty: any. Borrowed */
	int64_t file_bytes;          /* -1: not known */
	int mode;                    /* permissions; -1: not known */
	int64_t started_ms;
};

struct csv_scan;

struct csv_scan *csv_scan_new(const struct csv_scan_options *options);
void csv_scan_free(struct csv_scan *scan); /* NULL is fine */
void csv_scan_feed(struct csv_scan *scan, const void *bytes, size_t length);

/* The file has ended: gives the observations to the evidence. Once. */
void csv_scan_finish(struct csv_scan *scan, struct evidence *evidence, int64_t elapsed_ms);

/* The observation of a file that is not read because of its size. */
void csv_scan_refuse(const struct csv_scan_options *options, struct evidence *evidence);

#endif
