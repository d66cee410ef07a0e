#include "cutover/diagnosis.h"

#define DIAGNOSIS_NAME(symbol, name) name,
static const char *const state_names[] = {DIAGNOSIS_STATES(DIAGNOSIS_NAME)};
#undef DIAGNOSIS_NAME

const char *step_state_name(enum step_state state)
{
	return state_names[state];
}
