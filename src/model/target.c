#include "cutover/target.h"

#include <arpa/inet.h>
#include <idn2.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/str.h"
#include "base/xalloc.h"

enum { NAME_OCTETS = 253, LABEL_OCTETS = 63, SHOWN_BYTES = 120 };

/* What the user typed, printable and short, for an error line. */
static char *shown(const char *text)
{
	struct buf buf;
	buf_init(&buf, SHOWN_BYTES);
	escape_terminal(&buf, text);
	return buf_steal(&buf);
}

static int refuse(struct error *error, const char *text, const char *why)
{
	char *printable = shown(text);
	error_set(error, "'%s': %s", printable, why);
	free(printable);
	return -1;
}

static bool is_literal(const char *host)
{
	unsigned char bytes[16];
	return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

/* NULL, or what is wrong with a name of A-labels. */
static const char *name_fault(const char *name)
{
	size_t label = 0;
	if (*name == '\0')
		return "an empty name";
	if (strlen(name) > NAME_OCTETS)
		return "a name over 253 octets";
	for (const char *at = name;; at++) {
		if (*at == '.' || *at == '\0') {
			if (label == 0)
				return "an empty label";
			if (label > LABEL_OCTETS)
				return "a label over 63 octets";
			label = 0;
			if (*at == '\0')
				return NULL;
			continue;
		}
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789-_", *at) == NULL)
			return "not a host name";
		label++;
	}
}

/* Labels with bytes >= 0x80 become A-labels; the others stay, as libidn2 refuses some that are legal in DNS. */
static char *to_ascii(const char *text)
{
	struct buf out;
	buf_init(&out, 4096);
	for (;;) {
		size_t length = strcspn(text, ".");
		char *label = xstrndup(text, length), *ascii = NULL;
		bool is_plain = true;
		for (size_t i = 0; i < length; i++)
			is_plain = is_plain && (unsigned char)label[i] < 0x80;
		int status = is_plain ? IDN2_OK : idn2_lookup_u8((const uint8_t *)label, (uint8_t **)&ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
		buf_puts(&out, is_plain ? label : status == IDN2_OK ? ascii : "");
		idn2_free(ascii);
		free(label);
		if (status != IDN2_OK) {
			buf_clear(&out);
			return NULL;
		}
		if (text[length] == '\0')
			break;
		buf_putc(&out, '.');
		text += length + 1;
	}
	str_lower(out.bytes);
	return buf_steal(&out);
}

static int parse_name(const char *whole, const char *text, char **name, struct error *error)
{
	if (strlen(text) > 1024)
		return refuse(error, whole, "a name over 253 octets");
	char *typed = xstrdup(text);
	size_t length = strlen(typed);
	if (length > 1 && typed[length - 1] == '.')
		typed[length - 1] = '\0';
	char *ascii = to_ascii(typed);
	free(typed);
	const char *fault = ascii == NULL ? "not a valid internationalized name" : name_fault(ascii);
	if (fault != NULL) {
		free(ascii);
		return refuse(error, whole, fault);
	}
	*name = ascii;
	return 0;
}

/* Splits "host:port" and "[v6]:port"; *port stays NULL without one. The host is allocated. */
static char *split_port(const char *text, const char **port)
{
	const char *colon = strrchr(text, ':');
	*port = NULL;
	if (text[0] == '[') {
		const char *close = strchr(text, ']');
		if (close == NULL || (close[1] != '\0' && close[1] != ':'))
			return xstrdup(text);
		*port = close[1] == ':' ? close + 2 : NULL;
		return xstrndup(text + 1, (size_t)(close - text - 1));
	}
	if (colon == NULL || strchr(text, ':') != colon)
		return xstrdup(text); /* no port, or an IPv6 address without brackets */
	*port = colon + 1;
	return xstrndup(text, (size_t)(colon - text));
}

int target_parse(const char *text, struct target *target, struct error *error)
{
	const char *port_text;
	int64_t port = 0;
	int result = -1;
	char *host = split_port(text, &port_text), *name = NULL;
	if (port_text != NULL && !str_to_int(port_text, 1, 65535, &port)) {
		refuse(error, text, "the port is not a number from 1 to 65535");
		goto out;
	}
	bool is_address = is_literal(host);
	if (!is_address && text[0] == '[') {
		refuse(error, text, "no IPv6 address in the brackets");
		goto out;
	}
	if (!is_address && strspn(host, "0123456789.") == strlen(host) && *host != '\0') {
		refuse(error, text, "neither an address nor a host name");
		goto out;
	}
	if (is_address)
		name = xstrdup(host);
	else if (parse_name(text, host, &name, error) != 0)
		goto out;
	*target = (struct target){.label = shown(text), .host = name, .port = (uint16_t)port, .is_address = is_address};
	result = 0;
out:
	free(host);
	return result;
}

int target_parse_domain(const char *text, struct target *target, struct error *error)
{
	char *name = NULL;
	if (is_literal(text))
		return refuse(error, text, "an address, where a domain is wanted");
	if (parse_name(text, text, &name, error) != 0)
		return -1;
	if (strspn(name, "0123456789.") == strlen(name)) {
		free(name);
		return refuse(error, text, "neither an address nor a domain");
	}
	*target = (struct target){.label = shown(text), .host = name};
	return 0;
}

void target_clear(struct target *target)
{
	free(target->label);
	free(target->host);
	*target = (struct target){0};
}

char *target_host_port(const char *host, uint16_t port)
{
	return xasprintf(strchr(host, ':') != NULL ? "[%s]:%u" : "%s:%u", host, port);
}
