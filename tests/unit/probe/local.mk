# Unit tests of src/probe: may link $(PROBE_LIBS) only.
