#include "engine/interrupt.h"

#include <signal.h>

int interrupt_signal(size_t i)
{
	static const int signals[INTERRUPTS] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction now;
	if (signals[i] == SIGHUP && sigaction(SIGHUP, NULL, &now) == 0 && now.sa_handler == SIG_IGN)
		return 0;
	return signals[i];
}
