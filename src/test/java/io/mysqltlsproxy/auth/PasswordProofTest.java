package io.mysqltlsproxy.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.account.StoredHash;
import io.mysqltlsproxy.account.StoredHashes;
import io.mysqltlsproxy.protocol.AuthSwitchRequest;
import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.KeyType;
import io.mysqltlsproxy.testing.NativePassword;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordProofTest {
  private static final String NATIVE = "mysql_native_password";
  private static final byte[] SCRAMBLE = "abcdefghijklmnopqrst".getBytes(US_ASCII);
  private static final byte[] OTHER = "ABCDEFGHIJKLMNOPQRST".getBytes(US_ASCII);
  private static final X509Certificate CERTIFICATE =
      CertificateAuthority.create("CN=proxy", KeyType.EC).issued().certificate();
  private static final NativePassword PASSWORD = new NativePassword("open sesame");
  private static final StoredHashes HASHES = hashes(NATIVE, PASSWORD.stored());

  private final PasswordProof proof = new PasswordProof(CERTIFICATE, SCRAMBLE);

  @Test
  void itIsTheDigestOfHashScrambleAndFingerprintInUpperCase() throws Exception {
    respond(PASSWORD.response(SCRAMBLE));

    assertEquals(expected(SCRAMBLE), info(NATIVE));
  }

  @Test
  void aClientWithoutPluginsUsesTheNativeOne() throws Exception {
    respond(PASSWORD.response(SCRAMBLE));

    assertEquals(expected(SCRAMBLE), info(""));
  }

  @Test
  void theScrambleOfTheLatestNativeSwitchCountsAndThatOfNoOther() throws Exception {
    proof.switched(new AuthSwitchRequest("client_ed25519", new byte[32]));
    respond(PASSWORD.response(SCRAMBLE));
    assertEquals(expected(SCRAMBLE), info(NATIVE));

    proof.switched(new AuthSwitchRequest(NATIVE, OTHER));
    respond(PASSWORD.response(OTHER));
    assertEquals(expected(OTHER), info(NATIVE));
    assertNotEquals(expected(SCRAMBLE), info(NATIVE));
  }

  @Test
  void thereIsNoneForAnotherPluginOrWithoutAHashOrWithTheScrambleOfAnOldServer() {
    respond(PASSWORD.response(SCRAMBLE));

    assertEquals(Optional.empty(), proof.info(HASHES, "caching_sha2_password"));
    assertEquals(Optional.empty(), proof.info(StoredHashes.NONE, NATIVE));
    PasswordProof ofOldServer = new PasswordProof(CERTIFICATE, new byte[8]);
    ofOldServer.responded(HASHES, NATIVE, Unpooled.wrappedBuffer(PASSWORD.response(new byte[8])));
    assertEquals(Optional.empty(), ofOldServer.info(HASHES, NATIVE));
  }

  @Test
  void thereIsNoneForAResponseThatIsNotOfThePasswordOrOfAnotherScrambleOrForgotten() {
    assertEquals(Optional.empty(), proof.info(HASHES, NATIVE));
    respond(new NativePassword("another").response(SCRAMBLE));
    assertEquals(Optional.empty(), proof.info(HASHES, NATIVE));
    respond(PASSWORD.response(OTHER));
    assertEquals(Optional.empty(), proof.info(HASHES, NATIVE));
    respond(new byte[1000]);
    assertEquals(Optional.empty(), proof.info(HASHES, NATIVE));
    respond(PASSWORD.response(SCRAMBLE));
    proof.forget();
    assertEquals(Optional.empty(), proof.info(HASHES, NATIVE));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSignatureShowsWhoKnowsAPasswordOfEd25519AndParsec(boolean parsec) throws Exception {
    KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    KeyPair others = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] encoded = keys.getPublic().getEncoded();
    byte[] raw = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    String key = Base64.getEncoder().withoutPadding().encodeToString(raw);
    StoredHashes known =
        parsec ? hashes("parsec", "P0:" + "AbCd".repeat(6) + ":" + key) : hashes("ed25519", key);
    String plugin = parsec ? "parsec" : "client_ed25519";
    // One that ends with a NUL, which an AuthSwitchRequest loses.
    byte[] nonce = Arrays.copyOf("0123456789abcdef0123456789abcde".getBytes(US_ASCII), 32);
    proof.switched(new AuthSwitchRequest(plugin, Arrays.copyOf(nonce, 31)));

    byte[] own = parsec ? "from the client, as many as there".getBytes(US_ASCII) : new byte[0];
    byte[] first = Arrays.copyOf(own, parsec ? 32 : 0);
    respond(known, plugin, new byte[0]);
    respond(known, plugin, join(first, sign(others, join(nonce, first))));
    assertEquals(Optional.empty(), proof.info(known, plugin));
    respond(known, plugin, join(first, sign(keys, join(SCRAMBLE, first))));
    assertEquals(Optional.empty(), proof.info(known, plugin));
    respond(known, plugin, join(first, sign(keys, join(nonce, first))));
    assertTrue(proof.info(known, plugin).isPresent());
  }

  private static byte[] sign(KeyPair keys, byte[] message) throws Exception {
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(keys.getPrivate());
    signature.update(message);
    return signature.sign();
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  private static StoredHashes hashes(String plugin, String text) {
    return new StoredHashes(List.of(StoredHash.parse(plugin, text).orElseThrow()));
  }

  private void respond(byte[] response) {
    respond(HASHES, NATIVE, response);
  }

  private void respond(StoredHashes known, String plugin, byte[] response) {
    proof.responded(known, plugin, Unpooled.wrappedBuffer(response));
  }

  private String info(String plugin) {
    return new String(proof.info(HASHES, plugin).orElseThrow(), US_ASCII);
  }

  private static String expected(byte[] scramble) throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(HexFormat.of().parseHex(PASSWORD.stored().substring(1)));
    all.write(scramble);
    all.write(MessageDigest.getInstance("SHA-256").digest(CERTIFICATE.getEncoded()));
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(all.toByteArray());
    return "\1" + HexFormat.of().withUpperCase().formatHex(digest);
  }
}
