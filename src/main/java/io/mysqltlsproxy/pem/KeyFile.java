package io.mysqltlsproxy.pem;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.List;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * A private key in PEM: PKCS#8, PKCS#1 (RSA), SEC 1 (EC), each also encrypted.
 *
 * @param key as the file holds it
 */
public record KeyFile(PrivateKey key) {
  /** The passphrase was needed and missing, or was the wrong one. */
  public static final class BadPassphrase extends Exception {
    private final boolean given;

    BadPassphrase(boolean given) {
      this.given = given;
    }

    /** Whether there was a passphrase at all. */
    public boolean given() {
      return given;
    }
  }

  /**
   * Reads the file's one private key.
   *
   * @param passphrase of an encrypted key; empty where there is none; not kept
   */
  public static KeyFile read(Path file, char[] passphrase)
      throws UnusableFileException, BadPassphrase {
    PemFile pem = PemFile.read(file);
    List<PemObject> keys = pem.keys();
    if (keys.isEmpty()) {
      throw pem.without(
          "private key",
          pem.certificates().isEmpty()
              ? "give the certificate's private key in PEM"
              : "give the key here and the certificate with --ssl-cert");
    }
    if (keys.size() > 1) {
      throw new UnusableFileException(
          "holds " + keys.size() + " private keys", "leave only the certificate's");
    }
    return new KeyFile(KeyKind.toJdk(new KeyBlock(keys.get(0), file).decrypt(passphrase), file));
  }
}
