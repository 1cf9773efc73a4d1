package io.mysqltlsproxy.pem;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/**
 * The PEM blocks of one file.
 *
 * @param blocks in the file's order
 */
public record PemFile(List<PemObject> blocks) {
  private static final Set<String> CERTIFICATE =
      Set.of("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE");

  private static final String CRL = "X509 CRL";

  /** Far more than the largest CRLs in use. */
  private static final int MAX_BYTES = 64 << 20;

  /** The start of a block, also where the line is cut off. */
  private static final Pattern BEGIN =
      Pattern.compile("(?m)^-----BEGIN |^-{1,5}(B|BE|BEG|BEGI|BEGIN)?\\z");

  /** A block that a reader of lines would skip in silence. */
  private static final Pattern MISPLACED_BEGIN = Pattern.compile("[^\\r\\n]-----BEGIN ");

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
    Matcher misplaced = MISPLACED_BEGIN.matcher(text);
    if (misplaced.find()) {
      long line = 1 + text.substring(0, misplaced.end()).chars().filter(c -> c == '\n').count();
      throw new UnusableFileException(
          "line " + line + ": BEGIN is not at the start of the line",
          "put a line break before -----BEGIN");
    }
    List<PemObject> blocks = new ArrayList<>();
    try (PemReader reader = new PemReader(new StringReader(text))) {
      for (PemObject block = reader.readPemObject();
          block != null;
          block = reader.readPemObject()) {
        blocks.add(block);
      }
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      throw damaged();
    }
    if (BEGIN.matcher(text).results().count() != blocks.size()) {
      throw damaged();
    }
    if (blocks.isEmpty()) {
      Optional<FileFormat> format = FileFormat.of(bytes, file.toString());
      if (format.isPresent()) {
        throw new UnusableFileException(
            "is " + format.get().name() + ", not PEM", format.get().hint());
      }
    }
    return new PemFile(blocks);
  }

  private static UnusableFileException damaged() {
    return new UnusableFileException(
        "the file is damaged PEM, or was cut off", "copy it again, from BEGIN to END");
  }

  /** The file's bytes. */
  public static byte[] bytes(Path file) throws UnusableFileException {
    return RegularFile.read(file, MAX_BYTES);
  }

  /** The certificates, in the file's order; none where the file holds only other things. */
  public List<X509Certificate> certificates() throws UnusableFileException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (PemObject block : blocks) {
      if (CERTIFICATE.contains(block.getType())) {
        certificates.add(certificate(block.getContent()));
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

  /** The certificate revocation lists, in the file's order, each as DER. */
  public List<byte[]> crls() {
    return blocks.stream()
        .filter(block -> block.getType().equals(CRL))
        .map(PemObject::getContent)
        .toList();
  }

  /** The private keys and the blocks that look like one, in the file's order. */
  public List<PemObject> keys() {
    return blocks.stream().filter(block -> block.getType().endsWith("PRIVATE KEY")).toList();
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

  /** What the file holds, for a message: {@code "a private key", "EC PARAMETERS"}. */
  public String contents() {
    return blocks.stream()
        .map(PemObject::getType)
        .map(type -> CERTIFICATE.contains(type) ? "a certificate" : type)
        .map(type -> type.endsWith("PRIVATE KEY") ? "a private key" : type)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static X509Certificate certificate(byte[] der) throws UnusableFileException {
    try {
      return CertificateReader.read(der);
    } catch (CertificateException e) {
      throw new UnusableFileException(
          "holds a damaged certificate", "copy it again, from BEGIN to END");
    }
  }
}
