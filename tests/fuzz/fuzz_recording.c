/* A recording is a file from somebody else: whatever stands in it, reading ends, and what was read can be written. */
#include <stdint.h>
#include <stdlib.h>

#include "cutover/sink.h"
#include "model/recording.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct recording recording, again;
	struct error error;
	size_t length;
	recording_init(&recording);
	recording_init(&again);
	if (recording_parse((const char *)data, size, &recording, &error) == 0) {
		struct sink *sink = sink_new_memory();
		recording_write(sink, &recording.run, &recording.policy, &recording.evidence);
		const char *line = sink_memory(sink, &length);
		if (recording_parse(line, length, &again, &error) != 0 || again.skipped != 0 ||
		    again.evidence.count != recording.evidence.count)
			abort();
		sink_abandon(sink);
	}
	recording_clear(&recording);
	recording_clear(&again);
	return 0;
}
