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

  /** Of X.520 and of RFC 4524, seldom seen: the last number of the identifier, and the name. */
  private static final String RARE_OF_X520 =
      "14 searchGuide 18 postOfficeBox 19 physicalDeliveryOfficeName 21 telexNumber "
          + "22 teletexTerminalIdentifier 23 facsimileTelephoneNumber 24 x121Address "
          + "25 internationaliSDNNumber 26 registeredAddress 27 destinationIndicator "
          + "28 preferredDeliveryMethod 29 presentationAddress 30 supportedApplicationContext "
          + "31 member 32 owner 33 roleOccupant 34 seeAlso 35 userPassword 36 userCertificate "
          + "37 cACertificate 38 authorityRevocationList 39 certificateRevocationList "
          + "40 crossCertificatePair 47 enhancedSearchGuide 48 protocolInformation "
          + "49 distinguishedName 50 uniqueMember 51 houseIdentifier 52 supportedAlgorithms "
          + "53 deltaRevocationList 54 dmdName 100 dnsName";

  private static final String RARE_OF_COSINE =
      "2 textEncodedORAddress 4 info 5 favouriteDrink 6 roomNumber 7 photo 8 userClass "
          + "9 host 10 manager 11 documentIdentifier 12 documentTitle 13 documentVersion "
          + "14 documentAuthor 15 documentLocation 20 homeTelephoneNumber 21 secretary "
          + "22 otherMailbox 23 lastModifiedTime 24 lastModifiedBy 26 aRecord "
          + "27 pilotAttributeType27 28 mXRecord 29 nSRecord 30 sOARecord 31 cNAMERecord "
          + "37 associatedDomain 38 associatedName 39 homePostalAddress 40 personalTitle "
          + "41 mobileTelephoneNumber 42 pagerTelephoneNumber 43 friendlyCountryName "
          + "45 organizationalStatus 46 janetMailbox 47 mailPreferenceOption 48 buildingName "
          + "49 dSAQuality 50 singleLevelQuality 51 subtreeMinimumQuality "
          + "52 subtreeMaximumQuality 53 personalSignature 54 dITRedirect 55 audio "
          + "56 documentPublisher";

  static {
    addAll("2.5.4.", RARE_OF_X520);
    add("2.5.4.98", "c3", "countryCode3c");
    add("2.5.4.99", "n3", "countryCode3n");
    addAll("0.9.2342.19200300.100.1.", RARE_OF_COSINE);
    add("1.2.643.3.131.1.1", "INN");
    add("1.2.643.100.1", "OGRN");
    add("1.2.643.100.3", "SNILS");
    add("1.2.643.100.5", "OGRNIP");
  }

  private static void addAll(String arc, String numbersAndNames) {
    String[] all = numbersAndNames.split(" ", -1);
    for (int i = 0; i + 1 < all.length; i += 2) {
      add(arc + all[i], all[i + 1]);
    }
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
