package io.mysqltlsproxy;

import io.mysqltlsproxy.Command.Shell;
import io.mysqltlsproxy.certs.CertificateDirectory;
import io.mysqltlsproxy.certs.KeyType;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The command {@code certs}, those below it, and their flags. */
final class CertsFlags {
  static final String CERTS = "certs";
  static final String CLIENT = "client";
  static final String SERVER = "server";
  static final String REVOKE = "revoke";
  static final String CRL = "crl";
  static final String RENEW = "renew";
  static final String LIST = "list";
  static final String RETIRE = "retire";

  static final String DIR = "--dir";
  static final String KEY_TYPE = "--key-type";
  static final String DAYS = "--days";
  static final String CA_DAYS = "--ca-days";
  static final String SAN = "--san";
  static final String SUBJECT = "--subject";
  static final String CA_SUBJECT = "--ca-subject";
  static final String SERVER_SUBJECT = "--server-subject";
  static final String CLIENT_SUBJECT = "--client-subject";
  static final String FORCE = "--force";
  static final String ENDING_WITHIN = "--ending-within";
  static final String KEY = "--key";

  private static final String SERVER_NAMES = "DNS:localhost,IP:127.0.0.1,IP:::1";
  private static final String YEAR = "365";

  private CertsFlags() {}

  static CommandSpec certs(Shell shell) {
    CommandSpec certs =
        Command.spec(
            CERTS,
            "Creates a CA, a server certificate and a client certificate, and prints how"
                + " to use them.",
            shell,
            CertsCommand.of(CertsCommand::all));
    dir(certs);
    keyType(certs);
    Flags.add(certs, SAN, "LIST", SERVER_NAMES, "Names and addresses that clients connect to.");
    Flags.add(certs, DAYS, "N", YEAR, "How long the two certificates are valid.");
    Flags.add(certs, CA_DAYS, "N", "3650", "How long the CA is valid.");
    Flags.add(certs, CA_SUBJECT, "NAME", "/CN=mysql-tls-proxy CA", "The CA's name.");
    Flags.add(
        certs, SERVER_SUBJECT, "NAME", "", "The server's name. The default is its first host.");
    Flags.add(
        certs,
        CLIENT_SUBJECT,
        "NAME",
        "/CN=client",
        "The client's name: /C=US/O=Example/CN=laura.");
    force(
        certs,
        "Overwrites existing files, including the CA. Every old certificate becomes invalid.");
    certs.addSubcommand(CLIENT, client(shell));
    certs.addSubcommand(SERVER, server(shell));
    certs.addSubcommand(REVOKE, revoke(shell));
    certs.addSubcommand(CRL, crl(shell));
    certs.addSubcommand(RENEW, renew(shell));
    certs.addSubcommand(RETIRE, retire(shell));
    certs.addSubcommand(LIST, list(shell));
    return certs;
  }

  private static CommandSpec client(Shell shell) {
    CommandSpec client =
        Command.spec(
            CLIENT,
            "Creates another client certificate: NAME-cert.pem, NAME-key.pem.",
            shell,
            CertsCommand.of(CertsCommand::client));
    argument(client, "NAME", "The files' name, and the certificate's CN without --subject.");
    dir(client);
    keyType(client);
    Flags.add(client, SUBJECT, "NAME", "", "The certificate's name: /C=US/O=Example/CN=laura.");
    Flags.add(client, SAN, "LIST", "", "Further names: URI:spiffe://example.com/laura,email:...");
    Flags.add(client, DAYS, "N", YEAR, "How long it is valid.");
    force(
        client,
        "Overwrites an older one, which stays valid until it is revoked; what no flag gives stays"
            + " as it was.");
    return client;
  }

  private static CommandSpec server(Shell shell) {
    CommandSpec server =
        Command.spec(
            SERVER,
            "Replaces the server's certificate.",
            shell,
            CertsCommand.of(CertsCommand::server));
    dir(server);
    keyType(server);
    Flags.add(
        server, SUBJECT, "NAME", "", "The certificate's name. The default is its first host.");
    Flags.add(server, SAN, "LIST", SERVER_NAMES, "Names and addresses that clients connect to.");
    Flags.add(server, DAYS, "N", YEAR, "How long it is valid.");
    force(server, "Overwrites the older one; what no flag gives stays as it was.");
    return server;
  }

  private static CommandSpec revoke(Shell shell) {
    CommandSpec revoke =
        Command.spec(
            REVOKE,
            "Revokes a certificate and writes crl.pem.",
            shell,
            CertsCommand.of(CertsCommand::revoke));
    argument(revoke, "FILE|SERIAL", "The certificate, or its serial number in hexadecimal.");
    dir(revoke);
    listDays(revoke);
    return revoke;
  }

  private static CommandSpec crl(Shell shell) {
    CommandSpec crl =
        Command.spec(
            CRL,
            "Writes a fresh crl.pem, before the old one expires.",
            shell,
            CertsCommand.of(CertsCommand::crl));
    dir(crl);
    listDays(crl);
    return crl;
  }

  private static CommandSpec renew(Shell shell) {
    CommandSpec renew =
        Command.spec(
            RENEW,
            "Renews certificates: same names, uses and kind of key. NAME is server, the name of a"
                + " client's files, or ca.",
            shell,
            CertsCommand.of(each -> each.life().renew()));
    renew.addPositional(
        PositionalParamSpec.builder()
            .index("0..*")
            .arity("0..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .paramLabel("NAME")
            .description("What to renew.")
            .build());
    dir(renew);
    Flags.add(
        renew,
        ENDING_WITHIN,
        "N",
        "",
        "Instead of names: all of the server and the clients that end within N days.");
    Flags.add(renew, DAYS, "N", "", "How long they are valid; without it, as long as before.");
    Flags.add(
        renew,
        KEY,
        "NEW|SAME",
        "",
        "A new key, or the one that is there. Without it, ca keeps its key and all others get a new"
            + " one.");
    return renew;
  }

  private static CommandSpec retire(Shell shell) {
    CommandSpec retire =
        Command.spec(
            RETIRE,
            "Removes the authority's earlier certificates from ca-cert.pem, once nothing needs"
                + " them.",
            shell,
            CertsCommand.of(each -> each.life().retire()));
    dir(retire);
    force(retire, "Even if a certificate in the directory was signed by one of them.");
    return retire;
  }

  private static CommandSpec list(Shell shell) {
    CommandSpec list =
        Command.spec(
            LIST,
            "Lists all certificates: for whom, until when, and what is revoked.",
            shell,
            CertsCommand.of(each -> each.life().list()));
    dir(list);
    return list;
  }

  private static void dir(CommandSpec command) {
    Flags.add(command, DIR, "DIR", ".", "Where the files are.");
  }

  private static void keyType(CommandSpec command) {
    Flags.add(
        command, KEY_TYPE, KeyType.CHOICE, KeyType.EC_P256.toString(), "The type of new keys.");
  }

  private static void listDays(CommandSpec command) {
    String days = String.valueOf(CertificateDirectory.LIST_DAYS);
    Flags.add(command, DAYS, "N", days, "How long the list is valid.");
  }

  private static void force(CommandSpec command, String meaning) {
    Flags.addSwitch(command, FORCE, meaning);
  }

  private static void argument(CommandSpec command, String label, String meaning) {
    command.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("1")
            .required(true)
            .type(String.class)
            .paramLabel(label)
            .description(meaning)
            .build());
  }
}
