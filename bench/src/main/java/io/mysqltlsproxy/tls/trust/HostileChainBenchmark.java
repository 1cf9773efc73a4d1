package io.mysqltlsproxy.tls.trust;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long a client that has not logged in can keep an event loop busy. It sends as many
 * certificates as it may. Each names the authority as its issuer, none was signed by it. The client
 * fills the room that is left with names, which take the most time to read.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class HostileChainBenchmark {
  /** What the client's own certificate has very many of. */
  public enum Filler {
    NOTHING,
    ALTERNATIVE_NAMES,
    NAME_CONSTRAINTS
  }

  /** Of the certificates' 32 KiB, what the others leave to the client's own. */
  private static final int ROOM = 26_000;

  /** Of the authority's key. */
  @Param({"secp256r1", "secp384r1", "secp521r1"})
  public String curve;

  @Param public Filler filler;

  private ClientCertificateVerifier verifier;
  private X509Certificate[] sent;

  @Setup
  public void make() throws Exception {
    X509Certificate root = certificate("CN=Root", keys(), "CN=Root", keys(), 1);
    verifier =
        new ClientCertificateVerifier(TrustedAuthorities.of(List.of(root)), Optional.empty());
    KeyPair forger = keys();
    KeyPair sub = keys();
    List<X509Certificate> all = new ArrayList<>();
    all.add(certificate("CN=x", keys(), "CN=Sub", sub, 2, filler));
    for (int i = 0; i < 9; i++) {
      all.add(certificate("CN=Sub", sub, "CN=Root", forger, 3 + i));
    }
    sent = all.toArray(X509Certificate[]::new);
  }

  private KeyPair keys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new java.security.spec.ECGenParameterSpec(curve));
    return generator.generateKeyPair();
  }

  private static X509Certificate certificate(
      String subject, KeyPair keys, String issuer, KeyPair signer, int serial)
      throws GeneralSecurityException, OperatorCreationException, IOException {
    return certificate(subject, keys, issuer, signer, serial, Filler.NOTHING);
  }

  private static X509Certificate certificate(
      String subject, KeyPair keys, String issuer, KeyPair signer, int serial, Filler filler)
      throws GeneralSecurityException, OperatorCreationException, IOException {
    var builder =
        new JcaX509v3CertificateBuilder(
            new X500Name(issuer),
            BigInteger.valueOf(serial),
            Date.from(Instant.now().minus(Duration.ofDays(1))),
            Date.from(Instant.now().plus(Duration.ofDays(1))),
            new X500Name(subject),
            keys.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    GeneralName name = new GeneralName(GeneralName.dNSName, "a");
    if (filler == Filler.ALTERNATIVE_NAMES) {
      GeneralName[] names = new GeneralName[ROOM / 3];
      Arrays.fill(names, name);
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
    } else if (filler == Filler.NAME_CONSTRAINTS) {
      GeneralSubtree[] trees = new GeneralSubtree[ROOM / 5];
      Arrays.fill(trees, new GeneralSubtree(name));
      builder.addExtension(Extension.nameConstraints, true, new NameConstraints(trees, null));
    }
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
  }

  @Benchmark
  public String refuse() {
    try {
      verifier.verify(sent);
      throw new IllegalStateException("admitted");
    } catch (CertificateException e) {
      return e.getMessage();
    }
  }
}
