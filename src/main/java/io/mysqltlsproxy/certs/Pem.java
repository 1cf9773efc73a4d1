package io.mysqltlsproxy.certs;

import io.mysqltlsproxy.option.FileAccess;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;

/** Certificates, keys and revocation lists as text. */
final class Pem {
  private static final String COPY = "copy it again, from BEGIN to END";

  private Pem() {}

  /** One block of whatever Bouncy Castle can write. */
  static String text(Object object) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** These certificates, one after the other. */
  static String text(List<X509Certificate> certificates) {
    return certificates.stream().map(Pem::text).collect(Collectors.joining());
  }

  /** The file's certificates, one at least. */
  static List<X509Certificate> certificates(Path file) throws CertsException {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      for (Object block : blocks(file)) {
        if (block instanceof X509CertificateHolder holder) {
          certificates.add(new JcaX509CertificateConverter().getCertificate(holder));
        }
      }
    } catch (CertificateException e) {
      throw new CertsException(file.toString(), "holds a damaged certificate", COPY);
    }
    return certificates.isEmpty() ? List.of(certificate(file)) : certificates;
  }

  /** The file's first certificate. */
  static X509Certificate certificate(Path file) throws CertsException {
    if (firstBlock(file) instanceof X509CertificateHolder holder) {
      try {
        return new JcaX509CertificateConverter().getCertificate(holder);
      } catch (CertificateException e) {
        throw new CertsException(file.toString(), "holds a damaged certificate", COPY);
      }
    }
    throw new CertsException(file.toString(), "holds no certificate", "name a certificate in PEM");
  }

  /** The file's private key: PKCS#8, PKCS#1 or SEC 1, not encrypted. */
  static PrivateKey key(Path file) throws CertsException {
    Object block = firstBlock(file);
    try {
      if (block instanceof PEMKeyPair pair) {
        return new JcaPEMKeyConverter().getPrivateKey(pair.getPrivateKeyInfo());
      }
      if (block instanceof PrivateKeyInfo info) {
        return new JcaPEMKeyConverter().getPrivateKey(info);
      }
    } catch (PEMException e) {
      throw new CertsException(file.toString(), "holds a key that this Java cannot use", COPY);
    }
    throw new CertsException(
        file.toString(),
        "holds no private key that can be read",
        "give it in PEM without a passphrase: openssl pkey -in FILE -out " + file);
  }

  private static Object firstBlock(Path file) throws CertsException {
    List<Object> blocks = blocks(file);
    return blocks.isEmpty() ? "" : blocks.get(0);
  }

  private static List<Object> blocks(Path file) throws CertsException {
    try (PEMParser parser = new PEMParser(Files.newBufferedReader(file))) {
      List<Object> blocks = new ArrayList<>();
      for (Object block = parser.readObject(); block != null; block = parser.readObject()) {
        blocks.add(block);
      }
      return blocks;
    } catch (NoSuchFileException e) {
      throw new CertsException(file.toString(), "no such file", "check the path and --dir");
    } catch (AccessDeniedException e) {
      throw new CertsException(file.toString(), "permission denied", FileAccess.readHint(file));
    } catch (IOException e) {
      throw new CertsException(
          file.toString(), "cannot be read (" + e.getMessage() + ")", "name a readable PEM file");
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new CertsException(file.toString(), "is damaged PEM", COPY);
    }
  }
}
