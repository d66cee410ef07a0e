# Unit tests of src/rule: may link $(RULE_LIBS) only.
