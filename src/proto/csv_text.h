#ifndef PROTO_CSV_TEXT_H
#define PROTO_CSV_TEXT_H
/*
 * The bytes of a text file as UTF-8: tells the encoding by a byte order mark or by where NUL bytes stand in the first
 * 512 bytes, drops the mark, and turns UTF-16 into UTF-8 (RFC 2781; a lone surrogate becomes U+FFFD).
 *
 * Bytes that are neither UTF-16 nor UTF-8 pass unchanged: whoever reads the fields sees and counts them. The result
 * does not depend on how the file is cut into blocks.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum csv_text_form {
	CSV_TEXT_BYTES,   /* ASCII, UTF-8 or an 8-bit code page */
	CSV_TEXT_UTF16LE,
	CSV_TEXT_UTF16BE,
	CSV_TEXT_BINARY,  /* no text: `binary` says what it looks like; nothing is passed on */
};

enum { CSV_SNIFF_BYTES = 512 };

struct csv_text {
	enum csv_text_form form;
	bool is_decided;     /* `form` and `has_bom` are known */
	bool has_bom;
	const char *binary;  /* "an Excel workbook (.xlsx) or another zip file"; NULL for text */
	bool has_code_page_bytes; /* some byte was >= 0x80 and no part of UTF-8; judged by csv_text_code_page */
	uint64_t windows_letters, dos_letters; /* such bytes that are letters in windows-1252, in code page 850 */
	uint64_t lone_surrogates;
	unsigned char sniffed[CSV_SNIFF_BYTES];
	size_t sniffed_length;
	unsigned char carry[4]; /* the start of a character that the next block completes */
	size_t carried;
};

void csv_text_init(struct csv_text *text);

/* Adds what the bytes mean to `out`, at most 3 bytes for each 2 of them (and of those kept back by the call before). */
void csv_text_feed(struct csv_text *text, const void *bytes, size_t length, struct buf *out);
void csv_text_finish(struct csv_text *text, struct buf *out);

/* Notes a field whose bytes are not UTF-8, so that csv_text_code_page can guess. */
void csv_text_note_foreign(struct csv_text *text, const char *bytes, size_t length);

/* "UTF-8", "UTF-16 little endian", "windows-1252 or ISO 8859-1", "DOS code page 850 or 437", "an unknown code page", ... */
const char *csv_text_encoding(const struct csv_text *text);

#endif
