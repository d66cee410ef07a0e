# The only layer that opens sockets: loop, deadlines, pace, streams, TLS, DNS, HTTP.
noinst_LIBRARIES += libio.a
libio_a_SOURCES = \
  src/io/certificate.c \
  src/io/certificate.h \
  src/io/certificate_ocsp.c \
  src/io/certificate_verify.c \
  src/io/deadline.c \
  src/io/deadline.h \
  src/io/dns_channel.c \
  src/io/dns_channel.h \
  src/io/dns_client.c \
  src/io/dial.c \
  src/io/dial.h \
  src/io/dns_client.h \
  src/io/dns_client_internal.h \
  src/io/dns_exchange.c \
  src/io/dns_exchange.h \
  src/io/dns_memo.c \
  src/io/dns_memo.h \
  src/io/dns_observe.c \
  src/io/dns_resolve.c \
  src/io/dns_resolve.h \
  src/io/dns_socket.c \
  src/io/dns_socket.h \
  src/io/endpoint.c \
  src/io/endpoint.h \
  src/io/lookup.c \
  src/io/icmp_name.c \
  src/io/lookup.h \
  src/io/http_client.c \
  src/io/http_client.h \
  src/io/loop.c \
  src/io/loop.h \
  src/io/net.c \
  src/io/net.h \
  src/io/pacer.c \
  src/io/pacer.h \
  src/io/stream.c \
  src/io/stream.h \
  src/io/stream_private.h \
  src/io/stream_tls.c \
  src/io/tls_context.c \
  src/io/tls_context.h \
  src/io/tls_observe.c \
  src/io/tls_observe.h \
  $(END)
