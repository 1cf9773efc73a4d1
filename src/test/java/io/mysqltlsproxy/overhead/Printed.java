package io.mysqltlsproxy.overhead;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** A report as its readers get it. */
final class Printed {
  private static final String COMMAND =
      "mysql-tls-proxy overhead --backend=127.0.0.1:3306 --user=engineer"
          + " --password-file=/etc/mysql-tls-proxy/passwords/engineer-of-the-lighthouse.password";

  private Printed() {}

  static String text(Report report) {
    return printed(out -> TextReport.print(report, out));
  }

  static String page(Report report) {
    return printed(out -> HtmlReport.print(report, COMMAND, out));
  }

  /** Its lines. */
  static List<String> csv(Report report) {
    return List.of(printed(out -> CsvReport.print(report, out)).split("\r\n"));
  }

  static String json(Report report) {
    return printed(out -> JsonReport.print(report, out));
  }

  private static String printed(Consumer<PrintStream> print) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    print.accept(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
