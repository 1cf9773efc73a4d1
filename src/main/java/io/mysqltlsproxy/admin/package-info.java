/** The operator's HTTP port: shows what others know, and decides nothing. */
@NullMarked
package io.mysqltlsproxy.admin;

import org.jspecify.annotations.NullMarked;
