package io.mysqltlsproxy.bench;

import io.mysqltlsproxy.account.Decision;
import io.mysqltlsproxy.account.Login;
import io.mysqltlsproxy.account.Rules;
import io.mysqltlsproxy.account.Transport;
import io.mysqltlsproxy.account.grammar.RulesLoader;
import io.mysqltlsproxy.account.host.ClientHost;
import io.mysqltlsproxy.option.OptionSources;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One login's decision with 10,000 rules, each of which demands the client's own SUBJECT. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RulesBenchmark {
  private static final String SUBJECT = "C=US,O=Example,CN=laura";

  @Param public RulesShape shape;

  private Rules rules;
  private Login login;

  @Setup
  public void load() throws Exception {
    rules = rules(shape.write("SUBJECT '" + SUBJECT + "'"));
    Transport transport =
        new Transport(
            "TLSv1.3",
            "TLS_AES_128_GCM_SHA256",
            Optional.of(Identity.client(SUBJECT, KeyKind.P256).certificate()));
    ClientHost host = ClientHost.of(InetAddress.getByName(RulesShape.ADDRESS));
    login = new Login(shape.user(), host, true, transport);
    if (!(rules.decide(login) instanceof Decision.Admitted admitted)
        || admitted.rule().startsWith("--require") != (shape == RulesShape.OTHER_USERS)) {
      throw new IllegalStateException(shape + " is not what it says");
    }
  }

  static Rules rules(Path file) throws Exception {
    Map<String, String> options = Map.of("accounts", file.toString(), "ssl-ca", "unread.pem");
    return RulesLoader.load(OptionSources.read(options, Map.of(), Path.of("none")));
  }

  @Benchmark
  public Decision decide() {
    return rules.decide(login);
  }
}
