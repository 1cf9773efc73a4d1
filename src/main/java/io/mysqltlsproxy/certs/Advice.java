package io.mysqltlsproxy.certs;

import io.mysqltlsproxy.certs.CertificateDirectory.Made;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * What to do with the files: the lines for option files, rules and clients.
 *
 * @param files where they are
 * @param host where clients reach the proxy
 */
public record Advice(CertificateFiles files, String host) {
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String PLAIN_IN_A_SHELL = "[A-Za-z0-9_@%+=:,./-]+";

  /** All of it, for a new authority. */
  public String ofAll(Made made) {
    return """
    Made in %s:

    %s%s%s
    ca-key.pem signs more certificates: keep it where neither the proxy nor clients can read it.

    The proxy's option file, /etc/mysql-tls-proxy.cnf:

      [mysql-tls-proxy]
      ssl-ca=%s
      ssl-cert=%s
      ssl-key=%s

    %s\
    """
        .formatted(
            files.directory(),
            line("ca", made.authority()),
            line(CertificateFiles.SERVER, made.server()),
            line(CertificateFiles.CLIENT, made.client()),
            files.caCertificate(),
            files.certificate(CertificateFiles.SERVER),
            files.key(CertificateFiles.SERVER),
            forClient(CertificateFiles.CLIENT, made.client()));
  }

  /** Where one certificate is. */
  public String of(String name, Issued issued) {
    return "Made in %s:%n%n%s".formatted(files.directory(), line(name, issued));
  }

  private static String line(String name, Issued issued) {
    return "  %-20s %s, until %s%n  %-20s its key, mode 0600%n"
        .formatted(
            name + "-cert.pem",
            issued.subject().oneLine(),
            DAY.format(issued.certificate().getNotAfter().toInstant()),
            name + "-key.pem");
  }

  /** What a client needs. */
  public String forClient(String name, Issued client) {
    String user = client.subject().commonName().orElse("USER");
    return """
    The client's option file, ~/.my.cnf:

      [mysql]
      ssl-ca=%1$s
      ssl-cert=%2$s
      ssl-key=%3$s

    Under [mysql], not [client]: every client program reads [client], and one that does not know
    an option there stops with "unknown variable". Repeat the lines under [mysqldump] and the
    like where you need them.

    The rule that admits this certificate and no other, for the file that --accounts names:

      %4$s

    Clients, each of which verifies the proxy, too:

    %5$s\
    """
        .formatted(
            files.caCertificate(),
            files.certificate(name),
            files.key(name),
            rule(user, client),
            new ClientLines(files, name, host, user).text());
  }

  /** The statement that names a client exactly, as the proxy and MySQL read it. */
  private static String rule(String user, Issued client) {
    return "ALTER USER %s@'%%' REQUIRE SUBJECT %s AND ISSUER %s;"
        .formatted(sql(user), sql(client.subject().oneLine()), sql(client.issuer().oneLine()));
  }

  private static String sql(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  /** A word of a command as a shell reads it. */
  static String shell(Object word) {
    String text = word.toString();
    return text.matches(PLAIN_IN_A_SHELL) ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
