package io.mysqltlsproxy;

import io.mysqltlsproxy.certs.Advice;
import io.mysqltlsproxy.certs.AlternativeNames;
import io.mysqltlsproxy.certs.CertificateDirectory;
import io.mysqltlsproxy.certs.CertificateDirectory.Made;
import io.mysqltlsproxy.certs.CertificateDirectory.RevocationList;
import io.mysqltlsproxy.certs.CertificateFiles;
import io.mysqltlsproxy.certs.CertsException;
import io.mysqltlsproxy.certs.Issued;
import io.mysqltlsproxy.certs.KeyType;
import io.mysqltlsproxy.certs.Request;
import io.mysqltlsproxy.certs.Request.Purpose;
import io.mysqltlsproxy.certs.SubjectName;
import io.mysqltlsproxy.option.Option.ValueParser;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.ValueParsers;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code certs}: a certificate authority of one's own. */
final class CertsCommand {
  private static final int DONE = 0;
  private static final int NOT_DONE = 1;
  private static final String NO_HOST = "localhost";

  private static final ValueParser<Integer> DAYS =
      ValueParsers.number(1, 36500, "not a number of days");

  private final Flags flags;
  private final CertificateDirectory directory;
  private final PrintStream out;

  private CertsCommand(ParseResult parsed, PrintStream out) throws OptionException {
    this.flags = new Flags(parsed);
    this.out = out;
    this.directory =
        new CertificateDirectory(
            new CertificateFiles(flags.value(CertsFlags.DIR, ValueParsers.PATH)),
            flags.has(CertsFlags.FORCE),
            Instant.now());
  }

  /** What one of the commands does with the directory and the flags. */
  @FunctionalInterface
  interface Action {
    void run(CertsCommand certs) throws OptionException, CertsException;
  }

  /** {@code certs}, or one of the commands below it. */
  static Command of(Action action) {
    return (parsed, shell) -> {
      refuseFlagsBefore(parsed.commandSpec());
      try {
        action.run(new CertsCommand(parsed, shell.out()));
        return DONE;
      } catch (CertsException e) {
        shell.err().println(Main.PROGRAM + ": " + e.getMessage());
        return NOT_DONE;
      }
    };
  }

  private static void refuseFlagsBefore(CommandSpec command) throws OptionException {
    if (!command.parent().name().equals(CertsFlags.CERTS)) {
      return;
    }
    List<OptionSpec> before = command.parent().commandLine().getParseResult().matchedOptions();
    if (!before.isEmpty()) {
      throw new OptionException(
          before.get(0).longestName()
              + ": given before "
              + command.name()
              + "; write it after that");
    }
  }

  void revoke() throws OptionException, CertsException {
    show(directory.revoke(argument(), flags.value(CertsFlags.DAYS, DAYS)));
  }

  void crl() throws OptionException, CertsException {
    show(directory.renewList(flags.value(CertsFlags.DAYS, DAYS)));
  }

  CertsLifeCommand life() {
    return new CertsLifeCommand(flags, directory.files(), directory.now(), out);
  }

  void all() throws OptionException, CertsException {
    KeyType keyType = flags.value(CertsFlags.KEY_TYPE, KeyType::parse);
    int days = flags.value(CertsFlags.DAYS, DAYS);
    int caDays = flags.value(CertsFlags.CA_DAYS, DAYS);
    if (days > caDays) {
      throw new OptionException(
          "--days=%d: longer than the CA's lifetime; give at most --ca-days=%d"
              .formatted(days, caDays));
    }
    SubjectName authority = flags.value(CertsFlags.CA_SUBJECT, SubjectName::parse);
    Request server = given(Purpose.SERVER, "", CertsFlags.SERVER_SUBJECT);
    Request client =
        new Request(
            Purpose.CLIENT,
            flags.value(CertsFlags.CLIENT_SUBJECT, SubjectName::parse),
            AlternativeNames.NONE,
            keyType.kind(),
            days);
    if (authority.equals(server.subject()) || authority.equals(client.subject())) {
      throw new OptionException(
          "--ca-subject="
              + authority.oneLine()
              + ": another certificate already has this name; give each its own");
    }
    Made made = directory.create(authority, keyType, caDays, server, client);
    out.print(new Advice(directory.files(), host(server.names())).ofAll(made));
  }

  void client() throws OptionException, CertsException {
    String name = argument();
    if (!CertificateFiles.isClientName(name)) {
      throw new OptionException(
          name
              + ": not a name for a client's files; give letters, digits and . _ - @, not ca or"
              + " server");
    }
    Request request = request(Purpose.CLIENT, name, CertsFlags.SUBJECT);
    Issued issued = directory.issue(name, request);
    // Where clients reach the proxy was said when the server's certificate was made.
    Advice advice = new Advice(directory.files(), directory.serverHost().orElse(NO_HOST));
    out.println(advice.of(name, issued));
    out.print(advice.forClient(name, issued));
  }

  void server() throws OptionException, CertsException {
    Request request = request(Purpose.SERVER, CertificateFiles.SERVER, CertsFlags.SUBJECT);
    Issued issued = directory.issue(CertificateFiles.SERVER, request);
    out.print(
        new Advice(directory.files(), host(request.names())).of(CertificateFiles.SERVER, issued));
  }

  /** What the flags say; where they say nothing and a certificate is replaced, as it was. */
  private Request request(Purpose purpose, String name, String subjectFlag)
      throws OptionException, CertsException {
    Request given = given(purpose, name, subjectFlag);
    Optional<Request> before = directory.likeBefore(name, purpose, given.days());
    if (before.isEmpty()) {
      return given;
    }
    return new Request(
        purpose,
        flags.has(subjectFlag) ? given.subject() : before.get().subject(),
        flags.has(CertsFlags.SAN) ? given.names() : before.get().names(),
        flags.has(CertsFlags.KEY_TYPE) ? given.keys() : before.get().keys(),
        given.days());
  }

  /** What the flags say, and their defaults. */
  private Request given(Purpose purpose, String name, String subjectFlag) throws OptionException {
    AlternativeNames names =
        purpose == Purpose.SERVER
            ? flags.value(CertsFlags.SAN, AlternativeNames::parse)
            : flags.optional(CertsFlags.SAN, AlternativeNames::parse).orElse(AlternativeNames.NONE);
    Optional<SubjectName> subject = flags.optional(subjectFlag, SubjectName::parse);
    return new Request(
        purpose,
        subject.isPresent()
            ? subject.get()
            : commonName(purpose == Purpose.SERVER ? host(names) : name),
        names,
        flags.value(CertsFlags.KEY_TYPE, KeyType::parse).kind(),
        flags.value(CertsFlags.DAYS, DAYS));
  }

  private static String host(AlternativeNames names) {
    return names.host().orElse(NO_HOST);
  }

  private void show(RevocationList list) {
    out.printf(
        "%s: number %s, %d revoked, renew before %s%n",
        directory.files().crl(), list.number(), list.revoked(), list.nextUpdate());
    out.printf("ssl-crl=%s in the proxy's option file activates it%n", directory.files().crl());
  }

  private String argument() {
    return flags.parsed().matchedPositionalValue(0, "");
  }

  private static SubjectName commonName(String value) throws OptionException {
    return Flags.checked("CN=" + value, value, SubjectName::ofCommonName);
  }
}
