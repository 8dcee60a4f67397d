package dev.heddle.cli.sight;

import dev.heddle.cli.command.HumanFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A line of an answer: an object with a kind.
 *
 * <p>What is not there is an empty text, 0, false, or an empty list or object. Texts can be printed: nothing in them
 * moves a cursor or breaks a line, and they are no longer than {@value #MAX_TEXT} characters.
 *
 * @param fields texts, {@link Long}, {@link Double}, {@link Boolean}, and lists and maps of them
 */
public record AnswerLine(Map<String, Object> fields) {

    /** Most characters of a text. */
    static final int MAX_TEXT = 1_000;

    private static final int MAX_DEPTH = 50;

    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException if it is no JSON object
     */
    static AnswerLine parse(String text) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("no object of JSON");
            }
            return new AnswerLine(object(json, 0));
        } catch (JacksonException e) {
            throw new IllegalArgumentException("no JSON: " + HumanFormat.printable(e.getOriginalMessage()), e);
        }
    }

    private static Map<String, Object> object(JsonParser json, int depth) {
        Map<String, Object> fields = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = safe(json.currentName());
            json.nextToken();
            put(fields, name, json, depth);
        }
        return fields;
    }

    private static void put(Map<String, Object> fields, String name, JsonParser json, int depth) {
        if (json.currentToken() != JsonToken.VALUE_NULL) {
            fields.put(name, value(json, depth + 1));
        }
    }

    private static Object value(JsonParser json, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("JSON that is too deep");
        }
        return switch (json.currentToken()) {
            case START_OBJECT -> object(json, depth);
            case START_ARRAY -> {
                List<Object> items = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    items.add(value(json, depth + 1));
                }
                yield items;
            }
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
            case VALUE_NUMBER_INT -> json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    ? (Object) json.getDoubleValue()
                    : json.getLongValue();
            default -> safe(json.getString());
        };
    }

    private static String safe(String text) {
        return HumanFormat.cut(text, MAX_TEXT);
    }

    /** What it is a line of. */
    public String kind() {
        return text("kind");
    }

    public boolean has(String name) {
        return fields.containsKey(name);
    }

    public String text(String name) {
        return fields.get(name) instanceof String text ? text : "";
    }

    public long number(String name) {
        return fields.get(name) instanceof Number number ? number.longValue() : 0;
    }

    public double real(String name) {
        return fields.get(name) instanceof Number number ? number.doubleValue() : 0;
    }

    public boolean flag(String name) {
        return Boolean.TRUE.equals(fields.get(name));
    }

    public List<?> list(String name) {
        return fields.get(name) instanceof List<?> list ? list : List.of();
    }

    /** The objects of a list. */
    public List<AnswerLine> lines(String name) {
        return list(name).stream().filter(Map.class::isInstance).map(AnswerLine::of).toList();
    }

    /** An object among the fields. */
    public AnswerLine object(String name) {
        return fields.get(name) instanceof Map<?, ?> map ? of(map) : new AnswerLine(Map.of());
    }

    @SuppressWarnings("unchecked") // all maps are made above
    private static AnswerLine of(Object map) {
        return new AnswerLine((Map<String, Object>) map);
    }
}
