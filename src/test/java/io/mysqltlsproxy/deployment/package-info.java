/** The files of {@code conf/} by which others run the proxy. */
@NullMarked
package io.mysqltlsproxy.deployment;

import org.jspecify.annotations.NullMarked;
