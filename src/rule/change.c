#include "rule/change.h"

#include "rule/rules.h"

void rule_change(const struct evidence *evidence, const struct policy *policy, struct findings *findings)
{
	struct change scene;
	if (policy->now == TIME_UNKNOWN || !dns_view_init(&scene.view, evidence, policy, findings))
		return;
	authority_init(&scene.authority, &scene.view);
	expectation_init(&scene.expectation, &scene.view);
	cache_view_init(&scene.caches, &scene.view, &scene.expectation);
	propagation_tell(&scene);
	clock_tell(&scene);
	cache_view_clear(&scene.caches);
	expectation_clear(&scene.expectation);
	authority_clear(&scene.authority);
	dns_view_clear(&scene.view);
}
