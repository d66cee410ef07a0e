/* The records of a migration as the JSON member "records". */
#include "model/json_value.h"
#include "render/json_parts.h"
#include "render/todo.h"

void json_todo(json_t *records, const struct report *report)
{
	struct todo_list list;
	todo_make(&list, report);
	for (size_t i = 0; i < list.count; i++) {
		const struct todo *todo = &list.items[i];
		json_t *value = json_object();
		json_object_set_new(value, "domain", json_value_text(report->policy->domain));
		json_object_set_new(value, "phase", json_string(todo_phase_name(todo->phase)));
		json_object_set_new(value, "state", json_string(todo_state_name(todo->state)));
		json_object_set_new(value, "name", json_value_text(todo->name));
		json_object_set_new(value, "type", json_string(todo->type));
		json_object_set_new(value, "ttl_s", json_integer(todo->ttl_s));
		json_object_set_new(value, "data", json_value_text(todo->data));
		json_object_set_new(value, "now", json_value_text(todo->now));
		json_object_set_new(value, "note", json_value_text(todo->note));
		json_array_append_new(records, value);
	}
	todo_clear(&list);
}
