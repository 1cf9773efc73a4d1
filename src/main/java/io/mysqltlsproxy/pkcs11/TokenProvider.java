package io.mysqltlsproxy.pkcs11;

import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Signs with keys on tokens, and with nothing else, by the names of the JDK's cryptography
 * architecture.
 */
public final class TokenProvider extends Provider {
  private static final long serialVersionUID = 1;

  /** The only one. */
  public static final TokenProvider INSTANCE = new TokenProvider();

  private TokenProvider() {
    super("mysql-tls-proxy-pkcs11", "1", "signatures by PKCS#11 tokens");
    for (TokenSignature.Form form : TokenSignature.Form.values()) {
      putService(new Signatures(this, form));
    }
  }

  /** The JDK's TLS asks each provider that is installed whether it can use a key. */
  static void install() {
    Security.addProvider(INSTANCE); // does nothing where it has been
  }

  private static final class Signatures extends Service {
    private final TokenSignature.Form form;

    Signatures(Provider provider, TokenSignature.Form form) {
      super(
          provider,
          "Signature",
          form.algorithm(),
          TokenSignature.class.getName(),
          List.of(),
          Map.of());
      this.form = form;
    }

    @Override
    public Object newInstance(@Nullable Object parameter) {
      return new TokenSignature(form);
    }

    @Override
    public boolean supportsParameter(@Nullable Object key) {
      return key instanceof TokenKey token && token.getAlgorithm().equals(form.key());
    }
  }
}
