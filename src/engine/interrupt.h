#ifndef ENGINE_INTERRUPT_H
#define ENGINE_INTERRUPT_H
/* The signals that a run heeds. */
#include <stddef.h>

/* SIGINT, SIGTERM and SIGHUP end it early: what is known so far is still reported. */
enum { INTERRUPTS = 3 };

/* The one at that place; 0 for a hang-up that is ignored, as under nohup, and is to stay so. */
int interrupt_signal(size_t i);

#endif
