package io.mysqltlsproxy.tls.trust;

import java.security.KeyPair;
import java.util.List;

/**
 * One client and whom the server trusts; everything in DER.
 *
 * @param number of the case
 * @param ownKey the client's
 * @param all certificates that were made for it
 * @param sent by the client, its own certificate first
 * @param trusted what {@code ssl-ca} holds
 * @param crls what {@code ssl-crl} holds; empty where it is not given
 * @param description of all certificates, a line each
 */
record PkiCase(
    long number,
    KeyPair ownKey,
    List<PkiCertificate> all,
    List<byte[]> sent,
    List<byte[]> trusted,
    List<byte[]> crls,
    String description) {}
