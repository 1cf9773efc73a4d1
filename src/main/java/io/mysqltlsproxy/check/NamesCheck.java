package io.mysqltlsproxy.check;

import io.mysqltlsproxy.text.IpText;
import io.mysqltlsproxy.tls.trust.CertificateNames;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Whether a client that verifies the server's name finds it in the certificate (<a
 * href="https://www.rfc-editor.org/rfc/rfc6125#section-6.4">RFC 6125, section 6.4</a>).
 */
final class NamesCheck {
  private static final int DNS = 2;
  private static final int IP = 7;

  private final X509Certificate own;
  private final Findings findings;
  private final List<String> dnsNames = new ArrayList<>();
  private final List<InetAddress> addresses = new ArrayList<>();

  NamesCheck(X509Certificate own, Findings findings) {
    this.own = own;
    this.findings = findings;
  }

  /**
   * ValueParsers.
   *
   * @param wanted names and addresses by which clients are said to connect
   * @param bindAddress where clients may connect if nothing is wanted
   */
  void run(List<String> wanted, String bindAddress) {
    read();
    if (dnsNames.isEmpty() && addresses.isEmpty()) {
      findings.wrong(
          Item.NAMES,
          CertificateNames.described(own)
              + " has no subjectAltName with a name or address: clients that verify the name refuse"
              + " it, whatever its CN",
          "request a new one with -addext subjectAltName=" + example(wanted));
      return;
    }
    String has = "the certificate is for " + shown();
    for (String name : wanted) {
      if (!covers(name)) {
        findings.wrong(
            Item.NAMES,
            has + " and not for " + name,
            "request a new one with -addext subjectAltName=" + entry(name) + ",…");
      }
    }
    if (wanted.isEmpty() && isOneAddress(bindAddress) && !covers(bindAddress)) {
      findings.warning(
          Item.NAMES,
          has + " and not for --bind-address=" + bindAddress,
          "if clients connect by another name, give it: --name=HOST; otherwise request a new one"
              + " with -addext subjectAltName="
              + entry(bindAddress)
              + ",…");
    }
    findings.okUnlessFound(Item.NAMES, has);
  }

  private void read() {
    Collection<List<?>> names;
    try {
      names = own.getSubjectAlternativeNames();
    } catch (CertificateParsingException e) {
      findings.wrong(
          Item.NAMES, "the subjectAltName cannot be read", "request the certificate again");
      return;
    }
    if (names == null) {
      return;
    }
    for (List<?> name : names) {
      String value = String.valueOf(name.get(1));
      if (Integer.valueOf(DNS).equals(name.get(0))) {
        dnsNames.add(value);
      } else if (Integer.valueOf(IP).equals(name.get(0))) {
        addresses.add(NetUtil.createInetAddressFromIpAddressString(value));
      }
    }
  }

  private boolean covers(String name) {
    InetAddress address = NetUtil.createInetAddressFromIpAddressString(name);
    return address == null
        ? dnsNames.stream().anyMatch(pattern -> matches(pattern, name))
        : addresses.stream()
            .anyMatch(other -> Arrays.equals(other.getAddress(), address.getAddress()));
  }

  /** A wildcard stands for the whole first label and nothing else. */
  private static boolean matches(String pattern, String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    String lower = pattern.toLowerCase(Locale.ROOT);
    int dot = wanted.indexOf('.');
    return lower.equals(wanted)
        || (lower.startsWith("*.") && dot > 0 && lower.substring(1).equals(wanted.substring(dot)));
  }

  private static boolean isOneAddress(String bindAddress) {
    if (bindAddress.equals("*")) {
      return false;
    }
    InetAddress address = NetUtil.createInetAddressFromIpAddressString(bindAddress);
    return address == null || !address.isAnyLocalAddress();
  }

  private String shown() {
    List<String> all = new ArrayList<>(dnsNames);
    addresses.forEach(address -> all.add(IpText.of(address)));
    return all.stream().limit(8).collect(Collectors.joining(", "));
  }

  private static String example(List<String> wanted) {
    return wanted.isEmpty()
        ? "DNS:db.example.com"
        : wanted.stream().map(NamesCheck::entry).collect(Collectors.joining(","));
  }

  private static String entry(String name) {
    return (NetUtil.createInetAddressFromIpAddressString(name) == null ? "DNS:" : "IP:") + name;
  }
}
