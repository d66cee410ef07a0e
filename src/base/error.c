#include "cutover/error.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

int error_set(struct error *error, const char *format, ...)
{
	if (error != NULL) {
		va_list arguments;
		va_start(arguments, format);
		vsnprintf(error->text, sizeof error->text, format, arguments);
		va_end(arguments);
		/* A name from the command line may hold anything; the line goes to a terminal. */
		for (unsigned char *at = (unsigned char *)error->text; *at != '\0'; at++) {
			bool is_c1 = at[0] == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f; /* in UTF-8 */
			if (is_c1)
				*at++ = '?';
			if (is_c1 || *at < 0x20 || *at == 0x7f)
				*at = '?';
		}
	}
	return -1;
}
