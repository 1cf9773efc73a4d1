package io.mysqltlsproxy.account.grammar;

import io.mysqltlsproxy.account.Accounts;
import io.mysqltlsproxy.account.Require;
import io.mysqltlsproxy.account.Rule;
import io.mysqltlsproxy.account.Rules;
import io.mysqltlsproxy.option.Option;
import io.mysqltlsproxy.option.OptionException;
import io.mysqltlsproxy.option.OptionValues;
import io.mysqltlsproxy.option.Options;

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
    boolean hasCa =
        values.get(Options.SSL_CA).isPresent() || values.get(Options.SSL_CAPATH).isPresent();
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

  private static OptionException needsCa(OptionValues values, Option<?> option, String who) {
    return values.wrong(
        option,
        who + " could log in, since no CA says which certificates are valid",
        "set --ssl-ca or --ssl-capath");
  }
}
