package io.mysqltlsproxy.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.mysqltlsproxy.testing.Container;
import io.mysqltlsproxy.testing.Docker;
import io.mysqltlsproxy.testing.RunningProxy;
import io.mysqltlsproxy.testing.TestServer;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** MariaDB asks PAM, which must have the password itself: over dialog, or mysql_clear_password. */
class PamIT {
  private static final String USER = "paul";
  private static final String PASSWORD = "open sesame";

  private final Client client = new MariaDbCli();

  @Test
  void aDialogComesOutAsItDoesWithoutTheProxy() {
    try (TestServer server = askingPam("OFF");
        RunningProxy proxy = RunningProxy.before(server.address())) {
      Login directly = Login.directly(server, USER, PASSWORD);
      Login through = Login.through(proxy, USER, PASSWORD);

      assertEquals("paul@%", outcome(directly));
      assertEquals("paul@%", outcome(through));
      String denied = outcome(directly.as(USER, "open barley"));
      assertTrue(denied.startsWith("1045 28000 Access denied for user 'paul'@"), denied);
      assertEquals(denied, outcome(through.as(USER, "open barley")));
    }
  }

  @Test
  void aClearPasswordCrossesTcpOnlyWhereTheOptionAllowsIt() {
    try (TestServer server = askingPam("ON")) {
      assertEquals("paul@%", outcome(Login.directly(server, USER, PASSWORD)));
      try (RunningProxy proxy = RunningProxy.before(server.address())) {
        String refused = outcome(Login.through(proxy, USER, PASSWORD));
        assertTrue(
            refused.startsWith("1105 HY000 mysql-tls-proxy: the account uses mysql_clear_password"),
            refused);
      }
      try (RunningProxy proxy =
          RunningProxy.before(server.address(), "enable-cleartext-plugin=ON")) {
        assertComesInWithTheRightPasswordOnly(proxy);
      }
      try (RunningProxy proxy =
          RunningProxy.beforeBackend("unix:" + server.socket().orElseThrow())) {
        assertComesInWithTheRightPasswordOnly(proxy);
      }
    }
  }

  private void assertComesInWithTheRightPasswordOnly(RunningProxy proxy) {
    assertEquals("paul@%", outcome(Login.through(proxy, USER, PASSWORD)));
    String denied = outcome(Login.through(proxy, USER, "open barley"));
    assertTrue(denied.startsWith("1045 28000 Access denied for user 'paul'@"), denied);
  }

  /** With a user of its system, whose password is in {@code /etc/shadow} and nowhere else. */
  private TestServer askingPam(String clearText) {
    Container.MARIADB_11_8.unavailable().ifPresent(reason -> abort(reason));
    client.unavailable().ifPresent(Assumptions::abort);
    TestServer server =
        Container.MARIADB_11_8.start(
            "--plugin-load-add=auth_pam", "--pam-use-cleartext-plugin=" + clearText);
    String id = Docker.run("ps", "--quiet", "--filter", "publish=" + server.port());
    Docker.run(
        "exec",
        id,
        "sh",
        "-c",
        "useradd --no-create-home paul && echo 'paul:open sesame' | chpasswd &&"
            + " printf 'auth required pam_unix.so\naccount required pam_unix.so\n'"
            + " >/etc/pam.d/mariadb");
    server.sql("CREATE USER 'paul'@'%' IDENTIFIED VIA pam USING 'mariadb'");
    return server;
  }

  private String outcome(Login login) {
    return client.outcomes(List.of(new Attempt(login, false))).get(0);
  }
}
