/** Texts in the notations of others: HTML and JSON. */
@NullMarked
package io.mysqltlsproxy.text;

import org.jspecify.annotations.NullMarked;
