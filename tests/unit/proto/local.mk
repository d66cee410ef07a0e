# Unit tests of src/proto: may link $(PROTO_LIBS) only.
