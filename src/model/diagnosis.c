#include "cutover/diagnosis.h"

#include "base/str.h"

#define DIAGNOSIS_NAME(symbol, name) name,
static const char *const state_names[] = {DIAGNOSIS_STATES(DIAGNOSIS_NAME)};
#undef DIAGNOSIS_NAME

const char *step_state_name(enum step_state state)
{
	return state_names[state];
}

const char *diagnosis_capture(const struct observation *message, const char *name)
{
	for (uint32_t row = 0; row < observation_rows(message, FACT_MESSAGE_CAPTURE); row++)
		if (str_equal(observation_text(message, FACT_MESSAGE_CAPTURE, row), name))
			return observation_text(message, FACT_MESSAGE_CAPTURED, row);
	return NULL;
}
