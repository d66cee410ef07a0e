/* `demo`: a failing and a passing migration, recorded from real servers, judged and shown like any other. */
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "app/judge.h"
#include "model/embedded.h"

static const char *const recordings[] = {"data/demo-not-ready.jsonl", "data/demo-ready.jsonl"};

static int take_lines(struct judging *judging, const char *text, struct error *error)
{
	while (*text != '\0') {
		struct recording recording;
		size_t length = strcspn(text, "\n");
		recording_init(&recording);
		if (recording_parse(text, length, &recording, error) != 0)
			return -1;
		judging_take(judging, &recording);
		text += length + (text[length] == '\n');
	}
	return 0;
}

static int demo_run(const struct options *options, struct error *error)
{
	struct judging *judging = judging_new(options);
	int result = 0;
	for (size_t i = 0; i < sizeof recordings / sizeof recordings[0] && result == 0; i++)
		result = take_lines(judging, embedded_text(recordings[i]), error);
	if (result == 0)
		result = judging_finish(judging, error);
	judging_free(judging);
	return result;
}

const struct command demo_command = {
    .name = "demo",
    .arguments = "",
    .about = "A failing and a passing migration, replayed from recorded evidence of real servers",
    .examples = "cutover demo\n"
                "cutover demo -o html:demo.html",
    .least_arguments = 0,
    .most_arguments = 0,
    .run = demo_run,
};
