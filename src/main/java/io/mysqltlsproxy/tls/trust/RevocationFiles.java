package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.option.Option;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.pem.PemDirectory;
import io.mysqltlsproxy.pem.PemFile;
import io.mysqltlsproxy.pem.UnusableFileException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The files of {@code ssl-crl} and {@code ssl-crlpath}. */
public final class RevocationFiles {
  /** What {@code openssl rehash} makes, and the usual endings. */
  private static final Pattern FILE_NAME = Pattern.compile("[0-9a-f]{8}\\.r[0-9]+|.*\\.(pem|crl)");

  private static final String GIVE_PEM =
      "give the CRL in PEM, e.g. by openssl crl -inform DER -in CRL -out CRL.pem";

  private RevocationFiles() {}

  /** Reads the files; empty where neither option is given. */
  static Optional<Revocation> load(OptionValues values) throws OptionException {
    Optional<Path> file = values.get(Options.SSL_CRL);
    Optional<Path> directory = values.get(Options.SSL_CRLPATH);
    if (file.isEmpty() && directory.isEmpty()) {
      return Optional.empty();
    }
    Option<?> given = file.isPresent() ? Options.SSL_CRL : Options.SSL_CRLPATH;
    if (values.get(Options.SSL_CA).isEmpty() && values.get(Options.SSL_CAPATH).isEmpty()) {
      throw values.wrong(
          given,
          "of no use without ssl-ca: no client is asked for a certificate",
          "give --ssl-ca or --ssl-capath, or leave it out");
    }
    // A rehashed directory has each file twice.
    Map<ByteBuffer, Crl> crls = new LinkedHashMap<>();
    if (file.isPresent()) {
      try {
        add(file.get(), crls);
      } catch (UnusableFileException e) {
        throw e.of(Options.SSL_CRL, values);
      }
    }
    if (directory.isPresent()) {
      try {
        addAll(directory.get(), crls);
      } catch (UnusableFileException e) {
        throw e.of(Options.SSL_CRLPATH, values);
      }
    }
    return Optional.of(new Revocation(crls.values()));
  }

  private static void addAll(Path directory, Map<ByteBuffer, Crl> crls)
      throws UnusableFileException {
    List<Path> files = new ArrayList<>(PemDirectory.files(directory, FILE_NAME, "--ssl-crl"));
    if (files.isEmpty()) {
      throw new UnusableFileException(
          "holds no CRL", "put CRLs in PEM there as *.pem or *.crl, or run openssl rehash");
    }
    for (Path file : files) {
      try {
        add(file, crls);
      } catch (UnusableFileException e) {
        throw e.within(file.getFileName().toString());
      }
    }
  }

  private static void add(Path file, Map<ByteBuffer, Crl> crls) throws UnusableFileException {
    for (byte[] der : PemFile.read(file).crls(GIVE_PEM)) {
      ByteBuffer identity = ByteBuffer.wrap(der);
      if (!crls.containsKey(identity)) {
        crls.put(identity, Crl.read(der));
      }
    }
  }
}
