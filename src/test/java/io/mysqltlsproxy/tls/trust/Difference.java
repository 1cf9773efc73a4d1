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
  MALFORMED(
      "damaged extensions, one that comes twice, or any below version 3, in any certificate") {
    @Override
    boolean explains(PkiCase pki, Verdict openSsl, Judgement own, OpenSslOracle oracle) {
      return !own.good() && own.path().isEmpty();
    }
  },
  /** A DSA key, the client's own or an authority's. */
  DSA("DSA: its own key, or an authority's") {
    @Override
    boolean explains(PkiCase pki, Verdict openSsl, Judgement own, OpenSslOracle oracle) {
      return own.message().contains("a key of the kind DSA is not taken")
          || isTheSame(own, oracle.ask(pki.sent(), orNobody(withoutDsa(pki.trusted())), pki.crls()))
          || (!own.good()
              && openSsl.good()
              && !oracle
                  .ask(withoutDsa(pki.sent()), orNobody(withoutDsa(pki.trusted())), pki.crls())
                  .good());
    }
  },
  LONG_EXPONENT("RSA exponent of more than 33 bits") {
    @Override
    boolean explains(PkiCase pki, Verdict openSsl, Judgement own, OpenSslOracle oracle) {
      return own.message().contains("the exponent of its RSA key is longer");
    }
  },
  CURVE("EC curves other than P-224, P-256, P-384, P-521, secp256k1 and brainpool r1") {
    @Override
    boolean explains(PkiCase pki, Verdict openSsl, Judgement own, OpenSslOracle oracle) {
      return own.message().contains("the curve of its EC key is given by parameters")
          || own.message().contains("is not taken: use P-256, P-384 or P-521");
    }
  },
  MAILBOX(
      "IP address or AS ranges (RFC 3779); internationalized e-mail addresses under a constraint") {
    @Override
    boolean explains(PkiCase pki, Verdict openSsl, Judgement own, OpenSslOracle oracle) {
      return own.message().contains("an alternative name of a kind cannot be held");
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
      return (own.usedCrls().size() < pki.crls().size()
              && saysTheSame(pki, own, own.usedCrls(), oracle))
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
    List<byte[]> anew = new ArrayList<>();
    PkiCertificate above = null;
    int trusted = 0; // from the end, without a gap
    for (int i = own.path().size() - 1; i >= 0; i--) {
      byte[] der = own.path().get(i).der();
      PkiCertificate original =
          pki.all().stream()
              .filter(each -> Arrays.equals(each.der(), der))
              .findFirst()
              .orElseThrow();
      if (i > 0 && trusted == anew.size() && contains(pki.trusted(), der)) {
        trusted++;
      }
      above = original.below(above);
      anew.add(0, above.der());
    }
    int first = anew.size() - trusted;
    return isTheSame(
        own, oracle.ask(anew.subList(0, first), orNobody(anew.subList(first, anew.size())), crls));
  }

  private static boolean contains(List<byte[]> all, byte[] der) {
    return all.stream().anyMatch(each -> Arrays.equals(each, der));
  }

  /**
   * The same where those of one name have a CRL each: every certificate with its issuer and the
   * list by which the proxy judged it, and nothing else.
   */
  private static boolean saysTheSameLinkByLink(Judgement own, OpenSslOracle oracle) {
    List<PathCertificate> path = own.path();
    for (int i = 0; i < own.crls().size(); i++) {
      List<byte[]> crl = own.crls().get(i).stream().toList();
      List<byte[]> above =
          path.subList(Math.min(i + 1, path.size() - 1), path.size()).stream()
              .map(PathCertificate::der)
              .toList();
      List<byte[]> one = List.of(path.get(i).der());
      Verdict verdict = oracle.askOfOneLink(one, above.subList(0, 1), crl);
      if (!verdict.good() && above.size() > 1) { // it may be the list of a namesake further up
        List<byte[]> sent = new ArrayList<>(one);
        sent.addAll(above.subList(0, above.size() - 1));
        Verdict whole =
            oracle.askOfOneLink(sent, above.subList(above.size() - 1, above.size()), crl);
        verdict = whole.good() ? whole : verdict;
      }
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

  /** Without the authorities among them that have such a key. */
  private static List<byte[]> withoutDsa(List<byte[]> all) {
    return all.stream()
        .filter(der -> TestCertificates.read(der).key().kind() != SubjectKey.Kind.DSA)
        .toList();
  }

  private static List<byte[]> among(List<byte[]> all, List<PathCertificate> path) {
    return all.stream().filter(der -> path.contains(TestCertificates.read(der))).toList();
  }

  /** OpenSSL wants some file. */
  private static List<byte[]> orNobody(List<byte[]> trusted) {
    return trusted.isEmpty() ? List.of(NOBODY) : trusted;
  }
}
