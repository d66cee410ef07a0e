/* A TLSA record in presentation form. */
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "model/tlsa.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tlsa tlsa;
	char *text = xstrndup((const char *)data, size);
	bool is_record = tlsa_parse(text, &tlsa);
	size_t length = strnlen(tlsa.data, sizeof tlsa.data);
	if (length >= sizeof tlsa.data || (is_record && (tlsa.usage > 255 || tlsa.selector > 255 || tlsa.matching > 255 || length == 0)))
		abort();
	for (size_t i = 0; i < length; i++)
		if (!isxdigit((unsigned char)tlsa.data[i]) || isupper((unsigned char)tlsa.data[i]))
			abort();
	/* What senders check by can be compared. */
	if (is_record && tlsa.is_usable && tlsa.matching == TLSA_SHA256 && length != 64)
		abort();
	free(text);
	return 0;
}
