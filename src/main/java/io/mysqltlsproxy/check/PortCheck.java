package io.mysqltlsproxy.check;

import io.mysqltlsproxy.option.Backend;
import io.mysqltlsproxy.option.ListenAddress;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.text.IpText;
import io.mysqltlsproxy.tls.trust.CertificateNames;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** Where clients connect: the port is free, or this proxy has it. */
final class PortCheck {
  private static final String CHOOSE =
      "choose another with --port, or stop the process that is using it";

  private final OptionValues values;
  private final Optional<X509Certificate> own;
  private final Findings findings;

  PortCheck(OptionValues values, Optional<X509Certificate> own, Findings findings) {
    this.values = values;
    this.own = own;
    this.findings = findings;
  }

  void run() {
    InetSocketAddress address;
    try {
      address = ListenAddress.of(values);
    } catch (OptionException e) {
      findings.wrong(Item.PORT, e);
      return;
    }
    try {
      ListenAddress.probe(address);
      findings.ok(
          Item.PORT,
          address.getPort() == 0
              ? "a free one will be picked"
              : ListenAddress.shown(address) + " is free");
    } catch (BindException e) {
      cannotBind(address, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      findings.wrong(Item.PORT, ListenAddress.shown(address) + ": " + e.getMessage(), CHOOSE);
    }
  }

  private void cannotBind(InetSocketAddress address, String why) {
    String shown = ListenAddress.shown(address);
    if (why.contains("in use")) {
      taken(address, shown);
    } else if (why.contains("ermission")) {
      findings.wrong(Item.PORT, shown + ": " + why, ListenAddress.hint(why, address.getPort()));
    } else {
      findings.wrong(
          Item.PORT,
          "--bind-address=" + values.get(Options.BIND_ADDRESS) + ": " + why,
          "give an address of this machine (ip address shows them), or *");
    }
  }

  private void taken(InetSocketAddress address, String shown) {
    InetAddress host = address.getAddress();
    Backend.Tcp there =
        new Backend.Tcp(
            IpText.of(host.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : host),
            address.getPort());
    try {
      Probe.Answer answer = Probe.ask(there, true, values.get(Options.CONNECT_TIMEOUT));
      answer
          .certificate()
          .ifPresentOrElse(
              certificate -> shows(certificate, shown),
              () ->
                  findings.wrong(
                      Item.PORT,
                      shown
                          + " is taken by "
                          + answer.greeting().map(ServerCheck::product).orElse("a MySQL server")
                          + " without TLS",
                      CHOOSE));
    } catch (IOException e) {
      findings.wrong(Item.PORT, shown + " is taken, not by this proxy: " + e.getMessage(), CHOOSE);
    }
  }

  private void shows(X509Certificate certificate, String shown) {
    String has =
        CertificateNames.subject(certificate)
            + ", which ends at "
            + certificate.getNotAfter().toInstant();
    if (own.isPresent() && own.get().equals(certificate)) {
      findings.ok(Item.PORT, "a proxy runs at " + shown + ", with this certificate");
    } else if (own.isPresent()
        && own.get().getSubjectX500Principal().equals(certificate.getSubjectX500Principal())) {
      findings.warning(
          Item.PORT,
          "a proxy runs at " + shown + " with another certificate of that name: " + has,
          "reload it: kill -HUP PID");
    } else {
      findings.wrong(
          Item.PORT, shown + " is taken by a server with the certificate " + has, CHOOSE);
    }
  }
}
