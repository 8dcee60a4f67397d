package dev.heddle.process;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads what {@link Output} has written. Every length is checked before memory is taken for it. */
final class Input {

    private final ByteBuffer bytes;

    Input(byte[] bytes, int offset) {
        this.bytes = ByteBuffer.wrap(bytes, offset, bytes.length - offset);
    }

    private void require(long count) {
        if (count > bytes.remaining()) {
            throw new UnreadableException("it says " + count + " more bytes where there are " + bytes.remaining());
        }
    }

    boolean isAtEnd() {
        return !bytes.hasRemaining();
    }

    byte readByte() {
        require(1);
        return bytes.get();
    }

    short readShort() {
        require(Short.BYTES);
        return bytes.getShort();
    }

    int readInt() {
        require(Integer.BYTES);
        return bytes.getInt();
    }

    long readLong() {
        require(Long.BYTES);
        return bytes.getLong();
    }

    private int readRawCount() {
        int count = 0;
        for (int shift = 0; shift < 32; shift += 7) {
            byte next = readByte();
            count |= (next & 0x7f) << shift;
            if (next >= 0) {
                return count;
            }
        }
        throw new UnreadableException("a count of more than 32 bits");
    }

    /** A number of things that take some bytes each, and so cannot be more than there are bytes. */
    int readCount(int leastBytes) {
        int count = readRawCount();
        if (count < 0) {
            throw new UnreadableException("a count of " + count);
        }
        require((long) count * leastBytes);
        return count;
    }

    /** A small number that counts nothing. */
    int readNumber() {
        return readRawCount();
    }

    String readString() {
        int told = readRawCount();
        int count = told >>> 1;
        if ((told & 1) == 0) {
            return new String(readBytes(count), StandardCharsets.UTF_8);
        }
        require(2L * count);
        char[] chars = new char[count];
        for (int i = 0; i < count; i++) {
            chars[i] = (char) readShort();
        }
        return new String(chars);
    }

    byte[] readBytes(int count) {
        require(count);
        byte[] taken = new byte[count];
        bytes.get(taken);
        return taken;
    }

    /** A view of the next bytes, which are taken. */
    ByteBuffer take(int count) {
        require(count);
        ByteBuffer view = bytes.slice(bytes.position(), count);
        bytes.position(bytes.position() + count);
        return view;
    }
}
