package io.mysqltlsproxy.sslstatus;

/** Which rows a SHOW STATUS or SHOW VARIABLES asks for, by their two columns. */
@FunctionalInterface
interface RowCondition {
  RowCondition ALL = (name, value) -> true;

  /** Whether the answer has a row with these values. */
  boolean holds(String name, String value);

  /** As {@code LIKE} after SHOW STATUS. */
  static RowCondition nameLike(String pattern) {
    LikePattern like = new LikePattern(pattern);
    return (name, value) -> like.matches(name);
  }
}
