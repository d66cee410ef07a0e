#include "proto/imap_reply.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cutover/limits.h"

static const struct {
	const char *word;
	enum imap_status status;
} statuses[] = {{"OK", IMAP_OK}, {"NO", IMAP_NO}, {"BAD", IMAP_BAD}, {"PREAUTH", IMAP_PREAUTH}, {"BYE", IMAP_BYE}};

/* Cuts the next word off the front of `rest`, with the spaces behind it. */
static struct slice take_word(struct slice *rest)
{
	struct slice word = {rest->bytes, 0};
	if (rest->length == 0)
		return word; /* maybe no bytes at all */
	while (word.length < rest->length && rest->bytes[word.length] != ' ')
		word.length++;
	size_t next = word.length;
	while (next < rest->length && rest->bytes[next] == ' ')
		next++;
	rest->bytes += next;
	rest->length -= next;
	return word;
}

static bool slice_is(struct slice slice, const char *word)
{
	return slice.length == strlen(word) && strncasecmp(slice.bytes, word, slice.length) == 0;
}

static enum imap_status status_of(struct slice word)
{
	for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
		if (slice_is(word, statuses[i].word))
			return statuses[i].status;
	return IMAP_NO_STATUS;
}

/* RFC 9051 9, "tag": any ASTRING-CHAR but '+'. Servers only echo ours, which are letters and digits. */
static bool is_tag(struct slice word)
{
	for (size_t i = 0; i < word.length; i++)
		if (!((word.bytes[i] >= '0' && word.bytes[i] <= '9') || (word.bytes[i] >= 'a' && word.bytes[i] <= 'z') ||
		      (word.bytes[i] >= 'A' && word.bytes[i] <= 'Z')))
			return false;
	return word.length > 0;
}

/* "[CODE ...] text" */
static void take_code(struct slice rest, struct imap_reply *reply)
{
	reply->text = rest;
	if (rest.length == 0 || rest.bytes[0] != '[')
		return;
	const char *end = memchr(rest.bytes, ']', rest.length);
	if (end == NULL)
		return;
	reply->code = (struct slice){rest.bytes + 1, (size_t)(end - rest.bytes - 1)};
	size_t used = (size_t)(end + 1 - rest.bytes);
	while (used < rest.length && rest.bytes[used] == ' ')
		used++;
	reply->text = (struct slice){rest.bytes + used, rest.length - used};
}

bool imap_reply_parse(const char *line, size_t length, struct imap_reply *reply)
{
	struct slice rest = {line, length};
	*reply = (struct imap_reply){.form = IMAP_UNTAGGED};
	struct slice first = take_word(&rest);
	if (slice_is(first, "+")) {
		reply->form = IMAP_CONTINUE;
		reply->text = rest;
		return true;
	}
	struct slice behind = rest, word = take_word(&rest);
	reply->status = status_of(word);
	if (slice_is(first, "*")) {
		reply->data = behind;
		if (reply->status != IMAP_NO_STATUS)
			take_code(rest, reply);
		return word.length > 0;
	}
	reply->form = IMAP_TAGGED;
	reply->tag = first;
	take_code(rest, reply);
	return is_tag(first) && (reply->status == IMAP_OK || reply->status == IMAP_NO || reply->status == IMAP_BAD);
}

bool imap_capabilities_parse(struct slice list, struct names *names)
{
	if (!slice_is(take_word(&list), "CAPABILITY"))
		return false;
	names_clear(names);
	while (list.length > 0 && names->count < LIMIT_CAPABILITIES) {
		struct slice word = take_word(&list);
		char *name = xstrndup(word.bytes, word.length);
		if (word.length > 0)
			names_add(names, name);
		free(name);
	}
	return true;
}

static void skip_spaces(struct slice *rest)
{
	while (rest->length > 0 && rest->bytes[0] == ' ') {
		rest->bytes++;
		rest->length--;
	}
}

static void advance(struct slice *rest, size_t length)
{
	rest->bytes += length;
	rest->length -= length;
}

/* "text" with \" and \\; what it means goes to `value`. */
static bool take_quoted(struct slice *rest, struct buf *value)
{
	for (size_t i = 1; i < rest->length; i++) {
		if (rest->bytes[i] == '"') {
			advance(rest, i + 1);
			return true;
		}
		if (rest->bytes[i] == '\\' && i + 1 < rest->length)
			i++;
		buf_putc(value, rest->bytes[i]);
	}
	return false;
}

/* {n} CR LF and n bytes, as the line reader has left it. */
static bool take_literal(struct slice *rest, struct buf *value)
{
	const char *end = memchr(rest->bytes, '}', rest->length);
	size_t head = end != NULL ? (size_t)(end - rest->bytes) : 0;
	char digits[16];
	int64_t length;
	if (head < 2 || head > sizeof digits)
		return false;
	memcpy(digits, rest->bytes + 1, head - 1);
	digits[head - 1] = '\0';
	if (rest->length < head + 3 || memcmp(end + 1, "\r\n", 2) != 0 ||
	    !str_to_int(digits, 0, (int64_t)(rest->length - head - 3), &length))
		return false;
	buf_add(value, end + 3, (size_t)length);
	advance(rest, head + 3 + (size_t)length);
	return true;
}

/* A string of either form, or NIL. */
static bool take_nstring(struct slice *rest, struct buf *value, bool *is_nil)
{
	buf_reset(value);
	skip_spaces(rest);
	*is_nil = rest->length >= 3 && strncasecmp(rest->bytes, "NIL", 3) == 0;
	if (*is_nil) {
		advance(rest, 3);
		return true;
	}
	if (rest->length > 0 && rest->bytes[0] == '"')
		return take_quoted(rest, value);
	return rest->length > 0 && rest->bytes[0] == '{' && take_literal(rest, value);
}

bool imap_id_parse(struct slice data, void (*each)(void *user, struct slice key, struct slice value), void *user)
{
	struct buf key, value;
	bool is_nil = false, is_good = false;
	if (!slice_is(take_word(&data), "ID"))
		return false;
	buf_init(&key, LIMIT_LINE_BYTES);
	buf_init(&value, LIMIT_LINE_BYTES);
	if (data.length == 0 || data.bytes[0] != '(') {
		is_good = take_nstring(&data, &value, &is_nil) && is_nil;
		goto out;
	}
	advance(&data, 1);
	/* RFC 2971 3.3: at most 30 pairs. */
	for (int i = 0; i <= 30; i++) {
		skip_spaces(&data);
		is_good = data.length > 0 && data.bytes[0] == ')';
		if (is_good || !take_nstring(&data, &key, &is_nil) || is_nil || !take_nstring(&data, &value, &is_nil))
			break;
		if (!is_nil)
			each(user, (struct slice){key.bytes, key.length}, (struct slice){value.bytes, value.length});
	}
out:
	buf_clear(&key);
	buf_clear(&value);
	return is_good;
}
