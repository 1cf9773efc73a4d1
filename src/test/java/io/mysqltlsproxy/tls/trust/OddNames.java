package io.mysqltlsproxy.tls.trust;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERGeneralString;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DERNumericString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERT61String;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.DERUniversalString;
import org.bouncycastle.asn1.DERVisibleString;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;

/** Names in all writings: of issuers, and held to constraints. */
final class OddNames {
  private OddNames() {}

  static Stream<OddCase> all() {
    return Stream.of(writings(), parts(), constraints()).flatMap(each -> each);
  }

  private static Map<String, ASN1Encodable> texts() {
    Map<String, ASN1Encodable> texts = new LinkedHashMap<>();
    texts.put("UTF8String", new DERUTF8String("Ro ot"));
    texts.put("PrintableString", new DERPrintableString("Ro ot"));
    texts.put("IA5String", new DERIA5String("Ro ot"));
    texts.put("VisibleString", new DERVisibleString("Ro ot"));
    texts.put("T61String", new DERT61String("Ro ot"));
    texts.put("BMPString", new DERBMPString("Ro ot"));
    texts.put("UniversalString", new DERUniversalString("Ro ot".getBytes(utf32())));
    texts.put("GeneralString", new DERGeneralString("Ro ot"));
    texts.put("NumericString", new DERNumericString("1 2"));
    texts.put("OctetString", new DEROctetString("Ro ot".getBytes(StandardCharsets.US_ASCII)));
    texts.put("BitString", new DERBitString(new byte[] {1}));
    texts.put("Integer", new ASN1Integer(5));
    texts.put("upper case", new DERUTF8String("RO OT"));
    texts.put("spaces", new DERUTF8String("  Ro   ot "));
    texts.put("other spaces", new DERUTF8String("\tRo\u000b\r\not\f"));
    texts.put("a no-break space", new DERUTF8String("Ro\u00a0ot"));
    texts.put("no space", new DERUTF8String("Root"));
    texts.put("empty", new DERUTF8String(""));
    texts.put("a space only", new DERUTF8String(" "));
    texts.put("NUL", new DERUTF8String("Ro ot\0"));
    texts.put("umlaut in UTF-8", new DERUTF8String("R\u00f6 ot"));
    texts.put("umlaut in T61", new DERT61String("R\u00f6 ot"));
    texts.put("umlaut in BMP", new DERBMPString("R\u00f6 ot"));
    texts.put("great umlaut", new DERUTF8String("R\u00d6 ot"));
    texts.put("decomposed umlaut", new DERUTF8String("Ro\u0308 ot"));
    texts.put("Kelvin sign", new DERUTF8String("Ro \u212a"));
    texts.put("beyond the BMP", new DERUTF8String("\ud83d\ude00"));
    texts.put(
        "beyond the BMP in UniversalString",
        new DERUniversalString(new byte[] {0, 1, (byte) 0xf6, 0}));
    texts.put("surrogates in BMP", new DERBMPString("\ud83d\ude00"));
    return texts;
  }

  private static java.nio.charset.Charset utf32() {
    return java.nio.charset.Charset.forName("UTF-32BE");
  }

  /** Every writing of the authority's name beside the usual one, both ways and with itself. */
  private static Stream<OddCase> writings() {
    List<OddCase> cases = new ArrayList<>();
    X500Name usual = OddCrls.name(new DERUTF8String("Ro ot"));
    texts()
        .forEach(
            (writing, value) -> {
              X500Name odd = OddCrls.name(value);
              cases.add(issued(writing + " by the usual", odd, usual));
              cases.add(issued("the usual by " + writing, usual, odd));
              cases.add(issued(writing + " by itself", odd, odd));
            });
    texts()
        .forEach(
            (writing, value) -> {
              PkiCertificate root = NativeSituation.root();
              PkiCertificate own =
                  new PkiCertificate(OddCrls.name(value), PkiKeys.of(PkiKeys.Kind.P256, 1), 5001)
                      .signedAsUsual()
                      .by(root);
              cases.add(OddCase.of("a client called " + writing, List.of(own), List.of(root)));
            });
    return cases.stream();
  }

  private static OddCase issued(String name, X500Name root, X500Name issuer) {
    PkiCertificate authority =
        new PkiCertificate(root, PkiKeys.of(PkiKeys.Kind.P256, 0), 5000)
            .signedAsUsual()
            .authority();
    PkiCertificate own = NativeSituation.laura().by(authority).shownIssuer(issuer);
    return OddCase.of("issued: " + name, List.of(own), List.of(authority));
  }

  private static AttributeTypeAndValue part(ASN1ObjectIdentifier type, String value) {
    return new AttributeTypeAndValue(type, new DERUTF8String(value));
  }

  private static X500Name named(RDN... parts) {
    return new X500Name(parts);
  }

  /** Several values of one part, in either order; several parts, in another. */
  private static Stream<OddCase> parts() {
    AttributeTypeAndValue cn = part(BCStyle.CN, "Root");
    AttributeTypeAndValue ou = part(BCStyle.OU, "Unit");
    X500Name together = named(new RDN(new AttributeTypeAndValue[] {cn, ou}));
    X500Name apart = named(new RDN(cn), new RDN(ou));
    X500Name turned = named(new RDN(ou), new RDN(cn));
    X500Name upper = named(new RDN(new AttributeTypeAndValue[] {part(BCStyle.CN, "ROOT"), ou}));
    X500Name unknown =
        named(new RDN(part(new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.9"), "Root")));
    X500Name unknownUpper =
        named(new RDN(part(new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.9"), "ROOT")));
    X500Name none = named();
    return Stream.of(
        issued("two values of a part", together, together),
        issued("two values of a part, one in upper case", together, upper),
        issued("two values and two parts", together, apart),
        issued("two parts and two values", apart, together),
        issued("two parts in another order", apart, turned),
        issued("an unknown type", unknown, unknown),
        issued("an unknown type in upper case", unknown, unknownUpper),
        issued("no name", none, none));
  }

  private static Stream<OddCase> constraints() {
    List<OddCase> cases = new ArrayList<>();
    String[][] hosts = {
      {"example.com", "example.com"},
      {"EXAMPLE.com", "a.example.COM"},
      {"example.com", "aexample.com"},
      {".example.com", "example.com"},
      {".example.com", "a.b.example.com"},
      {"example.com", "*.example.com"},
      {"example.com", "example.com."},
      {"example.com.", "example.com"},
      {"", "anything"},
      {".", "anything"},
      {"*.example.com", "a.example.com"},
      {"example.com", ""},
      {"xn--bcher-kva.example", "xn--BCHER-kva.example"},
      {"example.com", "a\0.example.com"},
    };
    for (String[] each : hosts) {
      held(cases, GeneralName.dNSName, each[0], each[1]);
    }
    String[][] addresses = {
      {"example.com", "laura@example.com"},
      {"example.com", "laura@EXAMPLE.com"},
      {"laura@example.com", "Laura@example.com"},
      {"laura@EXAMPLE.com", "laura@example.com"},
      {".example.com", "laura@a.example.com"},
      {".example.com", "laura@example.com"},
      {"example.com", "laura@a.example.com"},
      {"example.com", "\"a@b\"@example.com"},
      {"example.com", "laura"},
      {"@example.com", "laura@example.com"},
      {"", "laura@example.com"},
      {"example.com", "@example.com"},
    };
    for (String[] each : addresses) {
      held(cases, GeneralName.rfc822Name, each[0], each[1]);
    }
    String[][] uris = {
      {"example.com", "https://example.com"},
      {"example.com", "https://example.com/"},
      {"example.com", "https://EXAMPLE.com:443/x"},
      {"example.com", "https://user@example.com/"},
      {"example.com", "https://example.com?x=/"},
      {"example.com", "https://example.com#x"},
      {".example.com", "https://a.example.com/"},
      {".example.com", "https://example.com/"},
      {"example.com", "mailto:laura@example.com"},
      {"example.com", "//example.com/"},
      {"", "https://example.com/"},
      {"::1", "https://[::1]/"},
    };
    for (String[] each : uris) {
      held(cases, GeneralName.uniformResourceIdentifier, each[0], each[1]);
    }
    addressesOfHosts(cases);
    directories(cases);
    others(cases);
    return cases.stream();
  }

  private static void addressesOfHosts(List<OddCase> cases) {
    byte[][][] networks = {
      {{10, 0, 0, 0, -1, 0, 0, 0}, {10, 1, 2, 3}},
      {{10, 0, 0, 0, -1, 0, 0, 0}, {11, 1, 2, 3}},
      {{10, 9, 9, 9, -1, 0, 0, 0}, {10, 1, 2, 3}},
      {{10, 0, 0, 3, -1, 0, 0, -1}, {10, 1, 2, 3}},
      {{0, 0, 0, 0, 0, 0, 0, 0}, {10, 1, 2, 3}},
      {{10, 0, 0, 0}, {10, 0, 0, 0}},
      {new byte[32], new byte[16]},
      {new byte[32], {10, 1, 2, 3}},
      {new byte[8], new byte[16]},
      {{10, 0, 0, 0, -1, 0, 0, 0}, {}},
      {{}, {10, 1, 2, 3}},
    };
    for (byte[][] each : networks) {
      GeneralName base = new GeneralName(GeneralName.iPAddress, new DEROctetString(each[0]));
      GeneralName name = new GeneralName(GeneralName.iPAddress, new DEROctetString(each[1]));
      held(cases, base, name);
    }
  }

  private static void directories(List<OddCase> cases) {
    String[][] names = {
      {"O=Clients", "O=Clients,CN=x"},
      {"O=Clients", "O=CLIENTS,CN=x"},
      {"O=Clients", "CN=x,O=Clients"},
      {"O=Clients,CN=x", "O=Clients"},
      {"", "O=Clients"},
      {"O=Client", "O=Clients"},
      {"O=Clients", "O=Clients+CN=x"},
    };
    for (String[] each : names) {
      GeneralName base = new GeneralName(new X500Name(each[0]));
      held(cases, base, new GeneralName(new X500Name(each[1])));
      for (boolean permit : new boolean[] {true, false}) {
        PkiCertificate root = limited(base, permit);
        PkiCertificate own = NativeSituation.certificate(each[1], 1).by(root);
        cases.add(
            OddCase.of(
                (permit ? "permitted " : "excluded ") + base + ", subject " + each[1],
                List.of(own),
                List.of(root)));
      }
    }
  }

  private static void others(List<OddCase> cases) {
    var upn = new ASN1ObjectIdentifier("1.3.6.1.4.1.311.20.2.3");
    GeneralName other =
        new GeneralName(
            GeneralName.otherName,
            new org.bouncycastle.asn1.x509.OtherName(upn, new DERUTF8String("laura@example.com")));
    GeneralName registered = new GeneralName(GeneralName.registeredID, "1.2.3.4");
    GeneralName host = new GeneralName(GeneralName.dNSName, "example.com");
    held(cases, other, other);
    held(cases, registered, registered);
    held(cases, other, registered);
    held(cases, host, other);
    held(cases, host, registered);
    held(cases, registered, host);
    GeneralName edi =
        new GeneralName(
            GeneralName.ediPartyName,
            new org.bouncycastle.asn1.DERSequence(
                new DERTaggedObject(true, 1, new DERUTF8String("x"))));
    held(cases, host, edi);
    held(cases, edi, edi);
  }

  private static void held(List<OddCase> cases, int kind, String base, String name) {
    held(cases, new GeneralName(kind, base), new GeneralName(kind, name));
  }

  private static PkiCertificate limited(GeneralName base, boolean permit) {
    GeneralSubtree[] trees = {new GeneralSubtree(base)};
    GeneralSubtree[] none = {};
    return NativeSituation.root().limiting(permit ? trees : none, permit ? none : trees);
  }

  private static void held(List<OddCase> cases, GeneralName base, GeneralName name) {
    for (boolean permit : new boolean[] {true, false}) {
      PkiCertificate root = limited(base, permit);
      PkiCertificate own = NativeSituation.laura().by(root).alternativeNames(false, name);
      cases.add(
          OddCase.of(
              (permit ? "permitted " : "excluded ") + base + ", name " + name,
              List.of(own),
              List.of(root)));
    }
  }
}
