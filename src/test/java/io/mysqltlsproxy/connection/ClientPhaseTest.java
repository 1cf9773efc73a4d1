package io.mysqltlsproxy.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mysqltlsproxy.connection.AuthenticationRelay.LoggedIn;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the types of the phases promise. */
class ClientPhaseTest {
  private static final Path PAGE = Path.of("docs/architecture.md");
  private static final Pattern ARROW = Pattern.compile("(?m)^ +(\\w+) --> (\\w+): (\\w+)$");

  @Test
  void theDiagramShowsTheTransitionsAsTheyAre() throws Exception {
    assertEquals(lines(transitions()), lines(drawn()), PAGE + " differs from ClientPhase");
  }

  @Test
  void noPhaseFollowsTheLast() {
    assertEquals(Set.of(), new TreeSet<>(transitionsOf(ClientPhase.Closed.class)));
  }

  @Test
  void everyPhaseButTheLastCanBeClosed() {
    Set<Class<?>> open = Set.of(ClientPhase.Open.class.getPermittedSubclasses());
    assertEquals(Phase.values().length - 1, open.size());
    for (Class<?> phase : open) {
      assertTrue(transitionsOf(phase).stream().anyMatch(to -> to.contains("--> Closed")));
    }
  }

  @Test
  void noCommandIsRelayedWithoutProofOfALogin() {
    for (Constructor<?> constructor : CommandRelay.class.getDeclaredConstructors()) {
      assertEquals(LoggedIn.class, constructor.getParameterTypes()[0]);
    }
    assertTrue(Modifier.isFinal(LoggedIn.class.getModifiers()));
    for (Constructor<?> constructor : LoggedIn.class.getDeclaredConstructors()) {
      assertTrue(Modifier.isPrivate(constructor.getModifiers()), constructor.toString());
    }
  }

  private static Set<String> drawn() throws Exception {
    Matcher arrows = ARROW.matcher(Files.readString(PAGE));
    return arrows.results().map(arrow -> arrow.group().strip()).collect(Collectors.toSet());
  }

  private static Set<String> transitions() {
    return Stream.of(ClientPhase.Open.class.getPermittedSubclasses())
        .flatMap(phase -> transitionsOf(phase).stream())
        .filter(arrow -> !arrow.contains("--> Closed"))
        .collect(Collectors.toSet());
  }

  /** {@code AwaitingGreeting --> AwaitingSslRequest: greeted}. */
  private static Set<String> transitionsOf(Class<?> phase) {
    return Stream.concat(
            Arrays.stream(phase.getDeclaredMethods()),
            Arrays.stream(phase.getInterfaces())
                .flatMap(of -> Arrays.stream(of.getDeclaredMethods())))
        .filter(method -> !method.isSynthetic())
        .flatMap(
            method ->
                target(method)
                    .map(
                        to ->
                            phase.getSimpleName()
                                + " --> "
                                + to.getSimpleName()
                                + ": "
                                + method.getName())
                    .stream())
        .collect(Collectors.toSet());
  }

  private static Optional<Class<?>> target(Method method) {
    Type type = method.getGenericReturnType();
    if (type instanceof ParameterizedType wrapped) {
      type = wrapped.getActualTypeArguments()[0];
    }
    return type instanceof Class<?> found && ClientPhase.class.isAssignableFrom(found)
        ? Optional.of(found)
        : Optional.empty();
  }

  private static String lines(Set<String> arrows) {
    return String.join("\n", new TreeSet<>(arrows));
  }
}
