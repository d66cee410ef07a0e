#include "builder.h"

#include "base/xalloc.h"

void world_init(struct world *world)
{
	evidence_init(&world->evidence);
	policy_init(&world->policy);
	world->policy.now = REPLAY_NOW;
	world->policy.domain = xstrdup("contoso.com");
}

void world_clear(struct world *world)
{
	evidence_clear(&world->evidence);
	policy_clear(&world->policy);
}

static void give_fact(struct observation *o, const struct given *given)
{
	switch (given->type) {
	case FACT_TYPE_TEXT:
		observation_add_text(o, given->key, given->row, given->text);
		break;
	case FACT_TYPE_INT:
		observation_add_int(o, given->key, given->row, given->number);
		break;
	case FACT_TYPE_TIME:
		observation_add_time(o, given->key, given->row, given->number);
		break;
	case FACT_TYPE_BOOL:
		observation_add_bool(o, given->key, given->row, given->flag);
		break;
	}
}

void observation_give(struct observation *o, const struct given *given)
{
	for (; given->kind != GIVEN_END; given++)
		if (given->kind == GIVEN_OUTCOME)
			o->outcome = given->outcome;
		else
			give_fact(o, given);
}

struct observation *world_observe(struct world *world, const char *probe, const char *target, const char *address,
                                  const struct given *given)
{
	int64_t started_ms = REPLAY_NOW * 1000 + (int64_t)world->evidence.count;
	struct observation *o = observation_new(probe, target, address, started_ms);
	observation_give(o, given);
	evidence_take(&world->evidence, o);
	return o;
}
