package dev.heddle.process.shared;

import dev.heddle.process.internal.codec.Parcel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The map behind a shared one, in its manager, in the order in which the keys came. */
final class MapObject implements MapCalls {

    /** About so much is given at a time to iterations. */
    private static final int PAGE_BYTES = 256 * 1024;

    private final Map<Object, Entry> entries = new HashMap<>();
    private final TreeMap<Long, Entry> inOrder = new TreeMap<>();
    private long numbers;

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public boolean containsKey(Object key) {
        return entries.containsKey(key);
    }

    @Override
    public @Nullable Parcel get(Object key) {
        return valueOf(entries.get(key));
    }

    @Override
    public @Nullable Parcel put(Object key, Parcel value) {
        Entry old = entries.get(key);
        set(new Entry(old == null ? ++numbers : old.number(), old == null ? key : old.key(), value));
        return valueOf(old);
    }

    private void set(Entry entry) {
        entries.put(entry.key(), entry);
        inOrder.put(entry.number(), entry);
    }

    @Override
    public @Nullable Parcel remove(Object key) {
        Entry old = entries.remove(key);
        if (old != null) {
            inOrder.remove(old.number());
        }
        return valueOf(old);
    }

    private static @Nullable Parcel valueOf(@Nullable Entry entry) {
        return entry == null ? null : entry.value();
    }

    @Override
    public boolean replace(Object key, @Nullable Parcel before, @Nullable Parcel after) {
        if (!Objects.equals(get(key), before)) {
            return false;
        }
        if (after == null) {
            remove(key);
        } else {
            put(key, after);
        }
        return true;
    }

    @Override
    public void clear() {
        entries.clear();
        inOrder.clear();
    }

    @Override
    public List<Entry> behind(long number, int most) {
        List<Entry> page = new ArrayList<>();
        int bytes = 0;
        for (Entry entry : inOrder.tailMap(number, false).values()) {
            bytes += entry.value().size();
            if (!page.isEmpty() && (bytes > PAGE_BYTES || page.size() >= most)) {
                break;
            }
            page.add(entry);
        }
        return page;
    }
}
