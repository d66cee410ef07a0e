# What a newcomer types, and build steps.
EXTRA_DIST += \
  .ci/run \
  scripts/demo \
  scripts/demo-world.py \
  scripts/embed.sh \
  scripts/lib.sh \
  scripts/packages.txt \
  scripts/test \
  $(END)
