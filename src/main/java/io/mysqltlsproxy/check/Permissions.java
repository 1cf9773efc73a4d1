package io.mysqltlsproxy.check;

import io.mysqltlsproxy.pem.Exposure;
import java.nio.file.Path;

/** Who can read a secret. */
final class Permissions {
  private Permissions() {}

  /** Says so where it is not its owner alone; a file that is not there is not its matter. */
  static void check(Path file, Findings findings) {
    switch (Exposure.of(file)) {
      case EVERYONE ->
          findings.wrong(
              Item.KEY_PERMISSIONS,
              "everyone on this machine can use " + file,
              Exposure.hint(file));
      case GROUP ->
          findings.warning(
              Item.KEY_PERMISSIONS, "the group of " + file + " can use it", Exposure.hint(file));
      case OWNER -> {}
    }
  }
}
