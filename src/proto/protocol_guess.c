#include "proto/protocol_guess.h"

#include <stdbool.h>
#include <string.h>

#include "base/str.h"

static const struct {
	const char *prefix;
	const char *protocol;
} prefixes[] = {
    {"* OK", "imap"},   {"* PREAUTH", "imap"}, {"* BYE", "imap"},     {"+OK", "pop3"},  {"-ERR", "pop3"},
    {"HTTP/", "http"},  {"<html", "http"},     {"<!DOCTYPE", "http"}, {"SSH-", "ssh"},  {"220 ", "smtp"},
    {"220-", "smtp"},   {"421 ", "smtp"},      {"421-", "smtp"},      {"554 ", "smtp"}, {"554-", "smtp"},
};

/* RFC 8446 5.1: content type, then a version that begins with 3. */
static bool is_tls_record(const unsigned char *bytes, size_t length)
{
	return length >= 3 && bytes[0] >= 20 && bytes[0] <= 24 && bytes[1] == 3 && bytes[2] <= 4;
}

const char *protocol_guess(const void *bytes, size_t length)
{
	char text[128];
	if (is_tls_record(bytes, length))
		return "tls";
	if (length > sizeof text - 1)
		length = sizeof text - 1;
	memcpy(text, bytes, length);
	text[length] = '\0';
	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
		if (str_starts_nocase(text, prefixes[i].prefix)) {
			bool is_ftp = strcmp(prefixes[i].protocol, "smtp") == 0 && str_find_nocase(text, "ftp") != NULL;
			return is_ftp ? "ftp" : prefixes[i].protocol;
		}
	return NULL;
}
