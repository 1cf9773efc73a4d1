package io.mysqltlsproxy.check;

import io.mysqltlsproxy.testing.OpenSslCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** The {@code openssl} of this machine, making files in one directory. */
final class OpenSsl {
  static final String RSA = "RSA";
  static final String EC = "EC";
  static final String ED25519 = "ED25519";

  static final String CA = "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign";
  static final String SERVER =
      "basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n"
          + "subjectAltName=DNS:localhost,IP:127.0.0.1";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Path directory;
  private final OpenSslCommand command;

  OpenSsl(Path directory) {
    this.directory = directory;
    command = new OpenSslCommand(directory);
    write(
        "ca.cnf",
        """
        [ca]
        default_ca=this
        [this]
        database=index.txt
        new_certs_dir=.
        rand_serial=yes
        unique_subject=no
        default_md=default
        policy=any
        [any]
        C=optional
        O=optional
        CN=optional
        """);
    write("index.txt", "");
  }

  /** Runs it in the directory. */
  void run(String... arguments) {
    command.run(List.of(arguments));
  }

  /** Makes NAME-key.pem: RSA, EC or ED25519, or a size of RSA or a curve. */
  OpenSsl key(String name, String type) {
    List<String> command = new ArrayList<>(List.of("genpkey", "-out", name + "-key.pem"));
    switch (type) {
      case RSA -> command.addAll(List.of("-algorithm", RSA, "-pkeyopt", "rsa_keygen_bits:2048"));
      case EC -> command.addAll(List.of("-algorithm", EC, "-pkeyopt", "ec_paramgen_curve:P-256"));
      case ED25519 -> command.addAll(List.of("-algorithm", ED25519));
      default ->
          command.addAll(
              type.matches("[0-9]+")
                  ? List.of("-algorithm", RSA, "-pkeyopt", "rsa_keygen_bits:" + type)
                  : List.of("-algorithm", EC, "-pkeyopt", "ec_paramgen_curve:" + type));
    }
    run(command.toArray(String[]::new));
    return this;
  }

  /** Makes NAME-cert.pem for the key NAME-key.pem, valid for a year. */
  OpenSsl certificate(String name, String subject, String extensions, String issuer) {
    return certificate(name, subject, extensions, issuer, -1, 365);
  }

  /**
   * Makes NAME-cert.pem for the key NAME-key.pem.
   *
   * @param extensions as in an extension file
   * @param issuer whose certificate and key sign it; its own name for a self-signed one
   * @param fromDays when it begins to be valid, in days from now
   * @param toDays when it ends
   * @param more of {@code openssl ca}
   */
  OpenSsl certificate(
      String name,
      String subject,
      String extensions,
      String issuer,
      int fromDays,
      int toDays,
      String... more) {
    write(name + ".ext", extensions);
    run("req", "-new", "-key", name + "-key.pem", "-subj", subject, "-out", name + ".csr");
    List<String> command = new ArrayList<>(List.of("ca", "-batch", "-notext"));
    command.addAll(List.of("-config", "ca.cnf", "-in", name + ".csr"));
    command.addAll(List.of("-out", name + "-cert.pem", "-extfile", name + ".ext"));
    command.addAll(List.of("-keyfile", issuer + "-key.pem"));
    command.addAll(
        issuer.equals(name) ? List.of("-selfsign") : List.of("-cert", issuer + "-cert.pem"));
    command.addAll(List.of("-startdate", time(fromDays), "-enddate", time(toDays)));
    command.addAll(List.of(more));
    run(command.toArray(String[]::new));
    return this;
  }

  /** Makes the CRL of an authority, which revokes nothing. */
  OpenSsl crl(String file, String authority, int fromDays, int toDays) {
    run(
        "ca",
        "-config",
        "ca.cnf",
        "-gencrl",
        "-cert",
        authority + "-cert.pem",
        "-keyfile",
        authority + "-key.pem",
        "-crl_lastupdate",
        time(fromDays),
        "-crl_nextupdate",
        time(toDays),
        "-out",
        file);
    return this;
  }

  private static String time(int days) {
    return TIME.format(Instant.now().plus(Duration.ofDays(days)).plusSeconds(60));
  }

  Path path(String file) {
    return directory.resolve(file);
  }

  String read(String file) {
    try {
      return Files.readString(path(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a file whose content is others' put together. */
  OpenSsl cat(String file, String... parts) {
    StringBuilder text = new StringBuilder();
    for (String part : parts) {
      text.append(read(part));
    }
    return write(file, text.toString());
  }

  OpenSsl write(String file, String text) {
    try {
      Files.writeString(path(file), text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
