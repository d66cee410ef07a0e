#include "proto/csv_field.h"

#include <string.h>

#include "base/str.h"

bool csv_field_equals(const struct csv_field *field, const char *text)
{
	return field->length == strlen(text) && memcmp(field->bytes, text, field->length) == 0;
}

bool csv_field_is_utf8(const struct csv_field *field)
{
	return str_is_utf8(field->bytes, field->length);
}

bool csv_field_has_nul(const struct csv_field *field)
{
	return field->length > 0 && memchr(field->bytes, '\0', field->length) != NULL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct csv_field csv_field_trim(const struct csv_field *field)
{
	struct csv_field trimmed = *field;
	while (trimmed.length > 0 && is_blank(trimmed.bytes[0])) {
		trimmed.bytes++;
		trimmed.length--;
	}
	while (trimmed.length > 0 && is_blank(trimmed.bytes[trimmed.length - 1]))
		trimmed.length--;
	return trimmed;
}

/* Characters beyond ASCII that hide in a field; sorted. */
static const struct {
	uint32_t first, last;
	const char *phrase;
} hidden[] = {
    {0x80, 0x9f, "a control character"},
    {0xa0, 0xa0, "a no-break space (U+00A0)"},
    {0xab, 0xab, "a typographic quote"},
    {0xad, 0xad, "a soft hyphen (U+00AD)"},
    {0xbb, 0xbb, "a typographic quote"},
    {0x2000, 0x200a, "a space of unusual width"},
    {0x200b, 0x200d, "a zero-width character"},
    {0x200e, 0x200f, "a mark of writing direction"},
    {0x2018, 0x201f, "a typographic quote"},
    {0x2028, 0x2029, "a line break"},
    {0x202a, 0x202e, "a mark of writing direction"},
    {0x202f, 0x202f, "a narrow no-break space (U+202F)"},
    {0x2039, 0x203a, "a typographic quote"},
    {0x205f, 0x205f, "a space of unusual width"},
    {0x2060, 0x2064, "a zero-width character"},
    {0x2066, 0x2069, "a mark of writing direction"},
    {0x3000, 0x3000, "an ideographic space (U+3000)"},
    {0xfeff, 0xfeff, "a zero-width character"},
    {0xfffd, 0xfffd, "a replacement character (U+FFFD): something was lost in a conversion"},
};

static const char *hidden_phrase(uint32_t point)
{
	for (size_t i = 0; i < sizeof hidden / sizeof hidden[0] && hidden[i].first <= point; i++)
		if (point <= hidden[i].last)
			return hidden[i].phrase;
	return NULL;
}

/* `length` is what str_utf8_length said: 2 to 4. */
static uint32_t code_point(const unsigned char *at, size_t length)
{
	uint32_t point = at[0] & (0xffu >> (length + 1));
	for (size_t i = 1; i < length; i++)
		point = point << 6 | (at[i] & 0x3f);
	return point;
}

static const char *ascii_phrase(unsigned char c)
{
	if (c >= 0x20 && c != 0x7f)
		return NULL;
	switch (c) {
	case '\0':
		return NULL; /* the encoding's matter */
	case '\n':
	case '\r':
		return "a line break: is a closing quote missing?";
	case '\t':
		return "a tab";
	default:
		return "a control character";
	}
}

const char *csv_field_blanks(const struct csv_field *field)
{
	if (field->length == 0)
		return NULL;
	if (is_blank(field->bytes[0]))
		return "a leading blank";
	if (is_blank(field->bytes[field->length - 1]))
		return "a trailing blank";
	const unsigned char *at = (const unsigned char *)field->bytes, *end = at + field->length;
	while (at < end) {
		size_t step = *at < 0x80 ? 1 : str_utf8_length(at, (size_t)(end - at));
		const char *phrase = *at < 0x80 ? ascii_phrase(*at) : step > 1 ? hidden_phrase(code_point(at, step)) : NULL;
		if (phrase != NULL)
			return phrase;
		at += step > 0 ? step : 1;
	}
	return NULL;
}

static size_t digits(const char *bytes, size_t length)
{
	size_t n = 0;
	while (n < length && bytes[n] >= '0' && bytes[n] <= '9')
		n++;
	return n;
}

/* One digit, a fraction or none, E, a sign, digits: 1.09E+06, 1,09E+06. Without the sign it may be a name. */
static bool is_scientific(const char *at, size_t length)
{
	if (digits(at, length) != 1)
		return false;
	at++, length--;
	if (length > 0 && (*at == '.' || *at == ',')) {
		size_t fraction = digits(at + 1, length - 1);
		if (fraction == 0)
			return false;
		at += 1 + fraction, length -= 1 + fraction;
	}
	if (length < 3 || *at != 'E' || (at[1] != '+' && at[1] != '-'))
		return false;
	return digits(at + 2, length - 2) == length - 2;
}

const char *csv_field_damage(const struct csv_field *field)
{
	static const char *const errors[] = {
	    "#NAME?", "#REF!", "#VALUE!", "#N/A", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!",
	    "#BEZUG!", "#WERT!", "#NV", "#ZAHL!", "#WAARDE!", "#NOM?", "#VALEUR!",
	};
	struct csv_field value = csv_field_trim(field);
	if (value.length == 0)
		return NULL;
	if (is_scientific(value.bytes, value.length))
		return "a number in scientific notation";
	if (value.bytes[0] != '#')
		return NULL;
	size_t signs = 0;
	while (signs < value.length && value.bytes[signs] == '#')
		signs++;
	if (signs == value.length && signs >= 3)
		return "number signs: the column was too narrow for the value";
	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
		if (csv_field_equals(&value, errors[i]))
			return "a spreadsheet's error value";
	return NULL;
}

static const char *local_part_fault(const char *bytes, size_t length)
{
	if (length == 0)
		return "nothing before the @";
	if (length > 64)
		return "more than 64 octets before the @";
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)bytes[i];
		if (c == '.' && (i == 0 || i + 1 == length || bytes[i + 1] == '.'))
			return "a dot too many before the @";
		if (c >= 0x80)
			return "a character beyond ASCII before the @";
		if (c == '\0' || strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~.", c) == NULL)
			return "a character that no address has before the @";
	}
	return NULL;
}

static const char *domain_fault(const char *bytes, size_t length)
{
	size_t label = 0, labels = 1;
	bool is_numeric = true;
	if (length == 0)
		return "nothing behind the @";
	if (length > 253)
		return "a domain over 253 octets";
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)bytes[i];
		if (c == '.') {
			if (label == 0 || i + 1 == length)
				return "a dot too many behind the @";
			label = 0, is_numeric = true;
			labels++;
			continue;
		}
		bool is_digit = c >= '0' && c <= '9';
		is_numeric = is_numeric && is_digit;
		if (!is_digit && c < 0x80 && c != '-' && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
			return "a character that no domain has behind the @";
		if (++label > 63)
			return "a label over 63 octets behind the @";
	}
	if (labels < 2)
		return "no dot behind the @";
	return is_numeric ? "a number in the place of the top-level domain" : NULL;
}

const char *csv_address_fault(const struct csv_field *field)
{
	struct csv_field value = csv_field_trim(field);
	const char *at = value.length > 0 ? memchr(value.bytes, '@', value.length) : NULL;
	if (at == NULL)
		return "no @";
	size_t local = (size_t)(at - value.bytes), domain = value.length - local - 1;
	if (memchr(at + 1, '@', domain) != NULL)
		return "more than one @";
	if (memchr(value.bytes, ' ', value.length) != NULL)
		return "a blank inside";
	const char *fault = local_part_fault(value.bytes, local);
	return fault != NULL ? fault : domain_fault(at + 1, domain);
}

static size_t count_of(const struct csv_field *field, char c)
{
	size_t count = 0;
	for (size_t i = 0; i < field->length; i++)
		count += field->bytes[i] == c;
	return count;
}

/* No part between (or beside) the separators is empty. */
static bool has_all_parts(const char *bytes, size_t length, const char *separators)
{
	size_t part = 0;
	for (size_t i = 0; i < length; i++) {
		bool is_separator = bytes[i] != '\0' && strchr(separators, bytes[i]) != NULL;
		if (is_separator && part == 0)
			return false;
		part = is_separator ? 0 : part + 1;
	}
	return part > 0;
}

enum csv_form csv_user_form(const struct csv_field *field, bool has_root)
{
	struct csv_field user = csv_field_trim(field);
	if (has_root)
		return CSV_FORM_USER_ROOT;
	if (user.length > 0 && user.bytes[0] == '#') {
		bool is_whole = count_of(&user, '#') == 3 && user.bytes[user.length - 1] == '#' && count_of(&user, '@') >= 1 &&
		                has_all_parts(user.bytes + 1, user.length - 2, "#");
		return is_whole ? CSV_FORM_MIRAPOINT_ADMIN : CSV_FORM_BROKEN;
	}
	if (count_of(&user, '*') > 0)
		return count_of(&user, '*') == 1 && has_all_parts(user.bytes, user.length, "*") ? CSV_FORM_DOVECOT_ADMIN : CSV_FORM_BROKEN;
	size_t slashes = count_of(&user, '/') + count_of(&user, '\\');
	if (slashes > 2 || (slashes > 0 && !has_all_parts(user.bytes, user.length, "/\\")))
		return CSV_FORM_BROKEN;
	if (slashes > 0)
		return slashes == 1 ? CSV_FORM_EXCHANGE_USER : CSV_FORM_EXCHANGE_ADMIN;
	return count_of(&user, '@') > 0 ? CSV_FORM_ADDRESS : CSV_FORM_PLAIN;
}
