package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterMutex;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.Cron;
import dev.heddle.cluster.JobHandle;
import dev.heddle.cluster.JobHandling;
import dev.heddle.cluster.JobSpec;
import dev.heddle.cluster.Jobs;
import dev.heddle.cluster.MemberEvent;
import dev.heddle.cluster.Token;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.MemoryStore;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.examples.Output;
import dev.heddle.process.ProcessPool;
import dev.heddle.process.RemotePool;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Subscription;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
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

    private static int cook(RemotePool pool) {
        return pool.map(List.of(1, 2, 3), n -> n * n).stream().mapToInt(n -> n).sum();
    }

    @Test
    @Tag("full")
    void poolOfProcessesIsARemotePool() {
        run(() -> {
            try (ProcessPool pool = ProcessPool.of(1)) {
                assertEquals(14, cook(pool));
            }
        });
    }

    @Test
    void jobIsDoneByWhoHandlesItsName() {
        List<String> told = Output.of(() -> Sim.run(() -> {
            try (Cluster cluster = Cluster.local()) {
                Jobs mail = cluster.jobs("mail");
                try (JobHandling _ = mail.handle("send", 4,
                        job -> Bytes.utf8("sent to " + job.payload().utf8()))) {
                    JobHandle job = mail.submit("send", Bytes.utf8("ada@example.org"));
                    IO.println(job.join().utf8());
                }
            }
        }));
        assertEquals(List.of("sent to ada@example.org"), told);
    }

    @Test
    void jobWaitsAndIsCancelled() {
        List<String> told = Output.of(() -> Sim.run(() -> {
            try (Cluster cluster = Cluster.local()) {
                Jobs mail = cluster.jobs("mail");
                JobSpec invoice = JobSpec.of("invoice", Bytes.utf8("7"))
                        .withId("invoice 7")                    // submitted once, however often it is asked for
                        .withKey("customer 1")                  // no two that have not ended
                        .withPriority(9)
                        .withDelay(Duration.ofMinutes(5))
                        .withMaxAttempts(3);
                JobHandle job = mail.submit(invoice);
                IO.println(job.status());
                job.cancel();
                mail.schedule("nightly", Cron.of("0 3 * * *", ZoneId.of("Europe/Zurich")),
                        JobSpec.of("report", Bytes.EMPTY));
            }
        }));
        assertEquals(1, told.size());
    }
}
