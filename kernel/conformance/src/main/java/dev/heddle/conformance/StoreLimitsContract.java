package dev.heddle.conformance;

import static dev.heddle.conformance.StoreFixture.durable;
import static dev.heddle.conformance.StoreFixture.key;
import static dev.heddle.conformance.StoreFixture.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.StoreLimits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract of sizes and names: all that the limits allow is taken, and nothing more. */
interface StoreLimitsContract extends StoreFixture {

    @Test
    default void valuesOfEverySizeComeBackAsTheyAre() {
        withStores((one, other) -> {
            for (int size : new int[]{0, 1, 2, 1000, 4096, StoreLimits.MAX_VALUE - 1, StoreLimits.MAX_VALUE}) {
                Key key = key("size-" + size);
                Bytes value = Bytes.of(Fixtures.noise(size, size));
                commit(one, new Op.Create(key, value, Lifetime.DURABLE));
                assertEquals(value, fresh(other, key).orElseThrow().value());
                Bytes next = Bytes.of(Fixtures.noise(size, -1));
                commit(other, new Op.Set(key, next, Op.ANY_VERSION));
                assertEquals(next, fresh(one, key).orElseThrow().value());
            }
        });
    }

    @Test
    default void valuesMayGrowAndShrinkToNothing() {
        withStore(store -> {
            commit(store, durable(key("a"), ""));
            commit(store, set(key("a"), "more"));
            commit(store, set(key("a"), ""));
            assertEquals(Bytes.EMPTY, fresh(store, key("a")).orElseThrow().value());
        });
    }

    @Test
    default void commitHasUpToItsMostOperations() {
        withStore(store -> {
            List<Op> ops = new ArrayList<>();
            List<String> names = new ArrayList<>();
            for (int i = 0; i < StoreLimits.MAX_OPS; i++) {
                names.add("%02d".formatted(i));
                ops.add(durable(key(names.getLast()), names.getLast()));
            }
            commit(store, ops.toArray(Op[]::new));
            assertEquals(names, names(store, DIR));
        });
    }

    @Test
    default void commitAndListingHaveUpToTheMostBytes() {
        withStore(store -> {
            List<Op> ops = new ArrayList<>();
            for (int i = 0; i < StoreLimits.MAX_COMMIT / StoreLimits.MAX_VALUE; i++) {
                Bytes value = Bytes.of(Fixtures.noise(StoreLimits.MAX_VALUE, i));
                ops.add(new Op.Create(key("%02d".formatted(i)), value, Lifetime.DURABLE));
            }
            commit(store, ops.toArray(Op[]::new));
            for (Op op : ops) {
                var create = (Op.Create) op;
                assertEquals(create.value(), fresh(store, create.key()).orElseThrow().value());
            }
            long bytes = list(store, DIR, ReadConsistency.FRESH).entries().stream()
                    .mapToLong(each -> each.value().length())
                    .sum();
            assertEquals(StoreLimits.MAX_COMMIT, bytes);
        });
    }

    @Test
    default void commitThatNoStoreTakesIsAMistakeOfTheCaller() {
        withStore(store -> {
            Key a = key("a");
            List<Op> many = new ArrayList<>();
            List<Op> large = new ArrayList<>();
            for (int i = 0; i <= StoreLimits.MAX_OPS; i++) {
                many.add(durable(key("many-" + i), ""));
            }
            for (int i = 0; i <= StoreLimits.MAX_COMMIT / StoreLimits.MAX_VALUE; i++) {
                large.add(durable(key("large-" + i), "x".repeat(StoreLimits.MAX_VALUE)));
            }
            assertThrows(IllegalArgumentException.class, () -> store.commit(List.of()));
            assertThrows(IllegalArgumentException.class, () -> store.commit(many));
            assertThrows(IllegalArgumentException.class, () -> store.commit(large));
            assertThrows(
                    IllegalArgumentException.class, () -> store.commit(List.of(durable(a, "1"), new Op.Check(a, 0))));
            assertThrows(IllegalArgumentException.class, () -> store.list("no//directory", ReadConsistency.LOCAL));
            assertThrows(IllegalArgumentException.class, () -> store.watch("../directory", _ -> {}));
            assertEquals(List.of(), names(store, DIR));
        });
    }

    @Test
    default void nameWithAnythingElseIsNone() {
        List<String> names = List.of("", ".", "..", "a b", "a/b", "ä", "a\n", "a*", "\0", "[", "`", "{", "z".repeat(
                StoreLimits.MAX_NAME + 1));
        for (String name : names) {
            assertThrows(IllegalArgumentException.class, () -> new Key("locks", name), name);
        }
        List<String> directories = List.of("", "/", "a/", "/a", "a//b", "a/../b", "./a", "a/.", "a/ü", "a/b c",
                "d/".repeat(StoreLimits.MAX_DIRECTORY / 2) + "d");
        for (String directory : directories) {
            assertThrows(IllegalArgumentException.class, () -> new Key(directory, "a"), directory);
        }
    }

    @Test
    default void nameHasAnyOfTheAllowedCharactersAndTheMostOfThem() {
        withStore(store -> {
            List<String> names = List.of(
                    "-", "_", "~", "%", "@", "...", "..a", ".a", "a.", "a", "A", "0", "%2F", "%2f",
                    "a b".replace(' ', '-'),
                    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~%@", "zookeeper",
                    "z".repeat(StoreLimits.MAX_NAME));
            for (String name : names) {
                commit(store, durable(key(name), name));
            }
            for (String name : names) {
                assertEquals(name, text(store, key(name), ReadConsistency.FRESH));
            }
            assertEquals(names.stream().sorted().toList(), names(store, DIR));
        });
    }

    @Test
    default void directoryHasUpToTheMostCharacters() {
        withStore(store -> {
            int part = StoreLimits.MAX_NAME;
            String longest = "a".repeat(part) + '/' + "b".repeat(part) + '/' + "c".repeat(part - 2);
            assertEquals(StoreLimits.MAX_DIRECTORY, longest.length());
            String deepest = "d/".repeat(StoreLimits.MAX_DIRECTORY / 2 - 1) + "d";
            for (String directory : List.of(longest, deepest, "zookeeper", "zookeeper/quota", "...", "%", "@/~/-")) {
                Key key = new Key(directory, "n".repeat(StoreLimits.MAX_NAME));
                WatchSignals signals = watched(store, directory);
                long stamp = commit(store, durable(key, directory)).stamp();
                assertEquals(directory, text(store, key, ReadConsistency.LOCAL));
                assertEquals(List.of(key.name()), names(store, directory));
                signals.await(key, stamp);
            }
        });
    }

    @Test
    default void directoriesThatBeginAlikeHaveNothingInCommon() {
        withStore(store -> {
            List<String> directories = List.of("locks", "locks/orders", "locks/orders/orders", "lock", "locks-",
                    "locks.orders",
                    "orders", "locks/order", "Locks", "locks/orders%", "locks/locks");
            for (String directory : directories) {
                // The first would be the next directory in a tree.
                commit(store, durable(new Key(directory, "orders"), directory),
                        durable(new Key(directory, "own"), directory));
            }
            for (String directory : directories) {
                assertEquals(List.of("orders", "own"), names(store, directory), directory);
                assertEquals(directory, text(store, new Key(directory, "orders"), ReadConsistency.FRESH));
            }
            commit(store, StoreFixture.delete(new Key("locks", "orders")));
            assertEquals(List.of("own"), names(store, "locks"));
            assertEquals(List.of("orders", "own"), names(store, "locks/orders"));
        });
    }
}
