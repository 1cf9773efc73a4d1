package io.mysqltlsproxy.tls.trust;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What OpenSSL says of a client's certificate, with the settings of a server that it makes TLS for:
 * its security level is that of mysqld, 2, and with CRLs it wants one for each certificate.
 */
final class OpenSslOracle {
  private static final Pattern ERROR = Pattern.compile("error (\\d+) at (-?\\d+) depth lookup");

  private final Path directory;

  OpenSslOracle(Path directory) {
    this.directory = directory;
  }

  /**
   * A verdict.
   *
   * @param error OpenSSL's number, 0 where the certificate is good
   */
  record Verdict(int error, String text) {
    boolean good() {
      return error == 0;
    }

    String alert() {
      return OpenSslOracle.alert(error);
    }
  }

  static boolean isAvailable() {
    try {
      Process process = new ProcessBuilder("openssl", "version").redirectErrorStream(true).start();
      String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 && version.startsWith("OpenSSL 3.");
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Whether the issuer alone is enough, were it the end of the path. */
  Verdict askOfOneLink(List<byte[]> own, List<byte[]> issuer, List<byte[]> crls) {
    return ask(own, issuer, crls, List.of("-partial_chain", "-purpose", "any"), "-crl_check");
  }

  Verdict ask(List<byte[]> sent, List<byte[]> trusted, List<byte[]> crls) {
    return ask(sent, trusted, crls, List.of(), "-crl_check_all");
  }

  private Verdict ask(
      List<byte[]> sent,
      List<byte[]> trusted,
      List<byte[]> crls,
      List<String> flags,
      String crlFlag) {
    try {
      List<String> command = new ArrayList<>(List.of("openssl", "verify"));
      command.addAll(List.of("-verify_name", "ssl_client", "-purpose", "sslclient"));
      command.addAll(List.of("-auth_level", "2", "-no-CAfile", "-no-CApath", "-no-CAstore"));
      command.addAll(List.of("-CAfile", write("ca.pem", "CERTIFICATE", trusted)));
      command.addAll(flags);
      if (!crls.isEmpty()) {
        command.add(crlFlag);
        command.addAll(List.of("-CRLfile", write("crl.pem", "X509 CRL", crls)));
      }
      if (sent.size() > 1) {
        String file = write("sent.pem", "CERTIFICATE", sent.subList(1, sent.size()));
        command.addAll(List.of("-untrusted", file));
      }
      command.add(write("own.pem", "CERTIFICATE", sent.subList(0, 1)));
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean good = process.waitFor() == 0;
      Matcher error = ERROR.matcher(text);
      return good
          ? new Verdict(0, text)
          : new Verdict(error.find() ? Integer.parseInt(error.group(1)) : -1, text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  String write(String name, String type, List<byte[]> all) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, pem(type, all));
    return file.toString();
  }

  static String pem(String type, List<byte[]> all) {
    StringBuilder pem = new StringBuilder();
    Base64.Encoder base64 = Base64.getMimeEncoder(64, new byte[] {'\n'});
    for (byte[] der : all) {
      pem.append("-----BEGIN ").append(type).append("-----\n");
      pem.append(base64.encodeToString(der));
      pem.append("\n-----END ").append(type).append("-----\n");
    }
    return pem.toString();
  }

  private static final Set<Integer> UNKNOWN_CA = Set.of(2, 3, 18, 19, 20, 21, 22, 24, 25, 33, 79);
  private static final Set<Integer> BAD_CERTIFICATE =
      Set.of(6, 9, 11, 13, 14, 15, 16, 27, 28, 62, 63, 64, 66, 67, 68, 94);

  /** The alert that OpenSSL makes of an error (its {@code ssl_x509err2alert}). */
  static String alert(int error) {
    if (UNKNOWN_CA.contains(error)) {
      return "unknown_ca";
    }
    if (BAD_CERTIFICATE.contains(error)) {
      return "bad_certificate";
    }
    return switch (error) {
      case 4, 5, 7, 8 -> "decrypt_error";
      case 10, 12 -> "certificate_expired";
      case 23 -> "certificate_revoked";
      case 26 -> "unsupported_certificate";
      case 1, 17, 69, 70 -> "internal_error";
      case 50 -> "handshake_failure";
      default -> "certificate_unknown";
    };
  }
}
