package io.mysqltlsproxy.bench;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;

/** A kind of key, and the algorithm with which it signs. */
public enum KeyKind {
  RSA_2048("RSA", new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4), "SHA256withRSA"),
  RSA_4096("RSA", new RSAKeyGenParameterSpec(4096, RSAKeyGenParameterSpec.F4), "SHA256withRSA"),
  P256("EC", new ECGenParameterSpec("secp256r1"), "SHA256withECDSA"),
  ED25519("Ed25519", NamedParameterSpec.ED25519, "Ed25519");

  private final String algorithm;
  private final AlgorithmParameterSpec parameters;
  private final String signature;

  KeyKind(String algorithm, AlgorithmParameterSpec parameters, String signature) {
    this.algorithm = algorithm;
    this.parameters = parameters;
    this.signature = signature;
  }

  KeyPair generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(parameters);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  String signature() {
    return signature;
  }
}
