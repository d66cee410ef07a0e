#include "probe/scrub.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/buf.h"

enum { SHORT_BYTES = 4 };

static const char MASK[] = "********";

/* How many bytes of `line` spell the password, with or without backslashes before '"' and '\'; 0 for none. */
static size_t spells(const char *line, size_t length, const char *password, size_t password_length, bool is_quoted)
{
	size_t at = 0;
	for (size_t i = 0; i < password_length; i++) {
		if (is_quoted && (password[i] == '"' || password[i] == '\\') && at < length && line[at] == '\\')
			at++;
		if (at >= length || line[at] != password[i])
			return 0;
		at++;
	}
	return at;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

void scrub(struct buf *out, const char *line, size_t length, const char *password, size_t password_length)
{
	for (size_t i = 0; i < length;) {
		size_t found = 0;
		if (password_length > 0) {
			size_t quoted = spells(line + i, length - i, password, password_length, true);
			size_t plain = spells(line + i, length - i, password, password_length, false);
			found = quoted > plain ? quoted : plain;
		}
		bool stands_alone = (i == 0 || !is_word(line[i - 1])) && (i + found >= length || !is_word(line[i + found]));
		if (found > 0 && (password_length >= SHORT_BYTES || stands_alone)) {
			buf_puts(out, MASK);
			i += found;
		} else {
			buf_putc(out, line[i++]);
		}
	}
}
