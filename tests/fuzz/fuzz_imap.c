/*
 * What an IMAP, SMTP or POP3 server may send: the first byte chooses the dialogue and where the bytes are cut, the rest is fed.
 * TLS, when it is asked for, simply begins and goes on with the same bytes.
 */
#include <stdint.h>

#include "cutover/limits.h"
#include "proto/imap_dialogue.h"
#include "proto/protocol_guess.h"
#include "proto/starttls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_line(void *user, const char *line, size_t length)
{
	(void)user;
	protocol_guess(line, length);
}

/* The channel is no socket: what would be sent is dropped. */
static void feed_imap(unsigned choice, const char *bytes, size_t size, size_t step)
{
	struct imap_dialogue imap;
	const struct imap_dialogue_setup setup = {.wants_starttls = choice == 0, .is_in_tls = choice != 0, .heard = on_line};
	struct observation *seen = observation_new("imap", "fuzz:143", NULL, 0);
	enum dialogue_want want = imap_dialogue_begin(&imap, &setup);
	for (size_t at = 0; at < size && want == DIALOGUE_MORE; at += step) {
		buf_reset(&imap.dialogue.out);
		want = imap_dialogue_feed(&imap, bytes + at, size - at < step ? size - at : step);
		if (want == DIALOGUE_TLS)
			want = imap_dialogue_secured(&imap);
	}
	imap_dialogue_observe(seen, &imap);
	starttls_observe(seen, &imap.starttls);
	imap_dialogue_clear(&imap);
	observation_free(seen);
}

static void feed_starttls(enum starttls_protocol protocol, const char *bytes, size_t size, size_t step)
{
	struct starttls starttls;
	struct observation *seen = observation_new("tls", "fuzz:25", NULL, 0);
	enum dialogue_want want = starttls_begin(&starttls, protocol, on_line, NULL);
	for (size_t at = 0; at < size && want == DIALOGUE_MORE; at += step) {
		buf_reset(&starttls.dialogue.out);
		want = starttls_feed(&starttls, bytes + at, size - at < step ? size - at : step);
	}
	starttls_observe_dialogue(seen, &starttls);
	starttls_clear(&starttls);
	observation_free(seen);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	unsigned choice = data[0] % 5;
	size_t step = data[0] / 5 % 3 == 0 ? 1 : data[0] / 5 % 3 == 1 ? 7 : LIMIT_LINE_BYTES;
	const char *bytes = (const char *)data + 1;
	if (choice < 2)
		feed_imap(choice, bytes, size - 1, step);
	else
		feed_starttls((enum starttls_protocol)(choice - 2), bytes, size - 1, step);
	return 0;
}
