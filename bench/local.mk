# cutover beside its peers on the same work; never part of make check.
