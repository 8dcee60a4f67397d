package dev.heddle.cluster.internal;

import java.security.SecureRandom;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A map in the order of its names that never changes: one with a change is another one, which shares all the rest. A
 * change and a look-up cost the logarithm of its size; what two of them differ in is told for the cost of the difference.
 *
 * <p>A treap: among the nodes below it each has the highest rank, which is a hash of its name. So the same names have
 * the same shape, however they came together, and what two trees share is found at the same places. The hash differs
 * from one process to the next, so that nobody can choose names that make a tree deep.
 *
 * @param <V> what stands at a name
 * @see <a href="https://en.wikipedia.org/wiki/Treap">Treap</a>
 */
public final class ImmutableTree<V> extends AbstractMap<String, V> {

    private static final ImmutableTree<?> EMPTY = new ImmutableTree<>(null);

    private static final long SEED = new SecureRandom().nextLong() | 1;

    private final @Nullable Node<V> root;

    private ImmutableTree(@Nullable Node<V> root) {
        this.root = root;
    }

    private record Node<V>(
            String name, V value, long rank, @Nullable Node<V> left, @Nullable Node<V> right, int size) {

        private static <V> Node<V> of(Node<V> top, @Nullable Node<V> left, @Nullable Node<V> right) {
            return new Node<>(top.name, top.value, top.rank, left, right, 1 + sizeOf(left) + sizeOf(right));
        }

        /** Whether it stands above another one. */
        private boolean outranks(Node<V> other) {
            return rank > other.rank || (rank == other.rank && name.compareTo(other.name) < 0);
        }
    }

    /** Two trees: all before a name, and all behind it. */
    private record Halves<V>(@Nullable Node<V> before, @Nullable Node<V> behind) {}

    /** The one with nothing in it. */
    @SuppressWarnings("unchecked") // it has no value of any type
    public static <V> ImmutableTree<V> empty() {
        return (ImmutableTree<V>) EMPTY;
    }

    // ---- others ----

    /** This with a value at a name, instead of what stands there. */
    public ImmutableTree<V> with(String name, V value) {
        V old = get(name);
        return old == value
                ? this
                : new ImmutableTree<>(put(root, new Node<>(name, value, rankOf(name), null, null, 1)));
    }

    /** This without a name. */
    public ImmutableTree<V> without(String name) {
        return containsKey(name) ? new ImmutableTree<>(remove(root, name)) : this;
    }

    private static <V> Node<V> put(@Nullable Node<V> tree, Node<V> one) {
        if (tree == null) {
            return one;
        }
        if (tree.name.equals(one.name)) {
            return new Node<>(one.name, one.value, tree.rank, tree.left, tree.right, tree.size);
        }
        if (one.outranks(tree)) {
            Halves<V> halves = split(tree, one.name);
            return Node.of(one, halves.before, halves.behind);
        }
        return one.name.compareTo(tree.name) < 0
                ? Node.of(tree, put(tree.left, one), tree.right)
                : Node.of(tree, tree.left, put(tree.right, one));
    }

    private static <V> @Nullable Node<V> remove(@Nullable Node<V> tree, String name) {
        if (tree == null) {
            return null;
        }
        int order = name.compareTo(tree.name);
        if (order == 0) {
            return join(tree.left, tree.right);
        }
        return order < 0
                ? Node.of(tree, remove(tree.left, name), tree.right)
                : Node.of(tree, tree.left, remove(tree.right, name));
    }

    /** What stands before a name and what behind it, without what stands at it. */
    private static <V> Halves<V> split(@Nullable Node<V> tree, String name) {
        if (tree == null) {
            return new Halves<>(null, null);
        }
        int order = name.compareTo(tree.name);
        if (order == 0) {
            return new Halves<>(tree.left, tree.right);
        }
        if (order < 0) {
            Halves<V> halves = split(tree.left, name);
            return new Halves<>(halves.before, Node.of(tree, halves.behind, tree.right));
        }
        Halves<V> halves = split(tree.right, name);
        return new Halves<>(Node.of(tree, tree.left, halves.before), halves.behind);
    }

    /** All of the one stands before all of the other. */
    private static <V> @Nullable Node<V> join(@Nullable Node<V> before, @Nullable Node<V> behind) {
        if (before == null || behind == null) {
            return before == null ? behind : before;
        }
        return before.outranks(behind)
                ? Node.of(before, before.left, join(before.right, behind))
                : Node.of(behind, join(before, behind.left), behind.right);
    }

    private static long rankOf(String name) {
        long rank = SEED;
        for (int i = 0; i < name.length(); i++) {
            rank = (rank ^ name.charAt(i)) * SEED;
            rank ^= rank >>> 29;
        }
        return rank;
    }

    // ---- differences ----

    /**
     * Tells where this differs from an earlier one, in the order of the names. What is the same object in both, or equal,
     * does not differ.
     *
     * @param gone takes the values of before whose names are no more
     * @param other takes the values of now that are new, or other ones than before
     */
    public void changesSince(ImmutableTree<V> before, Consumer<? super V> gone, Consumer<? super V> other) {
        changes(before.root, root, gone, other);
    }

    private static <V> void changes(
            @Nullable Node<V> old, @Nullable Node<V> now, Consumer<? super V> gone, Consumer<? super V> other) {
        if (old == now) {
            return;
        }
        if (old != null && now != null && old.name.equals(now.name)) {
            changes(old.left, now.left, gone, other);
            if (!old.value.equals(now.value)) {
                other.accept(now.value);
            }
            changes(old.right, now.right, gone, other);
        } else if (old != null && (now == null || old.outranks(now))) { // then its name is nowhere in the other
            Halves<V> halves = split(now, old.name);
            changes(old.left, halves.before, gone, other);
            gone.accept(old.value);
            changes(old.right, halves.behind, gone, other);
        } else if (now != null) {
            Halves<V> halves = split(old, now.name);
            changes(halves.before, now.left, gone, other);
            other.accept(now.value);
            changes(halves.behind, now.right, gone, other);
        }
    }

    // ---- looks ----

    @Override
    public @Nullable V get(@Nullable Object key) {
        Node<V> tree = root;
        while (tree != null && key instanceof String name) {
            int order = name.compareTo(tree.name);
            if (order == 0) {
                return tree.value;
            }
            tree = order < 0 ? tree.left : tree.right;
        }
        return null;
    }

    /** How many names stand before one, which need not be there. */
    public int countBefore(String name) {
        int before = 0;
        Node<V> tree = root;
        while (tree != null) {
            if (tree.name.compareTo(name) < 0) {
                before += 1 + sizeOf(tree.left);
                tree = tree.right;
            } else {
                tree = tree.left;
            }
        }
        return before;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return get(key) != null;
    }

    @Override
    public int size() {
        return sizeOf(root);
    }

    private static int sizeOf(@Nullable Node<?> tree) {
        return tree == null ? 0 : tree.size;
    }

    /**
     * The last name.
     *
     * @throws NoSuchElementException if it is empty
     */
    public String lastKey() {
        Node<V> last = root;
        while (last != null && last.right != null) {
            last = last.right;
        }
        if (last == null) {
            throw new NoSuchElementException("nothing in it");
        }
        return last.name;
    }

    @Override
    public Set<Map.Entry<String, V>> entrySet() {
        return new AbstractSet<>() {

            @Override
            public Iterator<Map.Entry<String, V>> iterator() {
                return new InOrder<>(root);
            }

            @Override
            public int size() {
                return sizeOf(root);
            }
        };
    }

    /** Goes through a tree from its first name to its last. */
    private static final class InOrder<V> implements Iterator<Map.Entry<String, V>> {

        /** Those whose turn comes after all on their left. */
        private final Deque<Node<V>> path = new ArrayDeque<>();

        private InOrder(@Nullable Node<V> root) {
            descend(root);
        }

        private void descend(@Nullable Node<V> from) {
            for (Node<V> each = from; each != null; each = each.left) {
                path.push(each);
            }
        }

        @Override
        public boolean hasNext() {
            return !path.isEmpty();
        }

        @Override
        public Map.Entry<String, V> next() {
            Node<V> next = path.pop();
            descend(next.right);
            return Map.entry(next.name, next.value);
        }
    }
}
