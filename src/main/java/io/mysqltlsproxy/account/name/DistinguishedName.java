package io.mysqltlsproxy.account.name;

import io.mysqltlsproxy.text.InvalidNotationException;
import io.mysqltlsproxy.text.Printable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;

/**
 * A name of a certificate, decoded: parts whose order does not matter, each one type and value or,
 * where it is multi-valued, several.
 *
 * <p>Types are compared by their OIDs and values by their Unicode characters, whatever ASN.1 string
 * held them. Nothing is folded: case, blanks and normalization count.
 *
 * @param parts sorted
 */
public record DistinguishedName(List<Part> parts) {

  /** One type and value; the type an OID. */
  public record Attribute(String type, String value) implements Comparable<Attribute> {
    private static final Comparator<Attribute> ORDER =
        Comparator.comparing(Attribute::type).thenComparing(Attribute::value);

    @Override
    public int compareTo(Attribute other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * A RelativeDistinguishedName.
   *
   * @param attributes sorted, at least one
   */
  public record Part(List<Attribute> attributes) implements Comparable<Part> {
    public Part {
      attributes = attributes.stream().sorted().toList();
    }

    private String types() {
      return attributes.stream()
          .map(attribute -> AttributeTypes.shown(attribute.type()))
          .collect(Collectors.joining("+"));
    }

    private String values() {
      return attributes.stream()
          .map(attribute -> Printable.quoted(attribute.value()))
          .collect(Collectors.joining("+"));
    }

    @Override
    public int compareTo(Part other) {
      int shared = Math.min(attributes.size(), other.attributes.size());
      for (int i = 0; i < shared; i++) {
        int order = attributes.get(i).compareTo(other.attributes.get(i));
        if (order != 0) {
          return order;
        }
      }
      return Integer.compare(attributes.size(), other.attributes.size());
    }
  }

  private static final int MAX_LENGTH = 4096;
  private static final int MAX_SHOWN = 4;

  public DistinguishedName {
    parts = parts.stream().sorted().toList();
  }

  /**
   * A certificate's name.
   *
   * @throws InvalidNotationException where it cannot be read
   */
  public static DistinguishedName of(X500Principal name) throws InvalidNotationException {
    return EncodedName.decode(name.getEncoded());
  }

  /** Reads {@code /C=US/CN=laura} or {@code CN=laura,C=US}. */
  public static DistinguishedName parse(String text) throws InvalidNotationException {
    if (text.isEmpty()) {
      throw new InvalidNotationException(
          "is empty, which no certificate's name is", "write the name, or leave the condition out");
    }
    if (text.length() > MAX_LENGTH) {
      throw new InvalidNotationException(
          "is too long", "write at most " + MAX_LENGTH + " characters");
    }
    return new DistinguishedName(
        text.startsWith("/") ? new OneLineName(text).parts() : new Rfc4514Name(text).parts());
  }

  /** What differs in a certificate's name, where this name is what a rule wants. */
  public Optional<String> difference(X500Principal actual) {
    try {
      return difference(of(actual));
    } catch (InvalidNotationException e) {
      return Optional.of("it " + e.reason());
    }
  }

  /** What differs, where this name is what a rule wants; empty where nothing does. */
  public Optional<String> difference(DistinguishedName actual) {
    List<Part> missing = new ArrayList<>(parts);
    List<Part> extra = new ArrayList<>();
    for (Part part : actual.parts) {
      if (!missing.remove(part)) {
        extra.add(part);
      }
    }
    List<String> differences = new ArrayList<>();
    for (Part wanted : missing) {
      differences.add(
          take(extra, wanted.types())
                  .map(found -> wanted.types() + " is " + found.values())
                  .orElse("there is no " + wanted.types())
              + ", the rule wants "
              + wanted.values());
    }
    for (Part found : extra) {
      differences.add("%s is %s, the rule wants none".formatted(found.types(), found.values()));
    }
    return differences.isEmpty() ? Optional.empty() : Optional.of(shown(differences));
  }

  private static Optional<Part> take(List<Part> from, String types) {
    Optional<Part> found = from.stream().filter(part -> part.types().equals(types)).findFirst();
    found.ifPresent(from::remove);
    return found;
  }

  private static String shown(List<String> differences) {
    int more = differences.size() - MAX_SHOWN;
    return differences.stream().limit(MAX_SHOWN).collect(Collectors.joining(", and "))
        + (more > 0 ? ", and " + more + " more" : "");
  }
}
