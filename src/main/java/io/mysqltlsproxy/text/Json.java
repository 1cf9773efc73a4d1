package io.mysqltlsproxy.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Writes JSON, RFC 8259. */
public final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final int LAST_OF_ASCII = 0x7F;

  private Json() {}

  /** Writes the members of an object. */
  @FunctionalInterface
  public interface Members {
    /**
     * Writes them.
     *
     * @param json within the object
     */
    void write(JsonGenerator json) throws IOException;
  }

  /** One object over many lines, indented. */
  public static String document(Members members) {
    return object(JsonGenerator::useDefaultPrettyPrinter, members);
  }

  /**
   * One object on one line, in ASCII.
   *
   * @param members in the order to be written; a whole number or a Boolean as itself, everything
   *     else as its text
   */
  public static String line(Map<String, ?> members) {
    return object(
        json -> json.setHighestNonEscapedChar(LAST_OF_ASCII),
        json -> {
          for (Map.Entry<String, ?> member : members.entrySet()) {
            json.writeFieldName(member.getKey());
            if (member.getValue() instanceof Number number) {
              json.writeNumber(number.longValue());
            } else if (member.getValue() instanceof Boolean truth) {
              json.writeBoolean(truth);
            } else {
              json.writeString(String.valueOf(member.getValue()));
            }
          }
        });
  }

  private static String object(UnaryOperator<JsonGenerator> form, Members members) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = form.apply(FACTORY.createGenerator(out))) {
      json.writeStartObject();
      members.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a StringWriter that cannot be written to", e);
    }
    return out.toString();
  }
}
