#include "cutover/renderer.h"

#include <string.h>

#define RENDERER(symbol) extern const struct renderer symbol##_renderer;
#include "cutover/renderers.def"
#undef RENDERER

#define RENDERER(symbol) &symbol##_renderer,
static const struct renderer *const renderers[] = {
#include "cutover/renderers.def"
    NULL,
};
#undef RENDERER

const struct renderer *renderer_find(const char *name)
{
	for (size_t i = 0; renderers[i] != NULL; i++)
		if (strcmp(renderers[i]->name, name) == 0)
			return renderers[i];
	return NULL;
}

void renderer_each(void (*each)(const struct renderer *renderer, void *user), void *user)
{
	for (size_t i = 0; renderers[i] != NULL; i++)
		each(renderers[i], user);
}
