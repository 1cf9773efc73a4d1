package io.mysqltlsproxy.account.grammar;

import io.mysqltlsproxy.account.Accounts;
import io.mysqltlsproxy.account.Require;
import io.mysqltlsproxy.account.Rule;
import io.mysqltlsproxy.account.Rules;
import io.mysqltlsproxy.option.Option;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;
import io.mysqltlsproxy.pem.Exposure;
import java.util.Optional;

/** Makes the rules that the options describe. */
public final class RulesLoader {
  private RulesLoader() {}

  /**
   * Reads {@code --require} and the file of {@code --accounts}.
   *
   * @throws OptionException when either cannot be read, or when it asks for certificates that no CA
   *     could verify
   */
  public static Rules load(OptionValues values) throws OptionException {
    Require require = RequireParser.option(values);
    Accounts accounts = RulesFile.read(values);
    boolean hasCa = hasCa(values);
    if (!hasCa && require.needsCertificate()) {
      throw needsCa(values, Options.REQUIRE, "nobody");
    }
    for (Rule rule : accounts.all()) {
      if (!hasCa && rule.require().orElse(require).needsCertificate()) {
        throw needsCa(values, Options.ACCOUNTS, "nobody as " + rule);
      }
    }
    return new Rules(values.get(Options.REQUIRE_SECURE_TRANSPORT), require, accounts);
  }

  /**
   * Reads the file of {@code --accounts}, for clients that have no TLS and no certificates.
   *
   * @throws OptionException when it cannot be read, or when a rule asks for what no client has
   */
  public static Rules loadForPlainClients(OptionValues values) throws OptionException {
    Accounts accounts = RulesFile.read(values);
    for (Rule rule : accounts.all()) {
      if (!rule.require().orElse(Require.NONE).equals(Require.NONE)) {
        throw values.wrong(
            Options.ACCOUNTS,
            "nobody as " + rule + " could log in, because clients of connect have no TLS",
            "write REQUIRE NONE there, or leave REQUIRE out; the server's own REQUIRE is about the"
                + " proxy's certificate");
      }
    }
    return new Rules(false, Require.NONE, accounts);
  }

  private static boolean hasCa(OptionValues values) {
    return values.get(Options.SSL_CA).isPresent() || values.get(Options.SSL_CAPATH).isPresent();
  }

  /** The complaint that there is a CA and nobody has to show a certificate; empty where not so. */
  public static Optional<OptionException> unusedCa(OptionValues values, Rules rules) {
    if (!hasCa(values) || rules.demandCertificates()) {
      return Optional.empty();
    }
    return Optional.of(
        values.wrong(
            values.get(Options.SSL_CA).isPresent() ? Options.SSL_CA : Options.SSL_CAPATH,
            "no client is required to show a certificate: neither --require nor a rule asks for"
                + " one",
            "set --require=X509, or REQUIRE X509 in the rules, if clients must have one"));
  }

  /** The complaint that everybody can read what is stored of passwords; empty where not so. */
  public static Optional<OptionException> exposedHashes(OptionValues values, Rules rules) {
    return values
        .get(Options.ACCOUNTS)
        .filter(file -> rules.holdHashes() && Exposure.of(file) == Exposure.EVERYONE)
        .map(
            file ->
                values.wrong(
                    Options.ACCOUNTS,
                    "it has hashes of passwords, and everyone on this machine can read it",
                    Exposure.hint(file)));
  }

  private static OptionException needsCa(OptionValues values, Option<?> option, String who) {
    return values.wrong(
        option,
        who + " could log in, because no CA says which certificates are valid",
        "set --ssl-ca or --ssl-capath");
  }
}
