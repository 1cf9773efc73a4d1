import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.QueryEventData;
import com.github.shyiko.mysql.binlog.network.DefaultSSLSocketFactory;
import com.github.shyiko.mysql.binlog.network.SSLMode;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactoryOptions;
import io.r2dbc.spi.Option;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.mysqlclient.MySQLConnection;
import io.vertx.sqlclient.Row;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import reactor.core.publisher.Mono;

/**
 * Java clients that bring libraries of their own: CLIENT PORT USER CA [ARGUMENT]. Each prints one
 * line: what {@code SHOW STATUS LIKE 'Ssl_version'} says, or the first statement in the binary log
 * that holds the argument.
 */
final class JavaClients {
  private static final String QUESTION = "SHOW STATUS LIKE 'Ssl_version'";

  private JavaClients() {}

  public static void main(String[] args) throws Exception {
    String client = args[0];
    int port = Integer.parseInt(args[1]);
    String user = args[2];
    String ca = args[3];
    try {
      System.out.println(
          switch (client) {
            case "vertx" -> vertx(port, user, ca);
            case "binlog" -> binlog(port, user, ca, args[4]);
            case "r2dbc-mysql" -> r2dbc("mysql", port, user, ca, args.length > 4 ? args[4] : "");
            case "r2dbc-mariadb" -> r2dbc("mariadb", port, user, ca, "");
            default -> throw new IllegalArgumentException(client);
          });
      System.exit(0);
    } catch (Throwable e) {
      e.printStackTrace();
      System.exit(1);
    }
  }

  private static String vertx(int port, String user, String ca) throws Exception {
    MySQLConnectOptions options =
        new MySQLConnectOptions()
            .setHost("127.0.0.1")
            .setPort(port)
            .setUser(user)
            .setDatabase("mysql")
            .setSslMode(io.vertx.mysqlclient.SslMode.VERIFY_CA)
            .setPemTrustOptions(new PemTrustOptions().addCertPath(ca));
    Vertx vertx = Vertx.vertx();
    CompletableFuture<String> answer =
        MySQLConnection.connect(vertx, options)
            .compose(connection -> connection.query(QUESTION).execute())
            .map(
                rows -> {
                  Row row = rows.iterator().next();
                  return row.getString(1);
                })
            .toCompletionStage()
            .toCompletableFuture();
    return answer.get(60, TimeUnit.SECONDS);
  }

  private static String r2dbc(
      String driver, int port, String user, String ca, String tlsVersion) {
    ConnectionFactoryOptions.Builder options =
        ConnectionFactoryOptions.builder()
            .option(ConnectionFactoryOptions.DRIVER, driver)
            .option(ConnectionFactoryOptions.HOST, "127.0.0.1")
            .option(ConnectionFactoryOptions.PORT, port)
            .option(ConnectionFactoryOptions.USER, user)
            .option(ConnectionFactoryOptions.PASSWORD, "")
            .option(Option.valueOf("sslMode"), driver.equals("mysql") ? "verify_ca" : "verify-ca")
            .option(Option.valueOf(driver.equals("mysql") ? "sslCa" : "serverSslCert"), ca);
    if (!tlsVersion.isEmpty()) {
      options.option(Option.valueOf("tlsVersion"), tlsVersion);
    }
    return Mono.from(ConnectionFactories.get(options.build()).create())
        .flatMap(JavaClients::ask)
        .block(java.time.Duration.ofSeconds(60));
  }

  private static Mono<String> ask(Connection connection) {
    return Mono.from(connection.createStatement(QUESTION).execute())
        .flatMap(result -> Mono.from(result.map((row, columns) -> row.get(1, String.class))));
  }

  private static String binlog(int port, String user, String ca, String wanted) throws Exception {
    BinaryLogClient client = new BinaryLogClient("127.0.0.1", port, user, "");
    client.setSSLMode(SSLMode.VERIFY_CA);
    client.setSslSocketFactory(
        new DefaultSSLSocketFactory() {
          @Override
          protected void initSSLContext(SSLContext context) throws java.security.GeneralSecurityException {
            context.init(null, trust(ca).getTrustManagers(), new SecureRandom());
          }
        });
    client.setServerId(4711);
    client.setBinlogFilename("");
    client.setBinlogPosition(4);
    CompletableFuture<String> found = new CompletableFuture<>();
    client.registerEventListener(
        event -> {
          if (event.getHeader().getEventType() == EventType.QUERY) {
            String sql = ((QueryEventData) event.getData()).getSql();
            if (sql.contains(wanted)) {
              found.complete(sql);
            }
          }
        });
    Thread reader =
        new Thread(
            () -> {
              try {
                client.connect();
              } catch (Exception e) {
                found.completeExceptionally(e);
              }
            });
    reader.setDaemon(true);
    reader.start();
    return found.get(60, TimeUnit.SECONDS);
  }

  private static TrustManagerFactory trust(String ca) {
    try (InputStream in = Files.newInputStream(Path.of(ca))) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      return trust;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
