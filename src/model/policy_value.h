#ifndef MODEL_POLICY_VALUE_H
#define MODEL_POLICY_VALUE_H
/*
 * A policy as JSON, both ways: all that rules need to judge the same evidence again and find the same.
 * Unknown is null; what an older version did not write keeps its default.
 */
#include <jansson.h>

#include "cutover/error.h"
#include "cutover/policy.h"

/* A new reference. */
json_t *policy_value(const struct policy *policy);

/* Fills an initialised policy. -1 with the member's name when one is of the wrong type or beyond its range. */
int policy_from_value(const json_t *value, struct policy *policy, struct error *error);

#endif
