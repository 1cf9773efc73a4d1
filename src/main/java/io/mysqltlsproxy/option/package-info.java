/**
 * Every option once: name, default, meaning, check; flags, option file and environment read from
 * it.
 */
@NullMarked
package io.mysqltlsproxy.option;

import org.jspecify.annotations.NullMarked;
