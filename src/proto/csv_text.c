#include "proto/csv_text.h"

#include <string.h>

#include "base/secret.h"
#include "base/str.h"

/* What people hand over in the place of a CSV file, by its first bytes. */
static const struct {
	const char *magic;
	size_t length;
	const char *what;
} binaries[] = {
    {"PK\003\004", 4, "an Excel workbook (.xlsx) or another zip file"},
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, "an old Excel workbook (.xls) or another Office file"},
    {"!BDN", 4, "an Outlook data file (.pst)"},
    {"\x1f\x8b", 2, "a gzip file"},
    {"%PDF", 4, "a PDF file"},
    {"\xff\xfe\0\0", 4, "UTF-32 text"},
    {"\0\0\xfe\xff", 4, "UTF-32 text"},
};

void csv_text_init(struct csv_text *text)
{
	*text = (struct csv_text){.form = CSV_TEXT_BYTES};
}

static void put_code_point(struct buf *out, uint32_t point)
{
	char bytes[4];
	size_t n = 0;
	if (point < 0x80) {
		bytes[n++] = (char)point;
	} else if (point < 0x800) {
		bytes[n++] = (char)(0xc0 | (point >> 6));
		bytes[n++] = (char)(0x80 | (point & 0x3f));
	} else if (point < 0x10000) {
		bytes[n++] = (char)(0xe0 | (point >> 12));
		bytes[n++] = (char)(0x80 | ((point >> 6) & 0x3f));
		bytes[n++] = (char)(0x80 | (point & 0x3f));
	} else {
		bytes[n++] = (char)(0xf0 | (point >> 18));
		bytes[n++] = (char)(0x80 | ((point >> 12) & 0x3f));
		bytes[n++] = (char)(0x80 | ((point >> 6) & 0x3f));
		bytes[n++] = (char)(0x80 | (point & 0x3f));
	}
	buf_add(out, bytes, n);
}

static uint32_t unit_at(const struct csv_text *text, size_t at)
{
	const unsigned char *bytes = text->carry + at;
	return text->form == CSV_TEXT_UTF16LE ? (uint32_t)(bytes[0] | bytes[1] << 8) : (uint32_t)(bytes[0] << 8 | bytes[1]);
}

/* Takes one character out of the carry: two bytes, or four for a surrogate pair. Waits when it needs more. */
static void take_utf16(struct csv_text *text, struct buf *out, bool is_end)
{
	uint32_t unit = unit_at(text, 0);
	bool is_high = unit >= 0xd800 && unit <= 0xdbff;
	if (is_high && text->carried < 4 && !is_end)
		return;
	size_t used = 2;
	if (is_high && text->carried == 4 && unit_at(text, 2) >= 0xdc00 && unit_at(text, 2) <= 0xdfff) {
		unit = 0x10000 + ((unit - 0xd800) << 10) + (unit_at(text, 2) - 0xdc00);
		used = 4;
	} else if (unit >= 0xd800 && unit <= 0xdfff) {
		unit = 0xfffd;
		text->lone_surrogates++;
	}
	put_code_point(out, unit);
	text->carried -= used;
	memmove(text->carry, text->carry + used, text->carried);
}

static void decode(struct csv_text *text, const unsigned char *bytes, size_t length, struct buf *out)
{
	if (text->form == CSV_TEXT_BYTES)
		buf_add(out, bytes, length);
	if (text->form != CSV_TEXT_UTF16LE && text->form != CSV_TEXT_UTF16BE)
		return;
	for (size_t i = 0; i < length; i++) {
		text->carry[text->carried++] = bytes[i];
		if (text->carried == 2 || text->carried == 4)
			take_utf16(text, out, false);
	}
}

static bool is_control(unsigned char c)
{
	return c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != 0x1a;
}

/* UTF-16 without a mark: mostly ASCII, so nearly every second byte is NUL, and no other. */
static enum csv_text_form form_by_nuls(const unsigned char *bytes, size_t length)
{
	size_t even = 0, odd = 0, controls = 0, pairs = length / 2;
	for (size_t i = 0; i < length; i++) {
		controls += is_control(bytes[i]);
		if (bytes[i] == 0)
			(i % 2 == 0 ? &even : &odd)[0]++;
	}
	if (pairs >= 2 && odd * 10 >= pairs * 7 && even == 0)
		return CSV_TEXT_UTF16LE;
	if (pairs >= 2 && even * 10 >= pairs * 7 && odd == 0)
		return CSV_TEXT_UTF16BE;
	return controls >= 4 && controls * 10 > length ? CSV_TEXT_BINARY : CSV_TEXT_BYTES;
}

static bool starts(const struct csv_text *text, const char *magic, size_t length)
{
	return text->sniffed_length >= length && memcmp(text->sniffed, magic, length) == 0;
}

/* Bytes of that mark at the start; files that were put together hold it more than once. */
static size_t marks(const struct csv_text *text, const char *mark, size_t length)
{
	size_t at = 0;
	while (at + length <= text->sniffed_length && memcmp(text->sniffed + at, mark, length) == 0)
		at += length;
	return at;
}

/* Decides from the first bytes; returns how many of them are a mark. */
static size_t decide(struct csv_text *text)
{
	text->is_decided = true;
	for (size_t i = 0; i < sizeof binaries / sizeof binaries[0]; i++) {
		if (starts(text, binaries[i].magic, binaries[i].length)) {
			text->form = CSV_TEXT_BINARY;
			text->binary = binaries[i].what;
			return 0;
		}
	}
	text->has_bom = true;
	if (starts(text, "\xef\xbb\xbf", 3))
		return marks(text, "\xef\xbb\xbf", 3);
	if (starts(text, "\xff\xfe", 2) || starts(text, "\xfe\xff", 2)) {
		text->form = text->sniffed[0] == 0xff ? CSV_TEXT_UTF16LE : CSV_TEXT_UTF16BE;
		return marks(text, text->form == CSV_TEXT_UTF16LE ? "\xff\xfe" : "\xfe\xff", 2);
	}
	text->has_bom = false;
	text->form = form_by_nuls(text->sniffed, text->sniffed_length);
	if (text->form == CSV_TEXT_BINARY)
		text->binary = "binary data: too many control characters";
	return 0;
}

static void decide_and_pass(struct csv_text *text, struct buf *out)
{
	size_t mark = decide(text);
	decode(text, text->sniffed + mark, text->sniffed_length - mark, out);
	secret_wipe(text->sniffed, sizeof text->sniffed);
}

void csv_text_feed(struct csv_text *text, const void *bytes, size_t length, struct buf *out)
{
	const unsigned char *at = bytes;
	if (!text->is_decided) {
		size_t room = CSV_SNIFF_BYTES - text->sniffed_length;
		size_t taken = length < room ? length : room;
		memcpy(text->sniffed + text->sniffed_length, at, taken);
		text->sniffed_length += taken;
		at += taken;
		length -= taken;
		if (text->sniffed_length < CSV_SNIFF_BYTES)
			return;
		decide_and_pass(text, out);
	}
	decode(text, at, length, out);
}

void csv_text_finish(struct csv_text *text, struct buf *out)
{
	if (!text->is_decided)
		decide_and_pass(text, out);
	if (text->carried >= 2)
		take_utf16(text, out, true);
	if (text->carried > 0) {
		put_code_point(out, 0xfffd);
		text->lone_surrogates++;
	}
	text->carried = 0;
}

void csv_text_note_foreign(struct csv_text *text, const char *bytes, size_t length)
{
	const unsigned char *at = (const unsigned char *)bytes;
	while (length > 0) {
		size_t step = str_utf8_length(at, length);
		if (step == 0) {
			/* Letters with accents: 0xc0 and up in windows-1252, 0x80 to 0xa5 in the DOS pages. */
			text->has_code_page_bytes = true;
			text->windows_letters += *at >= 0xc0;
			text->dos_letters += *at >= 0x80 && *at <= 0xa5;
			step = 1;
		}
		at += step;
		length -= step;
	}
}

const char *csv_text_encoding(const struct csv_text *text)
{
	switch (text->form) {
	case CSV_TEXT_UTF16LE:
		return "UTF-16 little endian";
	case CSV_TEXT_UTF16BE:
		return "UTF-16 big endian";
	case CSV_TEXT_BINARY:
		return text->binary;
	case CSV_TEXT_BYTES:
		break;
	}
	if (!text->has_code_page_bytes)
		return "UTF-8";
	if (text->windows_letters > text->dos_letters)
		return "windows-1252 or ISO 8859-1";
	return text->dos_letters > text->windows_letters ? "DOS code page 850 or 437" : "an unknown code page";
}
