#ifndef CUTOVER_ERROR_H
#define CUTOVER_ERROR_H
/*
 * What is wrong with what the user gave us: an option, a file, a line.
 *
 * A network failure is never one of these: it is an enum outcome (outcome.h).
 * A function that can fail this way returns 0, or -1 with the error filled in.
 * main prints it once, on standard error, and exits 3.
 */
struct error {
	char text[512]; /* one line, printable, names the option or file and line; "" when unset */
};

/* Fills `error` (which may be NULL) and returns -1, so that callers can `return error_set(...)`. */
int error_set(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
