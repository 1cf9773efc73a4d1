package io.mysqltlsproxy.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JdbcDriverIT {

  @ParameterizedTest
  @EnumSource
  void everyDriverComesFromItsOwnClassLoaderAndReachesMysql55(JdbcDriver driver) throws Exception {
    driver.unavailable().ifPresent(Assumptions::abort);
    Map<String, String> properties = new HashMap<>(Map.of("user", "root", "password", ""));
    properties.put(
        driver.isMariaDb() ? "sslMode" : "useSSL", driver.isMariaDb() ? "disable" : "false");

    try (Connection connection = driver.connect(Servers.mysql55().port(), "mysql", properties);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT VERSION()")) {
      result.next();
      assertEquals("5.5.9", result.getString(1));
      assertNotEquals(getClass().getClassLoader(), connection.getClass().getClassLoader());
    }
  }
}
