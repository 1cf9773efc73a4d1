package io.mysqltlsproxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Dependencies run one way, downwards, and no room may look into more than it does. */
@AnalyzeClasses(packagesOf = Main.class, importOptions = DoNotIncludeTests.class)
class PackagesTest {
  private static final String ROOT = "io.mysqltlsproxy";

  /** Each room, from the top of the house to its cellar, and all rooms that it looks into. */
  private static final Map<String, Set<String>> ROOMS = new LinkedHashMap<>();

  private static void room(String name, String... below) {
    ROOMS.put(name, Set.of(below));
  }

  static {
    room("admin", "account", "connection", "metrics", "net", "option", "reload", "text", "tls");
    room("metrics", "connection", "log", "reload", "tls");
    room("reload", "account", "connection", "option", "text", "tls", "tls.trust");
    room("overhead", "auth", "certs", "codec", "net", "option", "protocol", "text");
    room(
        "check",
        "account",
        "account.grammar",
        "account.host",
        "auth",
        "codec",
        "connection",
        "net",
        "option",
        "pem",
        "protocol",
        "text",
        "tls",
        "tls.ticket",
        "tls.trust");
    room(
        "connection",
        "account",
        "account.grammar",
        "account.host",
        "account.name",
        "auth",
        "codec",
        "log",
        "net",
        "option",
        "protocol",
        "sslstatus",
        "text",
        "tls",
        "tls.trust");
    room("sslstatus", "account", "codec", "protocol", "tls");
    room("auth", "account", "option", "pem", "protocol");
    room("tls", "certs", "option", "pem", "pkcs11", "text", "tls.sign", "tls.ticket", "tls.trust");
    room("certs", "option", "text");
    room("tls.sign", "pkcs11");
    room("pkcs11", "option", "pem");
    room("tls.ticket", "option", "pem", "text");
    room("tls.trust", "option", "pem", "text");
    room("account.grammar", "account", "account.host", "account.name", "option", "pem", "text");
    room("account", "account.host", "account.name", "option", "text");
    room("account.name", "account.host", "text");
    room("net", "account.host", "codec", "log", "option", "protocol", "text");
    room("account.host", "text");
    room("pem", "option", "text");
    room("codec", "protocol");
    room("protocol");
    room("log", "option", "text");
    room("option", "text");
    room("text");
  }

  @ArchTest
  static void eachRoomLooksIntoWhatIsListedAndNothingElse(JavaClasses classes) {
    Map<String, Set<String>> used = new TreeMap<>();
    for (JavaClass from : classes) {
      Set<String> rooms = used.computeIfAbsent(room(from), room -> new TreeSet<>());
      from.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getBaseComponentType())
          .filter(target -> target.getPackageName().startsWith(ROOT))
          .map(PackagesTest::room)
          .filter(room -> !room.equals(room(from)))
          .forEach(rooms::add);
    }
    used.remove("");
    assertEquals(text(new TreeMap<>(ROOMS)), text(used));
  }

  @ArchTest
  static void dependenciesRunDownwards(JavaClasses classes) {
    List<String> above = new ArrayList<>();
    ROOMS.forEach(
        (room, below) -> {
          above.add(room);
          assertTrue(
              above.stream().noneMatch(below::contains),
              room + " looks up, into one of " + above + ": " + below);
        });
  }

  private static String text(Map<String, Set<String>> rooms) {
    StringBuilder text = new StringBuilder();
    rooms.forEach(
        (room, below) ->
            text.append(room).append(" -> ").append(new TreeSet<>(below)).append('\n'));
    return text.toString();
  }

  private static String room(JavaClass of) {
    String name = of.getPackageName();
    return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
  }

  @ArchTest
  static final ArchRule THE_RULES_ARE_PLAIN_JAVA =
      ArchRuleDefinition.noClasses()
          .that()
          .resideInAnyPackage("..account..", "..option..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.netty..", "ch.qos..");

  @ArchTest
  static final ArchRule THE_PACKETS_LOG_NOTHING_AND_KNOW_NO_CHANNEL =
      ArchRuleDefinition.noClasses()
          .that()
          .resideInAPackage("..protocol..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.netty.channel..", "io.netty.handler..", "org.slf4j..");

  @ArchTest
  static final ArchRule TLS_KNOWS_NOTHING_OF_MYSQL =
      ArchRuleDefinition.noClasses()
          .that()
          .resideInAPackage("..tls..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..protocol..", "..codec..", "..connection..");
}
