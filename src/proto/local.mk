# Protocol cores without sockets: bytes in, bytes and a verdict out.
noinst_LIBRARIES += libproto.a
libproto_a_SOURCES =
