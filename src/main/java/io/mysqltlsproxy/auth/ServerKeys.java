package io.mysqltlsproxy.auth;

import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.pem.PemBlock;
import io.mysqltlsproxy.pem.PemFile;
import io.mysqltlsproxy.pem.UnusableFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's RSA key: the pinned one, or the one it sends when asked. In the second case a change
 * of the key is logged as a warning: the server may have a new one, or an attacker in between may
 * have substituted their own, to learn passwords.
 */
public final class ServerKeys {
  private static final Logger log = LoggerFactory.getLogger("authentication");

  /** None is pinned. */
  static final ServerKeys NONE = new ServerKeys(Optional.empty());

  private final Optional<RsaKey> pinned;
  private final AtomicReference<@Nullable RsaKey> lastSent = new AtomicReference<>();

  ServerKeys(Optional<RsaKey> pinned) {
    this.pinned = pinned;
  }

  /**
   * The key of {@code --backend-public-key-file}, where it is given.
   *
   * @throws OptionException when the file holds no such key
   */
  static ServerKeys load(OptionValues values) throws OptionException {
    Optional<Path> file = values.get(Options.BACKEND_PUBLIC_KEY_FILE);
    if (file.isEmpty()) {
      return new ServerKeys(Optional.empty());
    }
    try {
      return new ServerKeys(Optional.of(read(file.get())));
    } catch (UnusableFileException e) {
      throw e.of(Options.BACKEND_PUBLIC_KEY_FILE, values);
    }
  }

  private static RsaKey read(Path file) throws UnusableFileException {
    PemFile pem = PemFile.read(file);
    List<PemBlock> blocks = pem.blocks();
    String hint =
        "give the server's public_key.pem, or what it shows to SHOW STATUS LIKE"
            + " '%Rsa_public_key'";
    if (blocks.isEmpty()) {
      throw pem.without("public key", hint);
    }
    if (blocks.size() != 1 || !blocks.get(0).type().equals("PUBLIC KEY")) {
      throw new UnusableFileException(
          "holds " + pem.contents() + " instead of one public key", hint);
    }
    try {
      return RsaKey.ofDer(blocks.get(0).object().getContent());
    } catch (UnusableKeyException e) {
      throw new UnusableFileException("holds no RSA key that can be used", hint);
    }
  }

  Optional<RsaKey> pinned() {
    return pinned;
  }

  /**
   * The key that the server has sent.
   *
   * @param pem its answer to the request for the key
   */
  RsaKey sent(byte[] pem) throws UnusableKeyException {
    RsaKey key = RsaKey.ofPem(pem);
    RsaKey before = lastSent.getAndSet(key);
    if (before != null && !before.equals(key)) {
      log.warn(
          "the server's RSA key has changed from {} to {}; if nobody gave it a new one, somebody"
              + " between it and the proxy may be reading passwords; --backend-public-key-file pins"
              + " the right one",
          before.fingerprint(),
          key.fingerprint());
    }
    return key;
  }
}
