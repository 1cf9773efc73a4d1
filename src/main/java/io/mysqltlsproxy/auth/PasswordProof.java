package io.mysqltlsproxy.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.mysqltlsproxy.account.StoredHash;
import io.mysqltlsproxy.account.StoredHashes;
import io.mysqltlsproxy.protocol.AuthSwitchRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Proves to one client that the certificate it was shown belongs to somebody who knows what the
 * server stores of its password, as a MariaDB server from 11.4 on does in the info of its OK:
 * {@code \x01} and 64 upper-case hexadecimal digits of SHA-256(stored hash, scramble, SHA-256 of
 * the certificate in DER). A client with Connector/C 3.4 or newer that was given no CA asks for
 * this where it cannot verify the certificate; others do not look.
 *
 * <p>It is given only to a client whose response shows that it knows the password of the hash: the
 * server may have admitted it by another account of the same name.
 *
 * @see <a
 *     href="https://mariadb.com/docs/server/security/encryption/data-in-transit-encryption/zero-configuration-tls">MariaDB:
 *     Zero-configuration TLS</a>
 */
public final class PasswordProof {
  private static final String NATIVE = "mysql_native_password";
  private static final int SCRAMBLE_LENGTH = 20;

  /** In bytes: those of parsec have this length, and all others are shorter. */
  private static final int MAX_RESPONSE_LENGTH = 96;

  /** Of hashes that are tried: accounts of one name have few passwords. */
  private static final int MAX_TRIED = 16;

  private static final char MARK = '\1';

  private final X509Certificate certificate;
  private byte[] scramble;
  private byte[] nonce;
  private byte[] response = {};

  /**
   * Begins with the greeting.
   *
   * @param certificate what this very connection was shown
   * @param scramble of the greeting
   */
  public PasswordProof(X509Certificate certificate, byte[] scramble) {
    this.certificate = certificate;
    this.scramble = scramble;
    this.nonce = scramble;
  }

  /** The server asks for another plugin: only the scramble of the native one counts as the last. */
  public void switched(AuthSwitchRequest request) {
    forget();
    nonce = request.data();
    if (request.pluginName().equals(NATIVE) && request.data().length > 0) {
      scramble = request.data();
    }
  }

  /**
   * The client's latest packet for a plugin. A copy is kept until {@link #forget}, if the rules
   * know a hash for the plugin; no such plugin sends a password in clear.
   */
  public void responded(StoredHashes known, String plugin, ByteBuf payload) {
    forget();
    if (payload.readableBytes() <= MAX_RESPONSE_LENGTH
        && known.of(used(plugin)).findAny().isPresent()) {
      response = ByteBufUtil.getBytes(payload);
    }
  }

  /** The authentication is over. */
  public void forget() {
    Arrays.fill(response, (byte) 0);
    response = new byte[0];
  }

  /**
   * The info for the OK of a login or a change of user.
   *
   * @param known what the rules know of the passwords of the accounts of this name
   * @param plugin with which it was authenticated, as packets name it; empty for a client that
   *     knows no plugins
   * @return ASCII; empty where the rules know no hash for this plugin whose password the client has
   *     shown to know
   */
  public Optional<byte[]> info(StoredHashes known, String plugin) {
    if (scramble.length != SCRAMBLE_LENGTH) {
      return Optional.empty();
    }
    byte[] answered = used(plugin).equals(NATIVE) ? scramble : nonce;
    return known
        .of(used(plugin))
        .limit(MAX_TRIED)
        .filter(hash -> ResponseVerifier.verifies(hash, answered, response))
        .findFirst()
        .map(hash -> (MARK + HexFormat.of().withUpperCase().formatHex(digest(hash))))
        .map(text -> text.getBytes(US_ASCII));
  }

  private static String used(String plugin) {
    return plugin.isEmpty() ? NATIVE : plugin;
  }

  private byte[] digest(StoredHash hash) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] fingerprint = sha256.digest(certificate.getEncoded());
      byte[] secret = hash.bytes();
      sha256.update(secret);
      Arrays.fill(secret, (byte) 0);
      sha256.update(scramble);
      return sha256.digest(fingerprint);
    } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
      throw new IllegalStateException("every Java has SHA-256, and the certificate was shown", e);
    }
  }
}
