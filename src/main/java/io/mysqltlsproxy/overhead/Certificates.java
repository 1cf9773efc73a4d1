package io.mysqltlsproxy.overhead;

import io.mysqltlsproxy.certs.AlternativeNames;
import io.mysqltlsproxy.certs.CertificateDirectory;
import io.mysqltlsproxy.certs.CertificateFiles;
import io.mysqltlsproxy.certs.CertsException;
import io.mysqltlsproxy.certs.KeyType;
import io.mysqltlsproxy.certs.Request;
import io.mysqltlsproxy.certs.Request.Purpose;
import io.mysqltlsproxy.certs.SubjectName;
import io.mysqltlsproxy.option.Option.InvalidValueException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/** Certificates for a day: a CA's, the proxy's and a client's. */
final class Certificates {
  private Certificates() {}

  /**
   * Makes them.
   *
   * @param directory to be made for them
   * @param keyType as {@code certs} names it
   */
  static CertificateFiles make(Path directory, String keyType) throws IOException {
    CertificateFiles files = new CertificateFiles(directory);
    try {
      KeyType type = KeyType.parse(keyType);
      new CertificateDirectory(files, false, Instant.now())
          .create(
              SubjectName.parse("/CN=mysql-tls-proxy overhead"),
              type,
              1,
              request(Purpose.SERVER, "/CN=localhost", type),
              request(Purpose.CLIENT, "/CN=client", type));
    } catch (CertsException | InvalidValueException e) {
      throw new IOException("no certificates could be made: " + e.getMessage(), e);
    }
    return files;
  }

  private static Request request(Purpose purpose, String subject, KeyType type)
      throws InvalidValueException {
    return new Request(purpose, SubjectName.parse(subject), AlternativeNames.NONE, type.kind(), 1);
  }
}
