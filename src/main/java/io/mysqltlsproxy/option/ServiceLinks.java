package io.mysqltlsproxy.option;

import java.util.regex.Pattern;

/**
 * The variables that Kubernetes and Docker put into a container for other services. Those for a
 * service whose name begins with {@code mysql-tls-proxy} look like options and are none.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/service/">Kubernetes:
 *     discovering services, environment variables</a>
 */
final class ServiceLinks {
  private static final Pattern NAME =
      Pattern.compile(
          Option.VARIABLE_PREFIX
              + "([A-Z0-9_]+_)?"
              + "(SERVICE_HOST|SERVICE_PORT(_.+)?"
              + "|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR|START|END))?"
              + "|ENV_.+)");

  /** What the variable {@code …_PORT} holds beside a service's own port: {@code tcp://10.0.0.1}. */
  private static final Pattern URL = Pattern.compile("(tcp|udp|sctp)://.*");

  /** What Docker's {@code …_NAME} holds: {@code /container/alias}. */
  private static final Pattern ALIAS = Pattern.compile("/.*/.*");

  private ServiceLinks() {}

  /** Whether a variable tells where a service is. */
  static boolean contains(String variable, String value) {
    return NAME.matcher(variable).matches()
        || (variable.endsWith("_PORT") && URL.matcher(value).matches())
        || (variable.endsWith("_NAME") && ALIAS.matcher(value).matches());
  }
}
