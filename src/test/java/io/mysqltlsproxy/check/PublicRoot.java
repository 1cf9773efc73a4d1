package io.mysqltlsproxy.check;

import io.mysqltlsproxy.testing.Issued;

/** A certificate of a CA that everybody trusts. */
final class PublicRoot {
  private PublicRoot() {}

  static String pem() {
    return Issued.pem(PublicAuthorities.ofThisJava().certificates().get(0));
  }
}
