package io.mysqltlsproxy.pkcs11;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.option.KeyLocation;
import io.mysqltlsproxy.testing.Await;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.ProxyCertificates;
import io.mysqltlsproxy.testing.SoftHsm;
import java.nio.file.Path;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SoftHSM sees a new token only when it is initialized again, and counts its handles from 1 then.
 */
class TokenRestartIT {
  private static final String ALGORITHM = "SHA256withECDSA";

  private final Path pin;

  TokenRestartIT(@TempDir Path directory) {
    SoftHsm.unavailable().ifPresent(Assumptions::abort);
    pin = Issued.writeSecret(directory.resolve("pin"), SoftHsm.PIN + "\n");
  }

  private static Issued issue() {
    return ProxyCertificates.shared().authority().issueServer("localhost", KeyType.EC);
  }

  /** The module is not restarted again and again, so it may take a moment. */
  private TokenKey load(SoftHsm token) throws Exception {
    KeyLocation location = KeyLocation.parse(token.uri("key"));
    List<TokenKey> loaded = new ArrayList<>();
    assertTrue(
        Await.until(
            () -> {
              try {
                loaded.add(TokenKey.load(((KeyLocation.Token) location).uri(), Optional.of(pin)));
                return true;
              } catch (MissingTokenException e) {
                return false;
              }
            }));
    return loaded.get(0);
  }

  private static boolean signs(TokenKey key, Issued as) throws Exception {
    byte[] message = new byte[100];
    Signature signature = Signature.getInstance(ALGORITHM, TokenProvider.INSTANCE);
    signature.initSign(key);
    signature.update(message);
    byte[] signed = signature.sign();
    Signature verifier = Signature.getInstance(ALGORITHM);
    verifier.initVerify(as.certificate());
    verifier.update(message);
    return verifier.verify(signed);
  }

  @Test
  void aKeySignsByItselfAfterTheModuleHasBeenRestartedForAnotherToken() throws Exception {
    Issued first = issue();
    Issued second = issue();
    try (SoftHsm token = SoftHsm.create().put(first, "key", "01")) {
      TokenKey key = load(token);
      assertTrue(signs(key, first));
      try (SoftHsm another = SoftHsm.create().put(second, "key", "01")) {
        TokenKey other = load(another);
        for (int i = 0; i < 3; i++) {
          assertTrue(signs(key, first), "by the key of the other token");
          assertTrue(signs(other, second), "by the key of the first token");
        }
      }
    }
  }
}
