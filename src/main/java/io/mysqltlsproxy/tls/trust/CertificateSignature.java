package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.pem.AlgorithmNames;
import io.mysqltlsproxy.tls.trust.SubjectKey.Kind;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.teletrust.TeleTrusTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;

/**
 * How a certificate is signed.
 *
 * @param kind of the issuer's key; {@code OTHER} where no key here makes such signatures
 * @param name Java's name of the algorithm
 * @param strong whether OpenSSL's security level 2, that of mysqld, takes it: 112 bits
 * @param pss null except with RSA-PSS
 */
record CertificateSignature(
    Kind kind, String name, boolean strong, @Nullable PSSParameterSpec pss) {
  private static final Map<ASN1ObjectIdentifier, CertificateSignature> ALGORITHMS = new HashMap<>();

  private static final Map<ASN1ObjectIdentifier, String> DIGESTS =
      Map.of(
          OIWObjectIdentifiers.idSHA1, "SHA-1",
          NISTObjectIdentifiers.id_sha224, "SHA-224",
          NISTObjectIdentifiers.id_sha256, "SHA-256",
          NISTObjectIdentifiers.id_sha384, "SHA-384",
          NISTObjectIdentifiers.id_sha512, "SHA-512");

  static {
    rsa(PKCSObjectIdentifiers.md2WithRSAEncryption, "MD2withRSA", false);
    rsa(PKCSObjectIdentifiers.md4WithRSAEncryption, "MD4withRSA", false);
    rsa(TeleTrusTObjectIdentifiers.rsaSignatureWithripemd160, "RIPEMD160withRSA", false);
    rsa(PKCSObjectIdentifiers.md5WithRSAEncryption, "MD5withRSA", false);
    rsa(PKCSObjectIdentifiers.sha1WithRSAEncryption, "SHA1withRSA", false);
    rsa(PKCSObjectIdentifiers.sha224WithRSAEncryption, "SHA224withRSA", true);
    rsa(PKCSObjectIdentifiers.sha256WithRSAEncryption, "SHA256withRSA", true);
    rsa(PKCSObjectIdentifiers.sha384WithRSAEncryption, "SHA384withRSA", true);
    rsa(PKCSObjectIdentifiers.sha512WithRSAEncryption, "SHA512withRSA", true);
    rsa(PKCSObjectIdentifiers.sha512_224WithRSAEncryption, "SHA512/224withRSA", true);
    rsa(PKCSObjectIdentifiers.sha512_256WithRSAEncryption, "SHA512/256withRSA", true);
    rsa(NISTObjectIdentifiers.id_rsassa_pkcs1_v1_5_with_sha3_224, "SHA3-224withRSA", true);
    rsa(NISTObjectIdentifiers.id_rsassa_pkcs1_v1_5_with_sha3_256, "SHA3-256withRSA", true);
    rsa(NISTObjectIdentifiers.id_rsassa_pkcs1_v1_5_with_sha3_384, "SHA3-384withRSA", true);
    rsa(NISTObjectIdentifiers.id_rsassa_pkcs1_v1_5_with_sha3_512, "SHA3-512withRSA", true);
    ec(X9ObjectIdentifiers.ecdsa_with_SHA1, "SHA1withECDSA", false);
    ec(X9ObjectIdentifiers.ecdsa_with_SHA224, "SHA224withECDSA", true);
    ec(X9ObjectIdentifiers.ecdsa_with_SHA256, "SHA256withECDSA", true);
    ec(X9ObjectIdentifiers.ecdsa_with_SHA384, "SHA384withECDSA", true);
    ec(X9ObjectIdentifiers.ecdsa_with_SHA512, "SHA512withECDSA", true);
    for (ASN1ObjectIdentifier dsa :
        List.of(NISTObjectIdentifiers.dsa_with_sha224, NISTObjectIdentifiers.dsa_with_sha256)) {
      ALGORITHMS.put(dsa, new CertificateSignature(Kind.DSA, "DSA", true, null));
    }
    ALGORITHMS.put(
        EdECObjectIdentifiers.id_Ed25519,
        new CertificateSignature(Kind.ED25519, "Ed25519", true, null));
    ALGORITHMS.put(
        EdECObjectIdentifiers.id_Ed448, new CertificateSignature(Kind.ED448, "Ed448", true, null));
  }

  private static void rsa(ASN1ObjectIdentifier id, String name, boolean strong) {
    ALGORITHMS.put(id, new CertificateSignature(Kind.RSA, name, strong, null));
  }

  private static void ec(ASN1ObjectIdentifier id, String name, boolean strong) {
    ALGORITHMS.put(id, new CertificateSignature(Kind.EC, name, strong, null));
  }

  static CertificateSignature of(AlgorithmIdentifier algorithm) {
    ASN1ObjectIdentifier id = algorithm.getAlgorithm();
    if (id.equals(PKCSObjectIdentifiers.id_RSASSA_PSS)) {
      return pss(algorithm.getParameters());
    }
    CertificateSignature known = ALGORITHMS.get(id);
    return known == null
        ? new CertificateSignature(Kind.OTHER, AlgorithmNames.of(id), false, null)
        : known;
  }

  private static CertificateSignature pss(ASN1Encodable encoded) {
    try {
      RSASSAPSSparams parameters = RSASSAPSSparams.getInstance(encoded);
      String digest = DIGESTS.get(parameters.getHashAlgorithm().getAlgorithm());
      String mask =
          DIGESTS.get(
              AlgorithmIdentifier.getInstance(parameters.getMaskGenAlgorithm().getParameters())
                  .getAlgorithm());
      int salt = parameters.getSaltLength().intValueExact();
      boolean mgf1 =
          parameters.getMaskGenAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.id_mgf1);
      if (digest != null
          && mask != null
          && mgf1
          && salt >= 0
          && parameters.getTrailerField().intValueExact() == 1) {
        return new CertificateSignature(
            Kind.RSA_PSS,
            "RSASSA-PSS",
            !digest.equals("SHA-1"),
            new PSSParameterSpec(digest, "MGF1", new MGF1ParameterSpec(mask), salt, 1));
      }
    } catch (RuntimeException e) {
      // Damaged, absent or out of range: no such signature.
    }
    return new CertificateSignature(Kind.OTHER, "RSA-PSS with unusual parameters", false, null);
  }

  /** Whether such a key can have made it. */
  boolean isOf(Kind key) {
    return key == kind ? kind != Kind.OTHER : key == Kind.RSA && kind == Kind.RSA_PSS;
  }

  boolean verifies(SubjectKey key, byte[] signed, byte[] signature) {
    try {
      Signature verifier = key.kind().signature(name);
      verifier.initVerify(key.read());
      if (pss != null) {
        verifier.setParameter(pss);
      }
      verifier.update(signed);
      return verifier.verify(signature);
    } catch (GeneralSecurityException | RuntimeException e) {
      return false;
    }
  }
}
