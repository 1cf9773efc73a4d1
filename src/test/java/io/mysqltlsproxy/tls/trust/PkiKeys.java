package io.mysqltlsproxy.tls.trust;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;

/** A few keys of every kind, made once; a case takes its keys from here. */
final class PkiKeys {
  private static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();
  private static final Map<Kind, List<PkiKey>> KEYS = new EnumMap<>(Kind.class);

  private PkiKeys() {}

  /** Kinds of keys, and the algorithms with which they sign. */
  enum Kind {
    P256(
        "EC",
        "secp256r1",
        6,
        "SHA256withECDSA",
        "SHA384withECDSA",
        "SHA1withECDSA",
        "SHA3-256withECDSA",
        "SHA3-512withECDSA",
        "SHA224withECDSA"),
    RSA2048(
        "RSA",
        "2048",
        3,
        "SHA256withRSA",
        "SHA256withRSAandMGF1",
        "SHA512withRSA",
        "SHA1withRSA",
        "SHA3-384withRSA",
        "SHA224withRSA"),
    ED25519("Ed25519", "", 2, "Ed25519"),
    P384("EC", "secp384r1", 1, "SHA384withECDSA"),
    P521("EC", "secp521r1", 1, "SHA512withECDSA", "SHA3-256withECDSA"),
    RSA1024("RSA", "1024", 1, "SHA256withRSA"),
    RSA_PSS("RSASSA-PSS", "2048", 1, "SHA256withRSAandMGF1"),
    P224("EC", "secp224r1", 1, "SHA224withECDSA"),
    SECP256K1("EC", "secp256k1", 1, "SHA256withECDSA"),
    BRAINPOOL("EC", "brainpoolP256r1", 1, "SHA256withECDSA"),
    ED448("Ed448", "", 1, "Ed448"),
    DSA("DSA", "2048", 1, "SHA256withDSA"),
    P192("EC", "secp192r1", 1, "SHA256withECDSA");

    private final String algorithm;
    private final String parameter;
    private final int count;
    private final String signatures;

    Kind(String algorithm, String parameter, int count, String... signatures) {
      this.algorithm = algorithm;
      this.parameter = parameter;
      this.count = count;
      this.signatures = String.join(" ", signatures);
    }

    private KeyPair generate() {
      try {
        boolean rsa = algorithm.startsWith("RSA");
        KeyPairGenerator generator =
            rsa
                ? KeyPairGenerator.getInstance(algorithm)
                : KeyPairGenerator.getInstance(algorithm, BOUNCY_CASTLE);
        if (algorithm.equals("EC")) {
          generator.initialize(new ECGenParameterSpec(parameter));
        } else if (!parameter.isEmpty()) {
          generator.initialize(Integer.parseInt(parameter));
        }
        return generator.generateKeyPair();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** A key that signs. */
  record PkiKey(Kind kind, KeyPair pair) {
    /** Most often the first of its algorithms. */
    ContentSigner signer(Random random) {
      List<String> all = List.of(kind.signatures.split(" "));
      return signer(random.nextInt(10) < 8 ? all.get(0) : all.get(random.nextInt(all.size())));
    }

    /** The first of its algorithms. */
    ContentSigner usualSigner() {
      return signer(List.of(kind.signatures.split(" ")).get(0));
    }

    ContentSigner signer(String algorithm) {
      return new Signer(this, algorithm);
    }
  }

  /** One of a kind. */
  static synchronized PkiKey of(Kind kind, int number) {
    List<PkiKey> keys =
        KEYS.computeIfAbsent(
            kind,
            each ->
                IntStream.range(0, each.count)
                    .mapToObj(i -> new PkiKey(each, each.generate()))
                    .toList());
    return keys.get(number % keys.size());
  }

  /** One that nobody has yet. */
  static PkiKey fresh(Kind kind) {
    return new PkiKey(kind, kind.generate());
  }

  /** Most often one of those that everybody uses. */
  static PkiKey any(Random random) {
    int roll = random.nextInt(100);
    Kind kind =
        roll < 75
            ? Kind.P256
            : roll < 80
                ? Kind.RSA2048
                : roll < 85 ? Kind.ED25519 : Kind.values()[random.nextInt(Kind.values().length)];
    return of(kind, random.nextInt(8));
  }

  private record Signer(PkiKey key, String algorithm, ByteArrayOutputStream bytes)
      implements ContentSigner {
    Signer(PkiKey key, String algorithm) {
      this(key, algorithm, new ByteArrayOutputStream());
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
      return new DefaultSignatureAlgorithmIdentifierFinder().find(algorithm);
    }

    @Override
    public OutputStream getOutputStream() {
      return bytes;
    }

    @Override
    public byte[] getSignature() {
      try {
        boolean pss = algorithm.endsWith("MGF1");
        String name = pss ? "RSASSA-PSS" : algorithm;
        Signature signature =
            name.contains("RSA")
                ? Signature.getInstance(name)
                : Signature.getInstance(name, BOUNCY_CASTLE);
        signature.initSign(key.pair().getPrivate());
        if (pss) {
          signature.setParameter(
              new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        }
        signature.update(bytes.toByteArray());
        return signature.sign();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
