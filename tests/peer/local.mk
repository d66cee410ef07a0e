# See HACKING.md for what the peer ring is.
