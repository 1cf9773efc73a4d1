package io.mysqltlsproxy.pem;

import java.security.Provider;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Bouncy Castle's provider, made when something first needs it: it holds some megabytes, and an
 * installation with RSA keys never asks for it. It is not registered, so the JDK's own providers
 * stay the ones that TLS uses.
 */
public final class BouncyCastle {
  private BouncyCastle() {}

  /** The one instance. */
  public static Provider provider() {
    return Holder.PROVIDER;
  }

  private static final class Holder {
    private static final Provider PROVIDER = new BouncyCastleProvider();
  }
}
