/** Host patterns of accounts, matched in MySQL's order against addresses. */
@NullMarked
package io.mysqltlsproxy.account.host;

import org.jspecify.annotations.NullMarked;
