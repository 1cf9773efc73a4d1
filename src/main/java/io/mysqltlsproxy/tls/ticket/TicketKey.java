package io.mysqltlsproxy.tls.ticket;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

/**
 * One key of the key file: 48 random bytes. It encrypts nothing itself; what does is derived from
 * it for each period (HKDF with SHA-256, <a href="https://www.rfc-editor.org/rfc/rfc5869">RFC
 * 5869</a>), so that no ticket is good for longer because the file is old.
 */
public final class TicketKey {
  /** In bytes. */
  static final int LENGTH = 48;

  private static final byte[] TICKETS =
      "mysql-tls-proxy session tickets".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NAME =
      "mysql-tls-proxy ticket key name".getBytes(StandardCharsets.US_ASCII);
  private static final int NAME_LENGTH = 4;

  private final byte[] secret;

  /** Of {@link #LENGTH} bytes. */
  TicketKey(byte[] secret) {
    this.secret = secret.clone();
  }

  /**
   * The key of a period.
   *
   * @param periodMillis how long a period is: proxies with another have other keys
   * @param period how many there were before it since 1970
   */
  OpenSslSessionTicketKey derive(long periodMillis, long period) {
    ByteBuffer info = ByteBuffer.allocate(TICKETS.length + 2 * Long.BYTES);
    info.put(TICKETS).putLong(periodMillis).putLong(period);
    ByteBuffer derived = ByteBuffer.wrap(expand(info.array(), LENGTH));
    return new OpenSslSessionTicketKey(
        next(derived, OpenSslSessionTicketKey.NAME_SIZE),
        next(derived, OpenSslSessionTicketKey.HMAC_KEY_SIZE),
        next(derived, OpenSslSessionTicketKey.AES_KEY_SIZE));
  }

  /** Eight hexadecimal digits by which people tell keys apart, and from which nothing follows. */
  String name() {
    return HexFormat.of().formatHex(expand(NAME, NAME_LENGTH));
  }

  private byte[] expand(byte[] info, int length) {
    HKDFBytesGenerator generator = new HKDFBytesGenerator(SHA256Digest.newInstance());
    generator.init(new HKDFParameters(secret, null, info));
    byte[] bytes = new byte[length];
    generator.generateBytes(bytes, 0, length);
    return bytes;
  }

  private static byte[] next(ByteBuffer bytes, int length) {
    byte[] part = new byte[length];
    bytes.get(part);
    return part;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TicketKey key && MessageDigest.isEqual(secret, key.secret);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(secret);
  }

  @Override
  public String toString() {
    return "ticket key " + name();
  }
}
