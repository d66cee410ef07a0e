#include "model/spf_macro.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/xalloc.h"

enum { PARTS = 128, EXPANDED_OCTETS = 4096 };
#define DELIMITERS ".-+,/_="

/* One "%{...}" taken apart. */
struct macro {
	char letter;   /* lower case */
	bool is_upper; /* URL escaping wanted */
	int keep;      /* rightmost parts to keep; 0: all */
	bool is_reversed;
	char delimiters[sizeof DELIMITERS];
};

/* Reads the macro at "%{"; the length it takes, or 0 when malformed. */
static size_t read_macro(const char *text, struct macro *macro)
{
	const char *at = text + 2;
	*macro = (struct macro){.letter = (char)tolower((unsigned char)*at), .is_upper = isupper((unsigned char)*at) != 0};
	if (*at == '\0' || strchr("slodiphcrtv", macro->letter) == NULL)
		return 0;
	at++;
	bool has_digits = isdigit((unsigned char)*at) != 0;
	for (; isdigit((unsigned char)*at); at++)
		macro->keep = macro->keep < PARTS ? macro->keep * 10 + (*at - '0') : macro->keep; /* more parts there cannot be */
	if (has_digits && macro->keep == 0)
		return 0; /* 7.3: the digit must not be zero */
	if (*at == 'r' || *at == 'R') {
		macro->is_reversed = true;
		at++;
	}
	size_t length = strspn(at, DELIMITERS);
	if (length >= sizeof macro->delimiters || at[length] != '}')
		return 0;
	memcpy(macro->delimiters, at, length);
	if (length == 0)
		macro->delimiters[0] = '.';
	return (size_t)(at + length + 1 - text);
}

/* Length of the element at text (a literal, an escaped backslash, "%%", "%_", "%-" or a macro), or 0 when there is none. */
static size_t element(const char *text, struct macro *macro)
{
	macro->letter = '\0';
	if (*text == '\\')
		return text[1] == '\\' ? 2 : 0; /* of the text as recorded: a backslash; else an octet that is not visible ASCII */
	if (*text != '%')
		return *text >= 0x21 && *text <= 0x7e;
	if (text[1] == '%' || text[1] == '_' || text[1] == '-')
		return 2;
	return text[1] == '{' ? read_macro(text, macro) : 0;
}

bool spf_is_macro_string(const char *text)
{
	struct macro macro;
	while (*text != '\0') {
		size_t length = element(text, &macro);
		if (length == 0)
			return false;
		text += length;
	}
	return true;
}

/* toplabel: letters, digits and inner hyphens, not digits alone. */
static bool is_top_label(const char *label, size_t length)
{
	bool has_other = false;
	for (size_t i = 0; i < length; i++) {
		if (!isalnum((unsigned char)label[i]) && label[i] != '-')
			return false;
		has_other = has_other || !isdigit((unsigned char)label[i]);
	}
	return length > 0 && has_other && label[0] != '-' && label[length - 1] != '-';
}

bool spf_is_domain_spec(const char *text)
{
	size_t length = strlen(text);
	if (length == 0 || !spf_is_macro_string(text) || spf_uses_macro(text, "crt"))
		return false;
	if (text[length - 1] == '}')
		return true;
	if (text[length - 1] == '.')
		length--;
	size_t start = length;
	while (start > 0 && text[start - 1] != '.')
		start--;
	return start > 0 && is_top_label(text + start, length - start);
}

bool spf_uses_macro(const char *text, const char *letters)
{
	struct macro macro;
	while (*text != '\0') {
		size_t length = element(text, &macro);
		if (length == 0)
			return false;
		if (macro.letter != '\0' && strchr(letters, macro.letter) != NULL)
			return true;
		text += length;
	}
	return false;
}

/* i: dotted quad, or the 32 nibbles of IPv6 parted by dots (7.3). */
static void put_address(struct buf *out, const struct spf_macro_values *values)
{
	for (int i = 0; i < (values->family == 4 ? 4 : 16); i++)
		if (values->family == 4)
			buf_printf(out, i > 0 ? ".%u" : "%u", values->address[i]);
		else
			buf_printf(out, i > 0 ? ".%x.%x" : "%x.%x", values->address[i] >> 4, values->address[i] & 15);
}

static bool put_letter(struct buf *out, char letter, const struct spf_macro_values *values)
{
	const char *at = strrchr(values->sender, '@');
	switch (letter) {
	case 's': buf_puts(out, values->sender); return true;
	case 'l': buf_add(out, values->sender, at != NULL ? (size_t)(at - values->sender) : 0); return true;
	case 'o': buf_puts(out, at != NULL ? at + 1 : values->sender); return true;
	case 'd': buf_puts(out, values->domain); return true;
	case 'i': put_address(out, values); return true;
	case 'p': buf_puts(out, values->validated); return true;
	case 'v': buf_puts(out, values->family == 4 ? "in-addr" : "ip6"); return true;
	case 'h': buf_puts(out, values->helo); return true;
	default: return false;
	}
}

/* Splits at the macro's delimiters, reverses, keeps the rightmost parts, joins with dots. */
static void transform(struct buf *out, char *value, const struct macro *macro)
{
	char *parts[PARTS];
	size_t count = 0;
	for (char *at = value; count < PARTS;) {
		parts[count++] = at;
		at += strcspn(at, macro->delimiters);
		if (*at == '\0')
			break;
		*at++ = '\0';
	}
	size_t skip = macro->keep > 0 && (size_t)macro->keep < count ? count - (size_t)macro->keep : 0;
	for (size_t i = skip; i < count; i++) {
		const char *part = parts[macro->is_reversed ? count - 1 - i : i];
		if (i > skip)
			buf_putc(out, '.');
		for (; *part != '\0'; part++)
			if (macro->is_upper && !isalnum((unsigned char)*part) && strchr("-._~", *part) == NULL)
				buf_printf(out, "%%%02X", (unsigned char)*part);
			else
				buf_putc(out, *part);
	}
}

bool spf_expand(const char *text, const struct spf_macro_values *values, struct buf *out)
{
	struct macro macro;
	struct buf whole;
	bool is_good = true;
	buf_init(&whole, EXPANDED_OCTETS);
	for (size_t length; *text != '\0' && is_good; text += length) {
		length = element(text, &macro);
		if (length == 0) {
			is_good = false;
		} else if (macro.letter != '\0') {
			struct buf value;
			buf_init(&value, EXPANDED_OCTETS);
			is_good = put_letter(&value, macro.letter, values);
			transform(&whole, value.bytes, &macro);
			buf_clear(&value);
		} else if (*text == '%') {
			buf_puts(&whole, text[1] == '%' ? "%" : text[1] == '_' ? " " : "%20");
		} else {
			buf_add(&whole, text, length);
		}
	}
	const char *name = whole.bytes;
	size_t end = whole.length;
	if (end > 0 && name[end - 1] == '.')
		end--;
	while (end > SPF_NAME_OCTETS && strchr(name, '.') != NULL) {
		size_t cut = strcspn(name, ".") + 1;
		name += cut;
		end -= cut;
	}
	buf_add(out, name, end);
	buf_clear(&whole);
	return is_good;
}
