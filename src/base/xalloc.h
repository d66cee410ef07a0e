#ifndef BASE_XALLOC_H
#define BASE_XALLOC_H
/* Memory or death: out of memory is said once, here, and aborts. Nobody else checks. */
#include <stddef.h>

void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size); /* zeroed; overflow of count * size aborts */
void *xrealloc(void *memory, size_t count, size_t size);
char *xstrdup(const char *text);          /* NULL gives NULL */
char *xstrndup(const char *bytes, size_t length);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Makes room for one more item in an array that grows by doubling; *room counts items. Returns the array.
 *   list->items = xgrow(list->items, list->count, &list->room, sizeof *list->items);
 */
void *xgrow(void *array, size_t count, size_t *room, size_t size);

#endif
