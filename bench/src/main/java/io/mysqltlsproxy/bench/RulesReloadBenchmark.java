package io.mysqltlsproxy.bench;

import io.mysqltlsproxy.account.Rules;
import java.nio.file.Path;
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

/** 10,000 rules read from their file, parsed and made ready. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(3)
@Warmup(iterations = 20)
@Measurement(iterations = 10)
public class RulesReloadBenchmark {
  @Param public RulesShape shape;

  private Path file;

  @Setup
  public void write() {
    file =
        shape.write(
            "SUBJECT '/C=US/O=Example/CN=laura' AND ISSUER '/C=US/O=Example/CN=Example CA'");
  }

  @Benchmark
  public Rules reload() throws Exception {
    return RulesBenchmark.rules(file);
  }
}
