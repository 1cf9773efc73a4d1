package io.mysqltlsproxy.testing;

import io.mysqltlsproxy.account.Rules;
import io.mysqltlsproxy.connection.ConnectionSettings;
import io.mysqltlsproxy.connection.Proxy;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.tls.ServerTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A proxy in this JVM in front of a test server, on a free port of 127.0.0.1. */
public final class RunningProxy implements AutoCloseable {
  private final Path directory;
  private final ProxyCertificates certificates;
  private final ServerTls tls;
  private final Proxy proxy;

  private RunningProxy(Path directory, ProxyCertificates certificates, ServerTls tls, Proxy proxy) {
    this.directory = directory;
    this.certificates = certificates;
    this.tls = tls;
    this.proxy = proxy;
  }

  /**
   * Starts a proxy that asks for client certificates and, unless an option says otherwise, lets in
   * every client on TLS, with or without one.
   *
   * @param moreOptions as on the command line, without the dashes: {@code require=X509}
   */
  public static RunningProxy before(TestServer server, String... moreOptions) {
    try {
      Path directory = Files.createTempDirectory("proxy-");
      ProxyCertificates certificates = ProxyCertificates.create(directory);
      Map<String, String> flags = new HashMap<>();
      flags.put("backend", "127.0.0.1:" + server.port());
      flags.put("ssl-ca", certificates.ca().toString());
      flags.put("ssl-cert", certificates.serverCert().toString());
      flags.put("ssl-key", certificates.serverKey().toString());
      for (String option : moreOptions) {
        int equals = option.indexOf('=');
        flags.put(option.substring(0, equals), option.substring(equals + 1));
      }
      OptionValues values =
          OptionSources.read(flags, Map.of(), directory.resolve("no-option-file.cnf"));
      ServerTls tls = ServerTls.load(values);
      ConnectionSettings settings =
          new ConnectionSettings(
              values.get(Options.BACKEND),
              tls,
              Rules.from(values),
              values.get(Options.CONNECT_TIMEOUT));
      Proxy proxy =
          Proxy.start(settings, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      return new RunningProxy(directory, certificates, tls, proxy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (OptionException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The TCP port on 127.0.0.1. */
  public int port() {
    return proxy.address().getPort();
  }

  /** How many clients are connected. */
  public int connections() {
    return proxy.connections();
  }

  /** Its own, its clients' and their authority's. */
  public ProxyCertificates certificates() {
    return certificates;
  }

  @Override
  public void close() {
    proxy.close();
    tls.close();
    ServerFiles.delete(directory);
  }
}
