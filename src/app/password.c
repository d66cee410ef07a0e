#include "app/password.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { PASSWORD_BYTES = 4096 };

/* A byte at a time: what stands behind the line is for others. */
static struct secret *read_line(int fd, const char *from, struct error *error)
{
	char line[PASSWORD_BYTES];
	size_t length = 0;
	struct secret *secret = NULL;
	ssize_t got = 1;
	while (length < sizeof line) {
		got = read(fd, line + length, 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0 || line[length] == '\n')
			break;
		length++;
	}
	if (length > 0 && got > 0 && line[length - 1] == '\r')
		length--;
	if (got < 0)
		error_set(error, "%s: the password cannot be read: %s", from, strerror(errno));
	else if (length == sizeof line)
		error_set(error, "%s: a password longer than %d bytes", from, PASSWORD_BYTES);
	else if (length == 0)
		error_set(error, "%s: no password", from);
	else
		secret = secret_new(line, length);
	secret_wipe(line, sizeof line);
	return secret;
}

struct secret *password_from_fd(int fd, struct error *error)
{
	return read_line(fd, "--password-fd", error);
}

struct secret *password_from_terminal(const char *prompt, struct error *error)
{
	struct termios before, silent;
	struct secret *secret = NULL;
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	if (fd < 0 || tcgetattr(fd, &before) != 0) {
		error_set(error, "the file has no Password column and there is no terminal to ask on; give --password-fd N");
	} else {
		silent = before;
		silent.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(fd, TCSAFLUSH, &silent);
		if (write(fd, prompt, strlen(prompt)) >= 0)
			secret = read_line(fd, "terminal", error);
		tcsetattr(fd, TCSAFLUSH, &before);
		(void)!write(fd, "\n", 1);
	}
	if (fd >= 0)
		close(fd);
	return secret;
}
