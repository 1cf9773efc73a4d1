package io.mysqltlsproxy.overhead;

import io.mysqltlsproxy.certs.CertificateFiles;
import io.mysqltlsproxy.net.Transports;
import io.mysqltlsproxy.option.Backend;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * The ways to the server that are compared: straight, through the proxy without TLS and with each
 * kind of it, and what the user names. The proxies run as long as this is open.
 */
final class Ways implements AutoCloseable {
  static final String DIRECT = "direct, no TLS";
  static final String PROXY_PLAIN = "proxy, no TLS";
  static final String PROXY_TLS = "proxy, TLSv1.3";

  /** A way, and whether only its logins are worth a look. */
  private record Way(Target target, boolean loginsOnly) {}

  private final List<Way> ways = new ArrayList<>();
  private final List<MeasuredProxy> proxies = new ArrayList<>();

  private Ways() {}

  /**
   * Starts the proxies: one that only relays, so that its memory can be told from that of TLS, and
   * one for each kind of key.
   *
   * @param directory for their files
   * @param mainClass of the program
   */
  static Ways open(Settings settings, Path directory, String mainClass) throws IOException {
    Ways ways = new Ways();
    try {
      CertificateFiles rsa = Certificates.make(directory.resolve("rsa"), "RSA-2048");
      MeasuredProxy plain = ways.proxy(settings, rsa, "plain", mainClass);
      MeasuredProxy withRsa = ways.proxy(settings, rsa, "tls", mainClass);
      SocketAddress server = address(settings.backend());
      ways.add(false, new Target(DIRECT, server, Optional.empty(), false, Optional.empty()));
      ways.add(
          false,
          new Target(
              PROXY_PLAIN, plain.address(), Optional.empty(), false, Optional.of(plain.process())));
      ways.add(false, tls(PROXY_TLS, withRsa, ClientTls.version("TLSv1.3"), false));
      if (settings.scope() != Scope.SCALING) {
        CertificateFiles ec = Certificates.make(directory.resolve("ec"), "EC-P256");
        MeasuredProxy withEc = ways.proxy(settings, ec, "tls", mainClass);
        ways.addTls(settings.scope(), withRsa, rsa, withEc, ec);
      }
      for (Settings.Other other : settings.others()) {
        ways.add(
            false,
            new Target(
                other.name(),
                other.address(),
                other.tls() ? Optional.of(ClientTls.any()) : Optional.empty(),
                false,
                other.process()));
      }
      return ways;
    } catch (IOException | RuntimeException e) {
      ways.close();
      throw e;
    }
  }

  private void addTls(
      Scope scope,
      MeasuredProxy withRsa,
      CertificateFiles rsa,
      MeasuredProxy withEc,
      CertificateFiles ec)
      throws SSLException {
    if (scope == Scope.WHOLE) {
      for (String cipher :
          List.of(
              "ECDHE-RSA-AES128-GCM-SHA256",
              "ECDHE-RSA-AES256-GCM-SHA384",
              "ECDHE-RSA-CHACHA20-POLY1305")) {
        String name = "proxy, TLSv1.2 " + cipher.substring("ECDHE-RSA-".length());
        add(false, tls(name, withRsa, ClientTls.tls12(cipher), false));
      }
    }
    add(true, tls(PROXY_TLS + ", P-256 key", withEc, ClientTls.version("TLSv1.3"), false));
    add(true, tls(PROXY_TLS + ", resumed", withRsa, ClientTls.version("TLSv1.3"), true));
    if (scope == Scope.WHOLE) {
      add(true, tls(PROXY_TLS + ", mutual", withRsa, ClientTls.mutual(rsa), false));
      add(true, tls(PROXY_TLS + ", mutual, P-256 keys", withEc, ClientTls.mutual(ec), false));
    }
  }

  private static Target tls(String name, MeasuredProxy proxy, SslContext tls, boolean resumes) {
    return new Target(
        name, proxy.address(), Optional.of(tls), resumes, Optional.of(proxy.process()));
  }

  private void add(boolean loginsOnly, Target target) {
    ways.add(new Way(target, loginsOnly));
  }

  private MeasuredProxy proxy(
      Settings settings, CertificateFiles certificates, String name, String mainClass)
      throws IOException {
    Path directory = Files.createDirectory(certificates.directory().resolve(name));
    MeasuredProxy proxy =
        MeasuredProxy.start(
            directory,
            mainClass,
            List.of(
                "port=0",
                "backend=" + settings.backend(),
                "ssl-cert=" + certificates.certificate(CertificateFiles.SERVER),
                "ssl-key=" + certificates.key(CertificateFiles.SERVER),
                "ssl-ca=" + certificates.caCertificate(),
                "require-secure-transport=OFF",
                "max-unauthenticated=0",
                "log-level=error"));
    proxies.add(proxy);
    return proxy;
  }

  /**
   * Starts one more process like that of a way, which the caller closes.
   *
   * @param target one of those that are {@link #ofEachOwnProcess}
   * @throws IOException when it does not start, with what it said
   */
  MeasuredProxy another(Target target) throws IOException {
    return own(target).orElseThrow().another();
  }

  private Optional<MeasuredProxy> own(Target target) {
    return proxies.stream()
        .filter(proxy -> target.process().equals(Optional.of(proxy.process())))
        .findFirst();
  }

  /** All of them, the server itself first. */
  List<Target> all() {
    return ways.stream().map(Way::target).toList();
  }

  /** The first way of each process that this workload is for, of those that are known. */
  List<Target> ofEachProcess(Workload workload) {
    Map<Optional<ProcessHandle>, Target> first = new LinkedHashMap<>();
    of(workload).stream()
        .filter(target -> target.process().isPresent())
        .forEach(target -> first.putIfAbsent(target.process(), target));
    return List.copyOf(first.values());
  }

  /** The same without the processes that the user started. */
  List<Target> ofEachOwnProcess(Workload workload) {
    return ofEachProcess(workload).stream().filter(each -> own(each).isPresent()).toList();
  }

  /** The first way to each address where clients connect, for this workload. */
  List<Target> ofEachAddress(Workload workload) {
    Map<SocketAddress, Target> first = new LinkedHashMap<>();
    of(workload).forEach(target -> first.putIfAbsent(target.address(), target));
    return List.copyOf(first.values());
  }

  /** Those on which this workload says something that it does not say on another. */
  List<Target> of(Workload workload) {
    return ways.stream()
        .filter(way -> workload.reconnects() || !way.loginsOnly())
        .map(Way::target)
        .toList();
  }

  private static SocketAddress address(Backend backend) {
    if (backend instanceof Backend.UnixSocket socket) {
      return Transports.best().unixAddress(socket.path());
    }
    Backend.Tcp tcp = (Backend.Tcp) backend;
    return new InetSocketAddress(tcp.host(), tcp.port());
  }

  @Override
  public void close() {
    proxies.forEach(MeasuredProxy::close);
  }
}
