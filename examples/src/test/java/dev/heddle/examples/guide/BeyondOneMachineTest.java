package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterMutex;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.MemberEvent;
import dev.heddle.cluster.Token;
import dev.heddle.cluster.store.MemoryStore;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.examples.Output;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The code of the guide's chapter on clusters. */
final class BeyondOneMachineTest {

    /** What a mutex guards, and who looks at the token. */
    private static final class Ledger {

        private Token highest = new Token(0, 0);
        private int entries;

        private void write(Token token) {
            if (token.compareTo(highest) < 0) {
                throw new IllegalStateException("somebody with a higher token was here: " + highest);
            }
            highest = token;
            entries++;
        }
    }

    @Test
    void clusterOfOneNodeIsThereAtOnce() {
        List<String> told = Output.of(() -> Sim.run(() -> {
            try (Cluster cluster = Cluster.local()) {
                cluster.mutex("orders").run(() -> IO.println("alone, and with a lock"));
            }
        }));
        assertEquals(List.of("alone, and with a lock"), told);
    }

    @Test
    void membersAreSeenToComeAndGo() {
        StoreEngine store = MemoryStore.create();
        List<String> told = Output.of(() -> Sim.run(() -> {
            ClusterOptions shop = ClusterOptions.of("shop", store);
            try (Cluster kitchen = Cluster.join(shop.withNode("kitchen"));
                    Subscription<MemberEvent> events = kitchen.memberEvents(100)) {
                spawn(() -> {
                    try (Cluster _ = Cluster.join(shop.withNode("bar").withLabels(Map.of("ice", "yes")))) {
                        sleep(Duration.ofSeconds(1));
                    }
                });
                for (int i = 0; i < 3; i++) {
                    switch (events.receive()) {
                        case MemberEvent.Up up -> IO.println("hello " + up.member().name());
                        case MemberEvent.Gone gone -> IO.println("farewell " + gone.member().name());
                    }
                }
            }
        }));
        assertEquals(List.of("hello kitchen", "hello bar", "farewell bar"), told);
    }

    @Test
    void mutexGivesATokenThatTheGuardedThingChecks() {
        StoreEngine store = MemoryStore.create();
        Ledger ledger = new Ledger();
        Sim.run(() -> {
            ClusterOptions shop = ClusterOptions.of("shop", store);
            try (Cluster a = Cluster.join(shop);
                    Cluster b = Cluster.join(shop)) {
                gather(() -> book(a, ledger), () -> book(b, ledger));
            }
        });
        assertEquals(200, ledger.entries);
    }

    private static void book(Cluster cluster, Ledger ledger) {
        ClusterMutex orders = cluster.mutex("orders");
        for (int i = 0; i < 100; i++) {
            orders.run(() -> ledger.write(orders.token()));
        }
    }
}
