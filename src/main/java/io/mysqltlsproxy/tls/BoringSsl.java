package io.mysqltlsproxy.tls;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.tls.ticket.OwnTicketKeys;
import io.mysqltlsproxy.tls.ticket.Resumption;
import io.mysqltlsproxy.tls.ticket.SharedTicketKeys;
import io.mysqltlsproxy.tls.ticket.TicketKeyFile;
import io.mysqltlsproxy.tls.ticket.TicketKeys;
import io.mysqltlsproxy.tls.trust.CertificateNames;
import io.mysqltlsproxy.tls.trust.ClientCertificateVerifier;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.ReferenceCountedOpenSslServerContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import io.netty.util.ReferenceCountUtil;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** BoringSSL by way of netty-tcnative. */
final class BoringSsl implements TlsEngine {
  private static final Logger LOG = LoggerFactory.getLogger(BoringSsl.class);

  /** A little more than the verifier takes, so that it is the one to say why. */
  static final int MAX_CERTIFICATE_LIST_BYTES = 48 * 1024;

  private final ReferenceCountedOpenSslServerContext context;
  private final @Nullable TicketKeys tickets;
  private final Optional<RsaSignatures> signatures;

  private BoringSsl(
      ReferenceCountedOpenSslServerContext context,
      @Nullable TicketKeys tickets,
      Optional<RsaSignatures> signatures) {
    this.context = context;
    this.tickets = tickets;
    this.signatures = signatures;
  }

  static boolean isAvailable() {
    return OpenSsl.isAvailable();
  }

  /** Why there is no native library. */
  static String whyUnavailable() {
    Throwable cause = OpenSsl.unavailabilityCause();
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause == null
        ? "unknown"
        : String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
  }

  static BoringSsl create(
      OptionValues values,
      OwnCertificate certificate,
      Optional<ClientCertificateVerifier> verifier,
      Optional<TicketKeyFile> shared)
      throws OptionException {
    CipherChoice ciphers =
        CipherChoice.of(values, new CipherNames(OpenSsl.availableJavaCipherSuites()));
    checkTls13(values);
    OwnKeyManager keys = new OwnKeyManager(certificate);
    Optional<RsaSignatures> signatures =
        RsaSignatures.of(certificate.key(), keys, values.get(Options.TLS_VERSION));
    SslContextBuilder builder =
        ContextSettings.builder(values, keys, verifier, ciphers)
            .sslProvider(SslProvider.OPENSSL_REFCNT)
            .option(OpenSslContextOption.MAX_CERTIFICATE_LIST_BYTES, MAX_CERTIFICATE_LIST_BYTES)
            .option(OpenSslContextOption.GROUPS, groups(values));
    keys.signByToken(builder);
    signatures.ifPresent(
        method -> builder.option(OpenSslContextOption.ASYNC_PRIVATE_KEY_METHOD, method));
    try {
      var context = (ReferenceCountedOpenSslServerContext) builder.build();
      OpenSslServerSessionContext sessions = context.sessionContext();
      sessions.setSessionIdContext(SessionScope.of(certificate, verifier));
      return new BoringSsl(context, resumption(sessions, values, shared), signatures);
    } catch (SSLException e) {
      Optional<X509Certificate> authority = unreadable(verifier, keys);
      throw authority.isPresent()
          ? values.wrong(
              values.get(Options.SSL_CA).isPresent() ? Options.SSL_CA : Options.SSL_CAPATH,
              "BoringSSL cannot read " + CertificateNames.described(authority.get()),
              "take it out: no client of that CA could log in")
          : values.wrong(
              Options.SSL_CERT,
              "BoringSSL refuses it: " + e.getMessage(),
              "give another certificate");
    }
  }

  /** The first authority whose name cannot be sent to clients, each tried alone. */
  private static Optional<X509Certificate> unreadable(
      Optional<ClientCertificateVerifier> verifier, OwnKeyManager keys) {
    return verifier.stream()
        .flatMap(trust -> Arrays.stream(trust.getAcceptedIssuers()))
        .filter(authority -> !isReadable(authority, keys))
        .findFirst();
  }

  private static boolean isReadable(X509Certificate authority, OwnKeyManager keys) {
    try {
      ReferenceCountUtil.release(
          SslContextBuilder.forServer(keys)
              .sslProvider(SslProvider.OPENSSL_REFCNT)
              .trustManager(authority)
              .build());
      return true;
    } catch (SSLException | IllegalArgumentException e) {
      return false;
    }
  }

  static String[] groups(OptionValues values) throws OptionException {
    List<NamedGroup> groups = NamedGroup.of(values);
    for (NamedGroup group : groups) {
      if (!group.inBoringSsl()) {
        throw values.wrong(
            Options.TLS_GROUPS,
            "BoringSSL has no group " + NamedGroup.list(List.of(group)),
            "choose of "
                + NamedGroup.list(
                    List.of(NamedGroup.values()).stream()
                        .filter(NamedGroup::inBoringSsl)
                        .toList()));
      }
    }
    return groups.stream().map(NamedGroup::ianaName).toArray(String[]::new);
  }

  /** BoringSSL always accepts all its suites of TLSv1.3, and takes the first of the client's. */
  static void checkTls13(OptionValues values) throws OptionException {
    List<String> fixed = new CipherNames(OpenSsl.availableJavaCipherSuites()).known(true);
    List<String> chosen = values.get(Options.TLS_CIPHERSUITES);
    if (!values.get(Options.TLS_VERSION).contains("TLSv1.3")) {
      return;
    }
    if (!chosen.containsAll(fixed)) {
      throw values.wrong(
          Options.TLS_CIPHERSUITES,
          "BoringSSL offers all of " + String.join(":", fixed) + " or no TLSv1.3",
          "leave the option out, or run with -D" + ServerTls.ENGINE_PROPERTY + "=jdk");
    }
    if (!chosen.equals(fixed)) {
      LOG.warn(
          "--{}: the order has no effect with BoringSSL, where the client's order decides",
          Options.TLS_CIPHERSUITES.name());
    }
  }

  private static @Nullable TicketKeys resumption(
      OpenSslServerSessionContext sessions, OptionValues values, Optional<TicketKeyFile> shared) {
    Duration timeout = Resumption.lifetime(values);
    sessions.setSessionCacheEnabled(!timeout.isZero());
    if (timeout.isZero()) {
      return null;
    }
    sessions.setSessionTimeout((int) timeout.toSeconds());
    return shared.isPresent()
        ? new SharedTicketKeys(
            sessions::setTicketKeys, shared.get(), timeout, InstantSource.system())
        : new OwnTicketKeys(sessions::setTicketKeys, timeout, System::nanoTime);
  }

  @Override
  public String name() {
    return description();
  }

  /** The library with its version. */
  static String description() {
    String version = SSL.class.getPackage().getImplementationVersion();
    return OpenSsl.versionString()
        + " (netty-tcnative"
        + (version == null ? "" : " " + version)
        + ")";
  }

  @Override
  public SslHandler newHandler(ByteBufAllocator allocator) {
    signatures.ifPresent(each -> each.begin(context));
    if (tickets != null) {
      tickets.rotateIfDue();
      return context.newHandler(allocator);
    }
    SslHandler handler = context.newHandler(allocator);
    // Netty turns tickets on for each TLSv1.3 engine, whatever the context says.
    SSL.setOptions(
        ((ReferenceCountedOpenSslEngine) handler.engine()).sslPointer(), SSL.SSL_OP_NO_TICKET);
    return handler;
  }

  @Override
  public void close() {
    context.release();
  }
}
