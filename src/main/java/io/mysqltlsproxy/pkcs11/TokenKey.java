package io.mysqltlsproxy.pkcs11;

import io.mysqltlsproxy.option.Pkcs11Uri;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.ECParameterSpec;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A private key that stays on its token, which signs with it. Providers of the JDK's cryptography
 * architecture take it where {@link TokenProvider} is one of them.
 */
public abstract class TokenKey implements PrivateKey {
  private static final long serialVersionUID = 1;
  private static final Logger LOG = LoggerFactory.getLogger(TokenKey.class);

  static final long RSA_PKCS1 = 0x1;
  static final long RSA_RAW = 0x3;
  static final long RSA_PSS = 0xD;
  static final long ECDSA = 0x1041;

  private final transient Pkcs11Uri uri;
  private final transient Token token;
  private final transient KeySearch.Found first;
  private transient volatile Handle handle;

  /** Why it could not sign the last time. */
  private transient volatile @Nullable String failing;

  private record Handle(long value, Token.Generation generation) {}

  TokenKey(Pkcs11Uri uri, Token token, KeySearch.Found found, Token.Generation generation) {
    this.uri = uri;
    this.token = token;
    this.first = found;
    this.handle = new Handle(found.handle(), generation);
  }

  /**
   * Finds the key, and lets it sign once.
   *
   * @param pinFile its first line is the PIN; empty where the token wants none
   * @throws TokenException where the key cannot be found or used
   */
  public static TokenKey load(Pkcs11Uri uri, Optional<Path> pinFile) throws TokenException {
    TokenProvider.install();
    return TokenThreads.load(
        () -> {
          Token token = Token.of(uri, pinFile);
          TokenKey key = token.use(session -> of(uri, token, session));
          key.test();
          return key;
        });
  }

  private static TokenKey of(Pkcs11Uri uri, Token token, Token.Session session)
      throws CryptokiException, TokenException {
    KeySearch.Found found = KeySearch.find(uri, session);
    return found.modulus().isPresent()
        ? new Rsa(uri, token, found, session.generation())
        : new Ec(uri, token, found, session.generation());
  }

  private void test() throws TokenException {
    boolean rsa = first.modulus().isPresent();
    byte[] hash = new byte[32];
    sign(
        () -> rsa ? JdkBinding.pss(RSA_PSS, "SHA-256", hash.length) : JdkBinding.mechanism(ECDSA),
        hash);
  }

  /** Signs on this thread, however long that takes. */
  byte[] sign(Supplier<Object> mechanism, byte[] data) throws TokenException {
    return use(
        session -> session.cryptoki().sign(session.id(), mechanism.get(), handle(session), data));
  }

  /**
   * RSA without padding, for the suites without forward secrecy.
   *
   * @param data as long as the modulus, and less: a client's that is not is refused unasked
   */
  public byte[] decrypt(byte[] data) throws TokenException {
    BigInteger modulus = first.modulus().orElseThrow();
    if (data.length != (modulus.bitLength() + 7) / 8
        || new BigInteger(1, data).compareTo(modulus) >= 0) {
      throw new TokenException(
          "what is to be decrypted is not below the key's modulus",
          "the client does not follow the protocol");
    }
    return use(
        session ->
            session
                .cryptoki()
                .decrypt(session.id(), JdkBinding.mechanism(RSA_RAW), handle(session), data));
  }

  private long handle(Token.Session session) throws CryptokiException, TokenException {
    Handle known = handle;
    if (known.generation().equals(session.generation())) {
      return known.value();
    }
    KeySearch.Found again = KeySearch.find(uri, session);
    if (!again.isLike(first)) {
      throw new TokenException(
          "another key is in its place on the token",
          "reload (SIGHUP) once its certificate is in --ssl-cert");
    }
    handle = new Handle(again.handle(), session.generation());
    return again.handle();
  }

  private <T> T use(Token.Work<T> work) throws TokenException {
    try {
      T done = token.use(work);
      succeeded();
      return done;
    } catch (TokenException e) {
      failed(e);
      throw e;
    }
  }

  /** Says so once, and again when the reason is another one. */
  void failed(TokenException e) {
    String reason = String.valueOf(e.getMessage());
    if (!reason.equals(failing)) {
      failing = reason;
      LOG.error(
          "--ssl-key={}: {}; {}. TLS handshakes fail; each tries the token again",
          uri.text(),
          reason,
          e.hint());
    }
  }

  private void succeeded() {
    if (failing != null) {
      failing = null;
      LOG.info("--ssl-key={}: the token signs again", uri.text());
    }
  }

  /** Unknown outside the token. */
  @Override
  public @Nullable String getFormat() {
    return null;
  }

  @Override
  public byte @Nullable [] getEncoded() {
    return null;
  }

  @Override
  public String toString() {
    return getAlgorithm() + " key " + uri.text();
  }

  /** The JDK's TLS wants to know how long a key is before it signs with PSS. */
  private static final class Rsa extends TokenKey implements RSAKey {
    private static final long serialVersionUID = 1;
    private final BigInteger modulus;

    Rsa(Pkcs11Uri uri, Token token, KeySearch.Found found, Token.Generation generation) {
      super(uri, token, found, generation);
      modulus = found.modulus().orElseThrow();
    }

    @Override
    public String getAlgorithm() {
      return "RSA";
    }

    @Override
    public BigInteger getModulus() {
      return modulus;
    }
  }

  /** The same of the curve. */
  private static final class Ec extends TokenKey implements ECKey {
    private static final long serialVersionUID = 1;
    private final transient ECParameterSpec curve;

    Ec(Pkcs11Uri uri, Token token, KeySearch.Found found, Token.Generation generation) {
      super(uri, token, found, generation);
      curve = found.curve().orElseThrow();
    }

    @Override
    public String getAlgorithm() {
      return "EC";
    }

    @Override
    public ECParameterSpec getParams() {
      return curve;
    }
  }
}
