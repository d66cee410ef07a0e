/* A recording is a file from somebody else: whatever it claims to have seen, the rules end and their texts can be filled. */
#include <stdint.h>
#include <stdlib.h>

#include "cutover/rule.h"
#include "model/recording.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fill_texts(const struct finding *finding)
{
	const struct catalogue_entry *entry = catalogue_get(finding->id);
	free(finding_fill(finding, entry->microsoft_message));
	free(finding_fill(finding, entry->cause));
	free(finding_fill(finding, entry->remedy));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct recording recording;
	struct findings findings;
	struct error error;
	recording_init(&recording);
	findings_init(&findings);
	if (recording_parse((const char *)data, size, &recording, &error) == 0) {
		rules_judge(&recording.evidence, &recording.policy, &findings);
		for (size_t i = 0; i < findings.count; i++) {
			const struct finding *finding = findings.items[i];
			fill_texts(finding);
			for (size_t b = 0; b < finding->because_count; b++)
				if (finding->because[b] >= recording.evidence.count)
					abort();
		}
	}
	findings_clear(&findings);
	recording_clear(&recording);
	return 0;
}
