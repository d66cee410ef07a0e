#include "model/tag_list.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* The text without white space at its ends. */
static char *trimmed(const char *text, size_t length)
{
	while (length > 0 && isspace((unsigned char)*text)) {
		text++;
		length--;
	}
	while (length > 0 && isspace((unsigned char)text[length - 1]))
		length--;
	return xstrndup(text, length);
}

static int is_tag_name(const char *name)
{
	if (!isalpha((unsigned char)*name))
		return 0;
	for (; *name != '\0'; name++)
		if (!isalnum((unsigned char)*name) && *name != '_')
			return 0;
	return 1;
}

/* 1: read or empty; 0: at fault. */
static int add_part(struct tag_list *list, char *part)
{
	char *equals = strchr(part, '=');
	if (*part == '\0')
		return 1;
	if (equals == NULL || list->count >= TAG_LIST_TAGS)
		return 0;
	struct tag tag = {trimmed(part, (size_t)(equals - part)), trimmed(equals + 1, strlen(equals + 1))};
	list->tags[list->count++] = tag;
	return is_tag_name(tag.name);
}

void tag_list_parse(const char *text, struct tag_list *list)
{
	list->count = 0;
	list->fault[0] = '\0';
	for (;;) {
		size_t length = strcspn(text, ";");
		char *part = trimmed(text, length);
		int is_good = add_part(list, part);
		if (!is_good)
			snprintf(list->fault, sizeof list->fault, "%s", part);
		free(part);
		if (!is_good || text[length] == '\0')
			return;
		text += length + 1;
	}
}

void tag_list_clear(struct tag_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->tags[i].name);
		free(list->tags[i].value);
	}
	list->count = 0;
}

const char *tag_list_get(const struct tag_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->tags[i].name, name) == 0)
			return list->tags[i].value;
	return NULL;
}
