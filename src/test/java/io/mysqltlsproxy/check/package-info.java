/** Tests of the SSL checklist; every mistake is made for real, by openssl. */
@NullMarked
package io.mysqltlsproxy.check;

import org.jspecify.annotations.NullMarked;
