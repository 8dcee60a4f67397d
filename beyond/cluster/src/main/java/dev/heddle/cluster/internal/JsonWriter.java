package dev.heddle.cluster.internal;

import dev.heddle.cluster.store.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * The writer of a JSON object, field after field, as UTF-8. What is empty, zero or false is left out. Half of a surrogate
 * pair, which UTF-8 has no form for, becomes U+FFFD; all other characters are kept.
 *
 * <pre>{@code
 * Bytes form = new JsonWriter().text("name", name).number("attempts", attempts).end();
 * }</pre>
 *
 * <p>Not for several threads.
 */
public final class JsonWriter {

    /** What follows the name of a field whose bytes are no text. */
    static final String BASE64 = "Base64";

    private static final String HEX = "0123456789abcdef";

    private byte[] out = new byte[256];
    private int length;

    /** Begins. */
    public JsonWriter() {
        put('{');
    }

    /** A field with a text. */
    public JsonWriter text(String name, String value) {
        if (!value.isEmpty()) {
            name(name);
            quote(value);
        }
        return this;
    }

    /** A field with a whole number. */
    public JsonWriter number(String name, long value) {
        return value == 0 ? this : anyNumber(name, value);
    }

    /** A field with a whole number, which may be zero. */
    public JsonWriter anyNumber(String name, long value) {
        name(name);
        if (value < 0) {
            ascii(Long.toString(value));
            return this;
        }
        int digits = 1;
        for (long rest = value; rest > 9; rest /= 10) {
            digits++;
        }
        ensure(digits);
        length += digits;
        long rest = value;
        for (int i = 1; i <= digits; i++, rest /= 10) {
            out[length - i] = (byte) ('0' + rest % 10);
        }
        return this;
    }

    /** A field that is true. */
    public JsonWriter flag(String name, boolean value) {
        if (value) {
            name(name);
            ascii("true");
        }
        return this;
    }

    /**
     * A field with bytes: as text if they are the UTF-8 form of one without control characters,
     * otherwise in Base64, and the name says so.
     */
    public JsonWriter bytes(String name, Bytes value) {
        byte[] bytes = value.toArray();
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            if (text.chars().allMatch(c -> c >= ' ' || c == '\n' || c == '\t' || c == '\r')) {
                return text(name, text);
            }
        } catch (CharacterCodingException _) {
            // they are no text
        }
        return text(name + BASE64, Base64.getEncoder().encodeToString(bytes));
    }

    /** A field with texts. */
    public JsonWriter texts(String name, List<String> values) {
        if (!values.isEmpty()) {
            name(name);
            put('[');
            for (String value : values) {
                if (out[length - 1] != '[') {
                    put(',');
                }
                quote(value);
            }
            put(']');
        }
        return this;
    }

    /** Begins an object in a field, to be ended by {@link #close}. */
    public JsonWriter open(String name) {
        name(name);
        put('{');
        return this;
    }

    /** Ends the object in a field. */
    public JsonWriter close() {
        put('}');
        return this;
    }

    /** Fields that a reader has {@linkplain JsonReader#kept kept}. */
    public JsonWriter kept(String fields) {
        if (!fields.isEmpty()) {
            separate();
            raw(fields);
        }
        return this;
    }

    /** Ends, and gives the object. */
    public Bytes end() {
        put('}');
        return Bytes.of(Arrays.copyOf(out, length));
    }

    private void name(String name) {
        separate();
        quote(name);
        put(':');
    }

    private void separate() {
        if (out[length - 1] != '{') {
            put(',');
        }
    }

    private void quote(String text) {
        put('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
                put(c);
            } else {
                i += escape(text, i);
            }
        }
        put('"');
    }

    /** Writes the character there that is no plain one; 1 if it is of two chars. */
    private int escape(String text, int at) {
        int point = text.codePointAt(at);
        switch (point) {
            case '"', '\\' -> put('\\', point);
            case '\n' -> put('\\', 'n');
            case '\r' -> put('\\', 'r');
            case '\t' -> put('\\', 't');
            default -> {
                if (point < ' ' || point == 0x7f) {
                    ascii("\\u00");
                    put(HEX.charAt(point >> 4), HEX.charAt(point & 15));
                } else {
                    utf8(point);
                }
            }
        }
        return Character.charCount(point) - 1;
    }

    private void utf8(int point) {
        if (point < 0x800) {
            put(0xc0 | point >> 6, 0x80 | (point & 0x3f));
        } else if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
            utf8(0xfffd);
        } else {
            if (point < 0x10000) {
                put(0xe0 | point >> 12);
            } else {
                put(0xf0 | point >> 18, 0x80 | (point >> 12 & 0x3f));
            }
            put(0x80 | (point >> 6 & 0x3f), 0x80 | (point & 0x3f));
        }
    }

    private void raw(String text) {
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            put(b);
        }
    }

    private void ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            put(text.charAt(i));
        }
    }

    private void put(int one, int two) {
        put(one);
        put(two);
    }

    private void put(int b) {
        ensure(1);
        out[length++] = (byte) b;
    }

    private void ensure(int more) {
        if (length + more > out.length) {
            out = Arrays.copyOf(out, out.length * 2 + more);
        }
    }
}
