package dev.heddle.net.internal.dns;

import dev.heddle.io.MalformedMessageException;
import java.nio.ByteBuffer;

/**
 * The two forms of a domain name: text in lower case without a dot at the end, and the labels of a message (RFC 1035
 * sections 3.1 and 4.1.4). The root is the empty text.
 */
final class DomainName {

    /** The most bytes of a name in a message (RFC 1035 section 2.3.4). */
    static final int MAX_BYTES = 255;

    private static final int MAX_LABEL_BYTES = 63;
    private static final int POINTER = 0xC0;

    private DomainName() {}

    /**
     * Whether a message can carry a name, and {@link #read} makes the same text of it: labels of 1 to 63 bytes, 255 in
     * all, nothing but ASCII, no capital, and no backslash, which stands for another byte.
     */
    static boolean fits(String name) {
        int label = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c > 0x7E || c <= ' ' || c == '\\' || (c >= 'A' && c <= 'Z') || (c == '.' && label == 0)) {
                return false;
            }
            label = c == '.' ? 0 : label + 1;
            if (label > MAX_LABEL_BYTES) {
                return false;
            }
        }
        // A byte of length for each label takes the place of the dots; one more begins the name, and the root ends it.
        return label > 0 && name.length() + 2 <= MAX_BYTES;
    }

    /** Writes a name that {@link #fits}. */
    static void write(String name, ByteBuffer target) {
        for (int begin = 0; begin < name.length();) {
            int dot = name.indexOf('.', begin);
            int end = dot < 0 ? name.length() : dot;
            target.put((byte) (end - begin));
            for (int i = begin; i < end; i++) {
                target.put((byte) name.charAt(i));
            }
            begin = end + 1;
        }
        target.put((byte) 0);
    }

    /**
     * Reads a name and moves on behind it.
     *
     * <p>Each pointer must lead to before the labels that it stands behind. So no chain of them has a circle, and none
     * is longer than the message.
     */
    static String read(ByteBuffer message) {
        var name = new StringBuilder();
        int bytes = 1;
        int at = message.position();
        int begin = at;
        int end = -1;
        for (int length = byteAt(message, at); length != 0; length = byteAt(message, at)) {
            if ((length & POINTER) == POINTER) {
                int to = ((length & ~POINTER) << Byte.SIZE) | byteAt(message, at + 1);
                if (to >= begin) {
                    throw new MalformedMessageException("a name of DNS points forward, at byte " + at);
                }
                end = end < 0 ? at + 2 : end;
                begin = to;
                at = to;
            } else if (length > MAX_LABEL_BYTES) {
                throw new MalformedMessageException("a label of DNS of an unknown kind, at byte " + at);
            } else {
                bytes += length + 1;
                if (bytes > MAX_BYTES) {
                    throw new MalformedMessageException("a name of DNS has more than " + MAX_BYTES + " bytes");
                }
                appendLabel(name, message, at + 1, length);
                at += length + 1;
            }
        }
        message.position(end < 0 ? at + 1 : end);
        return name.toString();
    }

    private static void appendLabel(StringBuilder name, ByteBuffer message, int from, int length) {
        if (!name.isEmpty()) {
            name.append('.');
        }
        for (int i = from; i < from + length; i++) {
            int c = byteAt(message, i);
            if (c >= 'A' && c <= 'Z') {
                name.append((char) (c + ('a' - 'A')));
            } else if (c <= ' ' || c >= 0x7F || c == '.' || c == '\\') {
                // As in zone files (RFC 1035 section 5.1): no label pretends to be two, or moves a cursor.
                name.append('\\').append((char) ('0' + c / 100)).append((char) ('0' + c / 10 % 10))
                        .append((char) ('0' + c % 10));
            } else {
                name.append((char) c);
            }
        }
    }

    private static int byteAt(ByteBuffer message, int index) {
        if (index >= message.limit()) {
            throw new MalformedMessageException("a message of DNS ends in a name");
        }
        return message.get(index) & 0xFF;
    }
}
