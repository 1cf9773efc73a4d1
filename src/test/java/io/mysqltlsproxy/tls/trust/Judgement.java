package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.pem.CertificateReader;
import io.netty.handler.ssl.OpenSslCertificateException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the proxy says of a case.
 *
 * @param path by which the client is admitted, or the one that the refusal speaks of, as far as it
 *     leads; empty where not everything that was sent can be read
 * @param complete whether it leads to the end
 * @param crls by which the certificates of the path were judged, one for each; none where there are
 *     no CRLs
 * @param error OpenSSL's number, 0 where the client is not refused
 */
record Judgement(
    List<PathCertificate> path,
    boolean complete,
    List<Optional<byte[]>> crls,
    int error,
    String message) {
  static Judgement of(PkiCase pki) {
    return of(pki.sent(), pki.trusted(), pki.crls());
  }

  static Judgement of(List<byte[]> sent, List<byte[]> trusted, List<byte[]> crls) {
    try {
      TrustedAuthorities authorities = TrustedAuthorities.of(read(trusted));
      Map<Crl, byte[]> lists = new LinkedHashMap<>();
      crls.forEach(der -> lists.put(TestCertificates.crl(der), der));
      Optional<Revocation> revocation =
          crls.isEmpty() ? Optional.empty() : Optional.of(new Revocation(lists.keySet()));
      var verifier = new ClientCertificateVerifier(authorities, revocation);
      X509Certificate[] chain;
      try {
        chain = read(sent).toArray(X509Certificate[]::new);
      } catch (CertificateException e) {
        return new Judgement(List.of(), false, List.of(), 28, String.valueOf(e.getMessage()));
      }
      try {
        CertificatePath path = verifier.path(chain, Revocation.Standard.KNOWN_TO_BE_GOOD);
        return new Judgement(path.certificates(), true, used(lists, revocation, path), 0, "");
      } catch (OpenSslCertificateException e) {
        ObviousPath path =
            ObviousPath.of(
                authorities,
                Purpose.CLIENT,
                sent.stream().map(TestCertificates::read).toList(),
                PathCertificate.livingFirst(Instant.now()));
        return new Judgement(
            path.certificates(),
            path.problem() == null,
            used(lists, revocation, new CertificatePath(path.certificates())),
            e.errorCode(),
            String.valueOf(e.getMessage()));
      }
    } catch (CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Optional<byte[]>> used(
      Map<Crl, byte[]> lists, Optional<Revocation> revocation, CertificatePath path)
      throws CertificateException {
    return revocation.isEmpty()
        ? List.of()
        : revocation.get().listsOf(path, Instant.now()).stream()
            .map(list -> list.map(lists::get))
            .toList();
  }

  /** The same without order. */
  List<byte[]> usedCrls() {
    return crls.stream().flatMap(Optional::stream).distinct().toList();
  }

  private static List<X509Certificate> read(List<byte[]> all) throws CertificateException {
    List<X509Certificate> read = new ArrayList<>();
    for (byte[] der : all) {
      read.add(CertificateReader.read(der));
    }
    return read;
  }

  boolean good() {
    return error == 0;
  }
}
