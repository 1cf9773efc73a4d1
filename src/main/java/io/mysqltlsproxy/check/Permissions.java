package io.mysqltlsproxy.check;

import static java.nio.file.attribute.PosixFilePermission.GROUP_READ;
import static java.nio.file.attribute.PosixFilePermission.GROUP_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_READ;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Who can read a secret. */
final class Permissions {
  private Permissions() {}

  /** Says so where it is not its owner alone; a file that is not there is not its matter. */
  static void check(Path file, Findings findings) {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    Set<PosixFilePermission> permissions;
    try {
      permissions = view.readAttributes().permissions();
    } catch (IOException e) {
      return;
    }
    String hint = "chmod 600 " + file;
    if (permissions.contains(OTHERS_READ) || permissions.contains(OTHERS_WRITE)) {
      findings.wrong(Item.KEY_PERMISSIONS, "everyone on this machine can use " + file, hint);
    } else if (permissions.contains(GROUP_READ) || permissions.contains(GROUP_WRITE)) {
      findings.warning(Item.KEY_PERMISSIONS, "the group of " + file + " can use it", hint);
    }
  }
}
