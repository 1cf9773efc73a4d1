package io.mysqltlsproxy;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.Map;

/** Dependencies run one way, downwards. */
@AnalyzeClasses(packagesOf = Main.class, importOptions = DoNotIncludeTests.class)
class PackagesTest {

  private static final String[] EVERYTHING_BELOW = {
    "account", "auth", "codec", "connection", "option", "protocol", "text", "tls"
  };

  /** Each room, and the rooms that it may look into; the command line may look into all. */
  private static final Map<String, String[]> ROOMS =
      Map.ofEntries(
          Map.entry("admin", EVERYTHING_BELOW),
          Map.entry("certs", new String[] {"option"}),
          Map.entry("check", EVERYTHING_BELOW),
          Map.entry("metrics", new String[] {"connection", "reload", "tls"}),
          Map.entry("reload", EVERYTHING_BELOW),
          Map.entry(
              "overhead",
              new String[] {"auth", "certs", "codec", "connection", "option", "protocol", "text"}),
          Map.entry(
              "connection", new String[] {"account", "auth", "codec", "option", "protocol", "tls"}),
          Map.entry("auth", new String[] {"account", "codec", "option", "protocol", "tls"}),
          Map.entry("tls", new String[] {"account", "option"}),
          Map.entry("account", new String[] {"option", "protocol"}),
          Map.entry("codec", new String[] {"option", "protocol"}),
          Map.entry("protocol", new String[] {"option"}),
          Map.entry("text", new String[0]),
          Map.entry("option", new String[0]));

  @ArchTest static final ArchRule DEPENDENCIES_RUN_DOWNWARDS = dependenciesRunDownwards();

  private static ArchRule dependenciesRunDownwards() {
    String commandLine = "command line";
    LayeredArchitecture rooms =
        layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer(commandLine)
            .definedBy("io.mysqltlsproxy");
    for (String room : ROOMS.keySet()) {
      rooms = rooms.layer(room).definedBy("io.mysqltlsproxy." + room);
    }
    rooms = rooms.whereLayer(commandLine).mayNotBeAccessedByAnyLayer();
    for (Map.Entry<String, String[]> room : ROOMS.entrySet()) {
      rooms =
          room.getValue().length == 0
              ? rooms.whereLayer(room.getKey()).mayNotAccessAnyLayer()
              : rooms.whereLayer(room.getKey()).mayOnlyAccessLayers(room.getValue());
    }
    return rooms;
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
