# See HACKING.md for what the golden ring is.
