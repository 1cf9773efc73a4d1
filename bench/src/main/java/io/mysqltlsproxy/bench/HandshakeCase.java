package io.mysqltlsproxy.bench;

/** The key of the certificates, and the group: their costs add up, so not every pair is here. */
public enum HandshakeCase {
  RSA_2048_X25519(KeyKind.RSA_2048, "x25519"),
  RSA_4096_X25519(KeyKind.RSA_4096, "x25519"),
  P256_X25519(KeyKind.P256, "x25519"),
  ED25519_X25519(KeyKind.ED25519, "x25519"),
  P256_P256(KeyKind.P256, "secp256r1"),
  P256_X25519MLKEM768(KeyKind.P256, "X25519MLKEM768");

  private final KeyKind key;
  private final String group;

  HandshakeCase(KeyKind key, String group) {
    this.key = key;
    this.group = group;
  }

  KeyKind key() {
    return key;
  }

  /** BoringSSL takes no certificate with Ed25519 from a client. */
  KeyKind clientKey() {
    return key == KeyKind.ED25519 ? KeyKind.P256 : key;
  }

  /** IANA's name. */
  String group() {
    return group;
  }
}
