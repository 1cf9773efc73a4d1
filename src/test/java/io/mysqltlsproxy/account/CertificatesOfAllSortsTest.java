package io.mysqltlsproxy.account;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.mysqltlsproxy.account.Decision.Admitted;
import io.mysqltlsproxy.account.Decision.Refused;
import io.mysqltlsproxy.account.grammar.RequireParser;
import io.mysqltlsproxy.account.host.ClientHost;
import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.KeyType;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERT61String;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.DERUniversalString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

/** Fingerprints, and names that are encoded in other ways than usual. */
class CertificatesOfAllSortsTest {
  private static final KeyPair KEYS = KeyType.EC.generate();

  @Test
  void aFingerprintAdmitsItsCertificateAndNoOtherOfTheSameName() throws Exception {
    X509Certificate laura = issued("CN=laura");
    X509Certificate other = issued("CN=laura");
    String digits = fingerprint(laura);
    String withColons = digits.replaceAll("(..)(?!$)", "$1:").toUpperCase(Locale.ROOT);

    assertAdmitted("FINGERPRINT 'SHA256:" + digits + "'", laura);
    assertAdmitted("FINGERPRINT 'sha256:" + withColons + "'", laura);
    assertAdmitted("FINGERPRINT 'SHA256:" + digits + "' AND SUBJECT '/CN=laura'", laura);
    assertRefused(
        "FINGERPRINT: it is SHA256:%s, the rule wants SHA256:%s"
            .formatted(fingerprint(other), digits),
        "FINGERPRINT 'SHA256:" + digits + "'",
        other);
  }

  @Test
  void theCharactersCountWhateverStringHoldsThem() throws Exception {
    String name = "J\u00fcrgen";
    String rule = "SUBJECT '/CN=" + name + "'";

    assertAdmitted(rule, named(new DERUTF8String(name)));
    assertAdmitted(rule, named(new DERBMPString(name)));
    assertAdmitted(rule, named(new DERT61String(name)));
    assertAdmitted(rule, named(new DERUniversalString(name.getBytes("UTF-32BE"))));
  }

  @Test
  void aDecomposedCharacterIsNotTheComposedOne() throws Exception {
    assertAdmitted("SUBJECT '/CN=Ju\u0308rgen'", named(new DERUTF8String("Ju\u0308rgen")));
    assertRefused(
        "SUBJECT: CN is 'Ju\u0308rgen', the rule wants 'J\u00fcrgen'",
        "SUBJECT '/CN=J\u00fcrgen'",
        named(new DERUTF8String("Ju\u0308rgen")));
  }

  @Test
  void aMultiValuedPartHasNoOrder() throws Exception {
    assertAdmitted("SUBJECT '/CN=laura+UID=7'", issued("UID=7+CN=laura"));
    assertAdmitted("SUBJECT 'UID=7+CN=laura'", issued("CN=laura+UID=7"));
    assertRefused(
        "SUBJECT: UID+CN is '8'+'laura', the rule wants '7'+'laura'",
        "SUBJECT '/CN=laura+UID=7'",
        issued("CN=laura+UID=8"));
  }

  /** Half a character in a BMPString: the JDK takes the certificate, Bouncy Castle throws. */
  @Test
  void aNameThatCannotBeReadIsRefused() throws Exception {
    byte[] der = named(new DERPrintableString("laura")).getEncoded();
    String printable = "1305" + HexFormat.of().formatHex("laura".getBytes(UTF_8));
    String bmp = printable.replaceFirst("^13", "1e");

    X509Certificate certificate =
        certificate(HexFormat.of().parseHex(HexFormat.of().formatHex(der).replace(printable, bmp)));

    assertRefused("SUBJECT: it cannot be read", "SUBJECT '/CN=laura'", certificate);
  }

  private static X509Certificate certificate(byte[] der) throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  private static X509Certificate issued(String subject) {
    return CertificateAuthority.create("CN=CA", KeyType.EC)
        .certificate(subject)
        .key(KEYS)
        .issue()
        .certificate();
  }

  private static X509Certificate named(ASN1Encodable commonName) throws Exception {
    X500Name subject = new X500NameBuilder().addRDN(BCStyle.CN, commonName).build();
    return certificate(
        new X509v3CertificateBuilder(
                new X500Name("CN=CA"),
                BigInteger.ONE,
                Date.from(Instant.now()),
                Date.from(Instant.now()),
                subject,
                SubjectPublicKeyInfo.getInstance(KEYS.getPublic().getEncoded()))
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(KEYS.getPrivate()))
            .getEncoded());
  }

  private static String fingerprint(X509Certificate certificate) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
  }

  private static void assertAdmitted(String require, X509Certificate certificate) throws Exception {
    assertInstanceOf(Admitted.class, decide(require, certificate));
  }

  private static void assertRefused(String reason, String require, X509Certificate certificate)
      throws Exception {
    Refused refused = assertInstanceOf(Refused.class, decide(require, certificate));
    assertEquals(1045, refused.code());
    assertEquals(reason, refused.reason());
  }

  private static Decision decide(String require, X509Certificate certificate) throws Exception {
    Rules rules = new Rules(true, RequireParser.parse(require), Accounts.NONE);
    return rules.decide(
        new Login(
            "laura",
            new ClientHost("10.0.0.7", "10.0.0.7"),
            true,
            new Transport("TLSv1.3", "TLS_AES_128_GCM_SHA256", Optional.of(certificate))));
  }
}
