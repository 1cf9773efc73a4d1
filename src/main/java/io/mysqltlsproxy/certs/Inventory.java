package io.mysqltlsproxy.certs;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an authority has signed, and until when it is valid.
 *
 * @param files where
 */
public record Inventory(CertificateFiles files) {

  /**
   * A certificate.
   *
   * @param file its name; empty for one that is elsewhere, or was replaced
   * @param names the subject as OpenSSL's one line, and the alternative names
   * @param serial in hexadecimal
   */
  public record Line(
      Optional<String> file, String names, String serial, Instant end, Optional<Instant> revoked) {}

  /** The authority's certificates, then those of the directory, then all others. */
  public List<Line> lines() throws CertsException {
    AuthorityStore store = new AuthorityStore(files);
    return store.alone(
        () -> {
          Index index = store.index();
          List<Line> lines = new ArrayList<>();
          for (X509Certificate authority : Pem.certificates(files.caCertificate())) {
            lines.add(line(files.caCertificate().getFileName().toString(), authority, index));
          }
          Map<BigInteger, Line> files = new LinkedHashMap<>();
          for (String name : store.names()) {
            X509Certificate certificate = Pem.certificate(files().certificate(name));
            String file = files().certificate(name).getFileName().toString();
            files.put(certificate.getSerialNumber(), line(file, certificate, index));
          }
          lines.addAll(files.values());
          for (Index.Entry entry : index.entries()) {
            if (!files.containsKey(entry.serial())) {
              lines.add(
                  new Line(
                      Optional.empty(),
                      entry.subject(),
                      Index.hex(entry.serial()),
                      entry.endsAt(),
                      entry.revokedAt()));
            }
          }
          return lines;
        });
  }

  private static Line line(String file, X509Certificate certificate, Index index) {
    String subject = SubjectName.of(certificate.getSubjectX500Principal()).oneLine();
    String names = AlternativeNames.of(certificate).text();
    return new Line(
        Optional.of(file),
        names.isEmpty() ? subject : subject + " " + names,
        Index.hex(certificate.getSerialNumber()),
        certificate.getNotAfter().toInstant(),
        index.find(certificate.getSerialNumber()).flatMap(Index.Entry::revokedAt));
  }
}
