/** The log's formats, and how often a line may be repeated. */
@NullMarked
package io.mysqltlsproxy.log;

import org.jspecify.annotations.NullMarked;
