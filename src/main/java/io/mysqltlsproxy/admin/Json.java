package io.mysqltlsproxy.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** Writes JSON, RFC 8259. */
public final class Json {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private Json() {}

  /**
   * One object on one line, in ASCII.
   *
   * @param members in the order to be written; a whole number or a Boolean as itself, everything
   *     else as its text
   */
  public static String object(Map<String, ?> members) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      for (Map.Entry<String, ?> member : members.entrySet()) {
        json.writeFieldName(member.getKey());
        if (member.getValue() instanceof Number number) {
          json.writeNumber(number.longValue());
        } else if (member.getValue() instanceof Boolean truth) {
          json.writeBoolean(truth);
        } else {
          json.writeString(member.getValue().toString());
        }
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a StringWriter that cannot be written to", e);
    }
    return out.toString();
  }
}
