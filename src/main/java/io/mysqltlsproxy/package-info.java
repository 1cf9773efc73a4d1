/** The command line. */
@NullMarked
package io.mysqltlsproxy;

import org.jspecify.annotations.NullMarked;
