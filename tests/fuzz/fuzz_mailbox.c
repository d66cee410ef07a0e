/*
 * What an IMAP server may tell someone who is signed in: the first byte chooses the reply, the rest is one line of it; and the same
 * bytes as a folder's name and as a refusal of a sign-in.
 */
#include <stdint.h>

#include "cutover/limits.h"
#include "proto/imap_mailbox.h"
#include "proto/login_answer.h"
#include "proto/mutf7.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_prefix(void *user, const char *prefix, size_t length)
{
	buf_add(user, prefix, length);
}

static void read_reply(unsigned choice, struct slice line, struct buf *text)
{
	struct imap_folder folder;
	struct imap_folder_status status;
	struct imap_fetched fetched;
	int64_t count;
	switch (choice) {
	case 0:
		imap_list_parse(line, &folder);
		imap_folder_clear(&folder);
		break;
	case 1: imap_status_parse(line, &status); break;
	case 2: imap_fetch_parse(line, &fetched); break;
	case 3: imap_exists_parse(line, &count); break;
	case 4: imap_namespace_parse(line, on_prefix, text); break;
	case 5: mutf7_decode(text, line.bytes, line.length); break;
	default: login_answer_read(line.bytes, line.length); break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text;
	if (size == 0 || size > LIMIT_REPLY_BYTES)
		return 0;
	buf_init(&text, LIMIT_REPLY_BYTES);
	read_reply(data[0] % 7, (struct slice){(const char *)data + 1, size - 1}, &text);
	buf_clear(&text);
	return 0;
}
