package io.mysqltlsproxy.pem;

import io.mysqltlsproxy.option.ProcessUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A file or directory that the program has made for itself: nobody else but root may have. */
public final class OwnFile {
  private static final String ROOT = "0";

  private OwnFile() {}

  /**
   * Why somebody else may have made it, as a clause without its subject: {@code is a symbolic
   * link}. Empty where nobody has, where there is no such file, or the system does not tell.
   */
  public static Optional<String> problem(Path file) {
    Optional<String> uid = ProcessUser.uid();
    Map<String, Object> attributes;
    try {
      attributes = Files.readAttributes(file, "unix:uid,isSymbolicLink", LinkOption.NOFOLLOW_LINKS);
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
    if (Boolean.TRUE.equals(attributes.get("isSymbolicLink"))) {
      return Optional.of("is a symbolic link");
    }
    String owner =
        Integer.toUnsignedString((Integer) Objects.requireNonNull(attributes.get("uid")));
    return uid.isEmpty() || owner.equals(uid.get()) || owner.equals(ROOT)
        ? Optional.empty()
        : Optional.of("belongs to uid " + owner + ", not to " + ProcessUser.described());
  }
}
