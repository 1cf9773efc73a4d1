/**
 * The SSL checklist: what can be proved about options, files, rules and server without a client.
 */
@NullMarked
package io.mysqltlsproxy.check;

import org.jspecify.annotations.NullMarked;
