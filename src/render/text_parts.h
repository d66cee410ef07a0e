#ifndef RENDER_TEXT_PARTS_H
#define RENDER_TEXT_PARTS_H
/* The parts of the text format, one file each: a finding, the evidence, the verdict. */
#include "cutover/report.h"
#include "render/page.h"

/* What one migration's page needs to know while it is printed. */
struct text {
	struct page page;
	const struct report *report;
	int verbosity;
	bool is_piped; /* the width is not known: nobody looks, or a program does */
	int id_columns, subject_columns;   /* widths of the check lines */
	bool *shown;                       /* of each observation: its evidence stands further up already */
	char *said[3][FINDING_COUNT];      /* message, cause, remedy last printed for an id: not said twice */
};

enum { TEXT_INDENT = 6, TEXT_GUTTER = 19 }; /* labels begin at the one, what they label at the other */

/*
 * One check line; evidence, Microsoft's message, cause and remedy below it when it does not pass (or -v). A sequel, one
 * more finding of the same id and subject, repeats neither evidence nor cause nor remedy.
 */
void text_finding(struct text *text, const struct finding *finding, bool is_sequel);

/* "[##--------]" a server for the TTLs of the MX set; nothing when none is known. */
void text_ttls(struct text *text);

/* Every observation with its dialogue (-vv). */
void text_dialogues(struct text *text);

/* The headline, who has to act in which order, the clock, what was ignored. `findings` NULL: of all reports. */
void text_verdict(struct page *page, const struct verdict *verdict, const struct findings *findings, int64_t now);

/* The troubleshooter's branch of `diagnose`, step by step. */
struct diagnosis;
void text_walk(struct page *page, const struct diagnosis *diagnosis);

/* "label   words" with the words wrapped at the gutter. */
void text_labelled(struct page *page, const char *label, int style, const char *words);

#endif
