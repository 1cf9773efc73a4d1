package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.tls.trust.PkiKeys.Kind;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERUTCTime;
import org.bouncycastle.asn1.x509.Time;

/** Dates, serial numbers, signatures and paths that are seldom seen. */
final class OddCertificates {
  static final PkiCertificate ROOT = NativeSituation.root();

  private static final int UTC_TIME = 0x17;
  private static final int GENERALIZED_TIME = 0x18;

  private OddCertificates() {}

  static Stream<OddCase> all() {
    return Stream.of(dates(), serials(), signatures(), paths()).flatMap(each -> each);
  }

  /** A client of {@link #ROOT}. */
  static PkiCertificate laura() {
    return NativeSituation.laura().by(ROOT);
  }

  /** The client that shows only this certificate, where {@link #ROOT} is trusted. */
  static OddCase alone(String name, PkiCertificate own) {
    return OddCase.of(name, List.of(own), List.of(ROOT));
  }

  /** Of these characters, whatever they are. */
  private static Time time(int tag, String text) {
    byte[] der = new byte[2 + text.length()];
    der[0] = (byte) tag;
    der[1] = (byte) text.length();
    System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, der, 2, text.length());
    try {
      return Time.getInstance(ASN1Primitive.fromByteArray(der));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<OddCase> dates() {
    List<OddCase> cases = new ArrayList<>();
    Time past = new Time(new DERUTCTime("200101000000Z"));
    Time future = new Time(new DERUTCTime("491231235959Z"));
    for (String utc :
        List.of(
            "200101000000Z",
            "2001010000Z",
            "200101000000+0000",
            "200101000000-0100",
            "500101000000Z",
            "490101000000Z",
            "200230000000Z",
            "200101240000Z",
            "200101006000Z",
            "200101000060Z",
            "200101000000",
            "20010100000 Z")) {
      cases.add(alone("from UTCTime " + utc, laura().valid(time(UTC_TIME, utc), future)));
      cases.add(alone("to UTCTime " + utc, laura().valid(past, time(UTC_TIME, utc))));
    }
    for (String text :
        List.of(
            "20200101000000Z",
            "20490101000000Z",
            "20500101000000Z",
            "99991231235959Z",
            "20200101000000.5Z",
            "20200101000000.0Z",
            "202001010000Z",
            "2020010100Z",
            "20200101000000",
            "20200101000000+0000",
            "19000101000000Z",
            "00000101000000Z",
            "20200229000000Z",
            "20210229000000Z",
            "20201301000000Z",
            "20200101235960Z")) {
      Time time = time(GENERALIZED_TIME, text);
      cases.add(alone("from GeneralizedTime " + text, laura().valid(time, future)));
      cases.add(alone("to GeneralizedTime " + text, laura().valid(past, time)));
    }
    return cases.stream();
  }

  private static Stream<OddCase> serials() {
    List<OddCase> cases = new ArrayList<>();
    for (BigInteger serial :
        List.of(
            BigInteger.ZERO,
            BigInteger.ONE.negate(),
            BigInteger.valueOf(-128),
            BigInteger.ONE.shiftLeft(159),
            BigInteger.ONE.shiftLeft(160),
            BigInteger.ONE.shiftLeft(2000))) {
      PkiCertificate own = laura().shownSerial(serial);
      PkiCertificate root = NativeSituation.root().shownSerial(serial);
      PkiCertificate named = NativeSituation.laura().by(root).namingIssuersSerial();
      String of = "serial of " + serial.bitLength() + " bits, " + serial.signum();
      cases.add(alone(of, own));
      cases.add(OddCase.of(of + ", of the root", List.of(named), List.of(root)));
      cases.add(
          OddCase.of(of + ", revoked", List.of(own), List.of(ROOT), new PkiCrl(ROOT).revoke(own)));
      cases.add(
          OddCase.of(
              of + ", its positive twin revoked",
              List.of(own),
              List.of(ROOT),
              new PkiCrl(ROOT).revoke(serial.negate())));
    }
    return cases.stream();
  }

  private static Stream<OddCase> signatures() {
    List<OddCase> cases = new ArrayList<>();
    for (String algorithm :
        List.of(
            "SHA1withECDSA",
            "SHA224withECDSA",
            "SHA256withECDSA",
            "SHA384withECDSA",
            "SHA512withECDSA",
            "SHA3-224withECDSA",
            "SHA3-256withECDSA",
            "SHA3-384withECDSA",
            "SHA3-512withECDSA")) {
      cases.add(alone("signed " + algorithm, laura().signedWith(algorithm)));
    }
    PkiCertificate rsa = NativeSituation.certificate("CN=Root", Kind.RSA2048, 0).authority();
    for (String algorithm :
        List.of(
            "MD5withRSA",
            "SHA1withRSA",
            "SHA224withRSA",
            "SHA256withRSA",
            "SHA384withRSA",
            "SHA512withRSA",
            "SHA3-224withRSA",
            "SHA3-256withRSA",
            "SHA3-384withRSA",
            "SHA3-512withRSA",
            "SHA256withRSAandMGF1")) {
      PkiCertificate own = NativeSituation.laura().by(rsa).signedWith(algorithm);
      cases.add(OddCase.of("signed " + algorithm, List.of(own), List.of(rsa)));
    }
    for (Kind kind : EnumSet.complementOf(EnumSet.of(Kind.DSA, Kind.P192))) {
      PkiCertificate root = NativeSituation.certificate("CN=Root", kind, 0).authority();
      cases.add(
          OddCase.of(
              "by a root of " + kind, List.of(NativeSituation.laura().by(root)), List.of(root)));
    }
    return cases.stream();
  }

  /** Long ones, loops, and key identifiers that lead astray. */
  private static Stream<OddCase> paths() {
    List<OddCase> cases = new ArrayList<>();
    List<PkiCertificate> path = new ArrayList<>();
    PkiCertificate above = ROOT;
    for (int i = 0; i < 8; i++) {
      above = NativeSituation.certificate("CN=Sub" + i, 2 + i).by(above).authority();
      path.add(0, above);
    }
    path.add(0, NativeSituation.laura().by(above));
    cases.add(OddCase.of("eight intermediates", path, List.of(ROOT)));
    List<PkiCertificate> shuffled = new ArrayList<>(path.subList(1, path.size()));
    Collections.reverse(shuffled);
    shuffled.add(0, path.get(0));
    cases.add(OddCase.of("eight intermediates from the top", shuffled, List.of(ROOT)));

    // Each certifies the other: signed by key, as der() would not end otherwise.
    PkiCertificate keyOfB = NativeSituation.certificate("CN=B", 3);
    PkiCertificate loopA = NativeSituation.certificate("CN=A", 2).by(keyOfB).authority();
    PkiCertificate keyOfA = NativeSituation.certificate("CN=A", 2);
    PkiCertificate loopB = NativeSituation.certificate("CN=B", 3).by(keyOfA).authority();
    PkiCertificate own = NativeSituation.laura().by(loopA);
    cases.add(OddCase.of("a loop", List.of(own, loopA, loopB), List.of(ROOT)));
    cases.add(OddCase.of("a trusted loop", List.of(own), List.of(loopA, loopB)));

    PkiCertificate wrongSerial = NativeSituation.certificate("CN=Root", 0);
    cases.add(
        alone(
            "a wrong serial number of the authority",
            NativeSituation.laura().by(wrongSerial).namingIssuersSerial()));
    cases.add(alone("no key identifiers", laura().withoutAuthorityKeyId().withoutSubjectKeyId()));
    cases.add(
        OddCase.of(
            "an authority's identifier of another key",
            List.of(NativeSituation.laura().by(ROOT)),
            List.of(NativeSituation.root().subjectKeyIdOf(PkiKeys.of(Kind.P256, 5)))));
    PkiCertificate flat = NativeSituation.certificate("CN=Root", 0).authority(0);
    PkiCertificate selfIssued = NativeSituation.certificate("CN=Root", 4).by(flat).authority();
    cases.add(
        OddCase.of(
            "a rolled over key below a path length of 0",
            List.of(NativeSituation.laura().by(selfIssued), selfIssued),
            List.of(flat)));
    cases.add(OddCase.of("a client that is the root", List.of(ROOT), List.of(ROOT)));
    PkiCertificate alone = NativeSituation.laura();
    cases.add(OddCase.of("a trusted client of its own", List.of(alone), List.of(alone)));
    return cases.stream();
  }
}
