package io.mysqltlsproxy.testing;

import static org.bouncycastle.asn1.x509.KeyPurposeId.id_kp_clientAuth;
import static org.bouncycastle.asn1.x509.KeyPurposeId.id_kp_serverAuth;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Clients of the proxies with {@link ProxyCertificates#shared}: what they show, and trust all. */
public final class ClientTls {
  private static final CertificateAuthority CA = ProxyCertificates.shared().authority();
  private static final CertificateAuthority OTHER_CA =
      CertificateAuthority.create("CN=Another CA", KeyType.EC);

  /** A client that shows no certificate. */
  public static final SSLContext NONE = client(null);

  public static final SSLContext LAURA = client(CA.issueClient("CN=laura", KeyType.EC));
  public static final SSLContext FOREIGN = client(OTHER_CA.issueClient("CN=laura", KeyType.EC));
  public static final SSLContext EXPIRED =
      client(CA.certificate("CN=laura").extendedKeyUsage(id_kp_clientAuth).expired().issue());
  public static final SSLContext WRONG_PURPOSE =
      client(CA.certificate("CN=laura").extendedKeyUsage(id_kp_serverAuth).issue());

  private ClientTls() {}

  /** A client that shows this certificate. */
  public static SSLContext of(Issued certificate) {
    return client(certificate);
  }

  private static SSLContext client(@Nullable Issued certificate) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      KeyManager[] keys = certificate == null ? null : new KeyManager[] {new Shows(certificate)};
      context.init(keys, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Shows its certificate whichever authorities the server names. */
  private static final class Shows extends X509ExtendedKeyManager {
    private final Issued certificate;

    Shows(Issued certificate) {
      this.certificate = certificate;
    }

    @Override
    public String chooseClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return "client";
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return certificate.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return certificate.privateKey();
    }

    @Override
    public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
      return new String[] {"client"};
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }
  }
}
