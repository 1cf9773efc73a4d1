package io.mysqltlsproxy.account.grammar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.mysqltlsproxy.account.RulesException;
import io.mysqltlsproxy.account.name.DistinguishedName;
import io.mysqltlsproxy.account.name.EncodedName;
import io.mysqltlsproxy.text.InvalidNotationException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.junit.jupiter.api.Test;

/**
 * Whatever a rules file or a name holds, it is read or refused by the parser's own exception.
 *
 * <p>{@code JAZZER_FUZZ=1 mvn test -Dtest.jvm.args= -Dtest=RulesFuzzTest#grammar} searches for
 * more.
 */
class RulesFuzzTest {

  @FuzzTest
  void grammar(byte[] data) {
    read(new String(data, UTF_8));
  }

  /** A name that parses is the name that it was made of, and no other. */
  @FuzzTest
  void names(byte[] data) {
    name(new String(data, UTF_8));
  }

  @FuzzTest
  void encodedNames(byte[] data) {
    X500Principal principal;
    try {
      principal = new X500Principal(data);
    } catch (IllegalArgumentException e) {
      return;
    }
    DistinguishedName name;
    try {
      name = DistinguishedName.of(principal);
    } catch (InvalidNotationException e) {
      return;
    }
    if (name.difference(name).isPresent()) {
      throw new AssertionError("differs from itself");
    }
  }

  @Test
  void tornAndMixedRulesAreReadOrRefused() throws IOException {
    List<String> words = words();
    Random random = new Random(20261121);
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          for (int i = 0; i < 20_000; i++) {
            StringBuilder rules = new StringBuilder("ALTER USER u ");
            for (int n = random.nextInt(24); n > 0; n--) {
              rules.append(words.get(random.nextInt(words.size())));
              rules.append(random.nextInt(8) == 0 ? "" : " ");
            }
            if (random.nextBoolean()) {
              rules.setCharAt(random.nextInt(rules.length()), (char) random.nextInt(256));
            }
            read(rules.toString());
          }
        });
  }

  @Test
  void tornAndMixedNamesAreReadOrRefused() {
    String[] pieces = {
      "/", "CN", "=", "laura", "+", ",", "\\", "\\x41", "\\41", "#0c0161", "\"", " ", "OU", ";",
      "2.5.4.3", "ü", "\ud800", "\0", "<", "E"
    };
    Random random = new Random(20261121);
    for (int i = 0; i < 100_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(16); n > 0; n--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      name(text.toString());
    }
  }

  private static List<String> words() throws IOException {
    try (InputStream in = RulesFuzzTest.class.getResourceAsStream("rules.txt")) {
      return new ArrayList<>(
          new String(in.readAllBytes(), UTF_8)
              .lines()
              .filter(line -> line.startsWith(">"))
              .flatMap(line -> List.of(line.substring(1).split(" ", -1)).stream())
              .distinct()
              .sorted()
              .collect(Collectors.toList()));
    }
  }

  private static void read(String rules) {
    try {
      RulesFile.parse("r", rules);
    } catch (RulesException e) {
      if (e.toString().contains("\n") || e.line() < 1 || e.column() < 1) {
        throw new AssertionError("a bad message", e);
      }
    }
  }

  private static void name(String text) {
    DistinguishedName name;
    try {
      name = DistinguishedName.parse(text);
    } catch (InvalidNotationException e) {
      return;
    }
    X500Name encoded =
        new X500Name(
            name.parts().stream()
                .map(
                    part ->
                        new RDN(
                            part.attributes().stream()
                                .map(RulesFuzzTest::encoded)
                                .toArray(AttributeTypeAndValue[]::new)))
                .toArray(RDN[]::new));
    try {
      if (!name.equals(EncodedName.decode(encoded.getEncoded()))) {
        throw new AssertionError("not its own name: " + text);
      }
    } catch (IOException | InvalidNotationException e) {
      throw new AssertionError(e);
    }
  }

  private static AttributeTypeAndValue encoded(DistinguishedName.Attribute attribute) {
    return new AttributeTypeAndValue(
        new ASN1ObjectIdentifier(attribute.type()), new DERUTF8String(attribute.value()));
  }
}
