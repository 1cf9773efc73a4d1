package io.mysqltlsproxy.tls.trust;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERT61String;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.OtherName;

/** Names of clients, and what authorities may say of them. */
final class PkiNames {
  private static final List<String> COMMON =
      List.of(
          "laura",
          "laura.example.com",
          "Laura Palmer",
          "LAURA.EXAMPLE.COM",
          "other.org",
          "-bad.example.com",
          "under_score.example.com",
          "double..example.com",
          "example.com",
          "trailing.example.com.");
  private static final List<String> HOSTS =
      List.of("example.com", "laura.example.com", "Example.COM", "other.org", "badexample.com");
  private static final List<String> ADDRESSES =
      List.of("laura@example.com", "laura@sub.example.com", "Laura@EXAMPLE.com", "no-at-sign");
  private static final List<String> URIS =
      List.of(
          "spiffe://example.com/laura",
          "https://sub.example.com:80/x",
          "urn:laura",
          "https://other.org",
          "http:///nobody");
  private static final List<String> IPS = List.of("10.0.0.1", "192.168.1.1", "2001:db8::1");

  private static final List<GeneralName> LIMITS = new ArrayList<>();

  static {
    for (String name : List.of("example.com", ".example.com", "", "com", "org")) {
      LIMITS.add(new GeneralName(GeneralName.dNSName, name));
    }
    for (String name : List.of("example.com", ".example.com", "laura@example.com", "@other.org")) {
      LIMITS.add(new GeneralName(GeneralName.rfc822Name, name));
    }
    for (String name : List.of("example.com", ".example.com")) {
      LIMITS.add(new GeneralName(GeneralName.uniformResourceIdentifier, name));
    }
    for (String name : List.of("10.0.0.0/8", "192.168.0.0/16", "2001:db8::/32")) {
      LIMITS.add(new GeneralName(GeneralName.iPAddress, name));
    }
    for (String name : List.of("O=Clients", "O=clients", "O=Pki", "O=Sub", "")) {
      LIMITS.add(new GeneralName(new X500Name(name)));
    }
    LIMITS.add(new GeneralName(GeneralName.registeredID, "1.2.3.4"));
    LIMITS.add(new GeneralName(GeneralName.iPAddress, new DEROctetString(new byte[7])));
    LIMITS.add(new GeneralName(GeneralName.otherName, mailbox("laura@example.com")));
  }

  private final Random random;

  /** RFC 9598. */
  private static ASN1Encodable mailbox(String address) {
    return new OtherName(new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.9"), new DERUTF8String(address));
  }

  PkiNames(Random random) {
    this.random = random;
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  X500Name subject() {
    if (random.nextInt(15) == 0) {
      return new X500Name("");
    }
    X500NameBuilder name = new X500NameBuilder(BCStyle.INSTANCE);
    if (random.nextInt(3) > 0) {
      String organisation = any(List.of("Clients", "CLIENTS", "  clients ", "Others"));
      switch (random.nextInt(3)) {
        case 0 -> name.addRDN(BCStyle.O, new DERPrintableString(organisation));
        case 1 -> name.addRDN(BCStyle.O, new DERBMPString(organisation));
        default -> name.addRDN(BCStyle.O, new DERUTF8String(organisation));
      }
    }
    String common = any(COMMON);
    name.addRDN(
        BCStyle.CN, random.nextInt(5) == 0 ? new DERBMPString(common) : new DERUTF8String(common));
    if (random.nextInt(8) == 0) {
      String address = any(ADDRESSES);
      name.addRDN(
          BCStyle.EmailAddress,
          random.nextInt(3) == 0 ? new DERUTF8String(address) : new DERIA5String(address));
    }
    return name.build();
  }

  /** The same name to OpenSSL, in other kinds of strings, other case, and with other spaces. */
  X500Name rewritten(X500Name name) {
    RDN[] parts = name.getRDNs();
    for (int i = 0; i < parts.length; i++) {
      AttributeTypeAndValue first = parts[i].getFirst();
      String text = DistinguishedName.text(first.getValue());
      if (text != null && !parts[i].isMultiValued()) {
        parts[i] = new RDN(first.getType(), rewritten(text));
      }
    }
    return new X500Name(parts);
  }

  private ASN1Encodable rewritten(String text) {
    return switch (random.nextInt(6)) {
      case 0 -> new DERPrintableString(text);
      case 1 -> new DERT61String(text);
      case 2 -> new DERBMPString(text);
      case 3 -> new DERUTF8String(text.toUpperCase(Locale.ROOT));
      case 4 -> new DERIA5String(" " + text.replace(" ", "  ") + " ");
      default -> new DERUTF8String(text);
    };
  }

  /** Gives a client alternative names. */
  void name(PkiCertificate certificate) {
    List<GeneralName> names = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      names.add(
          switch (random.nextInt(16) == 0 ? 9 : random.nextInt(7)) {
            case 9 ->
                any(
                    List.of(
                        new GeneralName(GeneralName.iPAddress, new DEROctetString(new byte[5])),
                        new GeneralName(GeneralName.otherName, mailbox("laura@example.com"))));
            case 0, 1 -> new GeneralName(GeneralName.dNSName, any(HOSTS));
            case 2 -> new GeneralName(GeneralName.rfc822Name, any(ADDRESSES));
            case 3 -> new GeneralName(GeneralName.uniformResourceIdentifier, any(URIS));
            case 4 -> new GeneralName(GeneralName.iPAddress, any(IPS));
            case 5 -> new GeneralName(new X500Name(any(List.of("O=Clients,CN=x", "O=Others"))));
            default -> new GeneralName(GeneralName.registeredID, any(List.of("1.2.3.4", "1.2.5")));
          });
    }
    certificate.alternativeNames(random.nextInt(4) == 0, names.toArray(GeneralName[]::new));
  }

  /** Limits the names that an authority may give. */
  void limit(PkiCertificate certificate) {
    boolean permits = random.nextInt(3) > 0;
    boolean excludes = !permits || random.nextInt(6) == 0;
    certificate.limiting(trees(permits), trees(excludes));
  }

  private GeneralSubtree[] trees(boolean some) {
    GeneralSubtree[] trees = new GeneralSubtree[some ? 1 + random.nextInt(2) : 0];
    for (int i = 0; i < trees.length; i++) {
      trees[i] =
          random.nextInt(50) == 0
              ? new GeneralSubtree(any(LIMITS), BigInteger.ONE, BigInteger.TEN)
              : new GeneralSubtree(any(LIMITS));
    }
    return trees;
  }
}
