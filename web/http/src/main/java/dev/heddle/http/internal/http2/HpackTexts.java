package dev.heddle.http.internal.http2;

import dev.heddle.http.internal.codec.FieldName;
import dev.heddle.http.internal.codec.RecentValues;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The numbers and texts of header blocks (RFC 7541, section 5), which those of HTTP/3 have too (RFC 9204, section 4.1).
 * One for each connection that reads.
 */
public final class HpackTexts {

    /** Longest text that is kept for decoding from one to the next. */
    private static final int MAX_SCRATCH_BYTES = 4 * 1024;

    private byte[] scratch = new byte[256];

    /** In their code; made for a peer that does not use the table for them. */
    private @Nullable RecentValues recent;

    /** A number that begins in the low bits of a byte (section 5.1). */
    public static int number(ByteBuffer in, int bits) {
        int most = (1 << bits) - 1;
        int value = next(in) & most;
        if (value < most) {
            return value;
        }
        long sum = value;
        // Five bytes hold all that fits an int; more of them would be zeros that say nothing.
        for (int shift = 0; shift <= 28; shift += 7) {
            int b = next(in);
            sum += (long) (b & 0x7f) << shift;
            if ((b & 0x80) == 0) {
                if (sum > Integer.MAX_VALUE) {
                    break;
                }
                return (int) sum;
            }
        }
        throw malformed("a number is too large");
    }

    /**
     * Reads a text.
     *
     * @param bits those of the number that is its length; the bit above says whether it is in the code
     * @param recurring the name of the field whose value it is, if that recurs and is written out each time, as nginx
     *     does; null for any other text
     */
    public String read(ByteBuffer in, int bits, @Nullable FieldName recurring) {
        if (!in.hasRemaining()) {
            throw malformed("it ends in a field");
        }
        boolean huffman = (in.get(in.position()) & (1 << bits)) != 0;
        int length = number(in, bits);
        if (length > in.remaining()) {
            throw malformed("a text is longer than the rest");
        }
        int from = in.position();
        in.position(from + length);
        if (huffman) {
            return recurring == null || length > RecentValues.MAX_BYTES
                    ? decoded(in, from, length)
                    : decoded(in, from, length, recurring);
        }
        byte[] bytes = room(length);
        in.get(from, bytes, 0, length);
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    private String decoded(ByteBuffer in, int from, int length) {
        byte[] bytes = room(HpackHuffman.mostCharacters(length));
        int characters = HpackHuffman.read(in, from, length, bytes);
        if (characters < 0) {
            throw malformed("a text is not in its code");
        }
        return new String(bytes, 0, characters, StandardCharsets.ISO_8859_1);
    }

    /** What is the same in its code as before is the same text. */
    private String decoded(ByteBuffer in, int from, int length, FieldName recurring) {
        int characters = HpackHuffman.mostCharacters(length);
        byte[] bytes = room(characters + length);
        int end = characters + length;
        in.get(from, bytes, characters, length);
        RecentValues values = recent;
        if (values == null) {
            values = new RecentValues();
            recent = values;
        }
        String before = values.find(recurring, bytes, characters, end);
        if (before != null) {
            return before;
        }
        String text = decoded(in, from, length);
        values.keep(recurring, bytes, characters, end, text);
        return text;
    }

    private byte[] room(int bytes) {
        if (bytes <= scratch.length) {
            return scratch;
        }
        byte[] larger = new byte[Math.max(bytes, 2 * scratch.length)];
        if (larger.length <= MAX_SCRATCH_BYTES) {
            scratch = larger;
        }
        return larger;
    }

    private static int next(ByteBuffer in) {
        if (!in.hasRemaining()) {
            throw malformed("it ends in a number");
        }
        return in.get();
    }

    static Http2Fault malformed(String what) {
        return Http2Fault.ofConnection(Http2Error.COMPRESSION_ERROR, "bad header block: " + what);
    }

    /**
     * Writes a number that begins in the low bits of a byte.
     *
     * @param first the byte's other bits
     */
    public static void number(ByteBuffer target, int first, int bits, int number) {
        int most = (1 << bits) - 1;
        if (number < most) {
            target.put((byte) (first | number));
            return;
        }
        target.put((byte) (first | most));
        int rest = number - most;
        for (; rest >= 0x80; rest >>>= 7) {
            target.put((byte) (rest | 0x80));
        }
        target.put((byte) rest);
    }

    /** Writes a text, in whichever form is shorter, its length as a number (section 5.2). */
    public static void write(ByteBuffer target, int first, int bits, String text) {
        int length = HpackHuffman.length(text);
        if (length < text.length()) {
            number(target, first | (1 << bits), bits, length);
            HpackHuffman.write(text, target);
        } else {
            number(target, first, bits, text.length());
            for (int i = 0; i < text.length(); i++) {
                target.put((byte) text.charAt(i));
            }
        }
    }
}
