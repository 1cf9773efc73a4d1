package io.mysqltlsproxy.tls;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.testing.CertificateAuthority;
import io.mysqltlsproxy.testing.Issued;
import io.mysqltlsproxy.testing.KeyType;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLException;

/** A server's files in a directory, its options, and clients for it. */
public final class TestTls {
  public final CertificateAuthority serverCa =
      CertificateAuthority.create("CN=Server CA", KeyType.EC);
  public final CertificateAuthority clientCa =
      CertificateAuthority.create("CN=Client CA", KeyType.EC);
  final Path directory;
  private final Map<String, String> flags = new HashMap<>();

  public TestTls(Path directory, KeyType serverKey) {
    this.directory = directory;
    serverCa.issueServer("localhost", serverKey).writeTo(directory, "cert.pem", "key.pem");
    clientCa.issued().writeCertificate(directory.resolve("ca.pem"));
    with("ssl-cert", directory.resolve("cert.pem").toString());
    with("ssl-key", directory.resolve("key.pem").toString());
  }

  public TestTls(Path directory) {
    this(directory, KeyType.EC);
  }

  public TestTls with(String option, String value) {
    flags.put(option, value);
    return this;
  }

  public TestTls without(String option) {
    flags.remove(option);
    return this;
  }

  public TestTls withClientCa() {
    return with("ssl-ca", directory.resolve("ca.pem").toString());
  }

  public OptionValues values() throws OptionException {
    return OptionSources.read(flags, Map.of(), directory.resolve("no-option-file.cnf"));
  }

  /** Loads it, with a clock of the test's. */
  public ServerTls load(ServerTls.EngineChoice engine, InstantSource clock) throws OptionException {
    return ServerTls.load(values(), OwnCertificate.load(values()), engine, "", clock);
  }

  public ServerTls load(ServerTls.EngineChoice engine) throws OptionException {
    return load(engine, InstantSource.system());
  }

  /** A client that trusts the server's CA, with the JDK's engine. */
  public SslContextBuilder client() {
    return SslContextBuilder.forClient()
        .sslProvider(SslProvider.JDK)
        .endpointIdentificationAlgorithm("")
        .trustManager(serverCa.issued().certificate());
  }

  public SslContextBuilder client(Issued certificate) {
    return client()
        .keyManager(certificate.privateKey(), certificate.chain().toArray(X509Certificate[]::new));
  }

  public static SslHandler handler(SslContextBuilder client) throws SSLException {
    return handler(client.build());
  }

  /** With host and port, under which the client remembers its sessions. */
  public static SslHandler handler(SslContext client) {
    return client.newHandler(UnpooledByteBufAllocator.DEFAULT, "localhost", 3307);
  }
}
