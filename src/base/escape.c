#include "base/escape.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"

/* C1 controls, and the characters that reorder or hide text on a terminal (Unicode bidi and zero-width controls). */
static bool is_hidden(const unsigned char *at, size_t step)
{
	if (step == 1)
		return at[0] < 0x20 || at[0] == 0x7f;
	if (step == 2)
		return (at[0] == 0xc2 && at[1] < 0xa0) || (at[0] == 0xd8 && at[1] == 0x9c);
	if (step == 3 && at[0] == 0xe2)
		return (at[1] == 0x80 && ((at[2] >= 0x8b && at[2] <= 0x8f) || (at[2] >= 0xa8 && at[2] <= 0xae))) ||
		       (at[1] == 0x81 && at[2] >= 0xa0 && at[2] <= 0xaf);
	return step == 3 && at[0] == 0xef && at[1] == 0xbb && at[2] == 0xbf;
}

static void escape_hidden(struct buf *out, const unsigned char *at, size_t length, bool double_backslash)
{
	while (length > 0) {
		size_t step = str_utf8_length(at, length);
		bool hidden = step == 0 || is_hidden(at, step);
		if (step == 0)
			step = 1;
		if (hidden)
			for (size_t i = 0; i < step; i++)
				buf_printf(out, "\\%03u", at[i]);
		else if (double_backslash && at[0] == '\\')
			buf_puts(out, "\\\\");
		else
			buf_add(out, at, step);
		at += step;
		length -= step;
	}
}

void escape_bytes(struct buf *out, const void *bytes, size_t length)
{
	escape_hidden(out, bytes, length, true);
}

void escape_terminal(struct buf *out, const char *text)
{
	escape_hidden(out, (const unsigned char *)text, strlen(text), false);
}

/* Writes text with each byte of `bytes` replaced by the word of the same index. */
static void replace(struct buf *out, const char *text, const char *bytes, const char *const *words)
{
	for (; *text != '\0'; text++) {
		const char *at = strchr(bytes, *text);
		if (at != NULL)
			buf_puts(out, words[at - bytes]);
		else
			buf_putc(out, *text);
	}
}

void escape_html(struct buf *out, const char *text)
{
	static const char *const words[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
	replace(out, text, "&<>\"'", words);
}

void escape_xml(struct buf *out, const char *text)
{
	struct buf clean;
	buf_init(&clean, strlen(text) * 3 + 1);
	for (; *text != '\0'; text++) {
		bool is_control = (unsigned char)*text < 0x20 && *text != '\t' && *text != '\n' && *text != '\r';
		bool is_no_character = str_starts(text, "\xef\xbf\xbe") || str_starts(text, "\xef\xbf\xbf"); /* U+FFFE, U+FFFF */
		if (is_control || is_no_character)
			buf_puts(&clean, "\xef\xbf\xbd");
		else
			buf_putc(&clean, *text);
		if (is_no_character)
			text += 2;
	}
	escape_html(out, clean.bytes);
	buf_clear(&clean);
}

void escape_markdown(struct buf *out, const char *text)
{
	static const char *const words[] = {"\\\\", "\\`", "\\*", "\\_", "\\[", "\\]", "&lt;", "&gt;", "&amp;", "\\|", "\\#", " ", " "};
	replace(out, text, "\\`*_[]<>&|#\n\r", words);
}

void escape_openmetrics(struct buf *out, const char *text)
{
	static const char *const words[] = {"\\\\", "\\\"", "\\n"};
	replace(out, text, "\\\"\n", words);
}

void escape_nagios(struct buf *out, const char *text)
{
	static const char *const words[] = {"/", " ", " ", " "};
	replace(out, text, "|\n\r\t", words);
}

void escape_csv(struct buf *out, const char *text)
{
	/* A cell that begins like a formula would run in a spreadsheet. */
	bool is_formula = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
	if (!is_formula && strpbrk(text, "\",\r\n") == NULL) {
		buf_puts(out, text);
		return;
	}
	static const char *const words[] = {"\"\""};
	buf_putc(out, '"');
	if (is_formula)
		buf_putc(out, '\'');
	replace(out, text, "\"", words);
	buf_putc(out, '"');
}
