package io.mysqltlsproxy.auth;

import io.netty.buffer.ByteBuf;

/** A plugin that says the same with TLS and without. */
final class OpaqueExchange implements PluginExchange {
  static final OpaqueExchange INSTANCE = new OpaqueExchange();

  private OpaqueExchange() {}

  @Override
  public Step requested() {
    return Step.RELAY;
  }

  @Override
  public Step initialResponse(ByteBuf data) {
    return Step.RELAY;
  }

  @Override
  public Step fromServer(ByteBuf payload) {
    return Step.RELAY;
  }

  @Override
  public Step fromClient(ByteBuf payload) {
    return Step.RELAY;
  }

  @Override
  public void end() {}
}
