package dev.heddle.cli.command;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** A JSON object on a line of its own, field by field. */
public final class JsonLine {

    private final StringBuilder json = new StringBuilder("{");

    /** One of a kind. */
    public static JsonLine of(String kind) {
        return new JsonLine().with("kind", kind);
    }

    public JsonLine with(String name, String value) {
        JsonText.string(name(name), value);
        return this;
    }

    public JsonLine with(String name, long value) {
        name(name).append(value);
        return this;
    }

    public JsonLine with(String name, boolean value) {
        name(name).append(value);
        return this;
    }

    public JsonLine with(String name, Collection<String> values) {
        StringBuilder out = name(name).append('[');
        String gap = "";
        for (String value : values) {
            JsonText.string(out.append(gap), value);
            gap = ",";
        }
        out.append(']');
        return this;
    }

    public JsonLine with(String name, Map<String, String> values) {
        var object = new JsonLine();
        new TreeMap<>(values).forEach(object::with);
        name(name).append(object.end());
        return this;
    }

    private StringBuilder name(String name) {
        if (json.length() > 1) {
            json.append(',');
        }
        JsonText.string(json, name);
        return json.append(':');
    }

    private String end() {
        return json + "}";
    }

    /** The line with its end. */
    @Override
    public String toString() {
        return end() + "\n";
    }
}
