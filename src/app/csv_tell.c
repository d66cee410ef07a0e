#include "app/csv_tell.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/xalloc.h"
#include "cutover/limits.h"

struct telling {
	const struct csv_writing *writing;
	struct observation *o;
	const char *label;
	uint32_t count;
};

static void say(const struct csv_writing *writing, const char *label, const char *sentence)
{
	if (writing->say == NULL)
		return;
	char *line = xasprintf("%s: %s", label, sentence);
	writing->say(line);
	free(line);
}

static void each_change(void *user, const char *sentence)
{
	struct telling *telling = user;
	observation_add_text(telling->o, FACT_CSV_CHANGE, telling->count++, sentence);
	say(telling->writing, telling->label, sentence);
}

static char *printable(const char *path)
{
	struct buf label;
	buf_init(&label, LIMIT_LINE_BYTES);
	escape_terminal(&label, path);
	return buf_steal(&label);
}

struct observation *csv_tell_repair(const struct csv_writing *writing, const struct csv_repair *repair, const char *path)
{
	char *label = printable(path);
	struct observation *o = observation_new("csv", writing->input->label, NULL, clock_now_ms());
	evidence_take(writing->evidence, o);
	if (csv_repair_refusal(repair) != NULL) {
		char *sentence = xasprintf("not written: %s", csv_repair_refusal(repair));
		o->outcome = OUTCOME_SKIPPED;
		observation_add_text(o, FACT_SKIP_REASON, 0, sentence);
		say(writing, writing->input->label, sentence);
		free(sentence);
	} else {
		struct telling telling = {.writing = writing, .o = o, .label = label};
		o->outcome = OUTCOME_OK;
		observation_add_text(o, FACT_CSV_WRITTEN, 0, label);
		observation_add_int(o, FACT_CSV_ROWS, 0, (int64_t)csv_repair_rows(repair));
		csv_repair_each_change(repair, each_change, &telling);
	}
	free(label);
	return o;
}

void csv_tell_batch(const struct csv_writing *writing, struct observation *o, uint32_t number, const char *path, uint64_t rows)
{
	char *label = printable(path), *sentence = xasprintf("%llu mailbox%s", (unsigned long long)rows, rows == 1 ? "" : "es");
	observation_add_text(o, FACT_CSV_BATCH, number, label);
	observation_add_int(o, FACT_CSV_BATCH_ROWS, number, (int64_t)rows);
	say(writing, label, sentence);
	free(label);
	free(sentence);
}
