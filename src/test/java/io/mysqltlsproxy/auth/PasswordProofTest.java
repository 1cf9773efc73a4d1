package io.mysqltlsproxy.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.mysqltlsproxy.account.StoredHash;
import io.mysqltlsproxy.account.StoredHashes;
import io.mysqltlsproxy.protocol.AuthSwitchRequest;
import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.KeyType;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PasswordProofTest {
  private static final String NATIVE = "mysql_native_password";
  private static final byte[] SCRAMBLE = "abcdefghijklmnopqrst".getBytes(US_ASCII);
  private static final byte[] OTHER = "ABCDEFGHIJKLMNOPQRST".getBytes(US_ASCII);
  private static final X509Certificate CERTIFICATE =
      CertificateAuthority.create("CN=proxy", KeyType.EC).issued().certificate();
  private static final StoredHashes HASHES =
      new StoredHashes(List.of(StoredHash.parse(NATIVE, "*" + "0A".repeat(20)).orElseThrow()));

  @Test
  void itIsTheDigestOfHashScrambleAndFingerprintInUpperCase() throws Exception {
    assertEquals(expected(SCRAMBLE), info(new PasswordProof(CERTIFICATE, SCRAMBLE), NATIVE));
  }

  @Test
  void aClientWithoutPluginsUsesTheNativeOne() throws Exception {
    assertEquals(expected(SCRAMBLE), info(new PasswordProof(CERTIFICATE, SCRAMBLE), ""));
  }

  @Test
  void theScrambleOfTheLatestNativeSwitchCountsAndThatOfNoOther() throws Exception {
    PasswordProof proof = new PasswordProof(CERTIFICATE, SCRAMBLE);
    proof.switched(new AuthSwitchRequest("client_ed25519", new byte[32]));
    assertEquals(expected(SCRAMBLE), info(proof, NATIVE));

    proof.switched(new AuthSwitchRequest(NATIVE, OTHER));
    assertEquals(expected(OTHER), info(proof, NATIVE));
    assertNotEquals(expected(SCRAMBLE), info(proof, NATIVE));
  }

  @Test
  void thereIsNoneForAnotherPluginOrWithoutAHashOrWithTheScrambleOfAnOldServer() {
    PasswordProof proof = new PasswordProof(CERTIFICATE, SCRAMBLE);

    assertEquals(Optional.empty(), proof.info(HASHES, "caching_sha2_password"));
    assertEquals(Optional.empty(), proof.info(StoredHashes.NONE, NATIVE));
    assertEquals(
        Optional.empty(), new PasswordProof(CERTIFICATE, new byte[8]).info(HASHES, NATIVE));
  }

  private static String info(PasswordProof proof, String plugin) {
    return new String(proof.info(HASHES, plugin).orElseThrow(), US_ASCII);
  }

  private static String expected(byte[] scramble) throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(HexFormat.of().parseHex("0a".repeat(20)));
    all.write(scramble);
    all.write(MessageDigest.getInstance("SHA-256").digest(CERTIFICATE.getEncoded()));
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(all.toByteArray());
    return "\1" + HexFormat.of().withUpperCase().formatHex(digest);
  }
}
