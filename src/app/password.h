#ifndef APP_PASSWORD_H
#define APP_PASSWORD_H
/* One password from where nobody else can read it: a file descriptor, or the terminal without echo. Never from argv. */
#include "base/secret.h"
#include "cutover/error.h"

/* --password-fd: up to the first line end. NULL with one line. */
struct secret *password_from_fd(int fd, struct error *error);

/* Asks on the terminal. NULL with one line, also when there is none. A signal ends us once the terminal is as it was. */
struct secret *password_from_terminal(const char *prompt, struct error *error);

#endif
