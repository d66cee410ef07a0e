#include "proto/mutf7.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"

/* RFC 3501 5.1.3: base64 with ',' in the place of '/', and without padding. */
static int base64_value(char c)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";
	const char *at = c != '\0' ? strchr(alphabet, c) : NULL;
	return at != NULL ? (int)(at - alphabet) : -1;
}

static void put_utf8(struct buf *out, uint32_t code)
{
	if (code < 0x80) {
		buf_putc(out, (char)code);
		return;
	}
	int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
	static const unsigned char first[] = {0, 0xc0, 0xe0, 0xf0};
	buf_putc(out, (char)(first[more] | code >> (6 * more)));
	while (more-- > 0)
		buf_putc(out, (char)(0x80 | ((code >> (6 * more)) & 0x3f)));
}

/* UTF-16 as it comes in. */
struct shift {
	uint32_t bits;
	int bit_count;
	uint32_t high; /* first half of a surrogate pair, or 0 */
};

static bool put_unit(struct shift *shift, struct buf *out, uint32_t unit)
{
	bool is_low = unit >= 0xdc00 && unit <= 0xdfff, is_high = unit >= 0xd800 && unit <= 0xdbff;
	if (is_low != (shift->high != 0) || (unit >= 0x20 && unit < 0x7f))
		return false;
	if (is_high)
		shift->high = unit;
	else
		put_utf8(out, is_low ? 0x10000 + ((shift->high - 0xd800) << 10) + (unit - 0xdc00) : unit);
	if (is_low)
		shift->high = 0;
	return true;
}

/* What stands between '&' and '-'; *used counts the '-' as well. */
static bool decode_shifted(struct buf *out, const char *bytes, size_t length, size_t *used)
{
	struct shift shift = {0};
	for (size_t i = 0; i < length; i++) {
		if (bytes[i] == '-') {
			*used = i + 1;
			bool has_rest = shift.bit_count >= 6 || (shift.bits & ((1u << shift.bit_count) - 1)) != 0;
			return !has_rest && shift.high == 0;
		}
		int value = base64_value(bytes[i]);
		if (value < 0)
			return false;
		shift.bits = shift.bits << 6 | (uint32_t)value;
		shift.bit_count += 6;
		if (shift.bit_count < 16)
			continue;
		shift.bit_count -= 16;
		if (!put_unit(&shift, out, (shift.bits >> shift.bit_count) & 0xffff))
			return false;
	}
	return false;
}

bool mutf7_decode(struct buf *out, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length;) {
		char c = bytes[i++];
		size_t used = 0;
		if (c != '&') {
			if ((unsigned char)c >= 0x80)
				return false;
			buf_putc(out, c);
			continue;
		}
		if (i < length && bytes[i] == '-') {
			buf_putc(out, '&');
			i++;
			continue;
		}
		if (!decode_shifted(out, bytes + i, length - i, &used))
			return false;
		i += used;
	}
	return true;
}
