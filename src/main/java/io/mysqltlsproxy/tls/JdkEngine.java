package io.mysqltlsproxy.tls;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.tls.ticket.Resumption;
import io.mysqltlsproxy.tls.trust.ClientCertificateVerifier;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.security.GeneralSecurityException;
import java.security.Security;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The JDK's own TLS. */
final class JdkEngine implements TlsEngine {
  private static final Logger LOG = LoggerFactory.getLogger(JdkEngine.class);

  private final Contexts contexts;
  private final Executor signingThreads;

  /** Where the context of a connection comes from: with resumption they share one. */
  @FunctionalInterface
  private interface Contexts {
    SslContext get() throws SSLException;
  }

  private JdkEngine(Contexts contexts, Executor signingThreads) {
    this.contexts = contexts;
    this.signingThreads = signingThreads;
  }

  static JdkEngine create(
      OptionValues values, OwnCertificate certificate, Optional<ClientCertificateVerifier> verifier)
      throws OptionException {
    // The JDK reads these once, when the process first uses its TLS.
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    System.setProperty("jdk.tls.namedGroups", groups(values));
    System.setProperty("jdk.tls.server.maxInboundCertificateChainLength", "10"); // as BoringSSL's
    checkVersions(values);
    checkNoTicketKeys(values);
    CipherChoice ciphers = CipherChoice.of(values, supported(values));
    OwnKeyManager keys = new OwnKeyManager(certificate);
    SslContextBuilder builder =
        ContextSettings.builder(values, keys, verifier, ciphers).sslProvider(SslProvider.JDK);
    Duration resumption = Resumption.lifetime(values);
    if (!resumption.isZero()) {
      builder.sessionTimeout(resumption.toSeconds());
    }
    try {
      SslContext first = builder.build();
      // The JDK cannot switch resumption off, but no session outlives its context.
      return new JdkEngine(
          resumption.isZero() ? builder::build : () -> first, keys.signingThreads());
    } catch (SSLException | IllegalArgumentException e) {
      throw values.wrong(
          Options.SSL_CERT,
          "the JDK's TLS refuses it: " + e.getMessage(),
          "give another certificate");
    }
  }

  static String groups(OptionValues values) throws OptionException {
    List<NamedGroup> chosen = NamedGroup.of(values);
    List<NamedGroup> usable = chosen.stream().filter(NamedGroup::inThisJdk).toList();
    if (usable.isEmpty()) {
      throw values.wrong(
          Options.TLS_GROUPS,
          "the TLS of this JDK has none of these groups",
          "choose of "
              + NamedGroup.list(
                  Arrays.stream(NamedGroup.values()).filter(NamedGroup::inThisJdk).toList()));
    }
    if (usable.size() < chosen.size()) {
      LOG.info(
          "--{}: the TLS of this JDK has only {} of these",
          Options.TLS_GROUPS.name(),
          NamedGroup.list(usable));
    }
    return usable.stream().map(NamedGroup::ianaName).collect(Collectors.joining(","));
  }

  static void checkVersions(OptionValues values) throws OptionException {
    String property = "jdk.tls.disabledAlgorithms";
    List<String> disabled =
        Arrays.stream(Optional.ofNullable(Security.getProperty(property)).orElse("").split(","))
            .map(String::strip)
            .toList();
    for (String version : values.get(Options.TLS_VERSION)) {
      if (disabled.contains(version)) {
        throw values.wrong(
            Options.TLS_VERSION,
            "this JDK's java.security disables " + version,
            "take it off " + property + " there, or run where BoringSSL is available");
      }
    }
  }

  private static void checkNoTicketKeys(OptionValues values) throws OptionException {
    if (values.get(Options.TLS_TICKET_KEY_FILE).isPresent()) {
      throw values.wrong(
          Options.TLS_TICKET_KEY_FILE,
          "the JDK's TLS takes no ticket keys",
          "run where BoringSSL is available, or leave the option out: sessions then end with the"
              + " process");
    }
  }

  static CipherNames supported(OptionValues values) throws OptionException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, null, null);
      return new CipherNames(List.of(context.getSupportedSSLParameters().getCipherSuites()));
    } catch (GeneralSecurityException e) {
      throw values.wrong(
          Options.TLS_VERSION, "this JDK has no TLS: " + e.getMessage(), "use another JDK");
    }
  }

  @Override
  public String name() {
    return description();
  }

  /** The library with its version. */
  static String description() {
    return "JDK " + System.getProperty("java.version");
  }

  @Override
  public SslHandler newHandler(ByteBufAllocator allocator) {
    try {
      SslHandler handler = contexts.get().newHandler(allocator, signingThreads);
      SSLParameters parameters = handler.engine().getSSLParameters();
      parameters.setUseCipherSuitesOrder(true);
      handler.engine().setSSLParameters(parameters);
      return handler;
    } catch (SSLException e) {
      throw new IllegalStateException("the same settings made a TLS context before", e);
    }
  }

  @Override
  public void close() {}
}
