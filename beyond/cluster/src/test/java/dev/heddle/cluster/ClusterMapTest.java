package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Subscription;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class ClusterMapTest {

    private final InMemoryStore store = InMemoryStore.create();

    private Cluster join(String node) {
        return Cluster.join(ClusterOptions.of("shop", store).withNode(node));
    }

    @Test
    void versionsNeverComeAgainAlsoOfAKeyThatWasRemoved() {
        Sim.run(() -> {
            try (Cluster a = join("a"); Cluster b = join("b")) {
                ClusterMap mine = a.map("settings", 10);
                ClusterMap theirs = b.map("settings", 10);
                long first = mine.put("rate", Bytes.utf8("1"));
                assertEquals(new ClusterMap.Value(Bytes.utf8("1"), first), theirs.get("rate").orElseThrow());
                assertTrue(theirs.remove("rate"));
                assertFalse(theirs.remove("rate"));
                long second = mine.compareAndSet("rate", ClusterMap.ABSENT, Bytes.utf8("1")).orElseThrow();
                assertTrue(second > first);
                assertEquals(OptionalLong.empty(), theirs.compareAndSet("rate", first, Bytes.utf8("2")));
                assertFalse(theirs.remove("rate", first));
                assertTrue(theirs.remove("rate", second));
                assertEquals(Set.of(), mine.all().keySet());
            }
        });
    }

    @Test
    void changesByVersionLoseNothing() {
        Sim.seeds(1, 20, () -> {
            try (Cluster a = join("a"); Cluster b = join("b")) {
                a.map("n", 10).put("count", Bytes.utf8("0"));
                Heddle.group(group -> {
                    for (Cluster node : List.of(a, b, a, b)) {
                        group.spawn(() -> {
                            for (int i = 0; i < 10; i++) {
                                while (!increment(node.map("n", 10))) {
                                    Heddle.checkpoint();
                                }
                            }
                        });
                    }
                });
                assertEquals("40", b.map("n", 10).get("count").orElseThrow().bytes().utf8());
            }
        });
    }

    private static boolean increment(ClusterMap map) {
        ClusterMap.Value old = map.get("count").orElseThrow();
        Bytes next = Bytes.utf8(Integer.toString(Integer.parseInt(old.bytes().utf8()) + 1));
        return map.compareAndSet("count", old.version(), next).isPresent();
    }

    @Test
    void changeLooksAgainWhenTheFirstKeyOfAllComesBetweenItsReads() {
        Sim.run(() -> {
            try (Cluster a = join("a")) {
                AtomicBoolean first = new AtomicBoolean(true);
                // Its reads of values are late: others come first.
                StoreEngine late = options -> {
                    Store real = store.open(options);
                    InvocationHandler handler = (_, method, arguments) -> {
                        if (method.getName().equals("read")
                                && ((Key) arguments[0]).directory().equals("maps/settings")
                                && first.getAndSet(false)) {
                            a.map("settings", 10).put("rate", Bytes.utf8("1"));
                        }
                        return method.invoke(real, arguments);
                    };
                    return (Store) Proxy.newProxyInstance(
                            Store.class.getClassLoader(), new Class<?>[]{Store.class}, handler);
                };
                try (Cluster b = Cluster.join(ClusterOptions.of("shop", late).withNode("b"))) {
                    long version = b.map("settings", 10).put("rate", Bytes.utf8("2"));
                    assertFalse(first.get());
                    assertEquals(
                            new ClusterMap.Value(Bytes.utf8("2"), version), a.map("settings", 10).get("rate").get());
                }
            }
        });
    }

    @Test
    void fullMapTakesNoNewKeyAndValuesHaveALimit() {
        Sim.run(() -> {
            Cluster a = join("a");
            ClusterMap map = a.map("small", 2);
            map.put("a/b", Bytes.EMPTY);
            map.put("%", Bytes.EMPTY);
            assertThrows(IllegalStateException.class, () -> map.put("c", Bytes.EMPTY));
            map.put("%", Bytes.utf8("new"));
            assertTrue(map.remove("a/b"));
            map.put("c", Bytes.EMPTY);
            assertEquals(Set.of("%", "c"), map.all().keySet());
            assertThrows(IllegalArgumentException.class, () -> map.put("c", Bytes.of(new byte[64 * 1024 + 1])));
            assertThrows(IllegalArgumentException.class, () -> map.put("", Bytes.EMPTY));
            assertThrows(IllegalArgumentException.class, () -> a.map("small", 0));
            a.close();
            assertThrows(ClosedException.class, () -> map.put("c", Bytes.EMPTY));
            assertThrows(ClosedException.class, () -> map.get("c"));
        });
    }

    @Test
    void subscriberHearsWhatIsThereAndWhatChanges() {
        Sim.run(() -> {
            try (Cluster a = join("a"); Cluster b = join("b")) {
                long there = a.map("settings", 10).put("there", Bytes.utf8("1"));
                try (Subscription<ClusterMapEvent> events = b.map("settings", 10).changes(10)) {
                    assertEquals(new ClusterMapEvent.Put("there", Bytes.utf8("1"), there), events.receive());
                    long later = a.map("settings", 10).put("later", Bytes.utf8("2"));
                    assertEquals(new ClusterMapEvent.Put("later", Bytes.utf8("2"), later), events.receive());
                    a.map("settings", 10).remove("there");
                    assertEquals(new ClusterMapEvent.Removed("there"), events.receive());
                }
                Heddle.sleep(Duration.ofMinutes(1));
            }
        });
    }

    @Test
    void changesTellAMapThatHasMoreThanTheirCapacityAlsoAfterTheNodeWasApart() {
        Sim.run(() -> {
            try (Cluster a = join("a"); Cluster b = join("b")) {
                for (int i = 0; i < 200; i++) {
                    a.map("settings", 200).put("key" + i, Bytes.EMPTY);
                }
                try (Subscription<ClusterMapEvent> events = b.map("settings", 200).changes(1)) {
                    Heddle.sleep(Duration.ofSeconds(1));
                    for (int i = 0; i < 200; i++) {
                        assertInstanceOf(ClusterMapEvent.Put.class, events.receive());
                    }
                    b.lease().end("the test says so");
                    for (int i = 0; i < 200; i++) {
                        a.map("settings", 200).remove("key" + i);
                        a.map("settings", 200).put("other" + i, Bytes.EMPTY);
                    }
                    Heddle.sleep(Duration.ofSeconds(10));
                    for (int i = 0; i < 400; i++) {
                        events.receive();
                    }
                }
            }
        });
    }
}
