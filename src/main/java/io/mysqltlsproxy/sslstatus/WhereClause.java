package io.mysqltlsproxy.sslstatus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The condition of {@code SHOW STATUS WHERE …}: comparisons of {@code Variable_name} and {@code
 * Value} with strings by {@code =}, {@code <>}, {@code LIKE} and {@code IN}, combined by AND, OR,
 * NOT and parentheses. Comparisons ignore case and trailing spaces, like the columns' collation.
 *
 * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/extended-show.html">MySQL: Extensions to
 *     SHOW Statements</a>
 */
final class WhereClause {
  private static final int MAX_DEPTH = 32;

  private final SqlTokens in;
  private int depth;

  private WhereClause(SqlTokens in) {
    this.in = in;
  }

  /** Reads a condition; empty for one of another kind, of which a part may have been read. */
  static Optional<RowCondition> parse(SqlTokens in) {
    try {
      return Optional.of(new WhereClause(in).or());
    } catch (NotUnderstoodException forTheServerAlone) {
      return Optional.empty();
    }
  }

  private RowCondition or() throws NotUnderstoodException {
    RowCondition all = and();
    while (in.accept("OR").isPresent()) {
      RowCondition left = all;
      RowCondition right = and();
      all = (name, value) -> left.holds(name, value) || right.holds(name, value);
    }
    return all;
  }

  private RowCondition and() throws NotUnderstoodException {
    RowCondition all = not();
    while (in.accept("AND").isPresent()) {
      RowCondition left = all;
      RowCondition right = not();
      all = (name, value) -> left.holds(name, value) && right.holds(name, value);
    }
    return all;
  }

  private RowCondition not() throws NotUnderstoodException {
    boolean negated = false;
    while (in.accept("NOT").isPresent()) {
      negated = !negated;
    }
    if (in.accept("(").isEmpty()) {
      return negatedIf(negated, comparison());
    }
    if (++depth > MAX_DEPTH) {
      throw new NotUnderstoodException();
    }
    RowCondition inner = or();
    depth--;
    expect(")");
    return negatedIf(negated, inner);
  }

  private RowCondition comparison() throws NotUnderstoodException {
    Operand left = operand();
    boolean negated = in.accept("NOT").isPresent();
    if (in.accept("LIKE").isPresent()) {
      LikePattern pattern = new LikePattern(string());
      return negatedIf(negated, (name, value) -> pattern.matches(left.of(name, value)));
    }
    if (in.accept("IN").isPresent()) {
      return negatedIf(negated, equalsAny(left, list()));
    }
    if (negated) {
      throw new NotUnderstoodException();
    }
    boolean different = true;
    if (in.accept("<").isPresent()) {
      expect(">");
    } else {
      different = in.accept("!").isPresent();
      expect("=");
    }
    return negatedIf(different, equalsAny(left, List.of(operand())));
  }

  private List<Operand> list() throws NotUnderstoodException {
    List<Operand> operands = new ArrayList<>();
    expect("(");
    do {
      operands.add(operand());
    } while (in.accept(",").isPresent());
    expect(")");
    return operands;
  }

  private Operand operand() throws NotUnderstoodException {
    // No comparison here depends on the case of letters.
    if (in.accept("LOWER", "UPPER").isPresent()) {
      expect("(");
      Operand inner = columnOrString();
      expect(")");
      return inner;
    }
    return columnOrString();
  }

  private Operand columnOrString() throws NotUnderstoodException {
    if (in.accept("VARIABLE_NAME").isPresent()) {
      return (name, value) -> name;
    }
    if (in.accept("VALUE").isPresent()) {
      return (name, value) -> value;
    }
    String text = string();
    return (name, value) -> text;
  }

  private String string() throws NotUnderstoodException {
    return in.acceptString().orElseThrow(NotUnderstoodException::new);
  }

  private void expect(String token) throws NotUnderstoodException {
    if (in.accept(token).isEmpty()) {
      throw new NotUnderstoodException();
    }
  }

  private static RowCondition equalsAny(Operand left, List<Operand> right) {
    return (name, value) ->
        right.stream().anyMatch(one -> isEqual(left.of(name, value), one.of(name, value)));
  }

  private static boolean isEqual(String one, String other) {
    return withoutTrailingSpaces(one).equalsIgnoreCase(withoutTrailingSpaces(other));
  }

  private static String withoutTrailingSpaces(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == ' ') {
      end--;
    }
    return text.substring(0, end);
  }

  private static RowCondition negatedIf(boolean negated, RowCondition condition) {
    return negated ? (name, value) -> !condition.holds(name, value) : condition;
  }

  /** One side of a comparison: a column of the row, or a constant. */
  private interface Operand {
    String of(String name, String value);
  }

  private static final class NotUnderstoodException extends Exception {
    private static final long serialVersionUID = 1;
  }
}
