package io.mysqltlsproxy.overhead;

import io.mysqltlsproxy.certs.CertificateFiles;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * The load's side of TLS. It takes every server's certificate: what it sends is no secret, and a
 * client's verification is not what is measured.
 */
final class ClientTls {
  private ClientTls() {}

  /** Whatever version and cipher the two sides like best. */
  static SslContext any() throws SSLException {
    return builder().build();
  }

  /** One version, with what it likes best. */
  static SslContext version(String version) throws SSLException {
    return builder().protocols(version).build();
  }

  /** TLSv1.2 with one cipher, by its OpenSSL name. */
  static SslContext tls12(String cipher) throws SSLException {
    return builder().protocols("TLSv1.2").ciphers(List.of(cipher)).build();
  }

  /** With a certificate of its own. */
  static SslContext mutual(CertificateFiles files) throws SSLException {
    return builder()
        .protocols("TLSv1.3")
        .keyManager(
            files.certificate(CertificateFiles.CLIENT).toFile(),
            files.key(CertificateFiles.CLIENT).toFile())
        .build();
  }

  private static SslContextBuilder builder() {
    return SslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE);
  }
}
