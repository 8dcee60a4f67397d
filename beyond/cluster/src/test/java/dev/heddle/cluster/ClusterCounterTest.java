package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ClosedException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Promise;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.sim.Sim;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class ClusterCounterTest {

    private final InMemoryStore store = InMemoryStore.create();

    private Cluster join(String node) {
        return Cluster.join(ClusterOptions.of("shop", store).withNode(node));
    }

    @Test
    void everyAddCountsOnceAndGivesANumberOfItsOwn() {
        Sim.seeds(1, 20, () -> {
            Set<Long> numbers = new TreeSet<>();
            try (Cluster a = join("a"); Cluster b = join("b"); Cluster c = join("c")) {
                long before = a.counter("invoices").get();
                Heddle.group(group -> {
                    for (Cluster node : List.of(a, b, c)) {
                        for (int i = 0; i < 50; i++) {
                            group.spawn(() -> numbers.add(node.counter("invoices").add(1)));
                        }
                    }
                });
                assertEquals(150, numbers.size());
                assertEquals(before + 150, b.counter("invoices").get());
            }
        });
    }

    @Test
    void counterIsComparedAndSetAndDoesNotOverflow() {
        Sim.run(() -> {
            try (Cluster a = join("a"); Cluster b = join("b")) {
                assertFalse(a.counter("n").compareAndSet(1, 2));
                assertTrue(b.counter("n").compareAndSet(0, Long.MAX_VALUE));
                assertThrows(ArithmeticException.class, () -> a.counter("n").add(1));
                assertEquals(Long.MAX_VALUE, a.counter("n").getAndSet(-5));
                assertEquals(-8, b.counter("n").add(-3));
            }
        });
    }

    @Test
    void counterStaysWhenAllHaveLeftAndRefusesWhoHas() {
        Sim.run(() -> {
            Cluster a = join("a");
            a.counter("n").add(7);
            a.close();
            assertThrows(ClosedException.class, () -> a.counter("n").add(1));
            assertThrows(ClosedException.class, () -> a.counter("n").get());
            try (Cluster b = join("b")) {
                assertEquals(7, b.counter("n").get());
            }
        });
    }

    @Test
    void threadThatWaitsIsToldWhenTheLoopOfTheNodeEnds() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        StoreEngine silent = options -> {
            Store real = store.open(options);
            InvocationHandler handler = (_, method, arguments) -> {
                if (method.getName().equals("commit") && arguments[0].toString().contains("counters")) {
                    sent.countDown();
                    return new Promise<>(); // never answered
                }
                return method.invoke(real, arguments);
            };
            return (Store) Proxy.newProxyInstance(Store.class.getClassLoader(), new Class<?>[]{Store.class}, handler);
        };
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread;
        try (Loop loop = Loop.start(Config.DEFAULT)) {
            Cluster node = loop.spawn(() -> Cluster.join(ClusterOptions.of("shop", silent)))
                    .toCompletableFuture().join();
            thread = Thread.ofPlatform().start(() -> {
                try {
                    node.counter("n").add(1);
                } catch (RuntimeException e) {
                    failure.set(e);
                }
            });
            sent.await();
        }
        thread.join();
        assertInstanceOf(OutcomeUnknownException.class, failure.get());
    }
}
