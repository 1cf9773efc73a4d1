package io.mysqltlsproxy.net;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Looks names up as the JDK does, cache included, but never on an event loop, which it would block.
 */
public final class BackgroundResolver extends AddressResolverGroup<InetSocketAddress> {
  private final Executor lookups;

  public BackgroundResolver(Executor lookups) {
    this.lookups = lookups;
  }

  @Override
  protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
    return new InetNameResolver(executor) {
      @Override
      protected void doResolve(String name, Promise<InetAddress> promise) {
        lookups.execute(
            () -> {
              try {
                promise.trySuccess(InetAddress.getByName(name));
              } catch (UnknownHostException | RuntimeException e) {
                promise.tryFailure(e);
              }
            });
      }

      @Override
      protected void doResolveAll(String name, Promise<List<InetAddress>> promise) {
        lookups.execute(
            () -> {
              try {
                promise.trySuccess(Arrays.asList(InetAddress.getAllByName(name)));
              } catch (UnknownHostException | RuntimeException e) {
                promise.tryFailure(e);
              }
            });
      }
    }.asAddressResolver();
  }
}
