package dev.heddle.process.internal.codec;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The encoding of lists of numbers of one kind, the usual load of a map: one tag for all, and no look at each one's
 * type but one.
 */
final class NumberList {

    private NumberList() {}

    /** Writes the items if they are such numbers, and says whether they are. */
    static boolean write(@Nullable Object[] items, Output out) {
        Object first = items.length == 0 ? null : items[0];
        if (first instanceof Integer && all(items, Integer.class)) {
            ByteBuffer room = out.room(Tag.INT_LIST, items.length, Integer.BYTES);
            for (Object item : items) {
                if (item instanceof Integer number) {
                    room.putInt(number);
                }
            }
        } else if (first instanceof Long && all(items, Long.class)) {
            ByteBuffer room = out.room(Tag.LONG_LIST, items.length, Long.BYTES);
            for (Object item : items) {
                if (item instanceof Long number) {
                    room.putLong(number);
                }
            }
        } else if (first instanceof Double && all(items, Double.class)) {
            ByteBuffer room = out.room(Tag.DOUBLE_LIST, items.length, Double.BYTES);
            for (Object item : items) {
                if (item instanceof Double number) {
                    room.putDouble(number);
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

    static List<Integer> readInts(Input in) {
        int count = in.readCount(Integer.BYTES);
        List<Integer> list = new ArrayList<>(in.roomFor(count, Long.BYTES));
        for (int i = 0; i < count; i++) {
            list.add(in.readInt());
        }
        return list;
    }

    static List<Long> readLongs(Input in) {
        int count = in.readCount(Long.BYTES);
        List<Long> list = new ArrayList<>(in.roomFor(count, Long.BYTES));
        for (int i = 0; i < count; i++) {
            list.add(in.readLong());
        }
        return list;
    }

    static List<Double> readDoubles(Input in) {
        int count = in.readCount(Double.BYTES);
        List<Double> list = new ArrayList<>(in.roomFor(count, Long.BYTES));
        for (int i = 0; i < count; i++) {
            list.add(Double.longBitsToDouble(in.readLong()));
        }
        return list;
    }
}
