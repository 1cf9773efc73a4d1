package io.mysqltlsproxy.tls;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.tls.ticket.TicketKeyFile;
import io.mysqltlsproxy.tls.trust.CertificateNames;
import io.mysqltlsproxy.tls.trust.ClientCertificateVerifier;
import io.mysqltlsproxy.tls.trust.ClientCertificates;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The server's side of TLS as the options describe it: one certificate, versions, ciphers, groups,
 * resumption, and the authorities whose client certificates are accepted.
 *
 * <p>A client is asked for a certificate where {@code ssl-ca} or {@code ssl-capath} is given, but
 * need not have one; one that does not verify fails the handshake.
 */
public final class ServerTls implements AutoCloseable {
  /** The system property that, set to {@code jdk}, keeps the native library out of it. */
  public static final String ENGINE_PROPERTY = "io.mysqltlsproxy.engine";

  private static final long CLOSE_NOTIFY_MILLIS = 1000;

  private final TlsEngine engine;
  private final String engineName;
  private final TlsFacts facts;
  private final Optional<ClientCertificates> clientCertificates;
  private final Optional<TicketKeyFile> ticketKeys;
  private final OwnCertificate certificate;
  private final Optional<Instant> renewal;

  private ServerTls(
      TlsEngine engine,
      String engineName,
      TlsFacts facts,
      Optional<ClientCertificates> clientCertificates,
      Optional<TicketKeyFile> ticketKeys,
      OwnCertificate certificate,
      Optional<Instant> renewal) {
    this.certificate = certificate;
    this.renewal = renewal;
    this.engine = engine;
    this.engineName = engineName;
    this.facts = facts;
    this.clientCertificates = clientCertificates;
    this.ticketKeys = ticketKeys;
  }

  /** Which library does the cryptography. */
  public enum EngineChoice {
    BORING_SSL,
    JDK
  }

  /** The library that {@link #load(OptionValues)} uses here. */
  static EngineChoice engineChoice() {
    return "jdk".equalsIgnoreCase(System.getProperty(ENGINE_PROPERTY)) || !BoringSsl.isAvailable()
        ? EngineChoice.JDK
        : EngineChoice.BORING_SSL;
  }

  /** The library that {@link #load(OptionValues)} uses here, and its version. */
  public static String library() {
    return switch (engineChoice()) {
      case BORING_SSL -> BoringSsl.description();
      case JDK -> JdkEngine.description();
    };
  }

  /**
   * Reads the files, checks them against each other and makes the context: with BoringSSL where the
   * platform has it and {@link #ENGINE_PROPERTY} does not say otherwise, else with the JDK's TLS.
   *
   * @param before what clients have been shown until now, whose self-signed certificate goes on as
   *     long as it is good; empty at the start
   * @throws OptionException for the first option or file that cannot be used
   */
  public static ServerTls load(OptionValues values, Optional<ServerTls> before)
      throws OptionException {
    ServerTls tls = load(values, OwnCertificate.load(values, before.map(was -> was.certificate)));
    if (before.isEmpty() && SelfSignedCertificate.isWanted(values)) {
      SelfSignedCertificate.announce(values, tls.certificate());
    }
    return tls;
  }

  /** The same to find out whether it can be done: nothing is written. */
  public static ServerTls load(OptionValues values) throws OptionException {
    return load(values, OwnCertificate.load(values));
  }

  private static ServerTls load(OptionValues values, OwnCertificate certificate)
      throws OptionException {
    if ("jdk".equalsIgnoreCase(System.getProperty(ENGINE_PROPERTY))) {
      return load(values, certificate, EngineChoice.JDK, " (by -D" + ENGINE_PROPERTY + "=jdk)");
    }
    if (BoringSsl.isAvailable()) {
      return load(values, certificate, EngineChoice.BORING_SSL, "");
    }
    String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    return load(
        values,
        certificate,
        EngineChoice.JDK,
        " (no native library for " + platform + ": " + BoringSsl.whyUnavailable() + ")");
  }

  private static ServerTls load(
      OptionValues values, OwnCertificate certificate, EngineChoice choice, String whyThisEngine)
      throws OptionException {
    return load(values, certificate, choice, whyThisEngine, InstantSource.system());
  }

  static ServerTls load(
      OptionValues values,
      OwnCertificate certificate,
      EngineChoice choice,
      String whyThisEngine,
      InstantSource clock)
      throws OptionException {
    Optional<ClientCertificates> clients = ClientCertificates.load(values, clock);
    Optional<ClientCertificateVerifier> verifier = clients.map(ClientCertificates::verifier);
    Optional<TicketKeyFile> ticketKeys = TicketKeyFile.load(values);
    TlsEngine engine =
        switch (choice) {
          case BORING_SSL -> BoringSsl.create(values, certificate, verifier, ticketKeys);
          case JDK -> JdkEngine.create(values, certificate, verifier);
        };
    // Not before everything is loaded: a reload that fails is tried again and again.
    certificate.warn(values, "the server's certificate", "clients that verify it will refuse it");
    SelfSignedCertificate.warn(values);
    clients.ifPresent(ClientCertificates::warn);
    TicketKeyFile.warn(values);
    return new ServerTls(
        engine,
        engine.name() + whyThisEngine,
        TlsFacts.of(values, certificate, clients.isPresent()),
        clients,
        ticketKeys,
        certificate,
        SelfSignedCertificate.isWanted(values)
            ? Optional.of(SelfSignedCertificate.renewal(certificate))
            : Optional.empty());
  }

  /**
   * A handler for one accepted connection. It has no timeout for the handshake: the connection has
   * a deadline of its own.
   */
  public SslHandler newHandler(ByteBufAllocator allocator) {
    return withoutTimeout(engine.newHandler(allocator));
  }

  static SslHandler withoutTimeout(SslHandler handler) {
    handler.setHandshakeTimeoutMillis(0);
    handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_MILLIS);
    return handler;
  }

  /** The library and its version, and why it is the JDK's where it is: for the log. */
  public String engine() {
    return engineName;
  }

  /** Until when the files that were loaded are good. */
  public Expiries expiries() {
    return new Expiries(
        Optional.of(facts.certificate().getNotAfter().toInstant()),
        clientCertificates.map(ClientCertificates::authorityExpiry),
        clientCertificates.flatMap(ClientCertificates::nextRevocationLists));
  }

  /** Whether the proxy makes its certificate itself, and another one is due. */
  public boolean isRenewalDue(Instant now) {
    return renewal.filter(due -> !now.isBefore(due)).isPresent();
  }

  public boolean asksForClientCertificate() {
    return clientCertificates.isPresent();
  }

  /** What the proxy shows to its clients. */
  public X509Certificate certificate() {
    return facts.certificate();
  }

  /** What a client may be told. */
  public TlsFacts facts() {
    return facts;
  }

  /** What is asked of certificates that clients show; empty where none is asked for. */
  public Optional<ClientCertificates> clientCertificates() {
    return clientCertificates;
  }

  /** Certificates, CRLs and ticket keys in use, a line each: what a reload can change. */
  public List<String> description() {
    List<String> lines = new ArrayList<>();
    lines.add("certificate " + CertificateNames.identified(facts.certificate()));
    clientCertificates.ifPresent(clients -> lines.addAll(clients.description()));
    ticketKeys.ifPresent(keys -> lines.addAll(keys.description()));
    return lines;
  }

  /** Gives the native memory back once the last connection of it has ended. */
  @Override
  public void close() {
    engine.close();
  }
}
