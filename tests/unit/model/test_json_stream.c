#include "model/json_stream.h"

#include <stdlib.h>
#include <string.h>

#include "../check_main.h"
#include "base/xalloc.h"
#include "cutover/sink.h"
#include "model/json_value.h"

static const char *const items[] = {"{\"a\":1,\"rows\":[{\"b\":\"x\\ny\"},{}]}", "{}", "[1,[],\"é\"]"};
static const int indents[] = {0, 2};

static json_t *head(void)
{
	return json_pack("{s:s, s:{s:i}}", "schema", "x/1", "run", "n", 7);
}

static char *streamed(int indent, size_t count, bool from_text)
{
	struct sink *sink = sink_new_memory();
	struct json_stream stream;
	json_t *value = head();
	json_stream_begin(&stream, sink, indent, value, "list");
	for (size_t i = 0; i < count; i++) {
		if (from_text)
			json_stream_add_line(&stream, items[i], strlen(items[i]));
		else
			json_stream_add(&stream, json_loads(items[i], 0, NULL));
	}
	json_stream_end(&stream);
	json_decref(value);
	char *text = xstrdup(sink_memory(sink, NULL));
	sink_abandon(sink);
	return text;
}

static char *written_whole(int indent, size_t count)
{
	struct sink *sink = sink_new_memory();
	json_t *value = head(), *list = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_loads(items[i], 0, NULL));
	json_object_set_new(value, "list", list);
	json_value_write(sink, value, indent);
	json_decref(value);
	char *text = xstrdup(sink_memory(sink, NULL));
	sink_abandon(sink);
	return text;
}

START_TEST(bytes_are_those_of_the_whole_value)
{
	size_t count = (size_t)_i;
	for (size_t i = 0; i < 2; i++) {
		char *whole = written_whole(indents[i], count), *values = streamed(indents[i], count, false);
		char *lines = streamed(indents[i], count, true);
		ck_assert_str_eq(values, whole);
		ck_assert_str_eq(lines, whole);
		free(whole);
		free(values);
		free(lines);
	}
}
END_TEST

static void fill(Suite *suite)
{
	TCase *tcase = tcase_create("json_stream");
	tcase_add_loop_test(tcase, bytes_are_those_of_the_whole_value, 0, 4);
	suite_add_tcase(suite, tcase);
}

CHECK_MAIN("model/json_stream", fill)
