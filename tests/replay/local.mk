# See HACKING.md for what the replay ring is.
