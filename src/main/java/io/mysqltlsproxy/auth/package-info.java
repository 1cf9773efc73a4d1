/** What an authentication plugin needs when one leg is TLS and the other is not. */
@NullMarked
package io.mysqltlsproxy.auth;

import org.jspecify.annotations.NullMarked;
