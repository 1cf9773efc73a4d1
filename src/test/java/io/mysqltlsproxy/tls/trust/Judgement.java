package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.pem.CertificateReader;
import io.mysqltlsproxy.pem.UnusableFileException;
import io.netty.handler.ssl.OpenSslCertificateException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the proxy says of a case.
 *
 * @param path null where the client is refused
 * @param error OpenSSL's number, 0 where it is not refused
 */
record Judgement(@Nullable CertificatePath path, int error, String message) {
  static Judgement of(PkiCase pki) {
    return of(pki.sent(), pki.trusted(), pki.crls());
  }

  static Judgement of(List<byte[]> sent, List<byte[]> trusted, List<byte[]> crls) {
    try {
      TrustedAuthorities authorities = TrustedAuthorities.of(read(trusted));
      Optional<Revocation> revocation =
          crls.isEmpty() ? Optional.empty() : Optional.of(new Revocation(lists(crls)));
      var verifier = new ClientCertificateVerifier(authorities, revocation);
      X509Certificate[] chain = read(sent).toArray(X509Certificate[]::new);
      CertificatePath path = verifier.path(chain, Revocation.Standard.KNOWN_TO_BE_GOOD);
      return new Judgement(path, 0, "");
    } catch (OpenSslCertificateException e) {
      return new Judgement(null, e.errorCode(), String.valueOf(e.getMessage()));
    } catch (CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<X509Certificate> read(List<byte[]> all) throws CertificateException {
    List<X509Certificate> read = new ArrayList<>();
    for (byte[] der : all) {
      read.add(CertificateReader.read(der));
    }
    return read;
  }

  private static List<Crl> lists(List<byte[]> all) {
    try {
      List<Crl> lists = new ArrayList<>();
      for (byte[] der : all) {
        lists.add(Crl.read(der));
      }
      return lists;
    } catch (UnusableFileException e) {
      throw new IllegalStateException(e);
    }
  }

  boolean good() {
    return error == 0;
  }
}
