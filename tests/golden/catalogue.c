/*
 * The catalogue's contract (ids, severities, actors, Microsoft's messages) with texts that never change: the golden
 * files are about the renderers, not about the wording of the day. Linked with --wrap=catalogue_get.
 */
#include "cutover/catalogue.h"

const struct catalogue_entry *__real_catalogue_get(enum finding_id id);
const struct catalogue_entry *__wrap_catalogue_get(enum finding_id id);

const struct catalogue_entry *__wrap_catalogue_get(enum finding_id id)
{
	static struct catalogue_entry fixed[FINDING_COUNT];
	fixed[id] = *__real_catalogue_get(id);
	fixed[id].title = "a title";
	fixed[id].section = fixed[id].microsoft_message != NULL ? "A section of the troubleshooter" : NULL;
	fixed[id].cause = "The reason, told of {host} in a sentence that is long enough to be wrapped on a usual terminal.";
	fixed[id].remedy = "Do the first thing about {subject}, which takes more words than the second, and goes on\n"
	                   "Publish the record: `{domain}. 300 IN MX 10 mail.{domain}.`\n"
	                   "Look again: `cutover port {host}:{port}`";
	return &fixed[id];
}
