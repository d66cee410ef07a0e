#include "house.h"

#include <stdio.h>
#include <string.h>

#include "../unit/check_main.h"

struct bench bench;
struct peer *peer;
static SSL_CTX *server;
struct login_plan plan;

struct house house;

void house_begin(void)
{
	pki_lab_make("imap.lab.test", NULL);
	const struct pki_pair *const sent[] = {&pki_lab.leaf};
	server = pki_server(sent, 1);
	memset(&house, 0, sizeof house);
	plan = (struct login_plan){.security = SECURITY_SSL, .at_once = 5, .per_second = 100, .max_failures = 3};
}

void house_end(void)
{
	login_file_clear(&plan.file);
	bench_clear(&bench);
	peer_free(peer);
	peer = NULL;
	SSL_CTX_free(server);
	pki_lab_drop();
}

static bool dies_at(const char *word)
{
	return house.dies_at != NULL && strcmp(house.dies_at, word) == 0;
}

/* The whole command, literals taken: they may hold line ends. */
static bool take_literals(struct talk *talk, const char *line, char *rest, size_t room)
{
	snprintf(rest, room, "%s", line);
	while (strlen(rest) > 2 && rest[strlen(rest) - 1] == '}') {
		if (dies_at("LITERAL"))
			return false;
		talk_say(talk, "+ go\r\n");
		const char *more = talk_hear(talk);
		if (more == NULL)
			return false;
		snprintf(rest, room, "%s", more);
	}
	return true;
}

static void list(struct talk *talk, const char *tag)
{
	char line[128];
	talk_say(talk, "* LIST () \"/\" INBOX\r\n");
	for (int i = 0; i < house.folders; i++) {
		snprintf(line, sizeof line, "* LIST (\\Noselect) \"/\" \"a folder of some length %d\"\r\n", i);
		talk_say(talk, line);
	}
	if (house.list != NULL)
		talk_say(talk, house.list);
	snprintf(line, sizeof line, "%s OK done\r\n", tag);
	talk_say(talk, line);
}

static const char *fetched(const char *line)
{
	if (strstr(line, "SIZE") == NULL)
		return "* 1 FETCH (BODY[]<0> {5}\r\nabcde)\r\n";
	return house.sizes != NULL ? house.sizes : "* 1 FETCH (UID 1 RFC822.SIZE 10)\r\n* 2 FETCH (UID 7 RFC822.SIZE 40000000)\r\n";
}

/* False when it is time to close. */
static bool answer(struct talk *talk, const char *tag, const char *word, const char *line)
{
	char reply[2048], rest[1500];
	const char *untagged = "", *status = "OK done";
	if (strcmp(word, "LOGIN") == 0) {
		if (!take_literals(talk, line, rest, sizeof rest))
			return false;
		status = house.login != NULL ? house.login : "OK in";
		if (house.repeats) {
			snprintf(reply, sizeof reply, "%s NO I do not like %s\r\n", tag, rest);
			talk_say(talk, reply);
			return true;
		}
	} else if (strcmp(word, "CAPABILITY") == 0) {
		untagged = house.capability != NULL ? house.capability : "* CAPABILITY IMAP4rev1\r\n";
	} else if (strcmp(word, "EXAMINE") == 0) {
		untagged = "* 2 EXISTS\r\n";
	} else if (strcmp(word, "LIST") == 0) {
		list(talk, tag);
		return true;
	} else if (strcmp(word, "STATUS") == 0) {
		untagged = "* STATUS INBOX (MESSAGES 2)\r\n";
	} else if (strcmp(word, "FETCH") == 0) {
		untagged = fetched(line);
	} else if (strcmp(word, "NAMESPACE") == 0) {
		untagged = "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n";
	}
	snprintf(reply, sizeof reply, "%s%s %s\r\n", untagged, tag, status);
	talk_say(talk, reply);
	return true;
}

void house_serve(struct talk *talk, void *argument)
{
	char tag[32], word[32];
	(void)argument;
	if (!talk_begin_tls(talk, server) || dies_at("GREETING"))
		return;
	talk_say(talk, "* OK ready\r\n");
	for (const char *line; (line = talk_hear(talk)) != NULL;) {
		char copy[1500];
		snprintf(copy, sizeof copy, "%s", line);
		if (sscanf(copy, "%31s %31s", tag, word) != 2 || dies_at(word))
			return;
		if (!answer(talk, tag, word, copy) || strcmp(word, "LOGOUT") == 0)
			return;
	}
}

void house_read(const char *csv, size_t length)
{
	struct login_file_reader *reader = login_file_reader_new(&plan.file);
	login_file_feed(reader, csv, length);
	login_file_finish(reader);
	ck_assert_msg(plan.file.fault == NULL, "%s", plan.file.fault);
}

void house_sign_in(void)
{
	bench_init(&bench, peer);
	bench.ca_file = pki_lab.ca_file;
	bench.login = &plan;
	bench_run(&bench, "login");
}

const struct observation *house_run(const char *csv)
{
	peer = peer_new("127.0.0.1", house_serve, NULL);
	house_read(csv, strlen(csv));
	house_sign_in();
	return bench_seen(&bench, "login", 0);
}
