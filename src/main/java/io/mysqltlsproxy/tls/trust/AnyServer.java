package io.mysqltlsproxy.tls.trust;

import java.security.cert.X509Certificate;

/** Takes every server's certificate, as MySQL's clients do with {@code --ssl-mode=REQUIRED}. */
public final class AnyServer extends ServerTrustManager {
  @Override
  void verify(X509Certificate[] sent) {}
}
