package io.mysqltlsproxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;

/** The library that does the cryptography: the two behave alike as far as they can. */
interface TlsEngine extends AutoCloseable {
  /** Which one, with its version. */
  String name();

  /** A handler for one connection. */
  SslHandler newHandler(ByteBufAllocator allocator);

  @Override
  void close();
}
