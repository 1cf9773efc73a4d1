package io.mysqltlsproxy.account.name;

import io.mysqltlsproxy.text.InvalidNotationException;
import io.mysqltlsproxy.text.Printable;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The types of a distinguished name's parts: OpenSSL's and RFC 4519's spellings and OIDs. */
public final class AttributeTypes {
  private static final Pattern OID = Pattern.compile("[012](\\.(0|[1-9][0-9]{0,15})){1,32}");
  private static final Map<String, String> BY_NAME = new HashMap<>();
  private static final Map<String, String> BY_OID = new HashMap<>();

  private AttributeTypes() {}

  static {
    add("2.5.4.3", "CN", "commonName");
    add("2.5.4.4", "SN", "surname");
    add("2.5.4.5", "serialNumber");
    add("2.5.4.6", "C", "countryName");
    add("2.5.4.7", "L", "localityName");
    add("2.5.4.8", "ST", "stateOrProvinceName");
    add("2.5.4.9", "street", "streetAddress");
    add("2.5.4.10", "O", "organizationName");
    add("2.5.4.11", "OU", "organizationalUnitName");
    add("2.5.4.12", "title", "T");
    add("2.5.4.13", "description");
    add("2.5.4.15", "businessCategory");
    add("2.5.4.16", "postalAddress");
    add("2.5.4.17", "postalCode");
    add("2.5.4.20", "telephoneNumber");
    add("2.5.4.41", "name");
    add("2.5.4.42", "GN", "givenName", "G");
    add("2.5.4.43", "initials");
    add("2.5.4.44", "generationQualifier");
    add("2.5.4.45", "x500UniqueIdentifier");
    add("2.5.4.46", "dnQualifier");
    add("2.5.4.65", "pseudonym");
    add("2.5.4.72", "role");
    add("2.5.4.97", "organizationIdentifier");
    add("0.9.2342.19200300.100.1.1", "UID", "userId");
    add("0.9.2342.19200300.100.1.3", "mail", "rfc822Mailbox");
    add("0.9.2342.19200300.100.1.25", "DC", "domainComponent");
    add("1.2.840.113549.1.9.1", "emailAddress", "E", "Email");
    add("1.2.840.113549.1.9.2", "unstructuredName");
    add("1.2.840.113549.1.9.8", "unstructuredAddress");
    add("1.3.6.1.4.1.311.60.2.1.1", "jurisdictionL", "jurisdictionLocalityName");
    add("1.3.6.1.4.1.311.60.2.1.2", "jurisdictionST", "jurisdictionStateOrProvinceName");
    add("1.3.6.1.4.1.311.60.2.1.3", "jurisdictionC", "jurisdictionCountryName");
  }

  private static void add(String oid, String name, String... others) {
    BY_OID.put(oid, name);
    BY_NAME.put(name.toLowerCase(Locale.ROOT), oid);
    for (String other : others) {
      BY_NAME.put(other.toLowerCase(Locale.ROOT), oid);
    }
  }

  /** The OID of a type, by any of its spellings. */
  static String oid(String type) throws InvalidNotationException {
    String name = type.toLowerCase(Locale.ROOT);
    String oid = BY_NAME.get(name);
    if (oid != null) {
      return oid;
    }
    String digits = name.startsWith("oid.") ? name.substring("oid.".length()) : name;
    if (OID.matcher(digits).matches()) {
      return digits;
    }
    throw new InvalidNotationException(
        Printable.quoted(type) + " is not a type of attribute",
        "write one such as CN or emailAddress, or its OID in digits");
  }

  /** OpenSSL's name of the type, or its OID. */
  static String shown(String oid) {
    return BY_OID.getOrDefault(oid, oid);
  }
}
