package io.mysqltlsproxy.check;

import io.mysqltlsproxy.option.Backend;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.protocol.Capabilities;
import io.mysqltlsproxy.protocol.ErrPacket;
import io.mysqltlsproxy.protocol.HandshakeV10;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server behind the proxy: whether it answers, what it is, and whom it sees. */
final class ServerCheck {
  private static final Pattern HOST_OF_ACCOUNT = Pattern.compile("'@'([^']+)'");
  private static final Pattern HOST = Pattern.compile("Host '([^']+)'");

  private final Backend server;
  private final OptionValues values;
  private final Findings findings;

  ServerCheck(OptionValues values, Findings findings) {
    this.server = values.get(Options.BACKEND);
    this.values = values;
    this.findings = findings;
  }

  void run() {
    hop();
    Probe.Answer answer;
    try {
      answer = Probe.ask(server, false, values.get(Options.CONNECT_TIMEOUT));
    } catch (IOException e) {
      findings.wrong(
          Item.SERVER,
          "--backend=" + server + " does not answer: " + e.getMessage(),
          "start the server, or give its address: --backend=HOST:PORT or unix:/PATH");
      return;
    }
    answer.greeting().ifPresent(this::greeted);
    if (answer.refusal().isPresent()) {
      refused(answer.refusal().get());
    } else {
      findings.warning(
          Item.SERVER,
          "it admits an unknown user without a password: it has an account for"
              + " the anonymous user",
          "on the server: DROP USER ''@'localhost'; SELECT host FROM mysql.user WHERE user=''"
              + " shows them all");
    }
  }

  private void greeted(HandshakeV10 greeting) {
    findings.ok(Item.SERVER, product(greeting) + " answers at " + server);
    if (greeting.capabilities().has(Capabilities.CLIENT_SSL)) {
      findings.warning(
          Item.SERVER_TLS,
          "it offers TLS itself, but the proxy does not use it, and with"
              + " require_secure_transport=ON it would admit nobody",
          "let clients connect to it directly, or keep it on a Unix socket or loopback");
    } else {
      findings.ok(Item.SERVER_TLS, "it offers no TLS itself");
    }
  }

  static String product(HandshakeV10 greeting) {
    String version = greeting.serverVersion();
    return version.contains("MariaDB")
        ? "MariaDB " + version.replaceFirst("^5\\.5\\.5-", "")
        : "MySQL " + version;
  }

  private void refused(ErrPacket error) {
    String text = error.message();
    switch (error.code()) {
      case 1045 -> seenFrom(host(HOST_OF_ACCOUNT, text));
      case 1040 ->
          findings.wrong(
              Item.SERVER,
              "it has no connections left: " + text,
              "on the server: SET GLOBAL max_connections=N, or close idle ones: SHOW PROCESSLIST");
      case 1129 ->
          findings.wrong(
              Item.SERVER,
              "it has blocked this host: " + text,
              "on the server: mysqladmin flush-hosts, or FLUSH HOSTS; and keep health checks"
                  + " that only connect away from it");
      case 1130 ->
          findings.wrong(
              Item.SERVER_ADDRESS,
              "it has no account for this host: " + text,
              "on the server, for each user: CREATE USER 'user'@'"
                  + host(HOST, text)
                  + "' IDENTIFIED BY …");
      case 3159 ->
          findings.wrong(
              Item.SERVER_TLS,
              "it requires TLS, which the proxy does not use towards it: " + text,
              "on the server: SET GLOBAL require_secure_transport=OFF, or use a Unix socket");
      default ->
          findings.warning(
              Item.SERVER,
              "it rejected an unknown user with an unusual error: " + error,
              "log in with a real account by hand");
    }
  }

  private void seenFrom(String host) {
    findings.ok(
        Item.SERVER_ADDRESS,
        "it sees the proxy's clients at '" + host + "': its accounts are 'user'@'" + host + "'");
  }

  private static String host(Pattern pattern, String text) {
    Matcher host = pattern.matcher(text);
    return host.find() ? host.group(1) : "%";
  }

  private void hop() {
    if (server instanceof Backend.Tcp tcp && !isThisMachine(tcp.host())) {
      findings.warning(
          Item.SERVER_HOP,
          "anyone who can read the network between here and "
              + server
              + " sees every statement and"
              + " row",
          "run the proxy beside the server: --backend=127.0.0.1:" + tcp.port() + " or unix:/PATH");
    } else {
      findings.ok(Item.SERVER_HOP, "unencrypted traffic stays on this host");
    }
  }

  private static boolean isThisMachine(String host) {
    try {
      InetAddress address = InetAddress.getByName(host);
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (UnknownHostException | SocketException e) {
      return false;
    }
  }
}
