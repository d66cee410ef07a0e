# Unit tests of src/base: may link $(BASE_LIBS) only.
