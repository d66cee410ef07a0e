# Unit tests of src/engine: may link $(ENGINE_LIBS) only.
