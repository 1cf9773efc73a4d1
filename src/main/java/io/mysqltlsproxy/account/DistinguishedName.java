package io.mysqltlsproxy.account;

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
record DistinguishedName(List<Part> parts) {

  /** One type and value; the type an OID. */
  record Attribute(String type, String value) implements Comparable<Attribute> {
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
  record Part(List<Attribute> attributes) implements Comparable<Part> {
    Part {
      attributes = attributes.stream().sorted().toList();
    }

    private String types() {
      return attributes.stream()
          .map(attribute -> AttributeTypes.shown(attribute.type()))
          .collect(Collectors.joining("+"));
    }

    private String values() {
      return attributes.stream()
          .map(attribute -> Shown.quoted(attribute.value()))
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

  private static final int LONGEST = 4096;

  DistinguishedName {
    parts = parts.stream().sorted().toList();
  }

  /** A certificate's name. */
  static DistinguishedName of(X500Principal name) {
    return EncodedName.decode(name.getEncoded());
  }

  /** Reads {@code /C=US/CN=laura} or {@code CN=laura,C=US}. */
  static DistinguishedName parse(String text) throws BadText {
    if (text.isEmpty()) {
      throw new BadText(
          "is empty, which no certificate's name is", "write the name, or leave the condition out");
    }
    if (text.length() > LONGEST) {
      throw new BadText("is too long", "write at most " + LONGEST + " characters");
    }
    return new DistinguishedName(
        text.startsWith("/") ? new OneLineName(text).parts() : new Rfc4514Name(text).parts());
  }

  /** What differs, where this name is what a rule wants; empty where nothing does. */
  Optional<String> difference(DistinguishedName actual) {
    List<Part> missing = new ArrayList<>(parts);
    List<Part> extra = new ArrayList<>();
    for (Part part : actual.parts) {
      if (!missing.remove(part)) {
        extra.add(part);
      }
    }
    for (Part wanted : missing) {
      for (Part found : extra) {
        if (wanted.types().equals(found.types())) {
          return Optional.of(
              "%s is %s, the rule wants %s"
                  .formatted(wanted.types(), found.values(), wanted.values()));
        }
      }
    }
    if (!missing.isEmpty()) {
      Part wanted = missing.get(0);
      return Optional.of(
          "there is no %s, the rule wants %s".formatted(wanted.types(), wanted.values()));
    }
    return extra.stream()
        .findFirst()
        .map(found -> "%s is %s, the rule wants none".formatted(found.types(), found.values()));
  }
}
