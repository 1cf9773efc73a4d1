package io.mysqltlsproxy.testing;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemObjectGenerator;

/**
 * A certificate, its key, and the certificates between it and the root.
 *
 * @param chain the certificate first, then intermediates upwards, without the root unless it is the
 *     root itself
 */
public record Issued(KeyPair keys, List<X509Certificate> chain) {

  public X509Certificate certificate() {
    return chain.get(0);
  }

  public PrivateKey privateKey() {
    return keys.getPrivate();
  }

  /** The certificate and its intermediates in PEM. */
  public String chainPem() {
    return pem(chain.toArray());
  }

  /** The certificate alone in PEM. */
  public String certificatePem() {
    return pem(certificate());
  }

  /** The key in PKCS#8, PEM. */
  public String keyPem() {
    return pem(new PemObject("PRIVATE KEY", privateKey().getEncoded()));
  }

  /** Writes the chain and the key, the key readable by its owner only. */
  public Issued writeTo(Path directory, String certificateFile, String keyFile) {
    writeCertificate(directory.resolve(certificateFile));
    writeSecret(directory.resolve(keyFile), keyPem());
    return this;
  }

  /** Writes the chain; for a root that is its own certificate, what {@code ssl-ca} wants. */
  public Path writeCertificate(Path file) {
    try {
      return Files.writeString(file, chainPem());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a file of mode 0600, replacing what was there. */
  public static Path writeSecret(Path file, String text) {
    try {
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whatever Bouncy Castle can write, one PEM block each. */
  public static String pem(Object... objects) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      for (Object object : objects) {
        if (object instanceof PemObject block) {
          writer.writeObject((PemObjectGenerator) block);
        } else {
          writer.writeObject(new JcaMiscPEMGenerator(object));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
