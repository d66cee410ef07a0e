#include "app/options.h"

#include <stdio.h>
#include <string.h>

#include "../check_main.h"
#include "app/command.h"
#include "base/xalloc.h"


static struct options options;
static struct error error;

static void setup(void)
{
	options_init(&options);
	error.text[0] = '\0';
}

static void teardown(void)
{
	options_clear(&options);
}

enum { MOST = 16 };

/* getopt wants an argv that it may reorder. */
static int parse(const char *const *words)
{
	char *copies[MOST + 1] = {NULL};
	int count = 0;
	for (; words[count] != NULL; count++) {
		ck_assert_int_lt(count, MOST);
		copies[count] = xstrdup(words[count]);
	}
	char *argv[MOST + 1];
	memcpy(argv, copies, sizeof argv);
	int result = options_parse(&options, count, argv, &error);
	while (count > 0)
		free(copies[--count]);
	return result;
}

START_TEST(options_may_stand_anywhere)
{
	const char *words[] = {"cutover", "-v", "before", "--imap", "imap.contoso.com:143", "contoso.com", "-v", "-o", "json", "fabrikam.com", NULL};
	ck_assert_msg(parse(words) == 0, "%s", error.text);
	ck_assert_str_eq(options.command->name, "before");
	ck_assert_uint_eq(options.arguments.count, 2);
	ck_assert_str_eq(options.arguments.items[0], "contoso.com");
	ck_assert_str_eq(options.arguments.items[1], "fabrikam.com");
	ck_assert_str_eq(option_text(&options, OPTION_IMAP), "imap.contoso.com:143");
	ck_assert_int_eq(option_number(&options, OPTION_VERBOSE, 0), 2);
	ck_assert_str_eq(option_list(&options, OPTION_OUTPUT)->items[0], "json");
}
END_TEST

START_TEST(an_at_sign_names_a_resolver)
{
	const char *words[] = {"cutover", "dns", "@192.0.2.53", "contoso.com", "-r", "192.0.2.54:5353,2001:db8::53", NULL};
	ck_assert_msg(parse(words) == 0, "%s", error.text);
	const struct names *resolvers = option_list(&options, OPTION_RESOLVER);
	ck_assert_uint_eq(resolvers->count, 3);
	ck_assert(names_has(resolvers, "192.0.2.53"));
	ck_assert(names_has(resolvers, "192.0.2.54:5353"));
	ck_assert(names_has(resolvers, "2001:db8::53"));
	ck_assert_uint_eq(options.arguments.count, 1);
}
END_TEST

START_TEST(an_at_sign_may_stand_before_the_command_and_at_every_command)
{
	const char *words[] = {"cutover", "@192.0.2.53", "csv", "users.csv", "@[2001:db8::53]:5353", NULL};
	ck_assert_msg(parse(words) == 0, "%s", error.text);
	ck_assert_uint_eq(option_list(&options, OPTION_RESOLVER)->count, 2);
	ck_assert_uint_eq(options.arguments.count, 1);
	ck_assert_str_eq(options.arguments.items[0], "users.csv");
}
END_TEST

START_TEST(other_spellings_are_taken)
{
	const char *words[] = {"cutover", "csv", "users.csv", "--colour=never", "--json=1", NULL};
	ck_assert_msg(parse(words) == 0, "%s", error.text);
	ck_assert_str_eq(option_text(&options, OPTION_COLOR), "never");
	ck_assert(option_is_set(&options, OPTION_JSON));
}
END_TEST

/* The contract's table: each of them is taken by every command. */
START_TEST(what_every_command_knows_is_refused_by_none)
{
	static const enum option_id shared[] = {
	    OPTION_IPV4,      OPTION_IPV6,    OPTION_RESOLVER,  OPTION_RESOLVERS, OPTION_CONNECT, OPTION_CA_FILE, OPTION_TRUST_ANCHOR,
	    OPTION_ASSUME_PUBLIC, OPTION_TIMEOUT, OPTION_AT,    OPTION_CUTOVER,   OPTION_CLOUD,   OPTION_IMAP,    OPTION_CSV,
	    OPTION_TENANT,    OPTION_EXPECT_MX, OPTION_OLD_MX,  OPTION_VERIFY,    OPTION_PLAN,    OPTION_OUTPUT,  OPTION_JSON,
	    OPTION_RECORD,    OPTION_SINCE,   OPTION_IGNORE,    OPTION_ONLY,      OPTION_SEVERITY, OPTION_VANTAGE, OPTION_SHARD,
	    OPTION_JOBS,      OPTION_RATE,    OPTION_QUIET,     OPTION_VERBOSE,   OPTION_COLOR,   OPTION_PROGRESS, OPTION_HELP,
	    OPTION_VERSION,
	};
	for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++)
		ck_assert_msg(option_info(shared[i])->commands == NULL, "--%s", option_info(shared[i])->name);
}
END_TEST

START_TEST(values_are_typed)
{
	const char *words[] = {"cutover", "ttl", "contoso.com", "--timeout=400ms", "-j", "8", "--at", "2026-11-21T23:06:59Z", NULL};
	ck_assert_msg(parse(words) == 0, "%s", error.text);
	ck_assert_int_eq(option_number(&options, OPTION_TIMEOUT, 0), 400);
	ck_assert_int_eq(option_number(&options, OPTION_JOBS, 0), 8);
	ck_assert_int_eq(option_number(&options, OPTION_AT, 0), 1795302419);
	ck_assert_int_eq(option_number(&options, OPTION_CUTOVER, -7), -7);
}
END_TEST

START_TEST(no_option_takes_a_password)
{
	for (int id = 0; id < OPTION_COUNT; id++) {
		const char *name = option_info((enum option_id)id)->name;
		ck_assert_msg(strcmp(name, "password") != 0 && strcmp(name, "pass") != 0, "--%s", name);
	}
}
END_TEST

START_TEST(every_scope_names_commands_that_exist)
{
	for (int id = 0; id < OPTION_COUNT; id++) {
		const char *at = option_info((enum option_id)id)->commands;
		for (; at != NULL && *at != '\0'; at += strcspn(at, " "), at += *at == ' ') {
			char name[32];
			snprintf(name, sizeof name, "%.*s", (int)strcspn(at, " "), at);
			ck_assert_msg(command_find(name) != NULL, "--%s: %s", option_info((enum option_id)id)->name, name);
		}
	}
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("options");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, options_may_stand_anywhere);
	tcase_add_test(tcase, an_at_sign_names_a_resolver);
	tcase_add_test(tcase, an_at_sign_may_stand_before_the_command_and_at_every_command);
	tcase_add_test(tcase, other_spellings_are_taken);
	tcase_add_test(tcase, what_every_command_knows_is_refused_by_none);
	tcase_add_test(tcase, values_are_typed);
	tcase_add_test(tcase, no_option_takes_a_password);
	tcase_add_test(tcase, every_scope_names_commands_that_exist);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("app/options", fill)
