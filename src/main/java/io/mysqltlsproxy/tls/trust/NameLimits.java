package io.mysqltlsproxy.tls.trust;

import java.security.cert.CertificateException;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.OtherName;

/**
 * The names that an authority may give (<a
 * href="https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.10">RFC 5280, section 4.2.1.10</a>),
 * as OpenSSL understands them: a common name counts as a host's only where there is no host name
 * among the alternative names and it has a dot; a kind of name of which nothing is said is free;
 * and for a kind that is unknown here, every certificate with such a name is refused.
 */
final class NameLimits {
  /** As OpenSSL: that many comparisons at most. */
  private static final int MAX_COMPARISONS = 1 << 20;

  private final PathCertificate certificate;
  private final PathCertificate authority;
  private final GeneralSubtree[] permitted;
  private final GeneralSubtree[] excluded;

  private NameLimits(
      PathCertificate certificate, PathCertificate authority, NameConstraints constraints) {
    this.certificate = certificate;
    this.authority = authority;
    permitted = subtrees(constraints.getPermittedSubtrees());
    excluded = subtrees(constraints.getExcludedSubtrees());
  }

  private static GeneralSubtree[] subtrees(GeneralSubtree[] given) {
    return given == null ? new GeneralSubtree[0] : given;
  }

  /**
   * Holds a certificate to the limits of one of the authorities above it.
   *
   * @param isLeaf whether it is the client's own
   */
  static void check(PathCertificate certificate, PathCertificate authority, boolean isLeaf)
      throws CertificateException {
    NameConstraints constraints = authority.extensions().nameConstraints();
    if (constraints == null) {
      return;
    }
    NameLimits limits = new NameLimits(certificate, authority, constraints);
    try {
      limits.checkAll(isLeaf);
    } catch (IllegalArgumentException damaged) {
      throw limits.unsupported("a name that is damaged");
    }
  }

  private void checkAll(boolean isLeaf) throws CertificateException {
    checkEffort();
    checkSubject();
    for (GeneralName name : certificate.extensions().alternativeNames()) {
      checkName(name);
    }
    if (isLeaf && !hasHostName()) {
      checkCommonNames();
    }
  }

  private void checkEffort() throws CertificateException {
    long names =
        (long) certificate.subject().size() + certificate.extensions().alternativeNames().size();
    if (names * (permitted.length + excluded.length) > MAX_COMPARISONS) {
      throw Refusal.REJECTED.because(
          certificate + " has more names than can be held to the constraints of " + authority);
    }
  }

  private void checkSubject() throws CertificateException {
    if (certificate.subject().isEmpty()) {
      return;
    }
    hold(GeneralName.directoryName, certificate.subject(), "its subject");
    for (ASN1Encodable address : certificate.subject().values(BCStyle.EmailAddress)) {
      if (!(address instanceof ASN1IA5String text)) {
        throw unsupported("an address in its subject");
      }
      hold(GeneralName.rfc822Name, text.getString(), "the address in its subject");
    }
  }

  private void checkName(GeneralName name) throws CertificateException {
    int kind = name.getTagNo();
    switch (kind) {
      case GeneralName.directoryName ->
          hold(kind, DistinguishedName.of(name.getName()), "a directory name");
      case GeneralName.rfc822Name, GeneralName.dNSName, GeneralName.uniformResourceIdentifier -> {
        String text = text(name);
        hold(kind, text, "its alternative name " + CertificateNames.quoted(text));
      }
      case GeneralName.iPAddress ->
          hold(kind, ASN1OctetString.getInstance(name.getName()).getOctets(), "an IP address");
      default -> checkOther(name);
    }
  }

  /** Kinds of which no constraint can be judged: one is refused where there is a constraint. */
  private void checkOther(GeneralName name) throws CertificateException {
    if (limitsOther(name, permitted) || limitsOther(name, excluded)) {
      throw unsupported("an alternative name of a kind");
    }
  }

  private static boolean limitsOther(GeneralName name, GeneralSubtree[] subtrees) {
    for (GeneralSubtree subtree : subtrees) {
      GeneralName base = subtree.getBase();
      if (name.getTagNo() == GeneralName.otherName) {
        var type = OtherName.getInstance(name.getName()).getTypeID();
        boolean mailbox = type.getId().equals("1.3.6.1.5.5.7.8.9");
        if (mailbox
            ? base.getTagNo() == GeneralName.rfc822Name
            : base.getTagNo() == GeneralName.otherName
                && OtherName.getInstance(base.getName()).getTypeID().equals(type)) {
          return true;
        }
      } else if (name.getTagNo() == base.getTagNo()) {
        return true;
      }
    }
    return false;
  }

  private boolean hasHostName() {
    return certificate.extensions().alternativeNames().stream()
        .anyMatch(name -> name.getTagNo() == GeneralName.dNSName);
  }

  private void checkCommonNames() throws CertificateException {
    for (ASN1Encodable value : certificate.subject().values(BCStyle.CN)) {
      String text = DistinguishedName.text(value);
      if (text == null) {
        throw unsupported("a common name");
      }
      while (text.endsWith("\0")) {
        text = text.substring(0, text.length() - 1);
      }
      if (text.indexOf('\0') >= 0) {
        throw unsupported("a common name");
      }
      if (isHost(text)) {
        hold(GeneralName.dNSName, text, "its common name " + CertificateNames.quoted(text));
      }
    }
  }

  /** Whether it looks like a host's name: two labels or more; in OpenSSL with underscores, too. */
  private static boolean isHost(String text) {
    boolean dotted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean inside = i > 0 && i < text.length() - 1;
      if (c == '.'
          && inside
          && isLetterOrDigit(text.charAt(i - 1))
          && isLetterOrDigit(text.charAt(i + 1))) {
        dotted = true;
      } else if (!isLetterOrDigit(c) && !(c == '-' && inside)) {
        return false;
      }
    }
    return dotted;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  /** One name, at least one permitted tree of its kind must have it, and no excluded one. */
  private void hold(int kind, Object name, String what) throws CertificateException {
    boolean limited = false;
    boolean found = false;
    for (GeneralSubtree tree : permitted) {
      if (tree.getBase().getTagNo() == kind) {
        checkBounds(tree);
        limited = true;
        found = found || matches(kind, name, tree.getBase(), what);
      }
    }
    if (limited && !found) {
      throw Refusal.NAME_NOT_PERMITTED.because(
          certificate + ": " + what + " is not among the names that " + authority + " may give");
    }
    for (GeneralSubtree tree : excluded) {
      if (tree.getBase().getTagNo() == kind) {
        checkBounds(tree);
        if (matches(kind, name, tree.getBase(), what)) {
          throw Refusal.NAME_EXCLUDED.because(
              certificate
                  + ": "
                  + what
                  + " is among the names that "
                  + authority
                  + " must not give");
        }
      }
    }
  }

  private void checkBounds(GeneralSubtree tree) throws CertificateException {
    if (tree.getMinimum().signum() != 0 || tree.getMaximum() != null) {
      throw Refusal.NAME_CONSTRAINT.because(
          authority + " has a name constraint with a minimum or a maximum");
    }
  }

  private boolean matches(int kind, Object name, GeneralName base, String what)
      throws CertificateException {
    return switch (kind) {
      case GeneralName.directoryName ->
          DistinguishedName.of(base.getName()).isPrefixOf((DistinguishedName) name);
      case GeneralName.iPAddress ->
          isInNetwork((byte[]) name, ASN1OctetString.getInstance(base.getName()).getOctets(), what);
      case GeneralName.rfc822Name -> isAddressOf((String) name, text(base), what);
      case GeneralName.uniformResourceIdentifier -> isUriOf((String) name, text(base), what);
      default -> isHostOf((String) name, text(base));
    };
  }

  private static boolean isHostOf(String host, String base) {
    if (base.isEmpty()) {
      return true;
    }
    if (!endsWith(host, base)) {
      return false;
    }
    int before = host.length() - base.length() - 1;
    return before < 0 || base.startsWith(".") || host.charAt(before) == '.';
  }

  private boolean isAddressOf(String address, String base, String what)
      throws CertificateException {
    int at = address.lastIndexOf('@');
    if (at < 0) {
      throw unsupported(what);
    }
    int baseAt = base.lastIndexOf('@');
    if (baseAt < 0 && base.startsWith(".")) {
      return address.length() > base.length() && endsWith(address, base);
    }
    if (baseAt > 0) {
      String local = base.substring(0, baseAt);
      if (local.length() != at) {
        return false;
      }
      if (local.indexOf('\0') >= 0 || address.substring(0, at).indexOf('\0') >= 0) {
        throw unsupported(what);
      }
      if (!address.startsWith(local)) {
        return false;
      }
    }
    return sameIgnoringCase(address.substring(at + 1), base.substring(baseAt + 1));
  }

  private boolean isUriOf(String uri, String base, String what) throws CertificateException {
    int colon = uri.indexOf(':');
    if (colon < 0 || !uri.startsWith("//", colon + 1)) {
      throw unsupported(what);
    }
    String rest = uri.substring(colon + 3);
    int end = rest.indexOf(':') >= 0 ? rest.indexOf(':') : rest.indexOf('/');
    String host = end < 0 ? rest : rest.substring(0, end);
    if (host.isEmpty()) {
      throw unsupported(what);
    }
    return base.startsWith(".")
        ? host.length() > base.length() && endsWith(host, base)
        : sameIgnoringCase(host, base);
  }

  private boolean isInNetwork(byte[] address, byte[] network, String what)
      throws CertificateException {
    if ((address.length != 4 && address.length != 16)
        || (network.length != 8 && network.length != 32)) {
      throw unsupported(what);
    }
    if (address.length * 2 != network.length) {
      return false;
    }
    for (int i = 0; i < address.length; i++) {
      if (((address[i] ^ network[i]) & network[address.length + i]) != 0) {
        return false;
      }
    }
    return true;
  }

  private CertificateException unsupported(String what) {
    return Refusal.NAME_SYNTAX.because(
        certificate + ": " + what + " cannot be held to the name constraints of " + authority);
  }

  private static boolean endsWith(String text, String end) {
    return text.length() >= end.length()
        && sameIgnoringCase(text.substring(text.length() - end.length()), end);
  }

  private static boolean sameIgnoringCase(String one, String other) {
    return one.length() == other.length() && lowerCase(one).equals(lowerCase(other));
  }

  /** Of ASCII letters only. */
  private static String lowerCase(String text) {
    StringBuilder lower = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      lower.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
    }
    return lower.toString();
  }

  /** A character for each byte. */
  private static String text(GeneralName base) {
    return ASN1IA5String.getInstance(base.getName()).getString();
  }
}
