/*
 * The main of every fuzz entry when it is not built with libFuzzer: feeds each file of its corpus once and prints TAP.
 * The corpus of fuzz_NOUN is tests/fuzz/corpus/NOUN; folders named as arguments are taken instead.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int count;

static void feed(const char *path)
{
	uint8_t *bytes = NULL;
	size_t size = 0;
	FILE *file = fopen(path, "rb");
	FILE *memory = open_memstream((char **)&bytes, &size);
	int byte;
	while (file != NULL && (byte = getc(file)) != EOF)
		putc(byte, memory);
	fclose(memory);
	/* A copy of the exact size, so that reading one byte too far is seen by the sanitizers. */
	uint8_t *exact = malloc(size > 0 ? size : 1);
	if (file != NULL && exact != NULL) {
		memcpy(exact, bytes, size);
		LLVMFuzzerTestOneInput(exact, size);
	}
	printf("%s %d - %s\n", file != NULL ? "ok" : "not ok", ++count, path);
	if (file != NULL)
		fclose(file);
	free(exact);
	free(bytes);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void feed_folder(const char *folder)
{
	struct dirent **entries = NULL;
	int n = scandir(folder, &entries, NULL, by_name);
	for (int i = 0; i < n; i++) {
		char path[4096];
		snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.')
			feed(path);
		free(entries[i]);
	}
	free(entries);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		feed_folder(argv[i]);
	if (argc <= 1) {
		const char *top = getenv("TOP_SRCDIR"), *noun = strstr(argv[0], "fuzz_");
		char folder[4096];
		for (const char *next = noun; next != NULL; next = strstr(next + 1, "fuzz_"))
			noun = next;
		snprintf(folder, sizeof folder, "%s/tests/fuzz/corpus/%s", top != NULL ? top : ".", noun != NULL ? noun + 5 : "");
		feed_folder(folder);
	}
	if (count == 0)
		printf("not ok %d - the corpus is empty\n", ++count);
	printf("1..%d\n", count);
	return EXIT_SUCCESS;
}
