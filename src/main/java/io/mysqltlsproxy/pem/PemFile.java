package io.mysqltlsproxy.pem;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * The PEM blocks of one file.
 *
 * @param blocks in the file's order
 */
public record PemFile(List<PemBlock> blocks) {
  /** Far more than the largest CRLs in use. */
  private static final int MAX_BYTES = 64 << 20;

  /** Of UTF-8, a character for each byte: editors write it. */
  private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

  public PemFile {
    blocks = List.copyOf(blocks);
  }

  /**
   * Reads a file.
   *
   * @throws UnusableFileException when it cannot be read, is empty, is damaged PEM, or is in a
   *     format that can be converted to PEM
   */
  public static PemFile read(Path file) throws UnusableFileException {
    byte[] bytes = bytes(file);
    if (bytes.length == 0) {
      throw new UnusableFileException("the file is empty", "give a PEM file");
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (text.startsWith(BYTE_ORDER_MARK)) {
      text = text.substring(BYTE_ORDER_MARK.length());
    }
    Optional<FileFormat> format =
        text.contains("-----BEGIN ") ? Optional.empty() : FileFormat.of(bytes, file.toString());
    if (format.isPresent()) {
      throw new UnusableFileException(
          "is " + format.get().name() + ", not PEM", format.get().hint());
    }
    return new PemFile(PemScanner.scan(text));
  }

  /** The file's bytes. */
  public static byte[] bytes(Path file) throws UnusableFileException {
    return RegularFile.read(file, MAX_BYTES);
  }

  /**
   * The certificates, in the file's order; none where the file holds only other things.
   *
   * @throws UnusableFileException for the first that is damaged, and where there is something
   *     beside them that somebody might rely on
   */
  public List<X509Certificate> certificates() throws UnusableFileException {
    List<X509Certificate> certificates = new ArrayList<>();
    boolean any = blocks.stream().anyMatch(PemBlock::isCertificate);
    for (PemBlock block : blocks) {
      if (block.isCertificate()) {
        certificates.add(CertificateReader.read(block));
      } else if (block.isCrl() && any) {
        throw block.because(
            "a CRL among certificates, where it is not read", "give CRLs with --ssl-crl");
      } else if (!block.isCrl() && !block.isCompanion()) {
        throw unknown(block);
      }
    }
    return certificates;
  }

  /**
   * The certificates of a file that is to hold one at least, in its order.
   *
   * @throws UnusableFileException when it holds none, with this cure
   */
  public List<X509Certificate> certificates(String hint) throws UnusableFileException {
    List<X509Certificate> certificates = certificates();
    if (certificates.isEmpty()) {
      throw without("certificate", hint);
    }
    return certificates;
  }

  /**
   * The certificate revocation lists of a file that is to hold one at least, in its order, each as
   * DER.
   *
   * @throws UnusableFileException when it holds none, with this cure, or something beside them that
   *     somebody might rely on
   */
  public List<byte[]> crls(String hint) throws UnusableFileException {
    List<byte[]> crls = new ArrayList<>();
    for (PemBlock block : blocks) {
      if (block.isCrl()) {
        crls.add(block.object().getContent());
      }
    }
    if (crls.isEmpty()) {
      throw without("CRL", hint);
    }
    for (PemBlock block : blocks) {
      if (block.isCertificate()) {
        throw block.because(
            "a certificate among CRLs, where it is not read",
            "give CA certificates with --ssl-ca, and leave only CRLs here");
      }
      if (!block.isCrl() && !block.isCompanion()) {
        throw unknown(block);
      }
    }
    return crls;
  }

  private static UnusableFileException unknown(PemBlock block) {
    boolean pkcs7 = block.type().equals("PKCS7") || block.type().equals("CMS");
    return block.because(
        "a block of the kind " + block.type() + ", which is not read",
        pkcs7
            ? "convert it: openssl pkcs7 -print_certs -in FILE -out NEW.pem"
            : "take it out; a certificate begins with -----BEGIN CERTIFICATE-----");
  }

  /** The private keys and the blocks that look like one, in the file's order. */
  public List<PemObject> keys() {
    return blocks.stream().filter(PemBlock::isKey).map(PemBlock::object).toList();
  }

  /**
   * The exception for a file that does not hold what it should.
   *
   * @param what in the singular, without its article: {@code private key}
   */
  public UnusableFileException without(String what, String hint) {
    return new UnusableFileException(
        blocks.isEmpty()
            ? "is not a PEM file: it holds nothing that begins with -----BEGIN"
            : "holds no " + what + ", only " + contents(),
        hint);
  }

  /** What the file holds, for a message: {@code "a private key, EC PARAMETERS"}. */
  public String contents() {
    return blocks.stream().map(PemBlock::description).distinct().collect(Collectors.joining(", "));
  }
}
