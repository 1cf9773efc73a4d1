package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.tls.trust.OpenSslOracle.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where the proxy judges otherwise than OpenSSL, on purpose: as the documents have it. */
enum Difference {
  /** A DSA key, the client's own or an authority's. */
  DSA("DSA: its own key, or an authority's") {
    @Override
    boolean explains(PkiCase pki, Verdict openSsl, Judgement own, OpenSslOracle oracle) {
      return !own.good() && own.message().contains("a key of the kind DSA is not taken");
    }
  },
  /** OpenSSL sees one path only; any of them will do for the proxy. */
  ANOTHER_PATH("several authorities of one name or key") {
    @Override
    boolean explains(PkiCase pki, Verdict openSsl, Judgement own, OpenSslOracle oracle) {
      CertificatePath path = own.path();
      if (path == null) {
        return false;
      }
      List<PathCertificate> all = path.certificates();
      for (int trusted = 1; trusted <= all.size(); trusted++) {
        List<byte[]> top = filter(pki.trusted(), all.subList(all.size() - trusted, all.size()));
        List<byte[]> sent = filter(pki.sent(), all);
        if (oracle.ask(sent, top, signedBy(path, pki.crls())).good()) {
          return true;
        }
      }
      return hasNamesakes(path) && isGoodLinkByLink(path, oracle);
    }

    /** Of which OpenSSL takes whichever comes first, and no file makes it take the other. */
    private boolean hasNamesakes(CertificatePath path) {
      List<PathCertificate> all = path.certificates();
      return all.stream().map(PathCertificate::subject).distinct().count() < all.size();
    }

    private boolean isGoodLinkByLink(CertificatePath path, OpenSslOracle oracle) {
      for (int i = 0; i < path.size() - 1; i++) {
        List<byte[]> one = List.of(path.get(i).der());
        if (!oracle.askOfOneLink(one, List.of(path.get(i + 1).der())).good()) {
          return false;
        }
      }
      return true;
    }
  },
  /** Of two authorities of one name each has a CRL: OpenSSL may take the wrong one. */
  CRL_OF_A_NAMESAKE("several authorities of one name, each with a CRL") {
    @Override
    boolean explains(PkiCase pki, Verdict openSsl, Judgement own, OpenSslOracle oracle) {
      long names =
          pki.crls().stream().map(der -> TestCertificates.crl(der).issuer()).distinct().count();
      return names < pki.crls().size()
          && (openSsl.error() == 8 || (openSsl.good() && own.error() == 23));
    }
  },
  /** Both refuse it, but look at another path, and so see another fault: the alert differs. */
  ANOTHER_FAULT("refused by both, with several faults") {
    @Override
    boolean explains(PkiCase pki, Verdict openSsl, Judgement own, OpenSslOracle oracle) {
      if (own.good() || openSsl.good()) {
        return false;
      }
      if (openSsl.error() == 22) {
        return true; // it went round in a circle
      }
      String alert = OpenSslOracle.alert(own.error());
      for (PkiCase variant : variants(pki)) {
        Verdict verdict = oracle.ask(variant.sent(), variant.trusted(), variant.crls());
        if (verdict.alert().equals(alert)) {
          return true;
        }
      }
      return hasNamesakes(pki);
    }

    /** Of which OpenSSL takes whichever comes first. */
    private boolean hasNamesakes(PkiCase pki) {
      Set<PathCertificate> all = new HashSet<>();
      pki.trusted().forEach(der -> all.add(TestCertificates.read(der)));
      pki.sent().forEach(der -> all.add(TestCertificates.read(der)));
      return all.stream().map(PathCertificate::subject).distinct().count() < all.size()
          || pki.crls().stream().map(der -> TestCertificates.crl(der).issuer()).distinct().count()
              < pki.crls().size();
    }
  },
  /** CRLs are asked about what is proved; OpenSSL asks first. */
  CRL_BEFORE_SIGNATURE("not signed by its issuer, with CRLs given") {
    @Override
    boolean explains(PkiCase pki, Verdict openSsl, Judgement own, OpenSslOracle oracle) {
      return !own.good() && !openSsl.good() && !pki.crls().isEmpty() && own.error() == 7;
    }
  };

  private final String row;

  Difference(String row) {
    this.row = row;
  }

  /** What the first column of the table in {@code docs/security.md} says. */
  String row() {
    return row;
  }

  abstract boolean explains(PkiCase pki, Verdict openSsl, Judgement own, OpenSslOracle oracle);

  static Optional<Difference> of(
      PkiCase pki, Verdict openSsl, Judgement own, OpenSslOracle oracle) {
    return Arrays.stream(values())
        .filter(each -> each.explains(pki, openSsl, own, oracle))
        .findFirst();
  }

  private static List<byte[]> filter(List<byte[]> all, List<PathCertificate> path) {
    return all.stream().filter(der -> path.contains(TestCertificates.read(der))).toList();
  }

  private static List<byte[]> signedBy(CertificatePath path, List<byte[]> crls) {
    return crls.stream()
        .filter(
            der ->
                path.certificates().stream()
                    .anyMatch(
                        each -> {
                          Crl crl = TestCertificates.crl(der);
                          return crl.issuer().equals(each.subject()) && crl.isSignedBy(each);
                        }))
        .toList();
  }

  /** The same in another order, and without one of the certificates that are not the client's. */
  private static List<PkiCase> variants(PkiCase pki) {
    List<PkiCase> variants = new ArrayList<>();
    List<byte[]> turned = new ArrayList<>(pki.trusted());
    Collections.reverse(turned);
    List<byte[]> turnedSent = new ArrayList<>(pki.sent().subList(1, pki.sent().size()));
    Collections.reverse(turnedSent);
    turnedSent.add(0, pki.sent().get(0));
    variants.add(new PkiCase(0, turnedSent, turned, pki.crls(), ""));
    for (int i = 0; i < pki.trusted().size() && pki.trusted().size() > 1; i++) {
      variants.add(new PkiCase(0, pki.sent(), without(pki.trusted(), i), pki.crls(), ""));
    }
    for (int i = 1; i < pki.sent().size(); i++) {
      variants.add(new PkiCase(0, without(pki.sent(), i), pki.trusted(), pki.crls(), ""));
    }
    for (int i = 0; i < pki.crls().size() && pki.crls().size() > 1; i++) {
      variants.add(new PkiCase(0, pki.sent(), pki.trusted(), without(pki.crls(), i), ""));
    }
    return variants;
  }

  private static List<byte[]> without(List<byte[]> all, int index) {
    List<byte[]> others = new ArrayList<>(all);
    others.remove(index);
    return others;
  }
}
