package io.mysqltlsproxy.check;

import static io.mysqltlsproxy.check.Level.OK;
import static io.mysqltlsproxy.check.Level.WARNING;
import static io.mysqltlsproxy.check.Level.WRONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mysqltlsproxy.testing.OpenSslCommand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each mistake is made for real, with RSA and with EC keys, and is named with its cure. */
class ChecklistTest {
  /** A CA with a distribution point for CRLs that is nowhere. */
  private static final String DAMAGED = OpenSsl.CA + "\n2.5.29.31=DER:30023000";

  /**
   * A mistake, and what is said about it.
   *
   * @param make what is done to a site with which all is well
   * @param message part of what is said
   * @param hint part of what is to be done
   */
  private record Mistake(
      String name, Consumer<Site> make, Level level, Item item, String message, String hint) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void needsOpenSsl() {
    assumeTrue(OpenSslCommand.exists(), "openssl is not installed");
  }

  private static List<Mistake> mistakes() {
    return Stream.of(
            filesThatCannotBeRead(),
            keys(),
            chains(),
            certificates(),
            authorities(),
            revocationLists(),
            ciphersAndRules(),
            ticketKeys(),
            ports())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Mistake> filesThatCannotBeRead() {
    return List.of(
        new Mistake(
            "no certificate",
            site -> site.without("ssl-cert"),
            WRONG,
            Item.CERTIFICATE,
            "no server certificate",
            "mysql-tls-proxy certs"),
        new Mistake(
            "a certificate file that is not there",
            site -> site.set("ssl-cert", "none.pem"),
            WRONG,
            Item.CERTIFICATE,
            "none.pem: no such file",
            "check the path"),
        new Mistake(
            "a key in the place of the certificate",
            site -> site.set("ssl-cert", "server-key.pem"),
            WRONG,
            Item.CERTIFICATE,
            "holds no certificate, only a private key",
            "give the server's certificate"),
        new Mistake(
            "half a certificate",
            site ->
                site.openssl.write(
                    "server-cert.pem", site.openssl.read("server-cert.pem").substring(0, 300)),
            WRONG,
            Item.CERTIFICATE,
            "damaged PEM",
            "copy it again"),
        new Mistake(
            "a certificate in DER",
            site ->
                site.openssl.run(
                    "x509", "-in", "server-cert.pem", "-outform", "DER", "-out", "server-cert.pem"),
            WRONG,
            Item.CERTIFICATE,
            "server-cert.pem: is a certificate in DER, not PEM",
            "openssl x509 -inform DER -in "),
        new Mistake(
            "text that is no PEM",
            site -> site.openssl.write("server-cert.pem", "nothing of the kind\n"),
            WRONG,
            Item.CERTIFICATE,
            "is not a PEM file",
            "in PEM"),
        new Mistake(
            "a key in DER",
            site -> {
              site.openssl.run("pkey", "-in", "server-key.pem", "-outform", "DER", "-out", "key");
              site.set("ssl-key", "key");
            },
            WRONG,
            Item.KEY,
            "is a private key in DER, not PEM",
            "openssl pkey -inform DER -in "),
        new Mistake(
            "a PKCS#12 file",
            site ->
                site.openssl.run(
                    "pkcs12",
                    "-export",
                    "-in",
                    "server-cert.pem",
                    "-inkey",
                    "server-key.pem",
                    "-passout",
                    "pass:x",
                    "-out",
                    "server-cert.pem"),
            WRONG,
            Item.CERTIFICATE,
            "is a PKCS#12 file, not PEM",
            "openssl pkcs12 -nodes -in "),
        new Mistake(
            "nobody who needs a certificate",
            site -> site.option("require", "SSL"),
            WARNING,
            Item.CA,
            "no client is required to show a certificate",
            "set --require=X509"),
        new Mistake(
            "no CA file where one is named",
            site -> site.set("ssl-ca", "none.pem"),
            WRONG,
            Item.CA,
            "none.pem: no such file",
            "check the path"),
        new Mistake(
            "a CA directory without certificates",
            site -> site.directory("cas").without("ssl-ca").set("ssl-capath", "cas"),
            WRONG,
            Item.CA,
            "holds no certificate",
            "openssl rehash"));
  }

  private static List<Mistake> keys() {
    return List.of(
        new Mistake(
            "no key",
            site -> site.without("ssl-key"),
            WRONG,
            Item.KEY,
            "no private key",
            "mysql-tls-proxy certs"),
        new Mistake(
            "a certificate in the place of the key",
            site -> site.set("ssl-key", "server-cert.pem"),
            WRONG,
            Item.KEY,
            "holds no private key, only a certificate",
            "give the key here"),
        new Mistake(
            "the key of another certificate",
            site -> site.set("ssl-key", "other-key.pem"),
            WRONG,
            Item.KEY_PAIR,
            "the key is not that of the certificate CN=db.example.com",
            "openssl pkey -pubout -in"),
        new Mistake(
            "the key of another kind",
            site ->
                site.openssl.key(
                    "server", site.keyType.equals(OpenSsl.RSA) ? OpenSsl.EC : OpenSsl.RSA),
            WRONG,
            Item.KEY_PAIR,
            "the key is not that of the certificate CN=db.example.com",
            "openssl pkey -pubout -in"),
        new Mistake(
            "an encrypted key without a passphrase",
            site -> encrypt(site).set("ssl-key", "encrypted-key.pem"),
            WRONG,
            Item.KEY,
            "is encrypted, and there is no passphrase",
            "--ssl-key-passphrase-file=FILE"),
        new Mistake(
            "the wrong passphrase",
            site -> {
              encrypt(site).set("ssl-key", "encrypted-key.pem");
              site.openssl.write("passphrase", "guess\n");
              site.permissions("passphrase", "rw-------")
                  .set("ssl-key-passphrase-file", "passphrase");
            },
            WRONG,
            Item.KEY,
            "passphrase is not its passphrase",
            "openssl pkey -in"),
        new Mistake(
            "a key that everyone can read",
            site -> site.permissions("server-key.pem", "rw-r--r--"),
            WRONG,
            Item.KEY_PERMISSIONS,
            "everyone on this machine can use",
            "chmod 600"),
        new Mistake(
            "a key that the group can read",
            site -> site.permissions("server-key.pem", "rw-r-----"),
            WARNING,
            Item.KEY_PERMISSIONS,
            "the group of",
            "chmod 600"),
        new Mistake(
            "a passphrase that everyone can read",
            site -> {
              site.openssl.write("passphrase", "secret\n");
              site.permissions("passphrase", "rw-r--r--")
                  .set("ssl-key-passphrase-file", "passphrase");
            },
            WRONG,
            Item.KEY_PERMISSIONS,
            "passphrase",
            "chmod 600"));
  }

  private static Site encrypt(Site site) {
    site.openssl.run(
        "pkey",
        "-in",
        "server-key.pem",
        "-aes256",
        "-passout",
        "pass:secret",
        "-out",
        "encrypted-key.pem");
    return site;
  }

  private static List<Mistake> chains() {
    return List.of(
        new Mistake(
            "the intermediate is missing",
            site -> site.server(OpenSsl.SERVER, "sub"),
            WRONG,
            Item.CHAIN,
            "intermediate missing: issuer CN=Sub CA",
            "cat intermediate.pem >>"),
        new Mistake(
            "the intermediate is in ssl-ca but not in the chain",
            site -> {
              site.server(OpenSsl.SERVER, "sub");
              site.openssl.cat("both.pem", "ca-cert.pem", "sub-cert.pem");
              site.set("ssl-ca", "both.pem");
            },
            WRONG,
            Item.CHAIN,
            "intermediate missing: issuer CN=Sub CA",
            "append its certificate"),
        new Mistake(
            "an issuer that nobody here knows",
            site -> site.without("ssl-ca"),
            WARNING,
            Item.CHAIN,
            "intermediate missing, unless clients have it as their root: issuer CN=Test CA",
            "--clients-ca=FILE"),
        new Mistake(
            "the chain in wrong order",
            site -> {
              site.server(OpenSsl.SERVER, "sub");
              site.openssl.cat("chain.pem", "sub-cert.pem", "server-cert.pem");
              site.set("ssl-cert", "chain.pem");
            },
            WRONG,
            Item.CHAIN,
            "chain in wrong order: CN=Sub CA > CN=db.example.com",
            "in this order: CN=db.example.com > CN=Sub CA"),
        new Mistake(
            "two intermediates in wrong order",
            site -> {
              site.openssl
                  .key("low", site.keyType)
                  .certificate("low", "/CN=Low CA", OpenSsl.CA, "sub");
              site.server(OpenSsl.SERVER, "low");
              site.openssl.cat("chain.pem", "server-cert.pem", "sub-cert.pem", "low-cert.pem");
              site.set("ssl-cert", "chain.pem");
            },
            WRONG,
            Item.CHAIN,
            "chain in wrong order",
            "CN=db.example.com > CN=Low CA > CN=Sub CA"),
        new Mistake(
            "the root in the chain",
            site -> {
              site.openssl.cat("chain.pem", "server-cert.pem", "ca-cert.pem");
              site.set("ssl-cert", "chain.pem");
            },
            WARNING,
            Item.CHAIN,
            "superfluous root CN=Test CA",
            "remove it from"),
        new Mistake(
            "a foreign certificate in the chain",
            site -> {
              site.openssl.cat("chain.pem", "server-cert.pem", "sub-cert.pem");
              site.set("ssl-cert", "chain.pem");
            },
            WARNING,
            Item.CHAIN,
            "foreign certificate CN=Sub CA",
            "remove it from"),
        new Mistake(
            "a CA with the right name and another key",
            site -> {
              site.openssl.certificate("other", "/CN=Test CA", OpenSsl.CA, "other");
              site.set("ssl-ca", "other-cert.pem");
            },
            WRONG,
            Item.CHAIN,
            "was not signed by the CN=Test CA given",
            "get the certificate of the CA that signed it"),
        new Mistake(
            "signed by a certificate that is no CA",
            site -> {
              site.openssl.certificate("sub", "/CN=Sub", "basicConstraints=CA:FALSE", "ca");
              site.server(OpenSsl.SERVER, "sub");
              site.openssl.cat("chain.pem", "server-cert.pem", "sub-cert.pem");
              site.set("ssl-cert", "chain.pem");
            },
            WRONG,
            Item.CHAIN,
            "CN=Sub is not a CA",
            "let a CA sign CN=db.example.com"),
        new Mistake(
            "more intermediates than the path length allows",
            site -> {
              site.openssl
                  .certificate(
                      "sub", "/CN=Sub CA", "basicConstraints=critical,CA:TRUE,pathlen:0", "ca")
                  .key("low", site.keyType)
                  .certificate("low", "/CN=Low CA", OpenSsl.CA, "sub");
              site.server(OpenSsl.SERVER, "low");
              site.openssl.cat("chain.pem", "server-cert.pem", "low-cert.pem", "sub-cert.pem");
              site.set("ssl-cert", "chain.pem");
            },
            WRONG,
            Item.CHAIN,
            "CN=Sub CA allows 0 intermediates below it",
            "let a CA above it sign"),
        new Mistake(
            "a self-signed certificate",
            site -> site.server(OpenSsl.SERVER, "server"),
            WARNING,
            Item.CHAIN,
            "CN=db.example.com is self-signed",
            "mysql-tls-proxy certs"));
  }

  private static List<Mistake> certificates() {
    return List.of(
        new Mistake(
            "an expired certificate",
            site -> site.server(-20, -1),
            WRONG,
            Item.VALIDITY,
            "CN=db.example.com expired at",
            "renew it"),
        new Mistake(
            "a certificate of the future",
            site -> site.server(2, 20),
            WRONG,
            Item.VALIDITY,
            "CN=db.example.com is not valid before",
            "clock"),
        new Mistake(
            "a certificate in its last month",
            site -> site.server(-300, 29),
            WARNING,
            Item.VALIDITY,
            "CN=db.example.com expires in 29 days",
            "renew it"),
        new Mistake(
            "an expired intermediate",
            site -> {
              site.openssl.certificate("sub", "/CN=Sub CA", OpenSsl.CA, "ca", -20, -1);
              site.server(OpenSsl.SERVER, "sub");
              site.openssl.cat("chain.pem", "server-cert.pem", "sub-cert.pem");
              site.set("ssl-cert", "chain.pem");
            },
            WRONG,
            Item.VALIDITY,
            "CN=Sub CA expired at",
            "renew it"),
        new Mistake(
            "signed with SHA-1",
            site -> site.server(OpenSsl.SERVER, "ca", "-md", "sha1"),
            WRONG,
            Item.STRENGTH,
            "CN=db.example.com is signed with SHA1WITH",
            "-sha256"),
        new Mistake(
            "signed with MD5",
            site -> {
              site.openssl
                  .key("ca", OpenSsl.RSA)
                  .certificate("ca", "/CN=Test CA", OpenSsl.CA, "ca");
              site.server(OpenSsl.SERVER, "ca", "-md", "md5");
            },
            WRONG,
            Item.STRENGTH,
            "CN=db.example.com is signed with MD5WITHRSA",
            "-sha256"),
        new Mistake(
            "a short RSA key",
            site -> {
              site.openssl.key("server", "1024");
              site.server(OpenSsl.SERVER, "ca");
            },
            WRONG,
            Item.STRENGTH,
            "has an RSA key of 1024 bits",
            "openssl genrsa 2048"),
        new Mistake(
            "a curve that TLS does not have",
            site -> {
              site.openssl.key("server", "secp256k1");
              site.server(OpenSsl.SERVER, "ca");
            },
            WRONG,
            Item.STRENGTH,
            "has a key on the curve secp256k1, which TLS does not use",
            "P-256"),
        new Mistake(
            "a curve that Java does not have either",
            site -> {
              site.openssl.key("server", "brainpoolP256r1");
              site.server(OpenSsl.SERVER, "ca");
            },
            WRONG,
            Item.STRENGTH,
            "brainpoolP256r1",
            "P-256"),
        new Mistake(
            "no subjectAltName",
            site -> site.server("basicConstraints=CA:FALSE", "ca"),
            WRONG,
            Item.NAMES,
            "CN=db.example.com has no subjectAltName",
            "-addext subjectAltName=DNS:db.example.com"),
        new Mistake(
            "a subjectAltName without a name of a server",
            site -> site.server("subjectAltName=email:dba@example.com", "ca"),
            WRONG,
            Item.NAMES,
            "no subjectAltName with a name or address",
            "-addext subjectAltName="),
        new Mistake(
            "not for the name by which clients connect",
            site -> site.name("db.example.com"),
            WRONG,
            Item.NAMES,
            "the certificate is for localhost, 127.0.0.1 and not for db.example.com",
            "-addext subjectAltName=DNS:db.example.com"),
        new Mistake(
            "a wildcard that stands for one label only",
            site -> site.server("subjectAltName=DNS:*.example.com", "ca").name("a.b.example.com"),
            WRONG,
            Item.NAMES,
            "is for *.example.com and not for a.b.example.com",
            "DNS:a.b.example.com"),
        new Mistake(
            "not for the address at which it listens",
            site -> site.server("subjectAltName=DNS:db.example.com", "ca"),
            WARNING,
            Item.NAMES,
            "is for db.example.com and not for --bind-address=127.0.0.1",
            "--name=HOST"),
        new Mistake(
            "a client's certificate",
            site -> site.server(OpenSsl.SERVER.replace("serverAuth", "clientAuth"), "ca"),
            WRONG,
            Item.PURPOSE,
            "extendedKeyUsage lacks serverAuth",
            "extendedKeyUsage=serverAuth"),
        new Mistake(
            "a key that must not sign",
            site -> site.server(OpenSsl.SERVER + "\nkeyUsage=keyEncipherment", "ca"),
            WRONG,
            Item.PURPOSE,
            "keyUsage lacks digitalSignature",
            "keyUsage=digitalSignature"),
        new Mistake(
            "a CA as the server's certificate",
            site -> site.server(OpenSsl.SERVER.replace("CA:FALSE", "CA:TRUE"), "ca"),
            WARNING,
            Item.PURPOSE,
            "CN=db.example.com is a CA",
            "basicConstraints=CA:FALSE"));
  }

  private static List<Mistake> authorities() {
    return List.of(
        new Mistake(
            "the server's certificate as the CA",
            site -> site.set("ssl-ca", "server-cert.pem"),
            WRONG,
            Item.CA,
            "CN=db.example.com in ssl-ca is not a CA",
            "give the certificate of the CA that signs the clients: CN=Test CA"),
        new Mistake(
            "a leaf among the CAs",
            site -> {
              site.openssl.cat("cas.pem", "ca-cert.pem", "server-cert.pem");
              site.set("ssl-ca", "cas.pem");
            },
            WRONG,
            Item.CA,
            "CN=db.example.com in ssl-ca is not a CA",
            "give the certificate of the CA"),
        new Mistake(
            "a CA with a damaged extension",
            site -> {
              site.openssl
                  .certificate("other", "/CN=Other CA", DAMAGED, "other")
                  .cat("cas.pem", "ca-cert.pem", "other-cert.pem");
              site.set("ssl-ca", "cas.pem");
            },
            WRONG,
            Item.CA,
            "the certificate CN=Other CA has a damaged extension: nothing that it has signed is",
            "get the certificate again from its CA"),
        new Mistake(
            "a CA that must not sign certificates",
            site ->
                site.openssl.certificate(
                    "ca", "/CN=Test CA", "basicConstraints=CA:TRUE\nkeyUsage=cRLSign", "ca"),
            WRONG,
            Item.CA,
            "keyUsage lacks keyCertSign",
            "keyUsage=keyCertSign"),
        new Mistake(
            "an expired CA",
            site -> site.openssl.certificate("ca", "/CN=Test CA", OpenSsl.CA, "ca", -20, -1),
            WRONG,
            Item.CA,
            "CN=Test CA expired at",
            "renew it"),
        new Mistake(
            "a CA in its last month",
            site -> site.openssl.certificate("ca", "/CN=Test CA", OpenSsl.CA, "ca", -20, 10),
            WARNING,
            Item.CA,
            "CN=Test CA expires in 10 days",
            "renew it"),
        new Mistake(
            "a CA with a short key",
            site -> {
              site.openssl.key("ca", "1024").certificate("ca", "/CN=Test CA", OpenSsl.CA, "ca");
              site.server(OpenSsl.SERVER, "ca");
            },
            WRONG,
            Item.CA,
            "CN=Test CA has an RSA key of 1024 bits",
            "openssl genrsa 2048"),
        new Mistake(
            "the CA's key in its file",
            site -> {
              site.openssl.cat("both.pem", "ca-cert.pem", "ca-key.pem");
              site.set("ssl-ca", "both.pem");
            },
            WRONG,
            Item.CA,
            "both.pem holds a private key",
            "move the key"),
        new Mistake(
            "an intermediate without its root",
            site -> site.set("ssl-ca", "sub-cert.pem").clientsCa("ca-cert.pem"),
            WRONG,
            Item.CA,
            "CN=Sub CA is an intermediate: it is not trusted without its root CN=Test CA",
            "append the root's certificate"),
        new Mistake(
            "a public CA, which signs everybody",
            site -> {
              site.openssl.write("public.pem", PublicRoot.pem());
              site.set("ssl-ca", "public.pem").clientsCa("ca-cert.pem");
            },
            WARNING,
            Item.CA,
            "is a public CA: it signs for everyone",
            "a CA of your own"));
  }

  private static List<Mistake> revocationLists() {
    return List.of(
        new Mistake(
            "a certificate in the place of the CRL",
            site -> site.set("ssl-crl", "ca-cert.pem"),
            WRONG,
            Item.CRL,
            "holds no CRL, only a certificate",
            "openssl crl"),
        new Mistake(
            "a damaged CRL",
            site -> {
              site.openssl.crl("crl.pem", "ca", -1, 20);
              site.openssl.write("crl.pem", site.openssl.read("crl.pem").substring(0, 200));
              site.set("ssl-crl", "crl.pem");
            },
            WRONG,
            Item.CRL,
            "damaged PEM",
            "copy it again"),
        new Mistake(
            "a CRL without a CA",
            site -> {
              site.openssl.crl("crl.pem", "ca", -1, 20);
              site.set("ssl-crl", "crl.pem").without("ssl-ca");
            },
            WRONG,
            Item.CRL,
            "of no use without ssl-ca",
            "give --ssl-ca"),
        new Mistake(
            "a stale CRL",
            site -> {
              site.openssl.crl("crl.pem", "ca", -20, -1);
              site.set("ssl-crl", "crl.pem");
            },
            WRONG,
            Item.CRL,
            "the CRL of CN=Test CA is stale",
            "openssl ca -gencrl"),
        new Mistake(
            "a CRL that soon is stale",
            site -> {
              site.openssl.crl("crl.pem", "ca", -5, 2);
              site.set("ssl-crl", "crl.pem");
            },
            WARNING,
            Item.CRL,
            "a CRL expires in ",
            "mysql-tls-proxy certs crl"),
        new Mistake(
            "a CRL of the future",
            site -> {
              site.openssl.crl("crl.pem", "ca", 2, 20);
              site.set("ssl-crl", "crl.pem");
            },
            WRONG,
            Item.CRL,
            "the CRL of CN=Test CA is not valid before",
            "mysql-tls-proxy certs crl"),
        new Mistake(
            "a CRL of another CA of that name",
            site -> {
              site.openssl
                  .certificate("other", "/CN=Test CA", OpenSsl.CA, "other")
                  .crl("crl.pem", "other", -1, 20);
              site.set("ssl-crl", "crl.pem");
            },
            WRONG,
            Item.CRL,
            "is not signed with the key of that authority",
            "openssl ca -gencrl"),
        new Mistake(
            "one of two CAs without a CRL",
            site -> {
              site.openssl
                  .cat("cas.pem", "ca-cert.pem", "other-cert.pem")
                  .crl("crl.pem", "ca", -1, 20);
              site.set("ssl-ca", "cas.pem").set("ssl-crl", "crl.pem");
            },
            WRONG,
            Item.CRL,
            "there is no CRL of CN=Other CA",
            "get the CA's new CRL"),
        new Mistake(
            "a CA that must not sign CRLs",
            site -> {
              site.openssl
                  .certificate(
                      "ca", "/CN=Test CA", "basicConstraints=CA:TRUE\nkeyUsage=keyCertSign", "ca")
                  .crl("crl.pem", "ca", -1, 20);
              site.set("ssl-crl", "crl.pem");
            },
            WRONG,
            Item.CRL,
            "CN=Test CA may not sign CRLs",
            "get the CA's new CRL"));
  }

  private static List<Mistake> ciphersAndRules() {
    return List.of(
        new Mistake(
            "ciphers for keys of the other kind",
            site ->
                site.option("tls-version", "TLSv1.2")
                    .option("ssl-cipher", otherKind(site) + "-AES128-GCM-SHA256"),
            WRONG,
            Item.CIPHERS,
            "nobody can log in",
            "add one to --ssl-cipher: ECDHE-"),
        new Mistake(
            "an old version without a cipher of its time",
            site -> site.option("tls-version", "TLSv1.1,TLSv1.2"),
            WARNING,
            Item.CIPHERS,
            "no client can use TLSv1.1",
            "-AES128-SHA"),
        new Mistake(
            "a cipher that does not exist",
            site -> site.option("ssl-cipher", "ECDHE-RSA-AES128-GCM-SHA257"),
            WRONG,
            Item.START,
            "no cipher ECDHE-RSA-AES128-GCM-SHA257",
            "it has "),
        new Mistake(
            "a rule that cannot be read",
            site -> site.rules("GRANT ALL ON *.* TO 'laura'@'%' REQUIRE X510;"),
            WRONG,
            Item.RULES,
            "accounts.sql:1:41: 'X510'",
            "X509"),
        new Mistake(
            "a rule for the name of a host",
            site -> site.rules("CREATE USER 'laura'@'db.example.com' REQUIRE X509;"),
            WRONG,
            Item.RULES,
            "'laura'@'db.example.com' (",
            "write the address"),
        new Mistake(
            "a rule in the shadow of another",
            site ->
                site.rules(
                    "CREATE USER 'laura'@'10.0.0.0/16' REQUIRE X509;",
                    "CREATE USER 'laura'@'10.0.7.%' REQUIRE SSL;"),
            WRONG,
            Item.RULES,
            "never matches, because 'laura'@'10.0.0.0/16'",
            "delete one of the two"),
        new Mistake(
            "patterns that tie",
            site ->
                site.rules(
                    "CREATE USER 'laura'@'127.%' REQUIRE SSL;",
                    "CREATE USER 'laura'@'127.%.7' REQUIRE X509;"),
            WRONG,
            Item.RULES,
            "never matches, because 'laura'@'127.%'",
            "delete one of the two"),
        new Mistake(
            "the anonymous user comes first",
            site ->
                site.rules(
                    "CREATE USER ''@'localhost' REQUIRE SSL;",
                    "CREATE USER 'laura'@'%' REQUIRE X509;"),
            WARNING,
            Item.RULES,
            "does not hold for clients from 'localhost'",
            "write a rule for 'laura'@'localhost'"),
        new Mistake(
            "two clauses for one account",
            site ->
                site.rules(
                    "GRANT ALL ON a.* TO 'laura'@'%' REQUIRE X509;",
                    "GRANT ALL ON b.* TO 'laura'@'%' REQUIRE SSL;"),
            WARNING,
            Item.RULES,
            "'laura'@'%' (line 1): its REQUIRE has no effect, because line 2",
            "delete one of the two"),
        new Mistake(
            "a rule for a cipher that is not allowed",
            site -> site.rules("CREATE USER 'laura'@'%' REQUIRE CIPHER 'AES256-SHA';"),
            WRONG,
            Item.RULES,
            "no client can log in with 'AES256-SHA'",
            "TLS_AES_128_GCM_SHA256"),
        new Mistake(
            "a rule for a cipher for keys of the other kind",
            site ->
                site.rules(
                    "CREATE USER 'laura'@'%' REQUIRE CIPHER '"
                        + otherKind(site)
                        + "-AES128-GCM-SHA256';"),
            WRONG,
            Item.RULES,
            "no client can log in with 'ECDHE-",
            "write one of ECDHE-"),
        new Mistake(
            "a rule for an issuer that no CA is",
            site -> site.rules("CREATE USER 'laura'@'%' REQUIRE ISSUER '/CN=Tset CA';"),
            WARNING,
            Item.RULES,
            "no CA of ssl-ca has that name: CN is 'Test CA', the rule wants 'Tset CA'",
            "write ISSUER 'CN=Test CA'"),
        new Mistake(
            "certificates required, and no CA to verify them",
            site -> site.without("ssl-ca").option("require", "X509"),
            WRONG,
            Item.RULES,
            "nobody could log in",
            "--ssl-ca"));
  }

  private static String otherKind(Site site) {
    return site.keyType.equals(OpenSsl.RSA) ? "ECDHE-ECDSA" : "ECDHE-RSA";
  }

  private static List<Mistake> ticketKeys() {
    return List.of(
        new Mistake(
            "a ticket key that is too short",
            site -> ticketKeys(site, "32"),
            WRONG,
            Item.TICKET_KEYS,
            "line 1 holds 32 bytes, and a key has 48",
            "openssl rand -base64 48"),
        new Mistake(
            "ticket keys that everyone can read",
            site -> ticketKeys(site, "48").permissions("ticket.keys", "rw-r--r--"),
            WRONG,
            Item.KEY_PERMISSIONS,
            "ticket.keys",
            "chmod 600"),
        new Mistake(
            "ticket keys that the group can read",
            site -> ticketKeys(site, "48").permissions("ticket.keys", "rw-r-----"),
            WARNING,
            Item.KEY_PERMISSIONS,
            "ticket.keys",
            "chmod 600"),
        new Mistake(
            "ticket keys that nobody has rotated",
            site -> ticketKeys(site, "48").changed("ticket.keys", Duration.ofDays(31)),
            WARNING,
            Item.TICKET_KEYS,
            "ticket.keys has not changed for 31 days",
            "rotate: append a line of openssl rand -base64 48, and keep the last three"),
        new Mistake(
            "ticket keys for sessions that are not resumed",
            site -> ticketKeys(site, "48").option("ssl-session-cache-mode", "OFF"),
            WRONG,
            Item.TICKET_KEYS,
            "of no use where ssl-session-cache-mode is OFF",
            "leave one of the two out"));
  }

  private static Site ticketKeys(Site site, String bytes) {
    site.openssl.run("rand", "-base64", "-out", "ticket.keys", bytes);
    return site.permissions("ticket.keys", "rw-------").set("tls-ticket-key-file", "ticket.keys");
  }

  private static List<Mistake> ports() {
    return List.of(
        new Mistake(
            "an address of another machine",
            site -> site.option("bind-address", "192.0.2.1"),
            WRONG,
            Item.PORT,
            "--bind-address=192.0.2.1",
            "give an address of this machine"),
        new Mistake(
            "a name that nobody has",
            site -> site.option("bind-address", "nobody.invalid"),
            WRONG,
            Item.PORT,
            "no such host",
            "give an address of this machine"));
  }

  private static Stream<Arguments> mistakesWithEachKindOfKey() {
    return mistakes().stream()
        .flatMap(
            mistake -> Stream.of(OpenSsl.RSA, OpenSsl.EC).map(type -> Arguments.of(type, mistake)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("mistakesWithEachKindOfKey")
  void aMistakeIsNamedWithItsCure(String keyType, Mistake mistake, @TempDir Path directory) {
    Site site = Site.create(keyType, directory);
    mistake.make().accept(site);

    List<Finding> findings = site.findings();

    assertTrue(
        findings.stream()
            .anyMatch(
                finding ->
                    finding.item() == mistake.item()
                        && finding.level() == mistake.level()
                        && finding.message().contains(mistake.message())
                        && finding.hint().contains(mistake.hint())),
        () -> lines(findings));
    assertTrue(
        findings.stream().allMatch(finding -> finding.level() == OK == finding.hint().isEmpty()),
        () -> lines(findings));
  }

  @ParameterizedTest
  @ValueSource(strings = {OpenSsl.RSA, OpenSsl.EC, OpenSsl.ED25519})
  void whereAllIsWellEveryItemIsOk(String keyType, @TempDir Path directory) {
    Site site =
        Site.create(keyType, directory)
            .server(OpenSsl.SERVER, "sub")
            .name("localhost")
            .rules("GRANT ALL ON *.* TO 'laura'@'10.0.%' REQUIRE ISSUER '/CN=Test CA';");
    site.openssl.cat("chain.pem", "server-cert.pem", "sub-cert.pem").crl("crl.pem", "ca", -1, 20);

    List<Finding> findings = site.set("ssl-cert", "chain.pem").set("ssl-crl", "crl.pem").findings();

    assertTrue(findings.stream().allMatch(finding -> finding.level() == OK), () -> lines(findings));
    Set<Item> items = findings.stream().map(Finding::item).collect(Collectors.toSet());
    Set<Item> ofTheServer =
        Set.of(Item.SERVER, Item.SERVER_TLS, Item.SERVER_HOP, Item.SERVER_ADDRESS, Item.LOGIN);
    assertEquals(EnumSet.complementOf(EnumSet.copyOf(ofTheServer)), items);
  }

  @Test
  void ticketKeysAreNamedWithoutTellingThem(@TempDir Path directory) {
    Site site = ticketKeys(Site.create(OpenSsl.EC, directory), "48");

    List<Finding> findings = site.findings();

    assertTrue(
        findings.stream()
            .anyMatch(
                finding ->
                    finding.item() == Item.TICKET_KEYS
                        && finding.level() == OK
                        && finding
                            .message()
                            .matches("ticket key ([0-9a-f]{8}), tickets encrypted by \\1")),
        () -> lines(findings));
    String key = site.openssl.read("ticket.keys").strip();
    assertTrue(findings.stream().noneMatch(finding -> finding.message().contains(key)));
  }

  private static String lines(List<Finding> findings) {
    return findings.stream().map(Finding::toString).collect(Collectors.joining("\n"));
  }
}
