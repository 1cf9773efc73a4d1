package io.mysqltlsproxy.connection;

import io.mysqltlsproxy.account.Decision.Admitted;

/**
 * That a login or a change of user is admitted.
 *
 * @param by the policy that admitted it: where another is in force when the server says OK, that is
 *     asked again
 * @param audit writes the line about it once the outcome is known
 */
record Ruling(SecurityPolicy by, Admitted decision, LoginAudit audit) {}
