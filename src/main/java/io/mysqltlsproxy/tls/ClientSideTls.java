package io.mysqltlsproxy.tls;

import io.mysqltlsproxy.option.Backend;
import io.mysqltlsproxy.option.ConnectOptions;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.option.SslMode;
import io.mysqltlsproxy.tls.ServerTls.EngineChoice;
import io.mysqltlsproxy.tls.ticket.Resumption;
import io.mysqltlsproxy.tls.trust.AnyServer;
import io.mysqltlsproxy.tls.trust.CertificateNames;
import io.mysqltlsproxy.tls.trust.ServerCertificates;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client's side of TLS as the options describe it, towards one server: whom it trusts, what it
 * shows, versions, ciphers, groups and resumption.
 */
public final class ClientSideTls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClientSideTls.class);

  private final TlsEngine engine;

  /** Makes a full handshake each time; empty where the other may serve everyone. */
  private final Optional<TlsEngine> withoutSessions;

  private final Backend.Tcp server;
  private final SslMode mode;
  private final Optional<ServerCertificates> wanted;
  private final Optional<OwnCertificate> own;

  private ClientSideTls(
      TlsEngine engine,
      Optional<TlsEngine> withoutSessions,
      Backend.Tcp server,
      SslMode mode,
      Optional<ServerCertificates> wanted,
      Optional<OwnCertificate> own) {
    this.engine = engine;
    this.withoutSessions = withoutSessions;
    this.server = server;
    this.mode = mode;
    this.wanted = wanted;
    this.own = own;
  }

  /**
   * Reads the files and makes the context, by the engine that {@link ServerTls} would have.
   *
   * @throws OptionException for the first option or file that cannot be used
   */
  public static ClientSideTls load(OptionValues values) throws OptionException {
    return load(values, ServerTls.engineChoice(), InstantSource.system());
  }

  static ClientSideTls load(OptionValues values, EngineChoice choice, InstantSource clock)
      throws OptionException {
    if (!(values.get(Options.BACKEND) instanceof Backend.Tcp server)) {
      throw values.wrong(
          Options.BACKEND,
          "a Unix socket stays on this machine and needs no TLS",
          "give the server's HOST:PORT");
    }
    SslMode mode = values.get(ConnectOptions.SSL_MODE);
    Optional<String> host =
        mode == SslMode.VERIFY_IDENTITY ? Optional.of(server.host()) : Optional.empty();
    Optional<ServerCertificates> given = ServerCertificates.load(values, host, clock);
    if (mode.verifies() && given.isEmpty()) {
      throw values.wrong(
          Options.SSL_CA,
          "no CA, so the server's certificate cannot be verified",
          "give the CA that signed it (the file of the system's is often"
              + " /etc/ssl/certs/ca-certificates.crt), or --ssl-mode=REQUIRED to verify nothing");
    }
    Optional<ServerCertificates> wanted = given.filter(any -> mode.verifies());
    Optional<OwnCertificate> own = OwnCertificate.loadIfGiven(values);
    TrustManager trust =
        wanted.<TrustManager>map(ServerCertificates::verifier).orElseGet(AnyServer::new);
    Duration resumption = Resumption.lifetime(values);
    TlsEngine engine = engine(choice, values, own, trust, server, resumption);
    Optional<TlsEngine> withoutSessions = Optional.empty();
    if (own.isPresent() && !resumption.isZero()) {
      withoutSessions = Optional.of(engine(choice, values, own, trust, server, Duration.ZERO));
    }
    // Not before everything is loaded: a reload that fails is tried again and again.
    warn(values, mode, given.isPresent(), own);
    return new ClientSideTls(engine, withoutSessions, server, mode, wanted, own);
  }

  private static TlsEngine engine(
      EngineChoice choice,
      OptionValues values,
      Optional<OwnCertificate> own,
      TrustManager trust,
      Backend.Tcp server,
      Duration resumption)
      throws OptionException {
    return switch (choice) {
      case BORING_SSL -> BoringSslClient.create(values, own, trust, server, resumption);
      case JDK -> JdkClientEngine.create(values, own, trust, server, resumption);
    };
  }

  private static void warn(
      OptionValues values, SslMode mode, boolean hasCa, Optional<OwnCertificate> own) {
    if (!mode.verifies()) {
      LOG.warn(
          "--ssl-mode=REQUIRED: the server's certificate is not verified{}, so anyone on the way"
              + " can pose as the server and read passwords; VERIFY_IDENTITY verifies it",
          hasCa ? ", despite --ssl-ca" : "");
    }
    own.ifPresent(
        certificate ->
            certificate.warn(
                values, "the certificate", "a server that asks for it will refuse it"));
  }

  /**
   * A handler for one connection, which begins the handshake once it is in a pipeline.
   *
   * @param keepsCertificates whether the server still knows the proxy's certificate in a session
   *     that is resumed; where it does not, and there is one to show, none is
   */
  public SslHandler newHandler(ByteBufAllocator allocator, boolean keepsCertificates) {
    TlsEngine chosen = keepsCertificates ? engine : withoutSessions.orElse(engine);
    return ServerTls.withoutTimeout(chosen.newHandler(allocator));
  }

  /** What a finished handshake of one of its handlers proved. */
  public TlsSession session(SSLEngine finished) {
    return wanted.isPresent() ? TlsSession.of(finished) : TlsSession.unverified(finished);
  }

  /** The library and its version: for the log. */
  public String engine() {
    return engine.name();
  }

  /** The server that it is for. */
  public Backend.Tcp server() {
    return server;
  }

  public SslMode mode() {
    return mode;
  }

  /** What is asked of the server's certificate; empty where nothing is. */
  public Optional<ServerCertificates> serverCertificates() {
    return wanted;
  }

  /** What the proxy shows to the server; empty where it has none. */
  public Optional<X509Certificate> certificate() {
    return own.map(each -> each.chain().get(0));
  }

  /** Until when the files that were loaded are good. */
  public Expiries expiries() {
    return new Expiries(
        certificate().map(each -> each.getNotAfter().toInstant()),
        wanted.map(ServerCertificates::authorityExpiry),
        wanted.flatMap(ServerCertificates::nextRevocationLists));
  }

  /** Certificates and CRLs in use, a line each: what a reload can change. */
  public List<String> description() {
    List<String> lines = new ArrayList<>();
    certificate().ifPresent(each -> lines.add("certificate " + CertificateNames.identified(each)));
    wanted.ifPresent(each -> lines.addAll(each.description()));
    return lines;
  }

  /** Gives the native memory back once the last connection of it has ended. */
  @Override
  public void close() {
    engine.close();
    withoutSessions.ifPresent(TlsEngine::close);
  }
}
