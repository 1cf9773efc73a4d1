package io.mysqltlsproxy.tls;

import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.tls.ticket.Resumption;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client may be told of the server's side.
 *
 * @param ciphers those on offer by OpenSSL's names, the preferred first
 * @param certificate the one that clients are shown
 * @param asksForClientCertificate whether clients are asked for theirs
 * @param resumes whether sessions may be resumed
 */
public record TlsFacts(
    List<String> ciphers,
    X509Certificate certificate,
    boolean asksForClientCertificate,
    boolean resumes) {

  static TlsFacts of(
      OptionValues values, OwnCertificate certificate, boolean asksForClientCertificate) {
    List<String> versions = values.get(Options.TLS_VERSION);
    List<String> ciphers = new ArrayList<>();
    if (versions.contains("TLSv1.3")) {
      ciphers.addAll(values.get(Options.TLS_CIPHERSUITES));
    }
    if (!versions.equals(List.of("TLSv1.3"))) {
      ciphers.addAll(values.get(Options.SSL_CIPHER));
    }
    return new TlsFacts(
        List.copyOf(ciphers),
        certificate.chain().get(0),
        asksForClientCertificate,
        !Resumption.lifetime(values).isZero());
  }
}
