package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.tls.trust.PkiKeys.PkiKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;

/** Real clients with the certificates of a test: MariaDB's own, and OpenSSL's for the alert. */
final class NativeClients {
  private static final Pattern ALERT = Pattern.compile("SSL alert number (\\d+)");

  private final Path directory;

  /** With the files of a client in this directory. */
  NativeClients(Path directory) {
    this.directory = directory;
  }

  void write(PkiKey key, List<byte[]> sent) {
    write("client.pem", "CERTIFICATE", sent);
    write("client-key.pem", "PRIVATE KEY", List.of(pkcs8(key)));
  }

  /** Of version 1, without the public key: OpenSSL 3.0 reads no other. */
  private static byte[] pkcs8(PkiKey key) {
    try {
      PrivateKeyInfo all = PrivateKeyInfo.getInstance(key.pair().getPrivate().getEncoded());
      return new PrivateKeyInfo(all.getPrivateKeyAlgorithm(), all.parsePrivateKey()).getEncoded();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path write(String name, String type, List<byte[]> all) {
    try {
      return Files.writeString(directory.resolve(name), OpenSslOracle.pem(type, all));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String file(String name) {
    return directory.resolve(name).toString();
  }

  /** What {@code SELECT USER()} says before the {@code @}, or the error. */
  String logIn(int port, String user) {
    String said =
        run(
            "mariadb",
            "--no-defaults",
            "--host=127.0.0.1",
            "--port=" + port,
            "--user=" + user,
            "--ssl",
            "--ssl-cert=" + file("client.pem"),
            "--ssl-key=" + file("client-key.pem"),
            "--batch",
            "--skip-column-names",
            "--execute=SELECT SUBSTRING_INDEX(USER(), '@', 1)");
    return said.strip();
  }

  /**
   * The number of the alert with which a server refuses the client.
   *
   * @return {@code "none"} where it does not, after it has waited in vain for a login
   */
  String alert(int port) {
    String said =
        run(
            "openssl",
            "s_client",
            "-starttls",
            "mysql",
            "-ign_eof",
            "-connect",
            "127.0.0.1:" + port,
            "-cipher",
            "DEFAULT:@SECLEVEL=0",
            "-cert",
            file("client.pem"),
            "-cert_chain",
            file("client.pem"),
            "-key",
            file("client-key.pem"));
    Matcher alert = ALERT.matcher(said);
    return alert.find() ? alert.group(1) : "none";
  }

  private static String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
