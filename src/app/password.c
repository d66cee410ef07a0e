#include "app/password.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { PASSWORD_BYTES = 4096 };

static volatile sig_atomic_t interrupted_by; /* while the terminal is silent */

/*
 * A byte at a time: what stands behind the line is for others. `open_to` is the signal mask while it waits, NULL for no other: a
 * signal that is blocked but then cannot fall between the look at `interrupted_by` and the wait.
 */
static struct secret *read_line(int fd, const char *from, const sigset_t *open_to, struct error *error)
{
	struct pollfd input = {.fd = fd, .events = POLLIN};
	char line[PASSWORD_BYTES];
	size_t length = 0;
	struct secret *secret = NULL;
	ssize_t got = 1;
	while (length < sizeof line && interrupted_by == 0) {
		if (ppoll(&input, 1, NULL, open_to) < 0 && errno == EINTR)
			continue;
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
	return read_line(fd, "--password-fd", NULL, error);
}

static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
enum { SIGNALS = sizeof signals / sizeof signals[0] };

static void on_signal(int number)
{
	interrupted_by = number;
}

/* No echo while it is typed; a signal that would end us ends us once the terminal is as it was. */
static struct secret *read_silently(int fd, const struct termios *before, const char *prompt, struct error *error)
{
	struct sigaction old[SIGNALS], ours = {.sa_handler = on_signal}; /* without SA_RESTART, so that read() ends */
	struct termios silent = *before;
	struct secret *secret = NULL;
	sigset_t blocked, mask;
	interrupted_by = 0;
	sigemptyset(&blocked);
	for (size_t i = 0; i < SIGNALS; i++)
		sigaddset(&blocked, signals[i]);
	sigprocmask(SIG_BLOCK, &blocked, &mask);
	for (size_t i = 0; i < SIGNALS; i++) {
		sigaction(signals[i], NULL, &old[i]);
		if (old[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &ours, NULL);
	}
	silent.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(fd, TCSAFLUSH, &silent);
	if (write(fd, prompt, strlen(prompt)) >= 0)
		secret = read_line(fd, "terminal", &mask, error);
	tcsetattr(fd, TCSAFLUSH, before);
	(void)!write(fd, "\n", 1);
	for (size_t i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &old[i], NULL);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	if (interrupted_by != 0)
		raise(interrupted_by);
	return secret;
}

struct secret *password_from_terminal(const char *prompt, struct error *error)
{
	struct termios before;
	struct secret *secret = NULL;
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	if (fd < 0 || tcgetattr(fd, &before) != 0)
		error_set(error, "the file has no Password column and there is no terminal to ask on; give --password-fd N");
	else
		secret = read_silently(fd, &before, prompt, error);
	if (fd >= 0)
		close(fd);
	return secret;
}
