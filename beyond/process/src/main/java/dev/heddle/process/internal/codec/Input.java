package dev.heddle.process.internal.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a value, as they are read: what {@link Output} has written. Every length is checked before memory is
 * taken for it. They are there, or still come: then there is a window of them here.
 */
public final class Input {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int WINDOW_BYTES = 64 * 1024;

    private byte[] bytes;
    private int end;
    private int at;

    /** From where more comes, and how much; null if all is there. */
    private final @Nullable Inflow inflow;

    private int coming;

    Input(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.at = Objects.checkFromToIndex(from, to, bytes.length);
        this.end = to;
        this.inflow = null;
    }

    /** What is read while it comes. */
    Input(Inflow inflow) {
        this.bytes = Frame.NOTHING;
        this.inflow = inflow;
        this.coming = inflow.size();
    }

    /** Where the next bytes begin, all of them in the array: to be asked for before that is looked at. */
    private int take(long count) {
        if (count > end - at) {
            fetch(count);
        }
        int start = at;
        at += (int) count;
        return start;
    }

    /** Has the window begin with the next bytes, and hold some of them. */
    private void fetch(long count) {
        Inflow source = inflow;
        if (source == null || count > remaining()) {
            throw new UnreadableException("it says " + count + " more bytes where there are " + remaining());
        }
        int held = end - at;
        int size = held + (int) Math.min(coming, Math.max(count - held, WINDOW_BYTES - held));
        if (size > WINDOW_BYTES) {
            bytes = gather(source, size);
        } else {
            byte[] window = bytes.length == WINDOW_BYTES ? bytes : new byte[WINDOW_BYTES];
            System.arraycopy(bytes, at, window, 0, held);
            source.read(window, held, size - held);
            bytes = window;
        }
        coming -= size - held;
        at = 0;
        end = size;
    }

    /** The bytes that are held, and others that come behind them: so many in all, more than a window. */
    private byte[] gather(Inflow source, int size) {
        int held = end - at;
        byte[] all = (byte[]) begin(byte.class, size, Byte.BYTES);
        System.arraycopy(bytes, at, all, 0, held);
        for (int done = held; done < size;) {
            if (done == all.length) {
                all = (byte[]) grow(all, size);
            }
            source.read(all, done, all.length - done);
            done = all.length;
        }
        return all;
    }

    /** How many bytes are left. */
    int remaining() {
        return end - at + coming;
    }

    /** How many bytes need not be waited for. */
    int available() {
        return end - at;
    }

    // ---- room for many ----

    /**
     * For how many of the elements that follow there may be room now: all, or the first where many are still to come.
     *
     * @param bytes that the room for each of them takes
     */
    int roomFor(int length, int bytes) {
        return inflow == null ? length : Math.min(length, Math.max(WINDOW_BYTES, inflow.maxAwaited()) / bytes);
    }

    /** An array with {@linkplain #roomFor room} for elements that follow. */
    Object begin(Class<?> component, int length, int bytes) {
        int room = roomFor(length, bytes);
        return make(() -> Array.newInstance(component, room));
    }

    /** An array with the elements of one that is full, and with room for more of all that there will be. */
    Object grow(Object array, int length) {
        int held = Array.getLength(array);
        int room = (int) Math.min(length, 2L * held);
        Class<?> component = Objects.requireNonNull(array.getClass().componentType());
        return make(() -> {
            Object longer = Array.newInstance(component, room);
            System.arraycopy(array, 0, longer, 0, held);
            return longer;
        });
    }

    /** Makes something long, for bytes that follow. */
    private Object make(Supplier<Object> making) {
        return inflow == null ? making.get() : inflow.hold(making);
    }

    // ---- values ----

    byte readByte() {
        int start = take(1);
        return bytes[start];
    }

    short readShort() {
        int start = take(Short.BYTES);
        return (short) SHORT.get(bytes, start);
    }

    public int readInt() {
        int start = take(Integer.BYTES);
        return (int) INT.get(bytes, start);
    }

    long readLong() {
        int start = take(Long.BYTES);
        return (long) LONG.get(bytes, start);
    }

    /** A number without a sign, of as few bytes as it needs. */
    int readNumber() {
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
        int count = readNumber();
        if (count < 0 || (long) count * leastBytes > remaining()) {
            throw new UnreadableException(
                    "it says " + count + " things where there are " + remaining() + " bytes");
        }
        return count;
    }

    public String readString() {
        int told = readNumber();
        int count = told >>> 1;
        if ((told & 1) == 0) {
            int start = take(count);
            return new String(bytes, start, count, StandardCharsets.UTF_8);
        }
        int start = take(2L * count);
        char[] chars = new char[count];
        for (int i = 0; i < count; i++) {
            chars[i] = (char) (short) SHORT.get(bytes, start + Short.BYTES * i);
        }
        return new String(chars);
    }

    public byte[] readBytes(int count) {
        int held = end - at;
        Inflow source = inflow;
        if (source == null || count - held <= WINDOW_BYTES || count > remaining()) {
            int start = take(count);
            return Arrays.copyOfRange(bytes, start, start + count);
        }
        byte[] all = gather(source, count);
        at = end;
        coming -= count - held;
        return all;
    }

    /** The next bytes by themselves, not copied where they are there, or if they are all that comes. */
    Input part(int count) {
        if (count == remaining()) {
            return this;
        }
        if (inflow != null) {
            return new Input(readBytes(count), 0, count);
        }
        int start = take(count);
        return new Input(bytes, start, start + count);
    }

    /** A view of the next bytes, which are taken; until the next ones are. */
    ByteBuffer view(int count) {
        int start = take(count);
        return ByteBuffer.wrap(bytes, start, count);
    }
}
