#include "base/buf.h"
#include "cutover/limits.h"
#include "render/html_parts.h"
#include "render/walk.h"

static void put_message(const struct html *html, const struct diagnosis_message *message)
{
	struct buf words;
	buf_init(&words, LIMIT_FACT_BYTES);
	walk_message(&words, message);
	html_element(html, "<li>", words.bytes, "");
	buf_reset(&words);
	walk_users(&words, message);
	if (words.length > 0)
		html_element(html, "<br><span class='faint'>", words.bytes, "</span>");
	sink_puts(html->sink, "</li>\n");
	buf_clear(&words);
}

static void put_messages(const struct html *html, const struct diagnosis *diagnosis)
{
	sink_puts(html->sink, "<ul class='messages'>\n");
	for (size_t i = 0; i < diagnosis->message_count; i++)
		put_message(html, &diagnosis->messages[i]);
	if (diagnosis->messages_left > 0)
		sink_printf(html->sink, "<li class='faint'>and %zu more</li>\n", diagnosis->messages_left);
	sink_puts(html->sink, "</ul>\n");
}

static void put_unknown(const struct html *html, const struct observation *o)
{
	uint32_t rows = observation_rows(o, FACT_MESSAGE_CANDIDATE);
	sink_puts(html->sink, "<p>This is none of the messages that are known here.</p>\n");
	if (rows > 0)
		sink_puts(html->sink, "<p>Closest, by the words that they share with it:</p>\n<ul class='messages'>\n");
	for (uint32_t row = 0; row < rows; row++) {
		const char *candidate = observation_text(o, FACT_MESSAGE_CANDIDATE, row);
		html_element(html, "<li>", candidate != NULL ? candidate : "-", "</li>\n");
	}
	if (rows > 0)
		sink_puts(html->sink, "</ul>\n");
	sink_puts(html->sink, "<p>What Microsoft's troubleshooter advises for all others:</p>\n");
}

static void put_step(const struct html *html, const struct diagnosis *diagnosis, const struct diagnosis_step *step)
{
	struct buf words;
	buf_init(&words, LIMIT_FACT_BYTES);
	sink_puts(html->sink, step == diagnosis->likely ? "<li class='likely'>" : "<li>");
	sink_printf(html->sink, "<span class='badge %s'>%s</span>", severity_name(walk_severity(step->state)), walk_state(step->state));
	html_text(html, step->title);
	walk_evidence(&words, step);
	if (words.length > 0)
		html_element(html, "<br><span class='faint'>", words.bytes, "</span>");
	sink_puts(html->sink, "</li>\n");
	buf_clear(&words);
}

void html_walk(const struct html *html)
{
	const struct diagnosis *diagnosis = html->report->diagnosis;
	struct buf words;
	if (diagnosis == NULL)
		return;
	buf_init(&words, LIMIT_FACT_BYTES);
	sink_puts(html->sink, "<section class='card walk'>\n<h2>The message, step by step</h2>\n");
	if (diagnosis->is_known)
		put_messages(html, diagnosis);
	else
		put_unknown(html, diagnosis->message);
	walk_likely(&words, diagnosis);
	html_element(html, "<p><b>Most likely</b> ", words.bytes, "</p>\n<ol class='walk'>\n");
	for (size_t i = 0; i < diagnosis->step_count; i++)
		put_step(html, diagnosis, &diagnosis->steps[i]);
	sink_puts(html->sink, "</ol>\n</section>\n");
	buf_clear(&words);
}
