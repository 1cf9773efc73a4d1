package io.mysqltlsproxy.auth;

import io.netty.buffer.ByteBuf;

/** A plugin that says the same with TLS and without. */
enum OpaqueExchange implements PluginExchange {
  ANY,

  /** caching_sha2_password between two that agree on whether their connection is secure. */
  CACHING_SHA2 {
    @Override
    public Step fromServer(ByteBuf payload) {
      return Sha2Plugin.CACHING.isFastAuthentication(payload) ? Step.INFORM : Step.RELAY;
    }
  }
}
