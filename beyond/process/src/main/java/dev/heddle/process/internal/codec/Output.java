package dev.heddle.process.internal.codec;

import dev.heddle.Waiter;
import dev.heddle.io.LimitExceededException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a value, as they are written: they grow up to a bound, with numbers in the order of the network. Long
 * arrays may be part of them without being copied.
 */
public final class Output {

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** No bytes. */
    public static final Output NOTHING = of(Frame.NOTHING);

    private static final int FIRST_BYTES = 512;

    /** What usually follows a long array, so that it is not copied for that. */
    private static final int SPARE_BYTES = 64;

    /** Shorter ones are copied in any case. */
    private static final int LONG_BYTES = 64 * 1024;

    private final int max;
    private final boolean borrows;

    /** What comes before the bytes; on the heap, from position to limit. */
    private List<ByteBuffer> before = List.of();

    private int beforeSize;

    /** What comes from elsewhere while this is written, and how many of the buffers come before it. */
    private @Nullable Pieces pieces;

    private int piecesAt;

    /** How much of the pieces was taken, and how many of the buffers. */
    private int takenPieces;

    private int takenBuffers;

    /** Never longer than what may still come: only where it ends is the bound looked at. */
    private byte[] bytes;

    private int size;

    Output(int max) {
        this(max, false);
    }

    /**
     * @param borrows whether long arrays are not copied, since nobody changes them before this is written
     */
    Output(int max, boolean borrows) {
        this.max = max;
        this.borrows = borrows;
        this.bytes = new byte[Math.min(FIRST_BYTES, max)];
    }

    private Output(byte[] bytes) {
        this.max = bytes.length;
        this.borrows = false;
        this.bytes = bytes;
        this.size = bytes.length;
    }

    /** What was encoded before. */
    public static Output of(byte[] bytes) {
        return new Output(bytes);
    }

    private void reserve(int count) {
        if (count > bytes.length - size) {
            requireRoom(count);
            long least = size + (long) count + SPARE_BYTES;
            bytes = Arrays.copyOf(bytes, (int) Math.min(max - beforeSize, Math.max(least, 2L * size)));
        }
    }

    private void requireRoom(int count) {
        if (count > max - size()) {
            throw tooLong(max);
        }
    }

    /** How many bytes there are. */
    public int size() {
        return beforeSize + size;
    }

    public static LimitExceededException tooLong(int max) {
        return new LimitExceededException("a value for another process; send it in parts, or through shared memory",
                max);
    }

    void putByte(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
    }

    void putShort(int value) {
        putByte(value >> 8);
        putByte(value);
    }

    public void putInt(int value) {
        reserve(Integer.BYTES);
        INT.set(bytes, size, value);
        size += Integer.BYTES;
    }

    void putLong(long value) {
        reserve(Long.BYTES);
        LONG.set(bytes, size, value);
        size += Long.BYTES;
    }

    /** A number without a sign, in as few bytes as it needs, seven bits in each. */
    void putCount(int count) {
        int rest = count;
        while ((rest & ~0x7f) != 0) {
            putByte(rest | 0x80);
            rest >>>= 7;
        }
        putByte(rest);
    }

    public void putString(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        // Half of a surrogate pair has no UTF-8 and becomes a question mark.
        if (hasQuestionMark(utf8) && !new String(utf8, StandardCharsets.UTF_8).equals(text)) {
            putCount(2 * text.length() + 1);
            for (int i = 0; i < text.length(); i++) {
                putShort(text.charAt(i));
            }
            return;
        }
        putCount(2 * utf8.length);
        putBytes(utf8);
    }

    private static boolean hasQuestionMark(byte[] utf8) {
        for (byte each : utf8) {
            if (each == '?') {
                return true;
            }
        }
        return false;
    }

    public void putBytes(byte[] source) {
        if (source.length >= LONG_BYTES) {
            requireRoom(source.length);
            putShared(borrows ? source : source.clone(), 0, source.length);
        } else {
            copy(source, 0, source.length);
        }
    }

    private void copy(byte[] source, int from, int length) {
        reserve(length);
        System.arraycopy(source, from, bytes, size, length);
        size += length;
    }

    /** Bytes that nobody changes. */
    void putShared(byte[] source, int from, int length) {
        if (length < LONG_BYTES) {
            copy(source, from, length);
            return;
        }
        requireRoom(length);
        cut(length);
        before.add(ByteBuffer.wrap(source, from, length));
    }

    /** All of another one, which nobody changes. */
    void putAll(Output other) {
        for (ByteBuffer each : other.buffers()) {
            putShared(each.array(), each.arrayOffset() + each.position(), each.remaining());
        }
    }

    /** Bytes that come while this is written; once. */
    void putPieces(Pieces source) {
        if (pieces != null) {
            throw new IllegalStateException("two that come while they are written");
        }
        requireRoom(source.size());
        cut(source.size());
        pieces = source;
        piecesAt = before.size();
    }

    /** Makes a buffer of the bytes so far, behind which others come. */
    private void cut(int others) {
        if (before.isEmpty()) {
            before = new ArrayList<>();
        }
        if (size > 0) {
            before.add(ByteBuffer.wrap(Arrays.copyOf(bytes, size)));
        }
        beforeSize += size + others;
        size = 0;
        if (bytes.length > max - beforeSize) {
            bytes = new byte[max - beforeSize];
        }
    }

    /** Room for items of one size, behind their tag and number; to be filled by the caller. */
    ByteBuffer room(byte tag, int count, int itemBytes) {
        putByte(tag);
        putCount(count);
        long length = (long) count * itemBytes;
        if (length > max) {
            throw tooLong(max);
        }
        reserve((int) length);
        ByteBuffer room = ByteBuffer.wrap(bytes, size, (int) length);
        size += (int) length;
        return room;
    }

    public byte[] toBytes() {
        if (before.isEmpty()) {
            return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
        }
        ByteBuffer all = ByteBuffer.allocate(size());
        buffers().forEach(all::put);
        return all.array();
    }

    /** The bytes where they are, on the heap; to be moved over by the caller. Not of one that comes in pieces. */
    public List<ByteBuffer> buffers() {
        if (pieces != null) {
            throw new IllegalStateException("it comes in pieces");
        }
        if (before.isEmpty()) {
            return List.of(ByteBuffer.wrap(bytes, 0, size));
        }
        List<ByteBuffer> all = new ArrayList<>(before.size() + 1);
        before.forEach(each -> all.add(each.duplicate()));
        all.add(ByteBuffer.wrap(bytes, 0, size));
        return all;
    }

    void writeTo(FrameWriter writer) throws IOException {
        for (ByteBuffer each : before) {
            writer.append(each);
        }
        writer.append(bytes, 0, size);
    }

    // ---- what comes while it is written ----

    /** Whether some of it comes in pieces while it is written. */
    public boolean comesInPieces() {
        return pieces != null;
    }

    /** Lets the pieces come: see {@link Pieces#begin}. */
    void begin(Runnable told) {
        Objects.requireNonNull(pieces).begin(told);
    }

    /** The next bytes; null if they have not come yet. Not behind the last. */
    @Nullable ByteBuffer next() {
        Pieces source = Objects.requireNonNull(pieces);
        if (takenBuffers == piecesAt && takenPieces < source.size()) {
            ByteBuffer piece = source.next();
            takenPieces += piece == null ? 0 : piece.remaining();
            return piece;
        }
        int index = takenBuffers++;
        return index < before.size() ? before.get(index) : ByteBuffer.wrap(bytes, 0, size);
    }

    /**
     * Waits until all of it has come.
     *
     * <p>Cancellation: a cancelled call has taken some of it: it is of no use any more.
     */
    public void gather() {
        if (pieces == null) {
            return;
        }
        ByteBuffer all = ByteBuffer.allocate(size());
        var arrived = new AtomicReference<>(new Waiter("the rest of a long body"));
        begin(() -> arrived.get().complete());
        while (all.hasRemaining()) {
            var waiter = new Waiter("the rest of a long body");
            arrived.set(waiter);
            ByteBuffer piece = next();
            if (piece == null) {
                waiter.await();
            } else {
                all.put(piece.duplicate());
            }
        }
        pieces = null;
        before = List.of();
        beforeSize = 0;
        bytes = all.array();
        size = bytes.length;
    }
}
