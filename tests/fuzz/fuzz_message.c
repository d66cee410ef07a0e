/*
 * Text of anybody in which messages are looked for: reading ends, nothing lies outside the text, what is kept is bounded, and the
 * match that leads is one of them.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/ms_message.h"
#include "proto/ms_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CANDIDATES = 3 };

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_match(const struct ms_match *match, size_t length)
{
	require(match->length > 0 && match->offset + match->length <= length);
	require(match->times > 0 && match->leads <= match->times && match->user_count <= match->times);
	require(memchr(match->sentence, '\0', sizeof match->sentence) != NULL && match->sentence[0] != '\0');
	for (int i = 0; i < match->capture_count; i++)
		require(match->captures[i].name[0] != '\0' && match->captures[i].value[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ms_matches matches;
	struct ms_candidate candidates[CANDIDATES];
	struct ms_text text;
	const char *bytes = (const char *)data;
	ms_text_init(&text, bytes, size);
	ms_recognise(bytes, size, &matches);
	require(matches.count <= MS_MATCHES && text.clean.length <= size && text.lower.length == text.clean.length);
	for (size_t i = 0; i < matches.count; i++)
		check_match(&matches.items[i], text.clean.length);
	const struct ms_match *lead = ms_lead(&matches);
	require((lead == NULL) == (matches.count == 0));
	require(lead == NULL || (lead >= matches.items && lead < matches.items + matches.count));
	size_t count = ms_closest(bytes, size, candidates, CANDIDATES);
	require(count <= CANDIDATES);
	for (size_t i = 0; i < count; i++)
		require(candidates[i].percent >= 50 && candidates[i].percent <= 100 && strchr(candidates[i].pattern, '{') == NULL);
	ms_matches_clear(&matches);
	ms_text_clear(&text);
	return 0;
}
