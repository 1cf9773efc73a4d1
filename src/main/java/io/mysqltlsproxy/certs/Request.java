package io.mysqltlsproxy.certs;

/**
 * A certificate to be made.
 *
 * @param names besides the subject
 * @param days from now to its end
 */
public record Request(
    Purpose purpose, SubjectName subject, AlternativeNames names, KeyKind keys, int days) {

  /** Which side of a connection shows the certificate. */
  public enum Purpose {
    SERVER,
    CLIENT
  }
}
