# Unit tests of src/io: may link $(IO_LIBS) only.
