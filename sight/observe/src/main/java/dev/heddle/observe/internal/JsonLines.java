package dev.heddle.observe.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A writer of lines of JSON, each one object with a kind (<a href="https://github.com/ndjson/ndjson-spec">NDJSON</a>).
 *
 * <pre>{@code
 * out.begin("task").put("id", 17).put("name", "fetch").end();    // {"kind":"task","id":17,"name":"fetch"}
 * }</pre>
 *
 * <p>Control characters and lone surrogates are escaped, and texts are cut at {@value #MAX_TEXT} characters: a name of a
 * task may be anything. Memory: one line.
 *
 * <p>Threads: one at a time.
 */
public final class JsonLines {

    /** Most characters of a text. */
    static final int MAX_TEXT = 1000;

    /** Characters that are encoded at a time: most lines are shorter. */
    private static final int PART = 1024;

    private final OutputStream out;
    private final StringBuilder line = new StringBuilder(256);
    private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
    private final CharBuffer part = CharBuffer.allocate(PART);
    private final ByteBuffer encoded = ByteBuffer.allocate((int) (PART * encoder.maxBytesPerChar()));

    public JsonLines(OutputStream out) {
        this.out = out;
    }

    /** Begins a line. */
    public JsonLines begin(String kind) {
        line.setLength(0);
        line.append('{');
        return put("kind", kind);
    }

    /** Adds a text; nothing if there is none. */
    public JsonLines put(String name, @Nullable String value) {
        if (value != null) {
            name(name);
            text(value);
        }
        return this;
    }

    /** Adds a number. */
    public JsonLines put(String name, long value) {
        name(name);
        line.append(value);
        return this;
    }

    /** Adds a text that ends with a number. */
    public JsonLines put(String name, String value, long number) {
        name(name);
        text(value);
        line.setLength(line.length() - 1);
        line.append(number).append('"');
        return this;
    }

    /** Adds a number; nothing if it is not finite, since JSON has no word for that. */
    public JsonLines put(String name, double value) {
        if (Double.isFinite(value)) {
            name(name);
            line.append(value);
        }
        return this;
    }

    /** Adds a truth. */
    public JsonLines put(String name, boolean value) {
        name(name);
        line.append(value);
        return this;
    }

    /** Begins an object as a value; {@link #endObject} ends it. */
    public JsonLines beginObject(String name) {
        name(name);
        line.append('{');
        return this;
    }

    /** Ends an object. */
    public JsonLines endObject() {
        line.append('}');
        return this;
    }

    /** Begins a list as a value; {@link #endList} ends it. */
    public JsonLines beginList(String name) {
        name(name);
        line.append('[');
        return this;
    }

    /** Adds a text to a list. */
    public JsonLines item(String value) {
        comma();
        text(value);
        return this;
    }

    /** Adds a number to a list. */
    public JsonLines item(long value) {
        comma();
        line.append(value);
        return this;
    }

    /** Begins an object in a list. */
    public JsonLines beginItem() {
        comma();
        line.append('{');
        return this;
    }

    /** Ends a list. */
    public JsonLines endList() {
        line.append(']');
        return this;
    }

    /** Ends the line and gives it on; not as a text of its own, which a million lines would leave to the collector. */
    public void end() throws IOException {
        line.append("}\n");
        encoder.reset();
        for (int at = 0; at < line.length();) {
            int end = Math.min(at + PART, line.length());
            line.getChars(at, end, part.clear().array(), 0);
            encoder.encode(part.limit(end - at), encoded.clear(), end == line.length());
            out.write(encoded.array(), 0, encoded.position());
            at += part.position(); // the first half of a pair waits for the other
        }
    }

    /** Sends what was given on so far. */
    public void flush() throws IOException {
        out.flush();
    }

    private void name(String name) {
        comma();
        text(name);
        line.append(':');
    }

    private void comma() {
        char last = line.charAt(line.length() - 1);
        if (last != '{' && last != '[') {
            line.append(',');
        }
    }

    private void text(String value) {
        String whole = WholeText.of(value, MAX_TEXT);
        line.append('"');
        for (int i = 0; i < whole.length(); i++) {
            character(whole.charAt(i));
        }
        line.append(whole.length() < value.length() ? "\u2026\"" : "\"");
    }

    private void character(char c) {
        if (c == '"' || c == '\\') {
            line.append('\\').append(c);
        } else if (Character.getType(c) == Character.CONTROL) {
            line.append(String.format("\\u%04x", (int) c));
        } else {
            line.append(c);
        }
    }
}
