package io.mysqltlsproxy;

import java.lang.reflect.Proxy;

/**
 * Signals of the operating system, by {@code sun.misc.Signal} of the module jdk.unsupported. The
 * compiler warns of that class wherever it is named, so it is named here only, as text.
 */
final class Signals {
  private Signals() {}

  /**
   * Runs the action, on a thread of its own, each time the signal comes.
   *
   * @param name without SIG: {@code TERM}
   * @return false where this Java has no such signal
   */
  static boolean handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                }
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }
}
