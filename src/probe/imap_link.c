#include "probe/imap_link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "io/net.h"
#include "io/stream.h"
#include "io/tls_observe.h"

static void say(struct imap_link *link, char direction, const char *line, size_t length)
{
	if (link->setup.listener->said != NULL)
		link->setup.listener->said(link->setup.user, direction, line, length);
}

static void end(struct imap_link *link, enum outcome outcome)
{
	stream_close(link->stream);
	link->stream = NULL;
	link->setup.listener->ended(link->setup.user, outcome);
}

static void write_text(struct imap_link *link, const char *bytes, size_t length)
{
	stream_write(link->stream, bytes, length);
}

/* The endpoint test's part. Its farewell is not for us: we stay. */
static void go_on(struct imap_link *link, enum dialogue_want want)
{
	struct buf *out = &link->dialogue.dialogue.out;
	if (want == DIALOGUE_MORE && out->length > 0) {
		say(link, '>', out->bytes, out->length - 2);
		write_text(link, out->bytes, out->length);
		stream_wait(link->stream, link->setup.net->config->connect_timeout_ms);
	}
	if (want == DIALOGUE_TLS && out->length > 0)
		write_text(link, out->bytes, out->length);
	buf_reset(out);
	if (want == DIALOGUE_TLS) {
		stream_start_tls(link->stream, link->setup.host);
	} else if (want == DIALOGUE_DONE) {
		link->is_ready = true;
		link->was_refused_tls = link->setup.security == SECURITY_TLS && !link->dialogue.is_in_tls;
		link->setup.listener->ready(link->setup.user);
	} else if (want != DIALOGUE_MORE) {
		if (link->dialogue.fault != NULL)
			snprintf(link->fault, sizeof link->fault, "%s", link->dialogue.fault);
		end(link, link->dialogue.outcome);
	}
}

static void on_line(void *user, const char *line, size_t length)
{
	say(user, '<', line, length);
}

static void begin_dialogue(struct imap_link *link)
{
	const struct imap_dialogue_setup setup = {
	    .wants_starttls = link->setup.security == SECURITY_TLS,
	    .is_in_tls = link->setup.security == SECURITY_SSL,
	    .heard = on_line,
	    .user = link,
	};
	go_on(link, imap_dialogue_begin(&link->dialogue, &setup));
}

static void on_connected(void *user)
{
	struct imap_link *link = user;
	link->is_connected = true;
	if (link->setup.security == SECURITY_SSL)
		stream_start_tls(link->stream, link->setup.host);
	else
		begin_dialogue(link);
}

/* What is wrong with the certificates, as the facts of a handshake say it. */
static bool is_trusted(struct imap_link *link)
{
	const struct tls_judgement judgement = {.name = link->setup.host, .at = link->setup.judge_at, .cutover = TIME_UNKNOWN};
	struct observation *o = observation_new("tls", link->setup.host, NULL, 0);
	tls_observe_success(o, link->stream, link->setup.net->tls, &judgement);
	const char *error = observation_text(o, FACT_VERIFY_TEXT, 0);
	bool is_name_good = observation_flag(o, FACT_CERT_NAME_OK, 0) || observation_flag(o, FACT_CERT_NAME_IN_CN, 0);
	if (error != NULL)
		snprintf(link->fault, sizeof link->fault, "the certificate is not trusted: %s", error);
	else if (!is_name_good)
		snprintf(link->fault, sizeof link->fault, "the certificate is not for this name");
	observation_free(o);
	return link->fault[0] == '\0';
}

static void on_secured(void *user)
{
	struct imap_link *link = user;
	if (link->setup.needs_trust && !is_trusted(link))
		end(link, OUTCOME_TLS);
	else if (link->setup.security == SECURITY_SSL)
		begin_dialogue(link);
	else
		go_on(link, imap_dialogue_secured(&link->dialogue));
}

static void send_next(struct imap_link *link)
{
	size_t length;
	const char *bytes = imap_command_next(&link->command, &length);
	if (bytes != NULL)
		write_text(link, bytes, length);
	if (!imap_command_waits(&link->command))
		imap_command_clear(&link->command);
}

static void on_reply(struct imap_link *link, const char *line, size_t length)
{
	const struct imap_link_listener *listener = link->setup.listener;
	struct imap_reply reply;
	if (!imap_reply_parse(line, length, &reply)) {
		snprintf(link->fault, sizeof link->fault, "a line that is no reply of IMAP");
		end(link, OUTCOME_PROTOCOL);
		return;
	}
	say(link, '<', line, length);
	if (reply.form == IMAP_CONTINUE) {
		if (imap_command_waits(&link->command))
			send_next(link);
	} else if (reply.form == IMAP_TAGGED) {
		if (reply.tag.length != strlen(link->tag) || memcmp(reply.tag.bytes, link->tag, reply.tag.length) != 0)
			return; /* an answer to nothing that we asked */
		link->tag[0] = '\0';
		imap_command_clear(&link->command); /* refused before its literal */
		listener->answered(link->setup.user, reply.status, line, length);
	} else if (reply.status == IMAP_BYE) {
		free(link->bye);
		link->bye = xstrndup(line, length);
	} else if (listener->heard != NULL) {
		listener->heard(link->setup.user, &reply);
	}
}

static void on_received(void *user, const char *bytes, size_t length)
{
	struct imap_link *link = user;
	if (!link->is_ready) {
		go_on(link, imap_dialogue_feed(&link->dialogue, bytes, length));
		return;
	}
	while (length > 0 && link->stream != NULL) {
		size_t used;
		enum line_state state = line_reader_take(&link->reader, bytes, length, &used);
		bytes += used;
		length -= used;
		if (state == LINE_READY)
			on_reply(link, link->reader.line.bytes, link->reader.line.length);
		if (state != LINE_FAULT)
			continue;
		snprintf(link->fault, sizeof link->fault, "%s", link->reader.fault);
		end(link, OUTCOME_PROTOCOL);
	}
}

static void on_ended(void *user, enum outcome outcome)
{
	end(user, outcome);
}

static const struct stream_listener listener = {on_connected, on_secured, on_received, on_ended};

void imap_link_open(struct imap_link *link, const struct imap_link_setup *setup)
{
	*link = (struct imap_link){.setup = *setup};
	line_reader_init(&link->reader, true);
	link->stream = stream_open(setup->net, &link->setup.peer, &listener, link);
}

void imap_link_close(struct imap_link *link)
{
	static const char farewell[] = "a0 LOGOUT\r\n";
	if (link->stream == NULL)
		return;
	if (link->is_ready) {
		say(link, '>', farewell, sizeof farewell - 3);
		write_text(link, farewell, sizeof farewell - 1);
	}
	stream_close(link->stream);
	link->stream = NULL;
}

void imap_link_clear(struct imap_link *link)
{
	imap_link_close(link);
	imap_dialogue_clear(&link->dialogue);
	line_reader_clear(&link->reader);
	imap_command_clear(&link->command);
	free(link->bye);
	link->bye = NULL;
}

void imap_link_begin(struct imap_link *link, struct imap_command *command, size_t bytes)
{
	snprintf(link->tag, sizeof link->tag, "a%d", ++link->commands);
	imap_command_begin(command, link->tag, bytes);
}

void imap_link_wait(struct imap_link *link, int64_t wait_ms)
{
	if (link->stream != NULL)
		stream_wait(link->stream, wait_ms);
}

void imap_link_send(struct imap_link *link, struct imap_command *command, const char *shown, int64_t wait_ms)
{
	char *line = xasprintf("%s %s", link->tag, shown);
	say(link, '>', line, strlen(line));
	free(line);
	imap_command_finish(command);
	link->command = *command;
	*command = (struct imap_command){0};
	send_next(link);
	imap_link_wait(link, wait_ms);
}

void imap_link_ask(struct imap_link *link, const char *words, int64_t wait_ms)
{
	struct imap_command command;
	imap_link_begin(link, &command, strlen(words));
	imap_command_word(&command, words);
	imap_link_send(link, &command, words, wait_ms);
}
