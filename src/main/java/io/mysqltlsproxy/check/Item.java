package io.mysqltlsproxy.check;

import java.util.Locale;

/** The items of the checklist, in the order in which they are printed. */
public enum Item {
  /** {@code ssl-cert} can be read. */
  CERTIFICATE,
  /** {@code ssl-key} can be read, and decrypted. */
  KEY,
  KEY_PERMISSIONS,
  /** Key and certificate belong together. */
  KEY_PAIR,
  /** From the certificate to a root: complete and in order. */
  CHAIN,
  VALIDITY,
  /** Signature and key of the certificates. */
  STRENGTH,
  /** The subjectAltName. */
  NAMES,
  /** What the certificate may be used for. */
  PURPOSE,
  /** Who signs the certificates of clients. */
  CA,
  /** Whose certificates are revoked. */
  CRL,
  /** Some version of TLS has a cipher for this certificate. */
  CIPHERS,
  /** What encrypts session tickets, where proxies share it. */
  TICKET_KEYS,
  RULES,
  /** Nothing else keeps {@code run} from starting. */
  START,
  /** The server answers. */
  SERVER,
  /** Whether the server offers TLS itself. */
  SERVER_TLS,
  /** Between proxy and server nothing is encrypted. */
  SERVER_HOP,
  /** The address that the server sees. */
  SERVER_ADDRESS,
  /** Whether an account gets in. */
  LOGIN,
  /** Where clients connect. */
  PORT;

  /** As it is printed: {@code key-pair}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
