package io.mysqltlsproxy.pem;

import java.util.Map;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;

/** Names for a message of what is not taken; an identifier without one stands for itself. */
public final class AlgorithmNames {
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("1.2.840.10040.4.1", "DSA"),
          Map.entry("1.2.840.10046.2.1", "DH"),
          Map.entry("1.3.101.110", "X25519"),
          Map.entry("1.3.101.111", "X448"),
          Map.entry("1.3.101.113", "Ed448"),
          Map.entry("1.2.840.113549.1.1.10", "RSA-PSS"),
          Map.entry("1.3.132.0.10", "secp256k1"),
          Map.entry("1.3.132.0.33", "P-224"),
          Map.entry("1.3.132.0.35", "P-521"),
          Map.entry("1.2.840.10045.3.1.1", "P-192"),
          Map.entry("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1"),
          Map.entry("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1"),
          Map.entry("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1"),
          Map.entry("1.2.156.10197.1.301", "SM2"),
          Map.entry("2.16.840.1.101.3.4.3.17", "ML-DSA-44"),
          Map.entry("2.16.840.1.101.3.4.3.18", "ML-DSA-65"),
          Map.entry("2.16.840.1.101.3.4.3.19", "ML-DSA-87"),
          Map.entry("1.2.410.200046.1.1.2", "ARIA-128-CBC"),
          Map.entry("1.2.410.200046.1.1.7", "ARIA-192-CBC"),
          Map.entry("1.2.410.200046.1.1.12", "ARIA-256-CBC"),
          Map.entry("1.2.156.10197.1.104.2", "SM4-CBC"),
          Map.entry("1.3.6.1.4.1.3029.1.2", "BF-CBC"),
          Map.entry("1.2.840.113549.3.2", "RC2-CBC"),
          Map.entry("1.2.840.113549.2.6", "HMAC with MD5"),
          Map.entry("1.2.840.113549.2.7", "HMAC with SHA-1"),
          Map.entry("1.2.840.113549.2.8", "HMAC with SHA-224"),
          Map.entry("1.2.840.113549.2.9", "HMAC with SHA-256"),
          Map.entry("1.2.840.113549.2.10", "HMAC with SHA-384"),
          Map.entry("1.2.840.113549.2.11", "HMAC with SHA-512"),
          Map.entry("1.3.6.1.4.1.11591.4.11", "scrypt"),
          Map.entry("1.2.840.113549.1.1.4", "MD5 with RSA"),
          Map.entry("1.2.840.113549.1.1.5", "SHA-1 with RSA"),
          Map.entry("1.2.840.10045.4.1", "SHA-1 with ECDSA"));

  private AlgorithmNames() {}

  /** An identifier comes from the peer, and may be as long as a certificate. */
  public static String of(ASN1ObjectIdentifier identifier) {
    String id = identifier.getId();
    String curve = ECNamedCurveTable.getName(identifier);
    if (NAMES.containsKey(id) || curve == null) {
      return NAMES.getOrDefault(id, id.length() > 64 ? id.substring(0, 64) + "..." : id);
    }
    return curve;
  }
}
