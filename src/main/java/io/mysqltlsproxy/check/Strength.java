package io.mysqltlsproxy.check;

import io.mysqltlsproxy.tls.trust.CertificateNames;
import io.mysqltlsproxy.tls.trust.Signatures;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;

/** Whether signatures and keys hold against what can be computed today. */
final class Strength {
  private static final int LEAST_RSA_BITS = 2048;
  private static final String MAKE_EC =
      "make one on P-256: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256";
  private static final Set<ASN1ObjectIdentifier> CURVES =
      Set.of(
          SECObjectIdentifiers.secp256r1,
          SECObjectIdentifiers.secp384r1,
          SECObjectIdentifiers.secp521r1);
  private static final Set<String> KEYS = Set.of("RSA", "EC", "EdDSA");

  private final Findings findings;

  Strength(Findings findings) {
    this.findings = findings;
  }

  void check(Item item, X509Certificate certificate) {
    String name = CertificateNames.described(certificate);
    String signature = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
    boolean broken = signature.matches("(SHA1|SHA-1|MD5|MD2|MD4).*");
    // Nobody relies on a root's own signature: it is trusted for being there.
    if (broken && !Signatures.isSelfSigned(certificate)) {
      findings.wrong(
          item,
          name + " is signed with " + signature + ", which can be forged",
          "let its CA sign it again with SHA-256: openssl x509 -req -sha256 …");
    }
    PublicKey key = certificate.getPublicKey();
    if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
      findings.wrong(
          item,
          name + " has an RSA key of " + rsa.getModulus().bitLength() + " bits",
          "make a key of "
              + LEAST_RSA_BITS
              + " bits: openssl genrsa "
              + LEAST_RSA_BITS
              + ", and let the CA sign it");
    } else if (!KEYS.contains(key.getAlgorithm())) {
      findings.wrong(
          item,
          name + " has a key for " + key.getAlgorithm() + ", which TLS no longer uses",
          MAKE_EC);
    } else if (key instanceof ECPublicKey) {
      checkCurve(item, name, key);
    }
  }

  private void checkCurve(Item item, String name, PublicKey key) {
    ASN1Encodable curve =
        SubjectPublicKeyInfo.getInstance(key.getEncoded()).getAlgorithm().getParameters();
    if (curve instanceof ASN1ObjectIdentifier id && CURVES.contains(id)) {
      return;
    }
    String known =
        curve instanceof ASN1ObjectIdentifier id
            ? Objects.requireNonNullElse(ECNamedCurveTable.getName(id), id.getId())
            : "of its own making";
    findings.wrong(
        item, name + " has a key on the curve " + known + ", which TLS does not use", MAKE_EC);
  }
}
