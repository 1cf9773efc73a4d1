package io.mysqltlsproxy.tls.trust;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * Makes small public key infrastructures at random: roots renewed, rolled over and cross-signed,
 * several authorities of one name, intermediates in the file, sent or both, in any order, and here
 * and there something wrong. The same number makes the same case, but for its keys.
 */
final class PkiGenerator {
  private static final List<String> NAMES = List.of("CN=A,O=Pki", "CN=B,O=Pki", "CN=C,O=Pki");

  private final Random random;
  private final long number;
  private int serials;
  private final List<PkiCertificate> roots = new ArrayList<>();
  private final List<PkiCertificate> authorities = new ArrayList<>();

  private PkiGenerator(long number) {
    this.number = number;
    random = new Random(number * 31 + 7);
  }

  static PkiCase make(long number) {
    return new PkiGenerator(number).make();
  }

  private boolean once(int in) {
    return random.nextInt(in) == 0;
  }

  private long serial() {
    return number * 100 + ++serials;
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private PkiCase make() {
    int count = 1 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      root();
    }
    int below = random.nextInt(4);
    for (int i = 0; i < below; i++) {
      intermediate();
    }
    PkiCertificate own = client();
    List<PkiCertificate> trusted = new ArrayList<>();
    List<PkiCertificate> sent = new ArrayList<>();
    for (PkiCertificate authority : authorities) {
      boolean root = roots.contains(authority);
      int where = random.nextInt(10);
      if (root ? where < 9 : where < 4) {
        trusted.add(authority);
      }
      if (root ? where == 8 : where > 1) {
        sent.add(authority);
      }
    }
    if (once(own.isSelfSigned() ? 2 : 40)) {
      trusted.add(own);
    }
    trusted.removeIf(each -> !each.isReadable()); // or the proxy would not start
    if (trusted.isEmpty()) {
      trusted.add(new PkiCertificate("CN=Nobody", PkiKeys.any(random), serial()).authority());
    }
    Collections.shuffle(trusted, random);
    Collections.shuffle(sent, random);
    sent.add(0, own);
    List<byte[]> crls = once(6) ? new PkiCrls(random, own, authorities).make() : List.of();
    String description =
        "trusted " + lines(trusted) + "\nsent " + lines(sent) + "\nCRLs " + crls.size();
    List<PkiCertificate> all = new ArrayList<>(trusted);
    all.addAll(sent);
    return new PkiCase(number, own.key.pair(), all, der(sent), der(trusted), crls, description);
  }

  private static List<byte[]> der(List<PkiCertificate> all) {
    return all.stream().map(PkiCertificate::der).toList();
  }

  private static String lines(List<PkiCertificate> all) {
    return all.stream()
        .map(PkiCertificate::toString)
        .collect(Collectors.joining("\n  ", "\n  ", ""));
  }

  /** New, or an earlier one renewed with its key, or rolled over to another key. */
  private void root() {
    PkiCertificate root;
    if (!roots.isEmpty() && once(2)) {
      PkiCertificate old = any(roots);
      root = new PkiCertificate(old.subject, once(2) ? old.key : PkiKeys.any(random), serial());
    } else {
      root = new PkiCertificate(any(NAMES), PkiKeys.any(random), serial());
    }
    if (!roots.isEmpty() && once(4)) {
      by(root, any(roots));
    }
    authority(root, 6);
    roots.add(root);
    authorities.add(root);
  }

  private PkiCertificate by(PkiCertificate certificate, PkiCertificate issuer) {
    certificate.by(issuer);
    return once(15)
        ? certificate.shownIssuer(new PkiNames(random).rewritten(issuer.subject))
        : certificate;
  }

  private void intermediate() {
    PkiCertificate issuer = any(authorities);
    PkiCertificate made;
    if (authorities.size() > 1 && once(4)) {
      PkiCertificate old = any(authorities);
      made = new PkiCertificate(old.subject, once(2) ? old.key : PkiKeys.any(random), serial());
    } else {
      made =
          new PkiCertificate(any(NAMES).replace("O=Pki", "O=Sub"), PkiKeys.any(random), serial());
    }
    authority(by(made, issuer), 8);
    authorities.add(made);
  }

  private void authority(PkiCertificate certificate, int expiredOnceIn) {
    if (once(expiredOnceIn)) {
      certificate.expired();
    } else if (once(20)) {
      certificate.valid(5, 300);
    } else if (once(3)) {
      certificate.valid(-5, 100 + random.nextInt(900));
    }
    if (once(40)) {
      certificate.version1();
      return;
    }
    int constraints = random.nextInt(40);
    if (constraints == 0) {
      certificate.notAuthority();
    } else if (constraints < 8) {
      certificate.authority(random.nextInt(3));
    } else if (constraints == 39) {
      certificate.strangeAuthority(random.nextInt(3));
    } else if (constraints != 8) {
      certificate.authority();
    }
    if (once(20)) {
      certificate.keyUsage(any(List.of(KeyUsage.cRLSign, KeyUsage.digitalSignature)));
    } else if (once(2)) {
      certificate.keyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign);
    }
    if (once(15)) {
      purposes(certificate);
    }
    if (once(30)) {
      certificate.netscapeType(any(List.of(0x80, 0x40, 0x04, 0x01, 0x84)));
    }
    if (once(6)) {
      new PkiNames(random).limit(certificate);
    }
    new PkiOddities(random).of(certificate);
  }

  private void purposes(PkiCertificate certificate) {
    certificate.purposes(
        any(
            List.of(
                new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth},
                new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth},
                new KeyPurposeId[] {KeyPurposeId.anyExtendedKeyUsage},
                new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth},
                new KeyPurposeId[] {
                  KeyPurposeId.anyExtendedKeyUsage, KeyPurposeId.id_kp_clientAuth
                })));
  }

  private PkiCertificate client() {
    PkiNames names = new PkiNames(random);
    PkiCertificate own = new PkiCertificate(names.subject(), PkiKeys.any(random), serial());
    if (!once(30)) {
      by(
          own,
          authorities.get(
              authorities.size() - 1 - (once(3) ? random.nextInt(authorities.size()) : 0)));
    }
    if (once(20)) {
      own.expired();
    } else if (once(40)) {
      own.valid(3, 30);
    }
    if (once(60)) {
      return own.version1();
    } else if (once(100)) {
      own.version(2);
    }
    if (once(3)) {
      own.notAuthority();
    } else if (once(20)) {
      own.authority();
    }
    if (once(4)) {
      own.keyUsage(
          any(
              List.of(
                  KeyUsage.digitalSignature,
                  KeyUsage.keyAgreement,
                  KeyUsage.keyEncipherment,
                  KeyUsage.digitalSignature | KeyUsage.keyEncipherment,
                  KeyUsage.decipherOnly)));
    }
    if (once(5)) {
      purposes(own);
    }
    if (once(25)) {
      own.netscapeType(any(List.of(0x80, 0x40, 0xc0)));
    }
    if (once(2)) {
      names.name(own);
    }
    new PkiOddities(random).of(own);
    return own;
  }
}
