#include "app/vantage.h"

#include <sys/utsname.h>

#include "app/options.h"

const char *vantage_name(const struct options *options)
{
	static struct utsname system_name; /* read once */
	const char *given = option_text(options, OPTION_VANTAGE);
	if (given != NULL)
		return given;
	if (system_name.nodename[0] == '\0' && uname(&system_name) != 0)
		return "here";
	return system_name.nodename;
}
