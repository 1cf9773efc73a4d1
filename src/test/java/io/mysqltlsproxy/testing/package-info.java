/** What tests and the demonstration share; nothing of the product depends on it. */
@NullMarked
package io.mysqltlsproxy.testing;

import org.jspecify.annotations.NullMarked;
