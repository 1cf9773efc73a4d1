package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.text.IpText;
import io.mysqltlsproxy.text.Phrases;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * The host that a server's certificate must be for, as MySQL's clients verify it with {@code
 * VERIFY_IDENTITY}: OpenSSL's {@code X509_check_host}, or {@code X509_check_ip} for an address,
 * which no name stands for. The common name counts only where there is no host name among the
 * alternative names.
 *
 * @param host as the option gives it: a name, or an address without brackets
 */
record ServerIdentity(String host) {
  private static final int MAX_NAMES = 5;

  /**
   * Holds a certificate to it.
   *
   * @throws CertificateException where it is for other hosts, which the message names
   */
  void check(PathCertificate certificate) throws CertificateException {
    List<GeneralName> alternatives =
        certificate.hasSoundExtensions() ? certificate.extensions().alternativeNames() : List.of();
    List<String> names = new ArrayList<>();
    List<byte[]> addresses = new ArrayList<>();
    for (GeneralName name : alternatives) {
      if (name.getTagNo() == GeneralName.dNSName && name.getName() instanceof ASN1IA5String text) {
        names.add(text.getString());
      } else if (name.getTagNo() == GeneralName.iPAddress) {
        addresses.add(ASN1OctetString.getInstance(name.getName()).getOctets());
      }
    }
    boolean hasHostName =
        alternatives.stream().anyMatch(name -> name.getTagNo() == GeneralName.dNSName);
    if (!hasHostName) {
      names.addAll(commonNames(certificate));
    }
    if (!isFor(names, addresses)) {
      throw Refusal.HOST_NAME.because(
          certificate + " is for " + shown(names, addresses) + " and not for " + host);
    }
  }

  private boolean isFor(List<String> names, List<byte[]> addresses) {
    Optional<byte[]> address = address();
    return address.isPresent()
        ? addresses.stream().anyMatch(each -> Arrays.equals(each, address.get()))
        : names.stream().anyMatch(name -> new HostNamePattern(name).matches(host));
  }

  private Optional<byte[]> address() {
    return Optional.ofNullable(NetUtil.createByteArrayFromIpAddressString(host));
  }

  private static List<String> commonNames(PathCertificate certificate) {
    List<String> names = new ArrayList<>();
    for (ASN1Encodable value : certificate.subject().values(BCStyle.CN)) {
      String text = DistinguishedName.text(value);
      if (text != null) {
        names.add(text);
      }
    }
    return names;
  }

  private static String shown(List<String> names, List<byte[]> addresses) {
    List<String> all = new ArrayList<>(names.stream().map(CertificateNames::quoted).toList());
    for (byte[] address : addresses) {
      try {
        all.add(IpText.of(InetAddress.getByAddress(address)));
      } catch (UnknownHostException notAnAddress) {
        all.add("a damaged address");
      }
    }
    return all.isEmpty() ? "no host" : Phrases.few(all, MAX_NAMES);
  }
}
