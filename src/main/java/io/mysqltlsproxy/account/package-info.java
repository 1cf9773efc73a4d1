/** Who may come in: the REQUIRE clause and the decision; plain JDK, no Netty. */
@NullMarked
package io.mysqltlsproxy.account;

import org.jspecify.annotations.NullMarked;
