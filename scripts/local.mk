# What a newcomer types, and build steps.
EXTRA_DIST += scripts/embed.sh
