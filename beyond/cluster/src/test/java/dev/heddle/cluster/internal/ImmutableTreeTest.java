package dev.heddle.cluster.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ImmutableTreeTest {

    private static final int MANY = 10_000;

    /** A value that counts how often it was compared. */
    private record Counted(int number, int[] compared) {

        @Override
        public boolean equals(Object other) {
            compared[0]++;
            return other instanceof Counted counted && counted.number == number;
        }

        @Override
        public int hashCode() {
            return number;
        }
    }

    @Test
    void holdsWhatASortedMapHoldsWhateverIsPutAndRemoved() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            SortedMap<String, Integer> expected = new TreeMap<>();
            ImmutableTree<Integer> tree = ImmutableTree.empty();
            for (int i = 0; i < 200; i++) {
                String name = "n" + random.nextInt(40);
                if (random.nextInt(3) > 0) {
                    expected.put(name, i);
                    tree = tree.with(name, i);
                } else {
                    expected.remove(name);
                    tree = tree.without(name);
                }
                assertEquals(List.copyOf(expected.entrySet()), List.copyOf(tree.entrySet()), "seed " + seed);
                assertEquals(expected.size(), tree.size());
                assertEquals(expected.get(name), tree.get(name));
                assertEquals(expected.headMap(name).size(), tree.countBefore(name), "seed " + seed);
            }
            assertEquals(expected.lastKey(), tree.lastKey());
        }
    }

    @Test
    void anotherOneWithAChangeLeavesThisOneAsItWas() {
        ImmutableTree<Integer> before = ImmutableTree.<Integer>empty().with("a", 1).with("b", 2);
        ImmutableTree<Integer> after = before.with("a", 3).without("b").with("c", 4);
        assertEquals(Map.of("a", 1, "b", 2), before);
        assertEquals(Map.of("a", 3, "c", 4), after);
        assertThrows(UnsupportedOperationException.class, () -> before.put("d", 1));
    }

    @Test
    void whatChangesNothingIsTheSameOne() {
        ImmutableTree<String> tree = ImmutableTree.<String>empty().with("a", "1");
        assertSame(tree, tree.without("b"));
        assertSame(tree, tree.with("a", Objects.requireNonNull(tree.get("a"))));
    }

    @Test
    void emptyOneHasNoLastName() {
        ImmutableTree<String> empty = ImmutableTree.empty();
        assertThrows(NoSuchElementException.class, empty::lastKey);
        assertNull(empty.get("a"));
        assertFalse(empty.containsKey("a"));
    }

    @Test
    void tellsWhatIsGoneAndWhatIsAnotherWhicheverTwoAreCompared() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            ImmutableTree<String> before = filled(random);
            // from the other one, or from nothing
            ImmutableTree<String> after = random.nextBoolean() ? changed(before, random) : filled(random);
            List<String> gone = new ArrayList<>();
            List<String> other = new ArrayList<>();
            after.changesSince(before, gone::add, other::add);
            assertEquals(
                    before.entrySet().stream().filter(entry -> !after.containsKey(entry.getKey()))
                            .map(Map.Entry::getValue).toList(),
                    gone, "seed " + seed);
            assertEquals(
                    after.entrySet().stream().filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
                            .map(Map.Entry::getValue).toList(),
                    other, "seed " + seed);
        }
    }

    private static ImmutableTree<String> filled(Random random) {
        return changed(ImmutableTree.empty(), random);
    }

    private static ImmutableTree<String> changed(ImmutableTree<String> from, Random random) {
        ImmutableTree<String> tree = from;
        for (int i = random.nextInt(60); i > 0; i--) {
            String name = "n" + random.nextInt(40);
            tree = random.nextInt(3) == 0 ? tree.without(name) : tree.with(name, name + random.nextInt(2));
        }
        return tree;
    }

    @Test
    void oneChangeAmongTenThousandIsFoundByLookingAtFew() {
        int[] compared = {0};
        ImmutableTree<Counted> before = ImmutableTree.empty();
        for (int i = 0; i < MANY; i++) {
            before = before.with("name-" + i, new Counted(i, compared));
        }
        ImmutableTree<Counted> after = before.with("name-77", new Counted(-1, compared)).without("name-4000")
                .with("one more", new Counted(-2, compared));
        compared[0] = 0;
        List<Integer> gone = new ArrayList<>();
        List<Integer> other = new ArrayList<>();
        after.changesSince(before, value -> gone.add(value.number()), value -> other.add(value.number()));
        assertEquals(List.of(4000), gone);
        assertEquals(List.of(-1, -2), other);
        assertTrue(compared[0] < 300, "looked at " + compared[0]);
    }

    @Test
    void namesWithTheSameHashOfTheirStringsMakeItNoDeeper() {
        ImmutableTree<Integer> tree = ImmutableTree.empty();
        for (int i = 0; i < MANY; i++) {
            StringBuilder name = new StringBuilder();
            for (int bit = 0; bit < 14; bit++) {
                name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            tree = tree.with(name.toString(), i);
        }
        assertEquals(MANY, tree.size());
        assertEquals(MANY, List.copyOf(tree.values()).size());
    }
}
