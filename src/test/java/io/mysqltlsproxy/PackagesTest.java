package io.mysqltlsproxy;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

/** Dependencies run one way, downwards. */
@AnalyzeClasses(packagesOf = Main.class, importOptions = DoNotIncludeTests.class)
class PackagesTest {

  @ArchTest
  static final ArchRule DEPENDENCIES_RUN_DOWNWARDS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("command line")
          .definedBy("io.mysqltlsproxy")
          .layer("certs")
          .definedBy("io.mysqltlsproxy.certs")
          .layer("check")
          .definedBy("io.mysqltlsproxy.check")
          .layer("metrics")
          .definedBy("io.mysqltlsproxy.metrics")
          .layer("admin")
          .definedBy("io.mysqltlsproxy.admin")
          .layer("reload")
          .definedBy("io.mysqltlsproxy.reload")
          .layer("connection")
          .definedBy("io.mysqltlsproxy.connection")
          .layer("auth")
          .definedBy("io.mysqltlsproxy.auth")
          .layer("tls")
          .definedBy("io.mysqltlsproxy.tls")
          .layer("account")
          .definedBy("io.mysqltlsproxy.account")
          .layer("codec")
          .definedBy("io.mysqltlsproxy.codec")
          .layer("protocol")
          .definedBy("io.mysqltlsproxy.protocol")
          .layer("option")
          .definedBy("io.mysqltlsproxy.option")
          .whereLayer("command line")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("certs")
          .mayOnlyBeAccessedByLayers("command line")
          .whereLayer("check")
          .mayOnlyBeAccessedByLayers("command line")
          .whereLayer("metrics")
          .mayOnlyBeAccessedByLayers("command line")
          .whereLayer("admin")
          .mayOnlyBeAccessedByLayers("command line")
          .whereLayer("reload")
          .mayOnlyBeAccessedByLayers("command line")
          .whereLayer("connection")
          .mayOnlyBeAccessedByLayers("command line", "metrics", "admin", "reload")
          .whereLayer("auth")
          .mayOnlyBeAccessedByLayers("command line", "connection")
          .whereLayer("tls")
          .mayOnlyBeAccessedByLayers("command line", "check", "metrics", "connection", "auth")
          .whereLayer("account")
          .mayOnlyBeAccessedByLayers("command line", "check", "admin", "connection", "auth", "tls")
          .whereLayer("codec")
          .mayOnlyBeAccessedByLayers("command line", "check", "connection", "auth")
          .whereLayer("protocol")
          .mayOnlyBeAccessedByLayers(
              "command line", "check", "connection", "auth", "account", "codec")
          .whereLayer("option")
          .mayOnlyBeAccessedByLayers(
              "command line",
              "certs",
              "check",
              "reload",
              "connection",
              "auth",
              "tls",
              "account",
              "codec",
              "protocol");

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
