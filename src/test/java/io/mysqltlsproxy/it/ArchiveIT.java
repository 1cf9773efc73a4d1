package io.mysqltlsproxy.it;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The archive that {@code mvn package} makes, unpacked as its users unpack it. */
class ArchiveIT {
  /** Where a library's header names the processor. */
  private static final int ELF_MACHINE = 18;

  @Test
  void itsLauncherRunsWithoutTheCloneThatItWasMadeIn(@TempDir Path temporary) throws IOException {
    Path program = unpacked(temporary).resolve("bin").resolve("mysql-tls-proxy");

    Tool.Result certs = run(temporary, program, "certs");
    assertEquals(0, certs.status(), certs::error);
    Tool.Result check =
        run(
            temporary,
            program,
            "run",
            "--ssl-cert=server-cert.pem",
            "--ssl-key=server-key.pem",
            "--print-defaults");
    assertEquals(0, check.status(), check::error);
    assertTrue(check.text().contains("--ssl-cert="), check::text);
  }

  @Test
  void itHoldsTheLicencesOfItsLibraries(@TempDir Path temporary) throws IOException {
    Path home = unpacked(temporary);
    String licences = Files.readString(home.resolve("THIRD-PARTY.txt"));

    try (Stream<Path> libraries = Files.list(home.resolve("lib"))) {
      List<String> unlisted =
          libraries
              .map(jar -> jar.getFileName().toString().replaceFirst("-\\d.*", ""))
              .filter(artifact -> !licences.contains(":" + artifact + ":"))
              .toList();
      assertEquals(List.of(), unlisted);
    }
  }

  @ParameterizedTest
  @CsvSource({"x86_64, 62", "aarch_64, 183"})
  void itHoldsBoringSslAndEpollForLinuxOn(
      String processor, short elfMachine, @TempDir Path temporary) throws IOException {
    Path libraries = unpacked(temporary).resolve("lib");
    List<Path> jars;
    try (Stream<Path> all = Files.list(libraries)) {
      jars =
          all.filter(jar -> jar.getFileName().toString().startsWith("netty-"))
              .filter(jar -> jar.toString().endsWith("-linux-" + processor + ".jar"))
              .toList();
    }

    List<String> natives = new ArrayList<>();
    for (Path jar : jars) {
      try (FileSystem zip = FileSystems.newFileSystem(jar);
          Stream<Path> files = Files.list(zip.getPath("META-INF", "native"))) {
        for (Path file : files.filter(each -> each.toString().endsWith(".so")).toList()) {
          natives.add(file.getFileName().toString());
          ByteBuffer header = ByteBuffer.wrap(Files.readAllBytes(file)).order(LITTLE_ENDIAN);
          assertEquals(elfMachine, header.getShort(ELF_MACHINE), file::toString);
        }
      }
    }
    assertEquals(
        List.of(
            "libnetty_tcnative_linux_" + processor + ".so",
            "libnetty_transport_native_epoll_" + processor + ".so"),
        natives.stream().sorted().toList());
  }

  @Test
  void itHoldsManualPagesAndACompletionThatBashLoads(@TempDir Path temporary) throws IOException {
    Path share = unpacked(temporary).resolve("share");

    assertTrue(Files.exists(share.resolve("man/man1/mysql-tls-proxy-run.1")));
    String load =
        ". bash-completion/completions/mysql-tls-proxy && complete -p mysql-tls-proxy >/dev/null";
    Tool.Result loaded = Tool.run(new ProcessBuilder("bash", "-c", load).directory(share.toFile()));
    assertEquals(0, loaded.status(), loaded::error);
  }

  @Test
  void itHoldsItsOwnLicence(@TempDir Path temporary) throws IOException {
    assertEquals(
        Files.readString(Path.of("LICENSE")),
        Files.readString(unpacked(temporary).resolve("LICENSE")));
  }

  private static Path unpacked(Path directory) throws IOException {
    Path home = Files.createDirectory(directory.resolve("home"));
    Archive.unpack(home);
    return home;
  }

  private static Tool.Result run(Path directory, Path program, String... arguments) {
    ProcessBuilder builder = new ProcessBuilder(program.toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return Tool.run(builder.directory(directory.toFile()));
  }
}
