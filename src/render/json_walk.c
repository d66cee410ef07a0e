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

static json_t *texts_value(const struct observation *o, enum fact_key key)
{
	json_t *value = json_array();
	for (uint32_t row = 0; row < observation_rows(o, key); row++)
		json_array_append_new(value, json_value_text(observation_text(o, key, row)));
	return value;
}

static json_t *message_value(const struct diagnosis_message *message)
{
	const struct observation *o = message->first;
	json_t *value = json_object();
	json_object_set_new(value, "message", json_value_text(observation_text(o, FACT_MESSAGE_NAME, 0)));
	json_object_set_new(value, "branch", json_value_text(observation_text(o, FACT_MESSAGE_BRANCH, 0)));
	json_object_set_new(value, "sureness", json_value_text(observation_text(o, FACT_MESSAGE_SURENESS, 0)));
	json_object_set_new(value, "sentence", json_value_text(observation_text(o, FACT_MESSAGE_SENTENCE, 0)));
	json_object_set_new(value, "captures", captures_value(o));
	json_object_set_new(value, "times", json_integer((json_int_t)message->times));
	json_object_set_new(value, "kinds", json_integer((json_int_t)message->kinds));
	json_object_set_new(value, "users", json_integer((json_int_t)message->users));
	json_object_set_new(value, "addresses", texts_value(o, FACT_MESSAGE_USER));
	return value;
}

static json_t *messages_value(const struct diagnosis *diagnosis)
{
	json_t *value = json_array();
	for (size_t i = 0; i < diagnosis->message_count; i++)
		json_array_append_new(value, message_value(&diagnosis->messages[i]));
	return value;
}

static json_t *step_value(const struct diagnosis_step *step)
{
	json_t *value = json_object();
	json_object_set_new(value, "title", json_value_text(step->title));
	json_object_set_new(value, "cause", json_value_text(step->cause));
	json_object_set_new(value, "who", json_string(actor_name(step->who)));
	json_object_set_new(value, "state", json_string(step_state_name(step->state)));
	json_object_set_new(value, "finding", step->finding == NULL ? json_null() : json_string(catalogue_get(step->finding->id)->id));
	json_object_set_new(value, "subject", step->finding == NULL ? json_null() : json_value_text(step->finding->subject));
	json_object_set_new(value, "needs", step->needs[0] == '\0' ? json_null() : json_value_text(step->needs));
	return value;
}

/* Who has to act: for what was found, else for what is to be looked at next. */
static json_t *who_value(const struct diagnosis *diagnosis)
{
	if (diagnosis->likely != NULL)
		return json_string(actor_name(catalogue_get(diagnosis->likely->finding->id)->actor));
	return diagnosis->next != NULL ? json_string(actor_name(diagnosis->next->who)) : json_null();
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
	json_object_set_new(value, "sureness", json_value_text(observation_text(o, FACT_MESSAGE_SURENESS, 0)));
	json_object_set_new(value, "captures", captures_value(o));
	json_object_set_new(value, "candidates", texts_value(o, FACT_MESSAGE_CANDIDATE));
	json_object_set_new(value, "messages", messages_value(diagnosis));
	json_object_set_new(value, "steps", steps);
	json_object_set_new(value, "likely", likely == NULL ? json_null() : json_string(catalogue_get(likely->id)->id));
	json_object_set_new(value, "next", diagnosis->next == NULL ? json_null() : json_value_text(diagnosis->next->cause));
	json_object_set_new(value, "who", who_value(diagnosis));
	return value;
}
