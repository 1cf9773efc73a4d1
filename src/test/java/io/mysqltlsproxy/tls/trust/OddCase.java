package io.mysqltlsproxy.tls.trust;

import java.util.List;

/**
 * What a client sends, its own certificate first, what is trusted, and CRLs.
 *
 * @param crls none where there are no CRLs
 */
record OddCase(String name, List<byte[]> sent, List<byte[]> trusted, List<byte[]> crls) {
  static OddCase of(
      String name, List<PkiCertificate> sent, List<PkiCertificate> trusted, PkiCrl... crls) {
    return new OddCase(
        name, der(sent), der(trusted), List.of(crls).stream().map(PkiCrl::der).toList());
  }

  private static List<byte[]> der(List<PkiCertificate> all) {
    return all.stream().map(PkiCertificate::der).toList();
  }

  @Override
  public String toString() {
    return name;
  }
}
