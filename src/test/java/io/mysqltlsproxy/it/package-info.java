/**
 * The proxy as its users meet it: real clients and hand-made ones, real servers and scripted ones.
 */
@NullMarked
package io.mysqltlsproxy.it;

import org.jspecify.annotations.NullMarked;
