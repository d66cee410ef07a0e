#include "model/spf_record.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "model/spf_macro.h"

static const struct {
	const char *name;
	enum spf_mechanism mechanism;
	enum { DOMAIN_NONE, DOMAIN_MAY, DOMAIN_MUST, ADDRESS } argument;
	bool has_cidr;
} mechanisms[] = {
    {"all", SPF_ALL, DOMAIN_NONE, false}, {"include", SPF_INCLUDE, DOMAIN_MUST, false}, {"a", SPF_A, DOMAIN_MAY, true},
    {"mx", SPF_MX, DOMAIN_MAY, true},     {"ptr", SPF_PTR, DOMAIN_MAY, false},          {"ip4", SPF_IP4, ADDRESS, true},
    {"ip6", SPF_IP6, ADDRESS, true},      {"exists", SPF_EXISTS, DOMAIN_MUST, false},
};
enum { MECHANISMS = sizeof mechanisms / sizeof mechanisms[0], VERSION_LENGTH = 6 };

bool spf_is_record(const char *text)
{
	return str_starts_nocase(text, "v=spf1") && (text[VERSION_LENGTH] == ' ' || text[VERSION_LENGTH] == '\0');
}

static void term_clear(struct spf_term *term)
{
	free(term->domain);
	free(term->text);
}

void spf_record_clear(struct spf_record *record)
{
	for (size_t i = 0; i < record->count; i++)
		term_clear(&record->terms[i]);
	free(record->terms);
	free(record->redirect);
	free(record->exp);
	*record = (struct spf_record){0};
}

/* A prefix length without leading zeros, as the grammar has it. */
static bool parse_length(const char *text, int most, int *length)
{
	int64_t number;
	if ((text[0] == '0' && text[1] != '\0') || !str_to_int(text, 0, most, &number))
		return false;
	*length = (int)number;
	return true;
}

/* The prefix lengths at the end of an argument, or NULL: a name may hold slashes, too, but not in its last label. */
static char *find_cidr(char *argument)
{
	char *at = argument + strlen(argument);
	while (at > argument && strchr("0123456789/", at[-1]) != NULL)
		at--;
	return strchr(at, '/');
}

/* Cuts "/24", "//64" or "/24//64" off the end of an argument. */
static bool cut_cidr(char *argument, struct spf_term *term)
{
	char *slash = find_cidr(argument);
	if (slash == NULL)
		return true;
	*slash = '\0';
	if (term->mechanism == SPF_IP6)
		return parse_length(slash + 1, 128, &term->cidr6);
	if (term->mechanism == SPF_IP4)
		return parse_length(slash + 1, 32, &term->cidr4);
	if (slash[1] == '/')
		return parse_length(slash + 2, 128, &term->cidr6);
	char *second = strstr(slash + 1, "//");
	if (second == NULL)
		return parse_length(slash + 1, 32, &term->cidr4);
	*second = '\0';
	return parse_length(slash + 1, 32, &term->cidr4) && parse_length(second + 2, 128, &term->cidr6);
}

/* What stands behind the mechanism's name: "", ":argument", "/cidr" or ":argument/cidr". */
static bool parse_argument(const char *rest, int row, struct spf_term *term)
{
	char *argument = xstrdup(rest + (*rest == ':'));
	bool is_good = *rest != ':' || rest[1] != '\0';
	if (mechanisms[row].has_cidr)
		is_good = is_good && cut_cidr(argument, term);
	if (mechanisms[row].argument == DOMAIN_NONE)
		is_good = is_good && *rest == '\0';
	else if (mechanisms[row].argument == ADDRESS)
		is_good = is_good && *rest == ':' && inet_pton(term->mechanism == SPF_IP4 ? AF_INET : AF_INET6, argument, term->address) == 1;
	else if (mechanisms[row].argument == DOMAIN_MUST || *rest == ':')
		is_good = is_good && *rest == ':' && spf_is_domain_spec(argument);
	else
		is_good = is_good && *argument == '\0';
	if (is_good && mechanisms[row].argument != ADDRESS && *argument != '\0')
		term->domain = xstrdup(argument);
	free(argument);
	return is_good;
}

/* False: no such mechanism, or a malformed argument. */
static bool parse_mechanism(const char *text, struct spf_term *term)
{
	*term = (struct spf_term){.qualifier = '+', .cidr4 = 32, .cidr6 = 128};
	const char *name = text;
	if (strchr("+-~?", *name) != NULL && *name != '\0')
		term->qualifier = *name++;
	size_t length = strcspn(name, ":/");
	for (int row = 0; row < MECHANISMS; row++) {
		if (strlen(mechanisms[row].name) != length || !str_starts_nocase(name, mechanisms[row].name))
			continue;
		term->mechanism = mechanisms[row].mechanism;
		if (!parse_argument(name + length, row, term))
			return false;
		term->text = xstrdup(text);
		return true;
	}
	return false;
}

/* name "=" macro-string: ALPHA *( ALPHA / DIGIT / "-" / "_" / "." ). */
static const char *modifier_value(const char *text)
{
	size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");
	bool begins_well = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z');
	return begins_well && text[length] == '=' ? text + length + 1 : NULL;
}

/* "redirect" and "exp" take a domain-spec and stand once at most (6); others are ignored when well formed. */
static bool parse_modifier(const char *text, const char *value, struct spf_record *record)
{
	char **slot = str_starts_nocase(text, "redirect=") ? &record->redirect : str_starts_nocase(text, "exp=") ? &record->exp : NULL;
	if (slot == NULL)
		return spf_is_macro_string(value);
	if (*slot != NULL || !spf_is_domain_spec(value))
		return false;
	*slot = xstrdup(value);
	return true;
}

static bool parse_term(const char *text, struct spf_record *record)
{
	struct spf_term term;
	const char *value = modifier_value(text);
	if (value != NULL)
		return parse_modifier(text, value, record);
	if (record->count >= SPF_TERMS)
		return false;
	if (!parse_mechanism(text, &term)) {
		term_clear(&term);
		return false;
	}
	record->terms = xrealloc(record->terms, record->count + 1, sizeof term);
	record->terms[record->count++] = term;
	return true;
}

int spf_record_parse(const char *text, struct spf_record *record, struct error *error)
{
	*record = (struct spf_record){0};
	if (!spf_is_record(text))
		return error_set(error, "does not begin with v=spf1");
	text += VERSION_LENGTH;
	while (*(text += strspn(text, " ")) != '\0') {
		size_t length = strcspn(text, " ");
		char *term = xstrndup(text, length);
		bool is_good = parse_term(term, record);
		if (!is_good)
			error_set(error, "%.200s", term);
		free(term);
		if (!is_good) {
			spf_record_clear(record);
			return -1;
		}
		text += length;
	}
	return 0;
}

const char *spf_record_default(const struct spf_record *record)
{
	for (size_t i = 0; i < record->count; i++) {
		if (record->terms[i].mechanism != SPF_ALL)
			continue;
		char qualifier = record->terms[i].qualifier;
		return qualifier == '-' ? "fail" : qualifier == '~' ? "softfail" : qualifier == '?' ? "neutral" : "pass";
	}
	return record->redirect != NULL ? "redirect" : "neutral";
}
