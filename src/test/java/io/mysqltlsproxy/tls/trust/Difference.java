package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.tls.trust.OpenSslOracle.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Where the proxy judges otherwise than OpenSSL, on purpose: as the documents have it. None of
 * these is believed by its looks. Most differences come of OpenSSL looking at another path or
 * another CRL where several would do: then it is shown only those of the proxy's, and has to say
 * the same.
 */
enum Difference {
  /** A DSA key, the client's own or an authority's. */
  DSA("DSA: its own key, or an authority's") {
    @Override
    boolean explains(PkiCase pki, Verdict openSsl, Judgement own, OpenSslOracle oracle) {
      return !own.good()
          && own.path().stream().anyMatch(each -> each.key().kind() == SubjectKey.Kind.DSA);
    }
  },
  LONG_EXPONENT("RSA exponent of more than 33 bits") {
    @Override
    boolean explains(PkiCase pki, Verdict openSsl, Judgement own, OpenSslOracle oracle) {
      return own.message().contains("the exponent of its RSA key is longer");
    }
  },
  MAILBOX(
      "IP address or AS ranges (RFC 3779); internationalized e-mail addresses under a constraint") {
    @Override
    boolean explains(PkiCase pki, Verdict openSsl, Judgement own, OpenSslOracle oracle) {
      return own.message().contains("an alternative name of a kind cannot be held");
    }
  },
  MALFORMED(
      "damaged extensions, one that comes twice, or any below version 3, also where not needed") {
    @Override
    boolean explains(PkiCase pki, Verdict openSsl, Judgement own, OpenSslOracle oracle) {
      return !own.good() && own.path().isEmpty();
    }
  },
  /** OpenSSL sees one path only; any of them will do for the proxy. */
  ANOTHER_PATH("several authorities of one name or key") {
    @Override
    boolean explains(PkiCase pki, Verdict openSsl, Judgement own, OpenSslOracle oracle) {
      return own.good() && saysTheSame(pki, own, pki.crls(), oracle);
    }
  },
  /** Both refuse it, but look at another path, and so see another fault: the alert differs. */
  ANOTHER_FAULT("refused by both, with several faults") {
    @Override
    boolean explains(PkiCase pki, Verdict openSsl, Judgement own, OpenSslOracle oracle) {
      return !own.good() && !openSsl.good() && saysTheSame(pki, own, pki.crls(), oracle);
    }
  },
  /** Of two authorities of one name each has a CRL: OpenSSL may take the wrong one. */
  CRL_OF_A_NAMESAKE("several authorities of one name, each with a CRL") {
    @Override
    boolean explains(PkiCase pki, Verdict openSsl, Judgement own, OpenSslOracle oracle) {
      return own.usedCrls().size() < pki.crls().size()
              && saysTheSame(pki, own, own.usedCrls(), oracle)
          || saysTheSameLinkByLink(own, oracle);
    }
  },
  /** CRLs are asked about what is proved; OpenSSL asks first. */
  CRL_BEFORE_SIGNATURE("not signed by its issuer, with CRLs given") {
    @Override
    boolean explains(PkiCase pki, Verdict openSsl, Judgement own, OpenSslOracle oracle) {
      return !own.good()
          && !openSsl.good()
          && !pki.crls().isEmpty()
          && saysTheSame(pki, own, List.of(), oracle);
    }
  };

  /** Errors by which OpenSSL says that a certificate is not another's issuer. */
  private static final Set<Integer> UNKNOWN_ISSUER = Set.of(2, 18, 19, 20, 21);

  private static final byte[] NOBODY =
      new PkiCertificate("CN=Nobody", PkiKeys.of(PkiKeys.Kind.P256, 0), 1).authority().der();

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

  /** Whether OpenSSL, that sees the proxy's path and no other, says what the proxy says. */
  private static boolean saysTheSame(
      PkiCase pki, Judgement own, List<byte[]> crls, OpenSslOracle oracle) {
    return (saysTheSame(pki, own, own.path(), crls, oracle)
            || saysTheSameOfTwins(pki, own, crls, oracle))
        && (own.complete() || leadsNoFurther(pki, own, crls, oracle));
  }

  /** It may take as trusted as many of the path, from its end, as are trusted. */
  private static boolean saysTheSame(
      PkiCase pki,
      Judgement own,
      List<PathCertificate> path,
      List<byte[]> crls,
      OpenSslOracle oracle) {
    List<byte[]> sent = among(pki.sent(), path);
    return IntStream.rangeClosed(0, path.size())
        .mapToObj(trusted -> path.subList(path.size() - trusted, path.size()))
        .map(trusted -> oracle.ask(sent, orNobody(among(pki.trusted(), trusted)), crls))
        .anyMatch(verdict -> isTheSame(own, verdict));
  }

  /**
   * The same where certificates of the path have one name: OpenSSL takes whichever comes first, and
   * there is no order in which it would take this path. So each is made anew to name its issuer.
   */
  private static boolean saysTheSameOfTwins(
      PkiCase pki, Judgement own, List<byte[]> crls, OpenSslOracle oracle) {
    List<byte[]> trusted = new ArrayList<>();
    List<byte[]> sent = new ArrayList<>();
    PkiCertificate above = null;
    for (int i = own.path().size() - 1; i >= 0; i--) {
      byte[] der = own.path().get(i).der();
      PkiCertificate original =
          pki.all().stream()
              .filter(each -> Arrays.equals(each.der(), der))
              .findFirst()
              .orElseThrow();
      boolean isTrusted = pki.trusted().stream().anyMatch(each -> Arrays.equals(each, der));
      above = original.below(above);
      (isTrusted && i > 0 ? trusted : sent).add(0, above.der());
    }
    return isTheSame(own, oracle.ask(sent, orNobody(trusted), crls));
  }

  /**
   * The same where those of one name have a CRL each: every certificate with its issuer and the
   * list by which the proxy judged it, and nothing else.
   */
  private static boolean saysTheSameLinkByLink(Judgement own, OpenSslOracle oracle) {
    List<PathCertificate> path = own.path();
    for (int i = 0; i < own.crls().size(); i++) {
      List<byte[]> crl = own.crls().get(i).stream().toList();
      List<byte[]> issuer = List.of(path.get(Math.min(i + 1, path.size() - 1)).der());
      Verdict verdict = oracle.askOfOneLink(List.of(path.get(i).der()), issuer, crl);
      boolean ofDates = verdict.error() == 9 || verdict.error() == 10; // looked at after CRLs
      if (crl.isEmpty() || !(verdict.good() || ofDates)) {
        return !crl.isEmpty() && isTheSame(own, verdict);
      }
    }
    return !own.crls().isEmpty() && own.good();
  }

  private static boolean isTheSame(Judgement own, Verdict verdict) {
    return verdict.good() == own.good() && verdict.alert().equals(OpenSslOracle.alert(own.error()));
  }

  /** Whether no other certificate would have made the path longer, as OpenSSL sees it. */
  private static boolean leadsNoFurther(
      PkiCase pki, Judgement own, List<byte[]> crls, OpenSslOracle oracle) {
    List<byte[]> top = List.of(own.path().get(own.path().size() - 1).der());
    return Stream.concat(pki.sent().stream(), pki.trusted().stream())
        .map(TestCertificates::read)
        .distinct()
        .filter(other -> !own.path().contains(other))
        .filter(
            other ->
                !UNKNOWN_ISSUER.contains(
                    oracle.askOfOneLink(top, List.of(other.der()), List.of()).error()))
        .allMatch(
            other -> {
              List<PathCertificate> more = new ArrayList<>(own.path());
              more.add(other);
              return isTheSame(
                  own,
                  oracle.ask(among(pki.sent(), more), orNobody(among(pki.trusted(), more)), crls));
            });
  }

  private static List<byte[]> among(List<byte[]> all, List<PathCertificate> path) {
    return all.stream().filter(der -> path.contains(TestCertificates.read(der))).toList();
  }

  /** OpenSSL wants some file. */
  private static List<byte[]> orNobody(List<byte[]> trusted) {
    return trusted.isEmpty() ? List.of(NOBODY) : trusted;
  }
}
