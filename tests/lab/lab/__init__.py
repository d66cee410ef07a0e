"""A world of real servers in a network namespace without a route out, for tests, the demo and benchmarks."""
