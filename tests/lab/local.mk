# See HACKING.md for what the lab ring is.
