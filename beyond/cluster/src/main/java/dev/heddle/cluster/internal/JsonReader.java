package dev.heddle.cluster.internal;

import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.StoreLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A strict reader of a JSON object in one pass, field after field. A form that breaks RFC 8259, is deeper than 16 or
 * larger than a value of the store, or has a field of another type than is asked for, is unreadable as a whole. Of a
 * field that is there twice the last counts.
 *
 * <pre>{@code
 * while (in.next()) {
 *     switch (in.name()) {
 *         case "name" -> name = in.text();
 *         default -> in.skip();
 *     }
 * }
 * }</pre>
 *
 * <p>Not for several threads.
 */
public final class JsonReader {

    private static final int MAX_DEPTH = 16;

    /** Chars of a name that is kept for the next reader. */
    private static final int MAX_KNOWN = 40;

    /** Names of fields that were read before, by their hash: so no reader makes a text of them again. */
    private static final @Nullable String[] NAMES = new String[256];

    private final byte[] in;
    private int at;
    private int depth;

    /** Whether the object has just begun. */
    private boolean first;

    private String name = "";

    /** Where the name of the field begins. */
    private int field;

    private @Nullable StringBuilder kept;

    private JsonReader(byte[] in) {
        this.in = in;
    }

    /**
     * What an object says; empty if the value is none, or the function throws an {@code IllegalArgumentException}.
     *
     * @param fields reads all fields
     */
    public static <T> Optional<T> read(Bytes value, Function<? super JsonReader, ? extends T> fields) {
        if (value.length() > StoreLimits.MAX_VALUE) {
            return Optional.empty();
        }
        JsonReader reader = new JsonReader(value.toArray());
        try {
            reader.open();
            T result = fields.apply(reader);
            return reader.peek() < 0 && reader.depth == 0 ? Optional.of(result) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** Moves to the next field, whose value is then to be read or skipped; false at the end of the object. */
    public boolean next() {
        int c = peek();
        if (c == '}') {
            at++;
            depth--;
            first = false;
            return false;
        }
        if (!first) {
            expect(',');
        }
        first = false;
        peek();
        field = at;
        name = fieldName();
        expect(':');
        return true;
    }

    /** The name of the field. */
    public String name() {
        return name;
    }

    /** Begins with the object in the field: its fields are the next ones. */
    public void open() {
        expect('{');
        deeper();
        first = true;
    }

    /** The text in the field. */
    public String text() {
        if (peek() != '"') {
            throw bad();
        }
        int from = ++at;
        int seen = 0;
        for (; at < in.length; at++) {
            byte b = in[at];
            if (b == '"') {
                return utf8(from, at++, seen < 0);
            }
            if (b == '\\') {
                return escaped(from, seen < 0);
            }
            if (b >= 0 && b < ' ') {
                throw bad();
            }
            seen |= b;
        }
        throw bad();
    }

    /** The texts in the field. */
    public List<String> texts() {
        List<String> texts = new ArrayList<>();
        expect('[');
        while (peek() != ']') {
            if (!texts.isEmpty()) {
                expect(',');
            }
            texts.add(text());
        }
        at++;
        return List.copyOf(texts);
    }

    /** The whole number in the field. */
    public long number() {
        peek();
        int from = at;
        at += from < in.length && in[from] == '-' ? 1 : 0;
        int digits = at;
        long value = 0;
        while (isDigit()) {
            long next = value * 10 - (in[at++] - '0');
            if (at - digits > 18 && (at - digits > 19 || next > value)) {
                throw bad();
            }
            value = next;
        }
        boolean negative = digits > from;
        if (at == digits || (in[digits] == '0' && at > digits + 1) || (!negative && value == Long.MIN_VALUE)
                || (at < in.length && (in[at] == '.' || in[at] == 'e' || in[at] == 'E'))) {
            throw bad();
        }
        return negative ? value : -value;
    }

    /** The whole number in the field, of 32 bits. */
    public int integer() {
        long value = number();
        if (value != (int) value) {
            throw bad();
        }
        return (int) value;
    }

    /** Whether the field is true. */
    public boolean flag() {
        boolean value = peek() == 't';
        literal(value ? "true" : "false");
        return value;
    }

    /** The bytes in the field, which {@link JsonWriter#bytes} wrote. */
    public Bytes bytes() {
        return name.endsWith(JsonWriter.BASE64) ? Bytes.of(Base64.getDecoder().decode(text())) : Bytes.utf8(text());
    }

    /** Passes the field over. */
    public void skip() {
        switch (peek()) {
            case '"' -> skipText();
            case '{' -> {
                open();
                while (next()) {
                    skip();
                }
            }
            case '[' -> skipArray();
            case 't', 'f' -> flag();
            case 'n' -> literal("null");
            default -> skipNumber();
        }
    }

    /** Passes the field over, and keeps it for {@link #kept}; of the outer object. */
    public void keep() {
        int from = field;
        skip();
        kept = kept == null ? new StringBuilder() : kept.append(',');
        kept.append(new String(in, from, at - from, StandardCharsets.UTF_8));
    }

    /** The fields that were kept, to be {@linkplain JsonWriter#kept written again}. */
    public String kept() {
        return kept == null ? "" : kept.toString();
    }

    private String fieldName() {
        int hash = 0;
        int end = at + 1;
        for (; end < in.length && in[end] >= ' ' && in[end] != '"' && in[end] != '\\'; end++) {
            hash = hash * 31 + in[end];
        }
        if (peek() != '"' || end >= in.length || in[end] != '"') {
            return text();
        }
        String known = NAMES[hash & 255];
        if (known == null || !isAt(known, at + 1, end)) {
            known = text();
            if (known.length() <= MAX_KNOWN) {
                NAMES[hash & 255] = known;
            }
        } else {
            at = end + 1;
        }
        return known;
    }

    private boolean isAt(String text, int from, int to) {
        if (text.length() != to - from) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (in[i] != text.charAt(i - from)) {
                return false;
            }
        }
        return true;
    }

    /** A text that has an escape here. */
    private String escaped(int from, boolean wide) {
        var text = new StringBuilder(utf8(from, at, wide));
        while (at < in.length) {
            byte b = in[at];
            if (b == '"') {
                at++;
                return text.toString();
            }
            if (b >= 0 && b < ' ') {
                throw bad();
            }
            if (b == '\\') {
                at++;
                text.appendCodePoint(escape());
                continue;
            }
            int start = at;
            boolean wideHere = false;
            for (; at < in.length && in[at] != '"' && in[at] != '\\' && (in[at] < 0 || in[at] >= ' '); at++) {
                wideHere |= in[at] < 0;
            }
            text.append(utf8(start, at, wideHere));
        }
        throw bad();
    }

    private int escape() {
        int c = at < in.length ? in[at++] : -1;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                char high = hex();
                if (!Character.isSurrogate(high)) {
                    yield high;
                }
                if (at + 1 >= in.length || in[at] != '\\' || in[at + 1] != 'u') {
                    throw bad();
                }
                at += 2;
                char low = hex();
                if (!Character.isSurrogatePair(high, low)) {
                    throw bad();
                }
                yield Character.toCodePoint(high, low);
            }
            default -> throw bad();
        };
    }

    private char hex() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = at < in.length ? Character.digit(in[at++], 16) : -1;
            if (digit < 0) {
                throw bad();
            }
            value = value << 4 | digit;
        }
        return (char) value;
    }

    /** @param wide whether it is not all ASCII */
    private String utf8(int from, int to, boolean wide) {
        String text = new String(in, from, to - from, StandardCharsets.UTF_8);
        if (wide && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), Arrays.copyOfRange(in, from, to))) {
            throw bad(); // what is no UTF-8 has become U+FFFD
        }
        return text;
    }

    private void skipText() {
        int from = at++;
        while (at < in.length && in[at] >= ' ' && in[at] != '"' && in[at] != '\\') {
            at++;
        }
        if (at < in.length && in[at] == '"') {
            at++;
        } else {
            at = from;
            text();
        }
    }

    private void skipArray() {
        expect('[');
        deeper();
        boolean begun = false;
        while (peek() != ']') {
            if (begun) {
                expect(',');
            }
            begun = true;
            skip();
        }
        at++;
        depth--;
    }

    private void skipNumber() {
        at += at < in.length && in[at] == '-' ? 1 : 0;
        boolean zero = at < in.length && in[at] == '0';
        if (digits() > 1 && zero) {
            throw bad();
        }
        if (at < in.length && in[at] == '.') {
            at++;
            digits();
        }
        if (at < in.length && (in[at] == 'e' || in[at] == 'E')) {
            at++;
            at += at < in.length && (in[at] == '-' || in[at] == '+') ? 1 : 0;
            digits();
        }
    }

    private int digits() {
        int from = at;
        while (isDigit()) {
            at++;
        }
        if (at == from) {
            throw bad();
        }
        return at - from;
    }

    private boolean isDigit() {
        return at < in.length && in[at] >= '0' && in[at] <= '9';
    }

    private void literal(String word) {
        int end = at + word.length();
        if (end > in.length || !isAt(word, at, end)) {
            throw bad();
        }
        at = end;
    }

    private void deeper() {
        if (++depth > MAX_DEPTH) {
            throw bad();
        }
    }

    /** Skips white space, and gives what follows; -1 at the end. */
    private int peek() {
        while (at < in.length && (in[at] == ' ' || in[at] == '\n' || in[at] == '\r' || in[at] == '\t')) {
            at++;
        }
        return at < in.length ? in[at] : -1;
    }

    private void expect(char c) {
        if (peek() != c) {
            throw bad();
        }
        at++;
    }

    private IllegalArgumentException bad() {
        return new IllegalArgumentException("the form breaks at byte " + at);
    }
}
