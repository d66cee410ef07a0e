#include "app/command.h"

#include <string.h>

#define COMMAND(symbol) extern const struct command symbol##_command;
#include "app/commands.def"
#undef COMMAND

#define COMMAND(symbol) &symbol##_command,
static const struct command *const commands[] = {
#include "app/commands.def"
    NULL,
};
#undef COMMAND

const struct command *command_find(const char *name)
{
	for (size_t i = 0; commands[i] != NULL; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

void command_each(void (*each)(const struct command *command, void *user), void *user)
{
	for (size_t i = 0; commands[i] != NULL; i++)
		each(commands[i], user);
}
