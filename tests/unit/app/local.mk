# Unit tests of src/app: may link $(APP_LIBS) only.
