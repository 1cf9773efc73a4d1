/** The language of rules: reads the rules file and --require. Above it nothing but the commands. */
@NullMarked
package io.mysqltlsproxy.account.grammar;

import org.jspecify.annotations.NullMarked;
