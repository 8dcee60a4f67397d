package dev.heddle.cli.sight.leaks;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A reader of heap dumps in the format HPROF, as HotSpot writes them (its {@code heapDumper.cpp} describes it). All
 * numbers are big-endian; the references to objects have 4 or 8 bytes, as the head says.
 */
final class HprofReader {

    private static final List<String> HEADS = List.of("JAVA PROFILE 1.0.1", "JAVA PROFILE 1.0.2");

    private static final int TEXT = 0x01;
    private static final int LOAD_CLASS = 0x02;
    private static final int FRAME = 0x04;
    private static final int TRACE = 0x05;
    private static final int HEAP_DUMP = 0x0C;
    private static final int HEAP_DUMP_SEGMENT = 0x1C;
    private static final int HEAP_DUMP_END = 0x2C;

    private static final int ROOT_JNI_GLOBAL = 0x01;
    private static final int ROOT_JNI_LOCAL = 0x02;
    private static final int ROOT_JAVA_FRAME = 0x03;
    private static final int ROOT_NATIVE_STACK = 0x04;
    private static final int ROOT_STICKY_CLASS = 0x05;
    private static final int ROOT_THREAD_BLOCK = 0x06;
    private static final int ROOT_MONITOR_USED = 0x07;
    private static final int ROOT_THREAD = 0x08;
    private static final int CLASS_DUMP = 0x20;
    private static final int INSTANCE_DUMP = 0x21;
    private static final int ARRAY_DUMP = 0x22;
    private static final int PRIMITIVE_ARRAY_DUMP = 0x23;
    private static final int ROOT_UNKNOWN = 0xFF;

    /** The type of a field that is a reference; the others are those of primitives. */
    static final byte OBJECT = 2;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final MemorySegment file;
    private final int idBytes;
    private long at;

    /**
     * Reads the head.
     *
     * @throws IOException if it is none of a heap dump
     */
    HprofReader(MemorySegment file) throws IOException {
        this.file = file;
        String head = HEADS.stream().filter(this::beginsWith).findFirst()
                .orElseThrow(() -> new IOException("this is no heap dump"));
        at = head.length() + 1L;
        if (file.byteSize() < at + 12L) {
            throw cutOff();
        }
        idBytes = (int) number(4);
        if (idBytes != 4 && idBytes != 8) {
            throw damaged();
        }
        at += 8; // when it was taken
    }

    private boolean beginsWith(String head) {
        byte[] bytes = (head + "\0").getBytes(StandardCharsets.US_ASCII);
        return file.byteSize() >= bytes.length
                && file.asSlice(0, bytes.length).mismatch(MemorySegment.ofArray(bytes)) < 0;
    }

    /** The size of a reference. */
    int idBytes() {
        return idBytes;
    }

    /**
     * Reads all records, once.
     *
     * @throws IOException if there is anything else, or the end is missing
     */
    void read(HprofVisitor visitor) throws IOException {
        boolean ended = false;
        try {
            while (at < file.byteSize()) {
                int tag = (int) number(1);
                at += 4; // when it was written
                long end = number(4) + at;
                if (end > file.byteSize()) {
                    throw cutOff();
                }
                record(tag, end, visitor);
                at = end;
                ended = tag == HEAP_DUMP || tag == HEAP_DUMP_END;
            }
            if (!ended) {
                throw cutOff();
            }
            visitor.end();
        } catch (IndexOutOfBoundsException e) {
            throw (IOException) cutOff().initCause(e);
        }
    }

    private void record(int tag, long end, HprofVisitor visitor) throws IOException {
        switch (tag) {
            case TEXT -> {
                long id = id();
                if (at > end) {
                    throw damaged();
                }
                visitor.text(id, at);
            }
            case LOAD_CLASS -> {
                int serial = (int) number(4);
                long id = id();
                at += 4; // the stack that has loaded it
                visitor.loadedClass(serial, id, id());
            }
            case FRAME -> {
                long id = id();
                at += 3L * idBytes; // names of the method, its signature and its file
                visitor.frame(id, (int) number(4));
            }
            case TRACE -> {
                at += 4; // its own number
                int thread = (int) number(4);
                visitor.stack(thread, ids(number(4), end));
            }
            case HEAP_DUMP, HEAP_DUMP_SEGMENT -> {
                while (at < end) {
                    heapRecord((int) number(1), end, visitor);
                }
                if (at > end) {
                    throw damaged();
                }
            }
            default -> {} // sizes and samples, which are of no use here
        }
    }

    private void heapRecord(int tag, long end, HprofVisitor visitor) throws IOException {
        long id = id();
        switch (tag) {
            case ROOT_UNKNOWN, ROOT_MONITOR_USED -> visitor.root(id);
            case ROOT_STICKY_CLASS -> {} // the static fields of all classes count
            case ROOT_JNI_GLOBAL -> {
                at += idBytes;
                visitor.root(id);
            }
            case ROOT_NATIVE_STACK, ROOT_THREAD_BLOCK -> {
                at += 4;
                visitor.root(id);
            }
            case ROOT_JNI_LOCAL, ROOT_JAVA_FRAME -> {
                int thread = (int) number(4);
                visitor.local(id, thread, (int) number(4));
            }
            case ROOT_THREAD -> {
                visitor.thread(id, (int) number(4));
                at += 4; // its stack
            }
            case CLASS_DUMP -> type(id, end, visitor);
            case INSTANCE_DUMP -> {
                at += 4; // the stack that has made it
                long begin = at;
                long type = id();
                visitor.instance(id, type, begin);
                long bytes = number(4);
                at += bytes;
            }
            case ARRAY_DUMP -> {
                at += 4;
                long begin = at;
                long count = number(4);
                visitor.array(id, begin);
                at += (count + 1) * idBytes;
            }
            case PRIMITIVE_ARRAY_DUMP -> {
                at += 4;
                long count = number(4);
                int size = size((byte) number(1));
                at += count * size;
            }
            default -> throw damaged();
        }
    }

    private void type(long id, long end, HprofVisitor visitor) throws IOException {
        at += 4;
        long superclass = id();
        visitor.root(id()); // its loader
        at += 4L * idBytes + 4; // signers, domain and what is reserved; the size of an instance
        for (long i = number(2); i > 0; i--) { // constants
            at += 2;
            skip((byte) number(1));
        }
        int statics = (int) number(2);
        long[] referred = new long[statics];
        int count = 0;
        for (int i = 0; i < statics; i++) {
            at += idBytes;
            byte kind = (byte) number(1);
            if (kind == OBJECT) {
                referred[count++] = id();
            } else {
                skip(kind);
            }
        }
        int fields = (int) number(2);
        if ((end - at) < fields * (idBytes + 1L)) {
            throw damaged();
        }
        long[] names = new long[fields];
        byte[] types = new byte[fields];
        for (int i = 0; i < fields; i++) {
            names[i] = id();
            types[i] = (byte) number(1);
            size(types[i]);
        }
        visitor.type(id, superclass, Arrays.copyOf(referred, count), names, types);
    }

    private void skip(byte type) throws IOException {
        at += size(type);
    }

    /** The bytes of a value. */
    private int size(byte type) throws IOException {
        int size = size(type, idBytes);
        if (size == 0) {
            throw damaged();
        }
        return size;
    }

    /** The bytes of a value of a type; 0 if there is no such type. */
    static int size(byte type, int idBytes) {
        return switch (type) {
            case OBJECT -> idBytes;
            case 4, 8 -> 1; // boolean, byte
            case 5, 9 -> 2; // char, short
            case 6, 10 -> 4; // float, int
            case 7, 11 -> 8; // double, long
            default -> 0;
        };
    }

    private long[] ids(long count, long end) throws IOException {
        if (count * idBytes > end - at) {
            throw damaged();
        }
        long[] ids = new long[(int) count];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = id();
        }
        return ids;
    }

    private long id() {
        return number(idBytes);
    }

    private long number(int bytes) {
        long number = number(file, at, bytes);
        at += bytes;
        return number;
    }

    /** A number without a sign, of 1, 2, 4 or 8 bytes. */
    static long number(MemorySegment file, long at, int bytes) {
        return switch (bytes) {
            case 1 -> Byte.toUnsignedLong(file.get(ValueLayout.JAVA_BYTE, at));
            case 2 -> Short.toUnsignedLong(file.get(SHORT, at));
            case 4 -> Integer.toUnsignedLong(file.get(INT, at));
            default -> file.get(LONG, at);
        };
    }

    private IOException damaged() {
        return new IOException("the heap dump is damaged at byte " + at);
    }

    private static IOException cutOff() {
        return new EOFException("the heap dump is cut off");
    }
}
