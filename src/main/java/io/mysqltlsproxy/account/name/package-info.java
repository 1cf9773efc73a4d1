/** Names in certificates and in the rules, compared part by part. */
@NullMarked
package io.mysqltlsproxy.account.name;

import org.jspecify.annotations.NullMarked;
