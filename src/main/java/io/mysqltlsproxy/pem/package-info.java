/** PEM files of certificates and keys, read within bounds. */
@NullMarked
package io.mysqltlsproxy.pem;

import org.jspecify.annotations.NullMarked;
