package io.mysqltlsproxy.account.name;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;

class AttributeTypesTest {
  /** {@code GN = givenName, 2.5.4.42}: the short name, which mysqld prints, and the long one. */
  private static final Pattern OBJECT =
      Pattern.compile(
          "(\\w+) = (?:(\\w+), )?(2\\.5\\.4\\.\\d+|0\\.9\\.2342\\.19200300\\.100\\.1\\.\\d+"
              + "|1\\.3\\.6\\.1\\.4\\.1\\.311\\.60\\.2\\.1\\.\\d+|1\\.2\\.643\\.100\\.\\d)");

  @Test
  void everyTypeThatOpensslNamesIsKnownByItsNames() throws Exception {
    int known = 0;
    for (String line : objects()) {
      Matcher object = OBJECT.matcher(line.strip());
      // In LDAP's language uid is userId.
      if (object.matches() && !object.group(1).equals("uid")) {
        assertEquals(object.group(3), AttributeTypes.oid(object.group(1)), line);
        if (object.group(2) != null) {
          assertEquals(object.group(3), AttributeTypes.oid(object.group(2)), line);
        }
        known++;
      }
    }
    assertTrue(known > 50, "only " + known);
  }

  /** OpenSSL prints {@code uid} for uniqueIdentifier, and {@code UID} for userId. */
  @Test
  void uidIsUserIdAndUniqueIdentifierIsWrittenAsItsOid() throws Exception {
    X500Principal userId = new X500Principal("UID=7");
    X500Principal uniqueIdentifier = new X500Principal("0.9.2342.19200300.100.1.44=7");
    for (String uid : List.of("/uid=7", "uid=7", "/UID=7")) {
      assertEquals(Optional.empty(), DistinguishedName.parse(uid).difference(userId));
      assertTrue(DistinguishedName.parse(uid).difference(uniqueIdentifier).isPresent());
    }
    for (String oid : List.of("/0.9.2342.19200300.100.1.44=7", "0.9.2342.19200300.100.1.44=7")) {
      assertEquals(Optional.empty(), DistinguishedName.parse(oid).difference(uniqueIdentifier));
    }
  }

  private static List<String> objects() throws InterruptedException {
    try {
      Process process = new ProcessBuilder("openssl", "list", "-objects").start();
      List<String> lines =
          new String(process.getInputStream().readAllBytes(), UTF_8).lines().toList();
      assumeTrue(process.waitFor() == 0, "an openssl without a list");
      return lines;
    } catch (IOException e) {
      assumeTrue(false, "no openssl");
      return List.of();
    }
  }
}
