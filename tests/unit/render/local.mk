# Unit tests of src/render: may link $(RENDER_LIBS) only.
