#include "app/csv_input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/options.h"
#include "base/buf.h"
#include "base/escape.h"
#include "base/secret.h"
#include "base/str.h"
#include "cutover/limits.h"

enum { BLOCK_BYTES = 65536, LABEL_BYTES = 400 };

static int check_type(struct csv_input *input, struct error *error)
{
	if (fstat(input->fd, &input->status) != 0)
		return error_set(error, "%s: cannot be read: %s", input->label, strerror(errno));
	input->is_file = S_ISREG(input->status.st_mode);
	if (S_ISDIR(input->status.st_mode))
		return error_set(error, "%s: is a folder", input->label);
	if (!input->is_file && input->owns_fd)
		return error_set(error, "%s: is no regular file; '-' reads standard input", input->label);
	return 0;
}

int csv_input_open(struct csv_input *input, const char *path, struct error *error)
{
	struct buf label;
	buf_init(&label, LABEL_BYTES);
	escape_terminal(&label, str_equal(path, "-") ? "standard input" : path);
	*input = (struct csv_input){.fd = STDIN_FILENO, .path = path, .label = buf_steal(&label)};
	if (!str_equal(path, "-")) {
		/* Without O_NONBLOCK opening a FIFO would wait for a writer. */
		input->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
		input->owns_fd = input->fd >= 0;
	}
	int result = input->fd < 0 ? error_set(error, "%s: cannot be read: %s", input->label, strerror(errno)) : check_type(input, error);
	if (result != 0)
		csv_input_close(input);
	return result;
}

void csv_input_close(struct csv_input *input)
{
	if (input->owns_fd)
		close(input->fd);
	free(input->label);
	*input = (struct csv_input){.fd = -1};
}

static int check_unchanged(const struct csv_input *input, uint64_t total, struct error *error)
{
	struct stat now;
	if (!input->is_file)
		return 0;
	if (fstat(input->fd, &now) != 0 || total != (uint64_t)input->status.st_size || now.st_size != input->status.st_size ||
	    now.st_mtim.tv_sec != input->status.st_mtim.tv_sec || now.st_mtim.tv_nsec != input->status.st_mtim.tv_nsec)
		return error_set(error, "%s: changed while it was read", input->label);
	return 0;
}

int csv_input_read(struct csv_input *input, void (*feed)(void *user, const void *bytes, size_t length), void *user, struct error *error)
{
	char block[BLOCK_BYTES];
	uint64_t total = 0;
	int result = 0;
	if (input->is_file && lseek(input->fd, 0, SEEK_SET) != 0)
		result = error_set(error, "%s: cannot be read: %s", input->label, strerror(errno));
	while (result == 0) {
		ssize_t n = read(input->fd, block, sizeof block);
		if (n == 0)
			break;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			result = error_set(error, "%s: cannot be read: %s", input->label, strerror(errno));
			break;
		}
		total += (uint64_t)n;
		if (total > LIMIT_CSV_READ_BYTES)
			result = error_set(error, "%s: more than %d bytes", input->label, LIMIT_CSV_READ_BYTES);
		else
			feed(user, block, (size_t)n);
	}
	secret_wipe(block, sizeof block);
	return result == 0 ? check_unchanged(input, total, error) : -1;
}

bool csv_input_is(const struct csv_input *input, const char *path)
{
	struct stat other;
	return input->is_file && stat(path, &other) == 0 && other.st_dev == input->status.st_dev && other.st_ino == input->status.st_ino;
}

int csv_input_guard(const struct csv_input *input, const struct options *options, struct error *error)
{
	const struct names *outputs = option_list(options, OPTION_OUTPUT);
	const char *recording = option_text(options, OPTION_RECORD);
	for (size_t i = 0; i < outputs->count; i++) {
		const char *colon = strchr(outputs->items[i], ':');
		if (colon != NULL && csv_input_is(input, colon + 1))
			return error_set(error, "-o: %.200s is the input itself", colon + 1);
	}
	if (recording != NULL && csv_input_is(input, recording))
		return error_set(error, "--record: %.200s is the input itself", recording);
	return 0;
}
