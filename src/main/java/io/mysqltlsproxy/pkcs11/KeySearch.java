package io.mysqltlsproxy.pkcs11;

import io.mysqltlsproxy.option.Pkcs11Uri;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the one private key on a token that a URI means. */
final class KeySearch {
  private static final long CLASS = 0x0;
  private static final long LABEL = 0x3;
  private static final long KEY_TYPE = 0x100;
  private static final long ID = 0x102;
  private static final long MODULUS = 0x120;
  private static final long EC_PARAMS = 0x180;
  private static final long ALWAYS_AUTHENTICATE = 0x202;
  private static final long PRIVATE_KEY = 3;
  private static final long RSA = 0;
  private static final long EC = 3;

  /** What lists the keys of a token. */
  private static final String LIST = "pkcs11-tool --module MODULE --login --list-objects";

  private KeySearch() {}

  /**
   * What was found.
   *
   * @param handle in sessions of the same generation
   * @param modulus of an RSA key
   * @param curve of an EC key
   */
  record Found(long handle, Optional<BigInteger> modulus, Optional<ECParameterSpec> curve) {
    /** Whether it may be the same key: a token does not tell an EC key's public half. */
    boolean isLike(Found other) {
      return modulus.equals(other.modulus) && curve.isPresent() == other.curve.isPresent();
    }
  }

  static Found find(Pkcs11Uri uri, Token.Session session) throws CryptokiException, TokenException {
    List<Long> types = new ArrayList<>(List.of(CLASS));
    List<Object> values = new ArrayList<>(List.of(PRIVATE_KEY));
    uri.object()
        .ifPresent(
            label -> {
              types.add(LABEL);
              values.add(label.getBytes(StandardCharsets.UTF_8));
            });
    uri.id()
        .ifPresent(
            id -> {
              types.add(ID);
              values.add(HexFormat.of().parseHex(id));
            });
    long[] handles =
        session
            .cryptoki()
            .find(
                session.id(),
                types.stream().mapToLong(Long::longValue).toArray(),
                values.toArray());
    if (handles.length == 1) {
      return found(session, handles[0]);
    }
    String token = "the token " + session.token().described();
    if (handles.length > 1) {
      throw new TokenException(
          token
              + " has "
              + handles.length
              + " private keys that match: "
              + listed(session, handles),
          "add object=LABEL or id=%01 to the URI so that it means one; " + LIST + " lists them");
    }
    long[] all = session.cryptoki().find(session.id(), new long[] {CLASS}, PRIVATE_KEY);
    throw new TokenException(
        token
            + " has no such private key, "
            + (all.length == 0 ? "and no other" : "but " + listed(session, all)),
        "check object= and id= in the URI; " + LIST + " lists the keys");
  }

  private static Found found(Token.Session session, long handle)
      throws CryptokiException, TokenException {
    if (Boolean.TRUE.equals(attribute(session, handle, ALWAYS_AUTHENTICATE))) {
      throw new TokenException(
          "the key wants the PIN for each signature (CKA_ALWAYS_AUTHENTICATE)",
          "give a key for which one login is enough");
    }
    Object type = attribute(session, handle, KEY_TYPE);
    if (type instanceof Long rsa && rsa == RSA) {
      if (!session.cryptoki().offers(session.token().slot(), TokenKey.RSA_PSS)) {
        throw new TokenException(
            "the token makes no RSA signatures with PSS, which TLSv1.3 and new clients want",
            "give an EC key");
      }
      BigInteger modulus = new BigInteger(1, bytes(attribute(session, handle, MODULUS)));
      return new Found(handle, Optional.of(modulus), Optional.empty());
    }
    if (type instanceof Long ec && ec == EC) {
      return new Found(
          handle,
          Optional.empty(),
          Optional.of(curve(bytes(attribute(session, handle, EC_PARAMS)))));
    }
    throw new TokenException("the key is neither an RSA nor an EC key", "give an RSA or EC key");
  }

  private static ECParameterSpec curve(byte[] parameters) throws TokenException {
    try {
      AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
      curve.init(parameters);
      return curve.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException | IOException e) {
      throw new TokenException(
          "the key is on a curve that TLS here does not take", "give a key on P-256 or P-384");
    }
  }

  private static String listed(Token.Session session, long[] keys) {
    return String.join(
        ", ", Arrays.stream(keys).limit(10).mapToObj(key -> described(session, key)).toList());
  }

  private static String described(Token.Session session, long key) {
    StringBuilder id = new StringBuilder();
    for (byte each : bytes(attribute(session, key, ID))) {
      id.append(String.format(Locale.ROOT, "%%%02x", each));
    }
    String label = new String(bytes(attribute(session, key, LABEL)), StandardCharsets.UTF_8);
    return "'" + label + "'" + (id.isEmpty() ? "" : " (id=" + id + ")");
  }

  private static @Nullable Object attribute(Token.Session session, long key, long type) {
    return session.cryptoki().attribute(session.id(), key, type);
  }

  private static byte[] bytes(@Nullable Object value) {
    if (value instanceof char[] text) {
      return new String(text).getBytes(StandardCharsets.ISO_8859_1);
    }
    return value instanceof byte[] bytes ? bytes : new byte[0];
  }
}
