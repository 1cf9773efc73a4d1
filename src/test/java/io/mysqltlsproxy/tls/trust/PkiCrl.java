package io.mysqltlsproxy.tls.trust;

import io.mysqltlsproxy.tls.trust.PkiKeys.PkiKey;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.operator.ContentSigner;

/** A CRL being described, with all that may be odd about one. */
final class PkiCrl {
  private final List<ASN1Encodable> entries = new ArrayList<>();
  private final List<Extension> extensions = new ArrayList<>();
  private X500Name issuer;
  private PkiKey key;
  private Optional<String> algorithm = Optional.empty();
  private Time thisUpdate = day(-1);
  private Optional<Time> nextUpdate = Optional.of(day(9));

  /** Of this authority, and signed by it. */
  PkiCrl(PkiCertificate authority) {
    issuer = authority.subject;
    key = authority.key;
  }

  static Time day(int fromNow) {
    return new Time(Date.from(Instant.now().plus(Duration.ofDays(fromNow))));
  }

  PkiCrl issuer(X500Name name) {
    issuer = name;
    return this;
  }

  PkiCrl signedBy(PkiKey other) {
    key = other;
    return this;
  }

  PkiCrl signedWith(String name) {
    algorithm = Optional.of(name);
    return this;
  }

  PkiCrl valid(Time from, Optional<Time> to) {
    thisUpdate = from;
    nextUpdate = to;
    return this;
  }

  PkiCrl revoke(PkiCertificate certificate, Extension... more) {
    return revoke(certificate.shownSerial(), more);
  }

  PkiCrl revoke(BigInteger serial, Extension... more) {
    ASN1EncodableVector entry = new ASN1EncodableVector();
    entry.add(new ASN1Integer(serial));
    entry.add(day(-2));
    if (more.length > 0) {
      entry.add(new DERSequence(more));
    }
    entries.add(new DERSequence(entry));
    return this;
  }

  PkiCrl add(ASN1ObjectIdentifier type, boolean critical, ASN1Encodable value) {
    extensions.add(extension(type, critical, value));
    return this;
  }

  static Extension extension(ASN1ObjectIdentifier type, boolean critical, ASN1Encodable value) {
    try {
      return new Extension(type, critical, new DEROctetString(value));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Signs it. */
  byte[] der() {
    ContentSigner signer = algorithm.map(key::signer).orElseGet(key::usualSigner);
    ASN1EncodableVector all = new ASN1EncodableVector();
    all.add(new ASN1Integer(1));
    all.add(signer.getAlgorithmIdentifier());
    all.add(issuer);
    all.add(thisUpdate);
    nextUpdate.ifPresent(all::add);
    if (!entries.isEmpty()) {
      all.add(new DERSequence(entries.toArray(ASN1Encodable[]::new)));
    }
    if (!extensions.isEmpty()) {
      var list = new DERSequence(extensions.toArray(ASN1Encodable[]::new));
      all.add(new DERTaggedObject(true, 0, list));
    }
    ASN1Encodable signed = new DERSequence(all);
    try {
      signer.getOutputStream().write(signed.toASN1Primitive().getEncoded());
      return new DERSequence(
              new ASN1Encodable[] {
                signed, signer.getAlgorithmIdentifier(), new DERBitString(signer.getSignature())
              })
          .getEncoded();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
