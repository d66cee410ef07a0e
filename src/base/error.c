#include "cutover/error.h"

#include <stdarg.h>
#include <stdio.h>

int error_set(struct error *error, const char *format, ...)
{
	if (error != NULL) {
		va_list arguments;
		va_start(arguments, format);
		vsnprintf(error->text, sizeof error->text, format, arguments);
		va_end(arguments);
		/* A name from the command line may hold anything; the line goes to a terminal. */
		for (char *at = error->text; *at != '\0'; at++)
			if ((unsigned char)*at < 0x20 || *at == 0x7f)
				*at = '?';
	}
	return -1;
}
