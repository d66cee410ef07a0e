/* Several machines behind one name: one of them was forgotten at the last renewal. */
#include <stdbool.h>

#include "base/clock.h"
#include "base/str.h"
#include "rule/subject.h"

static const char *fingerprint(const struct notes *notes, size_t nth)
{
	return observation_text(notes->judging->evidence->observations[notes->subject->seen[nth]], FACT_CERT_SHA256, 0);
}

static size_t count_of(const struct notes *notes, const char *wanted)
{
	size_t count = 0;
	for (size_t i = 0; i < notes->subject->count; i++)
		count += str_equal(fingerprint(notes, i), wanted);
	return count;
}

/* The fingerprint that more observations have than any other, or NULL when there is no such one. */
static const char *usual_fingerprint(const struct notes *notes)
{
	const char *usual = NULL;
	size_t most = 0;
	bool is_shared = false;
	for (size_t i = 0; i < notes->subject->count; i++) {
		const char *each = fingerprint(notes, i);
		size_t count = each != NULL ? count_of(notes, each) : 0;
		if (count > most) {
			usual = each;
			most = count;
			is_shared = false;
		} else if (count == most && !str_equal(each, usual)) {
			is_shared = true;
		}
	}
	return is_shared ? NULL : usual;
}

static bool are_different(const struct notes *notes)
{
	const char *first = NULL;
	for (size_t i = 0; i < notes->subject->count; i++) {
		const char *each = fingerprint(notes, i);
		if (first == NULL)
			first = each;
		else if (each != NULL && !str_equal(each, first))
			return true;
	}
	return false;
}

void note_different_certificates(struct notes *notes)
{
	if (!are_different(notes))
		return;
	const char *usual = usual_fingerprint(notes);
	for (size_t i = 0; i < notes->subject->count; i++) {
		size_t index = notes->subject->seen[i];
		const struct observation *o = notes->judging->evidence->observations[index];
		const char *each = fingerprint(notes, i), *subject = observation_text(o, FACT_CERT_SUBJECT, 0);
		char end[CLOCK_TEXT_BYTES];
		if (each == NULL || str_equal(each, usual))
			continue;
		notes_add(notes, FINDING_CERT_DIFFERS, index, "%s one, %s, until %s, SHA-256 %.16s",
		          usual != NULL ? "another" : "its own", subject != NULL ? subject : "without subject",
		          clock_format(observation_int_or(o, FACT_CERT_NOT_AFTER, 0, 0), end), each);
	}
}
