/** Private keys on PKCS#11 tokens: smart cards, HSMs, and programs that act like one. */
@NullMarked
package io.mysqltlsproxy.pkcs11;

import org.jspecify.annotations.NullMarked;
