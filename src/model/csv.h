#ifndef MODEL_CSV_H
#define MODEL_CSV_H
/*
 * The words of a migration file that the scanner (proto), the rule and the command share: its columns, what kind of
 * file a header tells, the faults that stand on rows, and the forms of UserName.
 * Source: "CSV files for IMAP migration batches" and the CSV section of Microsoft's IMAP troubleshooter (KB 10062).
 */
#include <stdbool.h>
#include <stddef.h>

/* What the service takes. */
enum {
	CSV_SERVICE_ROWS = 50000,             /* rows below the header */
	CSV_SERVICE_BYTES = 10 * 1024 * 1024, /* "10 MB", taken as 10 MiB: the page does not say which */
};

/* The columns of a migration file; UserRoot alone may be left out. */
enum csv_column { CSV_EMAIL_ADDRESS, CSV_USER_NAME, CSV_PASSWORD, CSV_REQUIRED, CSV_USER_ROOT = CSV_REQUIRED, CSV_COLUMN_COUNT };

/* How a header cell is spelt. */
enum csv_spelling {
	CSV_SPELT_EXACT,
	CSV_SPELT_CASE,   /* another case, or blanks round it */
	CSV_SPELT_NEAR,   /* with blanks, dashes or underscores inside: another column to the service */
	CSV_SPELT_TWICE,  /* a column that stands in the header already */
	CSV_SPELT_UNKNOWN /* none of the four */
};

#define CSV_KIND_LIST(KIND) \
	KIND(MIGRATION, "migration") \
	KIND(CONTACTS, "contacts") \
	KIND(KERIO_USERS, "kerio-users") \
	KIND(OTHER, "other")

#define CSV_KIND_ENUM(symbol, name) CSV_KIND_##symbol,
enum csv_kind { CSV_KIND_LIST(CSV_KIND_ENUM) CSV_KIND_COUNT };
#undef CSV_KIND_ENUM

/* Faults of rows. CSV_FAULT_X is judged as FINDING_CSV_X; the name is the finding's without "csv-". */
#define CSV_FAULT_LIST(FAULT) \
	FAULT(ROW_COLUMNS, "row-columns") \
	FAULT(QUOTE, "quote") \
	FAULT(FIELD_EMPTY, "field-empty") \
	FAULT(FIELD_BLANKS, "field-blanks") \
	FAULT(EXCEL_DAMAGE, "excel-damage") \
	FAULT(ADDRESS_INVALID, "address-invalid") \
	FAULT(ADDRESS_DUPLICATE, "address-duplicate") \
	FAULT(ADDRESS_FOREIGN, "address-foreign") \
	FAULT(USER_DUPLICATE, "user-duplicate")

#define CSV_FAULT_ENUM(symbol, name) CSV_FAULT_##symbol,
enum csv_fault { CSV_FAULT_LIST(CSV_FAULT_ENUM) CSV_FAULT_COUNT };
#undef CSV_FAULT_ENUM

/* Forms of UserName, and for which servers they are meant. */
#define CSV_FORM_LIST(FORM) \
	FORM(PLAIN, "user", "user") \
	FORM(ADDRESS, "address", "user@domain") \
	FORM(EXCHANGE_USER, "exchange-user", "domain/user (Exchange, the user's own password)") \
	FORM(EXCHANGE_ADMIN, "exchange-admin", "domain/admin/user (Exchange, an administrator's password)") \
	FORM(DOVECOT_ADMIN, "dovecot-admin", "user*admin (Dovecot, UW-imap)") \
	FORM(MIRAPOINT_ADMIN, "mirapoint-admin", "#user@domain#admin# (Mirapoint, Zimbra)") \
	FORM(USER_ROOT, "user-root", "an administrator with UserRoot (Courier, Cyrus, Oracle)") \
	FORM(BROKEN, "broken", "a part of an administrator form is missing")

#define CSV_FORM_ENUM(symbol, name, about) CSV_FORM_##symbol,
enum csv_form { CSV_FORM_LIST(CSV_FORM_ENUM) CSV_FORM_COUNT };
#undef CSV_FORM_ENUM

const char *csv_column_name(enum csv_column column);       /* "EmailAddress"; "" for CSV_COLUMN_COUNT */
const char *csv_spelling_name(enum csv_spelling spelling); /* "exact", "case", ... */
const char *csv_kind_name(enum csv_kind kind);
const char *csv_fault_name(enum csv_fault fault);
const char *csv_form_name(enum csv_form form);
const char *csv_form_about(enum csv_form form);
enum csv_fault csv_fault_from_name(const char *name); /* CSV_FAULT_COUNT for none */
enum csv_form csv_form_from_name(const char *name);   /* CSV_FORM_COUNT for none */

/* The column that a header cell names, CSV_COLUMN_COUNT for none. The spelling is never CSV_SPELT_TWICE. */
enum csv_column csv_column_find(const char *cell, size_t length, enum csv_spelling *spelling);

/* Whether a header cell is one of Outlook's or Google's contact fields, or one of Kerio's user fields. */
bool csv_is_contact_field(const char *cell, size_t length);
bool csv_is_kerio_field(const char *cell, size_t length);

#endif
