package io.mysqltlsproxy.tls.sign;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Optional;

/**
 * AWS-LC by way of Amazon's Corretto Crypto Provider. It signs with RSA in half of BoringSSL's time
 * where the processor multiplies 52 bits at a time (AVX512-IFMA), and no faster elsewhere.
 */
public final class AwsLc {
  private AwsLc() {}

  /**
   * Signatures by AWS-LC with an RSA key.
   *
   * @return empty where the library is not there for this platform, or cannot use the key
   */
  public static Optional<ProviderSignatures> signatures(PrivateKey key) {
    try {
      Provider provider = provider();
      PrivateKey own =
          KeyFactory.getInstance("RSA", provider)
              .generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
      return Optional.of(new ProviderSignatures(provider, own));
    } catch (GeneralSecurityException | LinkageError | RuntimeException unusable) {
      return Optional.empty();
    }
  }

  private static Provider provider() throws GeneralSecurityException {
    AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
    if (provider.getLoadingError() != null) {
      throw new GeneralSecurityException("cannot be loaded", provider.getLoadingError());
    }
    return provider;
  }

  /** The library and its version. */
  public static String name() {
    String info = AmazonCorrettoCryptoProvider.INSTANCE.getInfo();
    int version = info.indexOf("AWS-LC");
    return version < 0 ? info : info.substring(version).replace(")", "");
  }
}
