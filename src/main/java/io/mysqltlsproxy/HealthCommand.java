package io.mysqltlsproxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.mysqltlsproxy.option.AdminAddress;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.text.Printable;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;

/** {@code health}: whether the proxy that these options have started is alive. */
final class HealthCommand {
  static final String NAME = "health";

  private static final int HEALTHY = 0;
  private static final int UNHEALTHY = 1;
  private static final int TIMEOUT_MILLIS = 3_000;
  private static final String REQUEST = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

  /** {@code HTTP/1.1 200}: what an answer begins with. */
  private static final int STATUS_BYTES = 12;

  private HealthCommand() {}

  /** Asks the admin port for {@code /healthz}. Returns 0 where it says that all is well, else 1. */
  static int run(OptionValues values, PrintStream out, PrintStream err) throws OptionException {
    AdminAddress admin =
        values
            .get(Options.ADMIN_ADDRESS)
            .orElseThrow(
                () ->
                    values.wrong(
                        Options.ADMIN_ADDRESS,
                        "off, so there is no port to ask",
                        "give run and health the same HOST:PORT"));
    String answer;
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(new InetSocketAddress(admin.host(), admin.port()), TIMEOUT_MILLIS);
      socket.getOutputStream().write(REQUEST.getBytes(US_ASCII));
      answer = new String(socket.getInputStream().readNBytes(STATUS_BYTES), US_ASCII);
    } catch (IOException e) {
      err.println(Main.PROGRAM + ": " + admin + " does not answer: " + e.getMessage());
      return UNHEALTHY;
    }
    boolean healthy = answer.startsWith("HTTP/1.") && answer.endsWith(" 200");
    (healthy ? out : err).println(healthy ? "healthy" : problem(admin, answer));
    return healthy ? HEALTHY : UNHEALTHY;
  }

  private static String problem(AdminAddress admin, String answer) {
    String start = Main.PROGRAM + ": " + admin;
    if (answer.isEmpty()) {
      return start + " closed the connection without an answer";
    }
    return answer.startsWith("HTTP/1.")
        ? start + " answers " + Printable.oneLine(answer) + ", and 200 is healthy"
        : start
            + " is not the proxy's admin port, but another service, which begins with "
            + Printable.quoted(answer)
            + ": compare --admin-address of run";
  }
}
