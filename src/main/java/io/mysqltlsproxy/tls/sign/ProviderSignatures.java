package io.mysqltlsproxy.tls.sign;

import io.netty.handler.ssl.OpenSslPrivateKeyMethod;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import javax.crypto.Cipher;
import javax.net.ssl.SSLEngine;

/** What BoringSSL asks of a key, done by a provider of the JDK's cryptography architecture. */
public final class ProviderSignatures implements OpenSslPrivateKeyMethod {
  private final Provider provider;
  private final PrivateKey key;

  /**
   * @param provider that can use the key
   * @param key for RSA or EC
   */
  public ProviderSignatures(Provider provider, PrivateKey key) {
    this.provider = provider;
    this.key = key;
  }

  @Override
  public byte[] sign(SSLEngine engine, int algorithm, byte[] input)
      throws GeneralSecurityException {
    if (algorithm == SSL_SIGN_RSA_PKCS1_MD5_SHA1) {
      Signature signature = Signature.getInstance("NONEwithRSA", provider);
      signature.initSign(key);
      signature.update(MessageDigest.getInstance("MD5").digest(input));
      signature.update(MessageDigest.getInstance("SHA-1").digest(input));
      return signature.sign();
    }
    Signature signature = signature(algorithm);
    signature.initSign(key);
    signature.update(input);
    return signature.sign();
  }

  private Signature signature(int algorithm) throws GeneralSecurityException {
    if (algorithm == SSL_SIGN_RSA_PKCS1_SHA1) {
      return Signature.getInstance("SHA1withRSA", provider);
    }
    if (algorithm == SSL_SIGN_RSA_PKCS1_SHA256) {
      return Signature.getInstance("SHA256withRSA", provider);
    }
    if (algorithm == SSL_SIGN_RSA_PKCS1_SHA384) {
      return Signature.getInstance("SHA384withRSA", provider);
    }
    if (algorithm == SSL_SIGN_RSA_PKCS1_SHA512) {
      return Signature.getInstance("SHA512withRSA", provider);
    }
    if (algorithm == SSL_SIGN_RSA_PSS_RSAE_SHA256) {
      return pss(MGF1ParameterSpec.SHA256, 32);
    }
    if (algorithm == SSL_SIGN_RSA_PSS_RSAE_SHA384) {
      return pss(MGF1ParameterSpec.SHA384, 48);
    }
    if (algorithm == SSL_SIGN_RSA_PSS_RSAE_SHA512) {
      return pss(MGF1ParameterSpec.SHA512, 64);
    }
    if (algorithm == SSL_SIGN_ECDSA_SHA1) {
      return Signature.getInstance("SHA1withECDSA", provider);
    }
    if (algorithm == SSL_SIGN_ECDSA_SECP256R1_SHA256) {
      return Signature.getInstance("SHA256withECDSA", provider);
    }
    if (algorithm == SSL_SIGN_ECDSA_SECP384R1_SHA384) {
      return Signature.getInstance("SHA384withECDSA", provider);
    }
    if (algorithm == SSL_SIGN_ECDSA_SECP521R1_SHA512) {
      return Signature.getInstance("SHA512withECDSA", provider);
    }
    throw new SignatureException("no signature of TLS here has the number " + algorithm);
  }

  /** As RFC 8446 has it: the salt is as long as the hash. */
  private Signature pss(MGF1ParameterSpec hash, int saltBytes) throws GeneralSecurityException {
    Signature signature = Signature.getInstance("RSASSA-PSS", provider);
    signature.setParameter(
        new PSSParameterSpec(
            hash.getDigestAlgorithm(), "MGF1", hash, saltBytes, PSSParameterSpec.TRAILER_FIELD_BC));
    return signature;
  }

  /**
   * For the suites without forward secrecy. BoringSSL itself takes the padding away, in constant
   * time.
   */
  @Override
  public byte[] decrypt(SSLEngine engine, byte[] input) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("RSA/ECB/NoPadding", provider);
    cipher.init(Cipher.DECRYPT_MODE, key);
    return cipher.doFinal(input);
  }
}
