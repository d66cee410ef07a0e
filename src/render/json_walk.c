/* The troubleshooter's walk as a JSON value. */
#include "cutover/diagnosis.h"
#include "model/json_value.h"
#include "render/json_parts.h"

static json_t *captures_value(const struct observation *o)
{
	json_t *value = json_object();
	for (uint32_t row = 0; row < observation_rows(o, FACT_MESSAGE_CAPTURE); row++)
		json_object_set_new(value, observation_text(o, FACT_MESSAGE_CAPTURE, row),
		                    json_value_text(observation_text(o, FACT_MESSAGE_CAPTURED, row)));
	return value;
}

static json_t *candidates_value(const struct observation *o)
{
	json_t *value = json_array();
	for (uint32_t row = 0; row < observation_rows(o, FACT_MESSAGE_CANDIDATE); row++)
		json_array_append_new(value, json_value_text(observation_text(o, FACT_MESSAGE_CANDIDATE, row)));
	return value;
}

static json_t *step_value(const struct diagnosis_step *step)
{
	json_t *value = json_object();
	json_object_set_new(value, "title", json_value_text(step->title));
	json_object_set_new(value, "state", json_string(step_state_name(step->state)));
	json_object_set_new(value, "finding", step->finding == NULL ? json_null() : json_string(catalogue_get(step->finding->id)->id));
	json_object_set_new(value, "needs", step->needs[0] == '\0' ? json_null() : json_value_text(step->needs));
	return value;
}

json_t *json_walk(const struct diagnosis *diagnosis)
{
	json_t *value = json_object(), *steps = json_array();
	const struct observation *o = diagnosis->message;
	const struct finding *likely = diagnosis->likely != NULL ? diagnosis->likely->finding : NULL;
	for (size_t i = 0; i < diagnosis->step_count; i++)
		json_array_append_new(steps, step_value(&diagnosis->steps[i]));
	json_object_set_new(value, "message", json_value_text(observation_text(o, FACT_MESSAGE_NAME, 0)));
	json_object_set_new(value, "branch", json_value_text(observation_text(o, FACT_MESSAGE_BRANCH, 0)));
	json_object_set_new(value, "captures", captures_value(o));
	json_object_set_new(value, "candidates", candidates_value(o));
	json_object_set_new(value, "steps", steps);
	json_object_set_new(value, "likely", likely == NULL ? json_null() : json_string(catalogue_get(likely->id)->id));
	json_object_set_new(value, "who", likely == NULL ? json_null() : json_string(actor_name(catalogue_get(likely->id)->actor)));
	return value;
}
