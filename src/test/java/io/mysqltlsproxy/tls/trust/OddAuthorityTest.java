package io.mysqltlsproxy.tls.trust;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.tls.ServerTls;
import io.mysqltlsproxy.tls.TestTls;
import io.mysqltlsproxy.tls.trust.PkiKeys.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.DERGeneralizedTime;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Time;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Authorities with certificates that can be used for nothing are named at the start. */
class OddAuthorityTest {
  @Test
  void anAuthorityWithADamagedExtensionIsNotSaidToLackARoot(@TempDir Path directory)
      throws Exception {
    TestTls files = new TestTls(directory);
    PkiCertificate damaged =
        NativeSituation.root()
            .add(Extension.cRLDistributionPoints, false, HexFormat.of().parseHex("30023000"));
    Path ca = directory.resolve("odd.pem");
    Files.writeString(ca, OpenSslOracle.pem("CERTIFICATE", List.of(damaged.der())));
    files.with("ssl-ca", ca.toString());

    var refused = assertThrows(OptionException.class, () -> ServerTls.load(files.values()).close());
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.startsWith("--ssl-ca="), message);
    assertTrue(
        message.contains(
            "holds no usable root CA: the certificate CN=Root has a damaged extension"),
        message);
  }

  /** BoringSSL reads the certificates to send their names, and is strict about dates. */
  @ParameterizedTest
  @ValueSource(strings = {"20260101000000", "20261301000000Z", "20260101000000.5Z"})
  void anAuthorityWithADateThatIsNoneIsNotBlamedOnTheServersCertificate(
      String date, @TempDir Path directory) throws Exception {
    TestTls files = new TestTls(directory);
    PkiCertificate odd =
        new PkiCertificate("CN=Odd", PkiKeys.of(Kind.P256, 0), 1)
            .authority()
            .valid(
                new Time(new DERGeneralizedTime(date)),
                new Time(new DERGeneralizedTime("20990101000000Z")));
    Path ca = directory.resolve("odd.pem");
    Files.writeString(
        ca,
        Files.readString(directory.resolve("ca.pem"))
            + OpenSslOracle.pem("CERTIFICATE", List.of(odd.der())));
    files.with("ssl-ca", ca.toString());

    var refused = assertThrows(OptionException.class, () -> ServerTls.load(files.values()).close());
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.startsWith("--ssl-ca="), message);
    assertTrue(message.contains("cannot read the certificate CN=Odd"), message);
  }
}
