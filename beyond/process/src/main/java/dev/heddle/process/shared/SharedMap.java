package dev.heddle.process.shared;

import dev.heddle.io.LimitExceededException;
import dev.heddle.process.internal.codec.Parcel;
import java.util.AbstractCollection;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The proxy of a manager's map, for its users. Functions run in the caller, and their result counts only if the value
 * is still the one that they were given.
 *
 * <p>Threads: any.
 */
@SuppressWarnings("NullAway") // the map's methods give null for what is absent
final class SharedMap<K, V> extends AbstractMap<K, V> implements ConcurrentMap<K, V> {

    private static final int PAGE_ENTRIES = 1_000;

    private final RemoteReference reference;
    private final MapCalls calls;

    SharedMap(RemoteReference reference) {
        this.reference = reference;
        this.calls = reference.proxy(MapCalls.class);
    }

    RemoteReference reference() {
        return reference;
    }

    private Parcel pack(V value) {
        return reference.pack(value);
    }

    @SuppressWarnings("unchecked")
    private @Nullable V open(@Nullable Parcel value) {
        return value == null ? null : (V) reference.open(value);
    }

    private static Object key(@Nullable Object key) {
        return Objects.requireNonNull(key, "a key of a shared map cannot be null");
    }

    // ---- one entry ----

    @Override
    public int size() {
        return calls.size();
    }

    @Override
    public boolean containsKey(Object key) {
        return calls.containsKey(key(key));
    }

    @Override
    public @Nullable V get(Object key) {
        return open(calls.get(key(key)));
    }

    @Override
    public @Nullable V put(K key, V value) {
        return open(calls.put(key(key), pack(value)));
    }

    @Override
    public @Nullable V remove(Object key) {
        return open(calls.remove(key(key)));
    }

    @Override
    public void clear() {
        calls.clear();
    }

    // ---- if it is still the same ----

    @Override
    public @Nullable V putIfAbsent(K key, V value) {
        Parcel packed = pack(value);
        while (true) {
            Parcel there = calls.get(key(key));
            if (there != null) {
                return open(there);
            }
            if (calls.replace(key, null, packed)) {
                return null;
            }
        }
    }

    @Override
    public boolean remove(Object key, @Nullable Object value) {
        return replaceIf(key, value, null);
    }

    @Override
    public boolean replace(K key, V before, V after) {
        return replaceIf(key, before, pack(after));
    }

    private boolean replaceIf(Object key, @Nullable Object before, @Nullable Parcel after) {
        while (true) {
            Parcel there = calls.get(key(key));
            if (there == null || !Objects.equals(open(there), before)) {
                return false;
            }
            if (calls.replace(key, there, after)) {
                return true;
            }
        }
    }

    @Override
    public @Nullable V replace(K key, V value) {
        Parcel packed = pack(value);
        while (true) {
            Parcel there = calls.get(key(key));
            if (there == null || calls.replace(key, there, packed)) {
                return open(there);
            }
        }
    }

    @Override
    public @Nullable V compute(K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function) {
        Objects.requireNonNull(function);
        while (true) {
            Parcel there = calls.get(key(key));
            V after = function.apply(key, open(there));
            if ((there == null && after == null) || calls.replace(key, there, after == null ? null : pack(after))) {
                return after;
            }
        }
    }

    @Override
    public @Nullable V computeIfAbsent(K key, Function<? super K, ? extends @Nullable V> function) {
        Objects.requireNonNull(function);
        while (true) {
            Parcel there = calls.get(key(key));
            V value = there == null ? function.apply(key) : open(there);
            if (there != null || value == null || calls.replace(key, null, pack(value))) {
                return value;
            }
        }
    }

    @Override
    public @Nullable V computeIfPresent(
            K key, BiFunction<? super K, ? super V, ? extends @Nullable V> function) {
        Objects.requireNonNull(function);
        return compute(key, (same, before) -> before == null ? null : function.apply(same, before));
    }

    @Override
    public @Nullable V merge(K key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> function) {
        Objects.requireNonNull(value);
        Objects.requireNonNull(function);
        return compute(key, (same, before) -> before == null ? value : function.apply(before, value));
    }

    @Override
    public void replaceAll(BiFunction<? super K, ? super V, ? extends V> function) {
        Objects.requireNonNull(function);
        keySet().forEach(key -> computeIfPresent(
                key, (same, before) -> Objects.requireNonNull(function.apply(same, before))));
    }

    // ---- all entries ----

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return new View<>(entry -> entry) {
            @Override
            public boolean contains(Object entry) {
                return entry instanceof Map.Entry<?, ?> same
                        && same.getKey() != null
                        && same.getValue() != null
                        && same.getValue().equals(get(same.getKey()));
            }

            @Override
            public boolean remove(Object entry) {
                return entry instanceof Map.Entry<?, ?> same
                        && same.getKey() != null
                        && SharedMap.this.remove(same.getKey(), same.getValue());
            }
        };
    }

    @Override
    public Set<K> keySet() {
        return new View<>(Map.Entry::getKey) {
            @Override
            public boolean contains(Object key) {
                return containsKey(key);
            }

            @Override
            public boolean remove(Object key) {
                return calls.remove(key(key)) != null;
            }
        };
    }

    @Override
    public Collection<V> values() {
        return new AbstractCollection<>() {
            @Override
            public int size() {
                return calls.size();
            }

            @Override
            public void clear() {
                calls.clear();
            }

            @Override
            public Iterator<V> iterator() {
                return new Parts<>(Map.Entry::getValue);
            }

            @Override
            public Spliterator<V> spliterator() {
                return unsized(iterator());
            }
        };
    }

    private static <E> Spliterator<E> unsized(Iterator<E> iterator) {
        return Spliterators.spliteratorUnknownSize(iterator, Spliterator.CONCURRENT | Spliterator.NONNULL);
    }

    /** The first entries, and how many more there are; its name if it cannot be reached. */
    @Override
    public String toString() {
        return Contents.text(
                reference, '{', '}',
                most -> calls.behind(0, most).stream().map(entry -> entry.key() + "=" + open(entry.value())).toList(),
                calls::size);
    }

    /** What others change at any time, so that nothing of it may count on its size. */
    private class View<E> extends AbstractSet<E> {

        private final Function<Map.Entry<K, V>, E> part;

        View(Function<Map.Entry<K, V>, E> part) {
            this.part = part;
        }

        @Override
        public int size() {
            return calls.size();
        }

        @Override
        public void clear() {
            calls.clear();
        }

        @Override
        public Iterator<E> iterator() {
            return new Parts<>(part);
        }

        /** Not said to be distinct: a key that goes and comes again meanwhile is met twice. */
        @Override
        public Spliterator<E> spliterator() {
            return unsized(iterator());
        }
    }

    /** Goes through the keys, the values, or the entries themselves, in the order in which they came. */
    private final class Parts<E> implements Iterator<E> {

        private final Function<Map.Entry<K, V>, E> part;
        private Iterator<MapCalls.Entry> page = List.<MapCalls.Entry>of().iterator();
        private int most = PAGE_ENTRIES;
        private long last;
        private @Nullable K lastKey;

        Parts(Function<Map.Entry<K, V>, E> part) {
            this.part = part;
        }

        @Override
        public boolean hasNext() {
            if (!page.hasNext()) {
                page = nextPage().iterator();
            }
            return page.hasNext();
        }

        /**
         * Fewer at a time if they are too long together: only the manager's answer tells, which knows the keys'
         * lengths.
         */
        private List<MapCalls.Entry> nextPage() {
            while (true) {
                try {
                    return calls.behind(last, most);
                } catch (LimitExceededException e) {
                    if (most == 1) {
                        throw e;
                    }
                    most /= 2;
                }
            }
        }

        @Override
        @SuppressWarnings("unchecked")
        public E next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            MapCalls.Entry next = page.next();
            last = next.number();
            var key = (K) next.key();
            lastKey = key;
            return part.apply(new SimpleEntry<>(key, open(next.value())) {
                private static final long serialVersionUID = 1;

                @Override
                public V setValue(V value) {
                    put(key, value);
                    return super.setValue(value);
                }
            });
        }

        @Override
        public void remove() {
            if (lastKey == null) {
                throw new IllegalStateException("next has not been called");
            }
            calls.remove(lastKey);
            lastKey = null;
        }
    }
}
