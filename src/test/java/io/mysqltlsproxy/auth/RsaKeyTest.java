package io.mysqltlsproxy.auth;

import static io.mysqltlsproxy.auth.ServerKey.SCRAMBLE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RsaKeyTest {
  private static final ServerKey KEY = ServerKey.ofBits(1024);

  /** Shorter than the scramble, as long, longer, and the longest for 1024 bits: 128 - 42 - 1. */
  @ParameterizedTest
  @ValueSource(ints = {1, 6, 19, 20, 21, 40, 85})
  void theServerGetsThePasswordWithItsNul(int length) throws Exception {
    String password = "p4ssw0rd-".repeat(10).substring(0, length);
    byte[] clear = (password + "\0").getBytes(US_ASCII);

    byte[] encrypted = RsaKey.ofPem(KEY.pem()).encrypt(clear, SCRAMBLE);

    assertEquals(128, encrypted.length);
    assertEquals(password + "\0", KEY.decrypt(encrypted, SCRAMBLE));
    assertArrayEquals((password + "\0").getBytes(US_ASCII), clear, "left as it is");
  }

  @Test
  void onlyTheFirst20BytesOfTheScrambleCount() throws Exception {
    byte[] withNul = Arrays.copyOf(SCRAMBLE, 21);

    byte[] encrypted = RsaKey.ofPem(KEY.pem()).encrypt(ascii("secret of more than 20\0"), withNul);

    assertEquals("secret of more than 20\0", KEY.decrypt(encrypted, SCRAMBLE));
  }

  @Test
  void aPasswordTooLongForTheKeyIsRefusedAndTheLimitNamed() {
    byte[] password = new byte[87];

    assertEquals(
        "the password is too long for the server's RSA key of 1024 bits, which takes at most 85"
            + " bytes; give the server a longer key",
        refusal(password, SCRAMBLE, KEY.pem()));
  }

  @Test
  void aShortScrambleIsRefused() {
    assertEquals(
        "the server's scramble is too short: 8 of 20 bytes",
        refusal(ascii("secret\0"), new byte[8], KEY.pem()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\4",
        "no key",
        "-----BEGIN PUBLIC KEY-----\nMIIB",
        "-----END PUBLIC KEY----- -----BEGIN PUBLIC KEY-----",
        "-----BEGIN RSA PUBLIC KEY-----\nMIIB\n-----END RSA PUBLIC KEY-----",
      })
  void anAnswerThatIsNoPemIsRefused(String answer) {
    String message = refusal(ascii("secret\0"), SCRAMBLE, ascii(answer));

    assertTrue(message.startsWith("the server did not send its RSA key; check"), message);
  }

  @Test
  void aPemThatHoldsNoRsaKeyIsRefused() throws Exception {
    ServerKey ofEc = new ServerKey(KeyPairGenerator.getInstance("EC").generateKeyPair());
    String unreadable = "the server's RSA key cannot be read";

    assertEquals(unreadable, refusal(ascii("secret\0"), SCRAMBLE, ofEc.pem()));
    for (String body : new String[] {"", "MIIB", "x", "Zm9v"}) {
      byte[] pem = ascii("-----BEGIN PUBLIC KEY-----" + body + "-----END PUBLIC KEY-----");
      assertEquals(unreadable, refusal(ascii("secret\0"), SCRAMBLE, pem));
    }
  }

  @Test
  void anAnswerOfMoreThan4KibIsNoKey() {
    byte[] pem = ascii("x".repeat(4096) + new String(KEY.pem(), US_ASCII));

    String message = refusal(ascii("secret\0"), SCRAMBLE, pem);

    assertTrue(message.startsWith("the server did not send its RSA key; check"), message);
  }

  @Test
  void theFingerprintIsThatOfOpenssl() throws Exception {
    byte[] der = KEY.pair().getPublic().getEncoded();
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(der);

    assertEquals(
        "SHA256:" + HexFormat.of().formatHex(digest), RsaKey.ofPem(KEY.pem()).fingerprint());
  }

  private static String refusal(byte[] password, byte[] scramble, byte[] pem) {
    return String.valueOf(
        assertThrows(
                UnusableKeyException.class, () -> RsaKey.ofPem(pem).encrypt(password, scramble))
            .getMessage());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
