package io.mysqltlsproxy.bench;

import io.mysqltlsproxy.option.OptionSources;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.tls.ServerTls;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** The proxy's TLS, with certificates made for it and signed by an authority with such a key. */
final class ProxyTls implements AutoCloseable {
  private final Identity authority;
  private final OptionValues options;
  private final ServerTls server;

  private ProxyTls(Identity authority, OptionValues options, ServerTls server) {
    this.authority = authority;
    this.options = options;
    this.server = server;
  }

  /**
   * Loads it as the proxy does.
   *
   * @param more options besides those that name the certificates
   */
  static ProxyTls load(TlsLibrary library, KeyKind key, Map<String, String> more) throws Exception {
    library.choose();
    Identity authority = Identity.authority(key);
    Identity server = authority.issue("CN=proxy", key, KeyPurposeId.id_kp_serverAuth);
    Map<String, String> flags = new HashMap<>(more);
    flags.put("ssl-ca", pem("CERTIFICATE", authority.certificate().getEncoded()));
    flags.put("ssl-cert", pem("CERTIFICATE", server.certificate().getEncoded()));
    flags.put("ssl-key", pem("PRIVATE KEY", server.keys().getPrivate().getEncoded()));
    OptionValues options = OptionSources.read(flags, Map.of(), Path.of("none"));
    return new ProxyTls(authority, options, ServerTls.load(options));
  }

  private static String pem(String label, byte[] der) throws Exception {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Path file = Files.createTempFile("bench", ".pem");
    file.toFile().deleteOnExit();
    String pem = "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
    Files.write(file, pem.getBytes(StandardCharsets.US_ASCII));
    return file.toString();
  }

  ServerTls server() {
    return server;
  }

  OptionValues options() {
    return options;
  }

  /** TLS of a client without a certificate, which does not look at the proxy's. */
  static SslContextBuilder client(SslProvider provider) {
    return SslContextBuilder.forClient()
        .sslProvider(provider)
        .endpointIdentificationAlgorithm(null)
        .trustManager(InsecureTrustManagerFactory.INSTANCE);
  }

  /** TLS of a client that shows a certificate with such a key. */
  SslContextBuilder client(SslProvider provider, KeyKind key) {
    Identity client = authority.issue("CN=laura", key, KeyPurposeId.id_kp_clientAuth);
    X509Certificate[] chain = {client.certificate()};
    return client(provider).keyManager(client.keys().getPrivate(), chain);
  }

  @Override
  public void close() {
    server.close();
  }
}
