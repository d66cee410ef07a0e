/* An Autodiscover answer: 'x' and XML, or anything else and JSON. */
#include <stdint.h>
#include <stdlib.h>

#include "proto/autodiscover.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct autodiscover_answer answer;
	if (size == 0)
		return 0;
	if (data[0] == 'x')
		autodiscover_read_xml((const char *)data + 1, size - 1, &answer);
	else
		autodiscover_read_json((const char *)data + 1, size - 1, &answer);
	if (answer.type_count > AUTODISCOVER_TYPES || (answer.fault != NULL && answer.kind != AUTODISCOVER_OTHER))
		abort();
	autodiscover_answer_clear(&answer);
	return 0;
}
