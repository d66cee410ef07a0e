#include "app/help.h"

#include <ares.h>
#include <curl/curl.h>
#include <jansson.h>
#include <ldns/ldns.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

#include "app/command.h"
#include "app/options.h"
#include "base/str.h"

enum { HELP_COLUMN = 32 };

static void print_examples(const char *examples)
{
	while (*examples != '\0') {
		size_t length = strcspn(examples, "\n");
		printf("  %.*s\n", (int)length, examples);
		examples += length + (examples[length] == '\n');
	}
}

static void print_option(enum option_id id)
{
	const struct option_info *info = option_info(id);
	char left[80];
	int used = info->letter != 0 ? snprintf(left, sizeof left, "  -%c, --%s", info->letter, info->name)
	                             : snprintf(left, sizeof left, "      --%s", info->name);
	if (info->argument != NULL)
		used += snprintf(left + used, sizeof left - (size_t)used, " %s", info->argument);
	if (used >= HELP_COLUMN)
		printf("%s\n%*s%s\n", left, HELP_COLUMN, "", info->help);
	else
		printf("%-*s%s\n", HELP_COLUMN, left, info->help);
}

static void print_command(const struct command *command, void *user)
{
	(void)user;
	char left[64];
	snprintf(left, sizeof left, "  %s %s", command->name, command->arguments);
	printf("%-*s%s\n", HELP_COLUMN, left, command->about);
}

static void print_options(const struct command *command)
{
	puts("\nOptions:");
	for (int id = 0; id < OPTION_COUNT; id++)
		if (option_belongs((enum option_id)id, command))
			print_option((enum option_id)id);
}

static void print_footer(void)
{
	puts("\nExit status: 0 all passes, 1 warnings, 2 a fail, 3 could not decide or usage, 130 interrupted.\n"
	     "Passwords are never taken from the command line. Manual: man cutover");
}

void help_print(const struct command *command)
{
	puts("Examples:");
	if (command != NULL) {
		print_examples(command->examples);
		printf("\nUsage: cutover %s %s [OPTION]...\n%s%s\n", command->name, command->arguments, command->about,
		       str_ends_nocase(command->about, "?") ? "" : ".");
	} else {
		print_examples("cutover before contoso.com --imap imap.contoso.com\n"
		               "cutover after contoso.com --old-mx mail.contoso.com\n"
		               "cutover imap imap.contoso.com\n"
		               "cutover ttl contoso.com\n"
		               "cutover explain cert-chain-incomplete\n"
		               "cutover demo");
		puts("\nUsage: cutover COMMAND [ARGUMENT]... [OPTION]...\n"
		     "Is this migration to Microsoft 365 ready, and if not, who must act?\n\nCommands:");
		command_each(print_command, NULL);
	}
	print_options(command);
	print_footer();
}

void version_print(void)
{
	printf("cutover %s\n", CUTOVER_VERSION);
	printf("libuv %s, c-ares %s, ldns %s, %s, libcurl %s, jansson %s\n", uv_version_string(), ares_version(NULL), ldns_version(),
	       OpenSSL_version(OPENSSL_VERSION), curl_version_info(CURLVERSION_NOW)->version, jansson_version_str());
}
