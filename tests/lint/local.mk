# See HACKING.md for what the lint ring is.
