# See HACKING.md for what the fuzz ring is.
