#include <string.h>

#include "model/embedded.h"

const char *embedded_text(const char *name)
{
	for (const struct embedded_file *file = embedded_files; file->name != NULL; file++)
		if (strcmp(file->name, name) == 0)
			return file->bytes;
	return NULL;
}
