package dev.heddle.process.internal.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The encoding of lists of numbers of one kind, the usual load of a map: one tag for all, and no look at each one's
 * type but one.
 */
final class NumberList {

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private NumberList() {}

    /** Writes the items if they are such numbers, and says whether they are. */
    static boolean write(@Nullable Object[] items, Output out) {
        Object first = items.length == 0 ? null : items[0];
        if (first instanceof Integer && all(items, Integer.class)) {
            int at = room(Tag.INT_LIST, items.length, Integer.BYTES, out);
            for (Object item : items) {
                if (item instanceof Integer number) {
                    INT.set(out.array(), at, (int) number);
                    at += Integer.BYTES;
                }
            }
        } else if (first instanceof Long && all(items, Long.class)) {
            int at = room(Tag.LONG_LIST, items.length, Long.BYTES, out);
            for (Object item : items) {
                if (item instanceof Long number) {
                    LONG.set(out.array(), at, (long) number);
                    at += Long.BYTES;
                }
            }
        } else if (first instanceof Double && all(items, Double.class)) {
            int at = room(Tag.DOUBLE_LIST, items.length, Double.BYTES, out);
            for (Object item : items) {
                if (item instanceof Double number) {
                    LONG.set(out.array(), at, Double.doubleToRawLongBits(number));
                    at += Double.BYTES;
                }
            }
        } else {
            return false;
        }
        return true;
    }

    private static boolean all(@Nullable Object[] items, Class<?> type) {
        for (Object item : items) {
            if (item == null || item.getClass() != type) {
                return false;
            }
        }
        return true;
    }

    private static int room(byte tag, int count, int itemBytes, Output out) {
        out.putByte(tag);
        out.putCount(count);
        return out.skip((long) count * itemBytes);
    }

    static List<Integer> readInts(Input in) {
        int count = in.readCount(Integer.BYTES);
        List<Integer> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(in.readInt());
        }
        return list;
    }

    static List<Long> readLongs(Input in) {
        int count = in.readCount(Long.BYTES);
        List<Long> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(in.readLong());
        }
        return list;
    }

    static List<Double> readDoubles(Input in) {
        int count = in.readCount(Double.BYTES);
        List<Double> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(Double.longBitsToDouble(in.readLong()));
        }
        return list;
    }
}
