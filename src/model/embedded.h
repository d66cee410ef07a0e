#ifndef MODEL_EMBEDDED_H
#define MODEL_EMBEDDED_H
/*
 * Files that are built into the program, so that it needs none at run time: data/ (dated tables), doc/findings/ (the
 * pages of `explain`), the JSON Schema, the evidence of `demo`. The list is EMBEDDED_FILES in Makefile.am.
 */
#include <stddef.h>

struct embedded_file {
	const char *name;  /* "data/clouds.tsv" */
	const char *bytes; /* terminated; the terminator does not count */
	size_t length;
};

extern const struct embedded_file embedded_files[]; /* ends with a NULL name */

/* The file's text, or NULL. */
const char *embedded_text(const char *name);

#endif
