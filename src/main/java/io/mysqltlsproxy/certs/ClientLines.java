package io.mysqltlsproxy.certs;

import java.nio.file.Path;

/**
 * How common clients and drivers are told of the certificates.
 *
 * @param name of the client's files
 * @param host where clients reach the proxy
 */
record ClientLines(CertificateFiles files, String name, String host, String user) {
  private static final int PORT = 3307;

  /** The placeholder that the reader replaces with a password. */
  private static final String PASSWORD = "PASSWORD";

  String text() {
    return """
      mysql 8.0 and newer:
        mysql %1$s --ssl-mode=VERIFY_IDENTITY

      mariadb, and mysql up to 5.7:
        mariadb %1$s --ssl-verify-server-cert

      PyMySQL:
        pymysql.connect(%2$s)

      mysql2 of Node.js:
        mysql.createConnection(%3$s)

      MySqlConnector of .NET:
        %4$s

      Java, where %7$s stands for one of your own: first the key stores
        openssl pkcs12 -export -name client %5$s
        keytool -importcert -noprompt -alias ca %6$s

      Connector/J 8.0 and newer:
        %8$s

      MariaDB Connector/J:
        %9$s
    """
        .formatted(
            options(),
            pymysql(),
            mysql2(),
            mySqlConnector(),
            "-in %s -inkey %s -out %s -passout pass:%s"
                .formatted(
                    Advice.shell(certificate()),
                    Advice.shell(key()),
                    Advice.shell(store(name)),
                    PASSWORD),
            "-file %s -storetype PKCS12 -keystore %s -storepass %s"
                .formatted(Advice.shell(ca()), Advice.shell(store("ca")), PASSWORD),
            PASSWORD,
            connectorJ(),
            mariaDbConnectorJ());
  }

  private String options() {
    return "--host=%s --port=%d --user=%s --password --ssl-ca=%s --ssl-cert=%s --ssl-key=%s"
        .formatted(
            host,
            PORT,
            Advice.shell(user),
            Advice.shell(ca()),
            Advice.shell(certificate()),
            Advice.shell(key()));
  }

  private String pymysql() {
    return ("host='%s', port=%d, user='%s', password='%s', ssl_ca='%s', ssl_cert='%s',"
            + " ssl_key='%s', ssl_verify_cert=True, ssl_verify_identity=True")
        .formatted(host, PORT, user, PASSWORD, ca(), certificate(), key());
  }

  private String mysql2() {
    return ("{host: '%s', port: %d, user: '%s', password: '%s', ssl: {ca: fs.readFileSync('%s'),"
            + " cert: fs.readFileSync('%s'), key: fs.readFileSync('%s'), verifyIdentity: true}}")
        .formatted(host, PORT, user, PASSWORD, ca(), certificate(), key());
  }

  private String mySqlConnector() {
    return ("Server=%s;Port=%d;User ID=%s;Password=%s;SslMode=VerifyFull;SslCa=%s;SslCert=%s;"
            + "SslKey=%s")
        .formatted(host, PORT, user, PASSWORD, ca(), certificate(), key());
  }

  private String connectorJ() {
    return ("jdbc:mysql://%1$s:%2$d/?user=%3$s&password=%4$s&sslMode=VERIFY_IDENTITY"
            + "&trustCertificateKeyStoreUrl=file:%5$s&trustCertificateKeyStorePassword=%4$s"
            + "&clientCertificateKeyStoreUrl=file:%6$s&clientCertificateKeyStorePassword=%4$s")
        .formatted(bracketed(), PORT, user, PASSWORD, store("ca"), store(name));
  }

  private String mariaDbConnectorJ() {
    return ("jdbc:mariadb://%1$s:%2$d/?user=%3$s&password=%4$s&sslMode=verify-full"
            + "&serverSslCert=%5$s&keyStore=%6$s&keyStorePassword=%4$s")
        .formatted(bracketed(), PORT, user, PASSWORD, ca(), store(name));
  }

  /** An IPv6 address as URLs have it. */
  private String bracketed() {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  private Path ca() {
    return files.caCertificate();
  }

  private Path certificate() {
    return files.certificate(name);
  }

  private Path key() {
    return files.key(name);
  }

  private Path store(String of) {
    return files.directory().resolve(of + ".p12");
  }
}
