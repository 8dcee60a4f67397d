package dev.heddle.cluster.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Listing;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.Refusal;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreState;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.cluster.store.WatchEvent;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three real servers that are killed, stopped and started again under load: every outcome, and each tells the truth.
 */
@Tag("night")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
final class EtcdServersTest {

    private static final String HOME = "entries";
    private static final Key OWN = new Key("members", "one");

    @TempDir
    private Path folder;

    /** What became of the commits of one writer, by number. */
    private static final class History {
        private final Set<Integer> committed = new HashSet<>();
        private final Set<Integer> without = new HashSet<>();
        private final Set<Integer> unknown = new HashSet<>();
        private final Set<Integer> unknownAndDone = new HashSet<>();
        private final List<WatchEvent> signals = new ArrayList<>();
        private boolean stopped;

        @Override
        public String toString() {
            return committed.size() + " committed, " + without.size() + " not, " + unknown.size()
                    + " unknown, of which "
                    + unknownAndDone.size() + " done";
        }
    }

    private static Op created(int number) {
        return new Op.Create(new Key(HOME, "" + number), Bytes.utf8("" + number), Lifetime.DURABLE);
    }

    private static void write(Store store, History history) {
        for (int i = 0; !history.stopped; i++) {
            switch (store.commit(List.of(created(i))).join()) {
                case CommitOutcome.Committed _ -> history.committed.add(i);
                case CommitOutcome.NotSent _ -> history.without.add(i);
                case CommitOutcome.Unknown _ -> {
                    history.unknown.add(i);
                    if (settled(store, new Key(HOME, "" + i)).isPresent()) {
                        history.unknownAndDone.add(i);
                    }
                }
                case CommitOutcome.Refused(int _, Refusal reason) -> throw new AssertionError(reason);
                case CommitOutcome.SessionLost _ -> throw new AssertionError(store.state());
            }
        }
    }

    /** The next fresh answer. */
    private static Optional<Entry> settled(Store store, Key key) {
        for (;;) {
            try {
                return store.read(key, ReadConsistency.FRESH).join();
            } catch (StoreUnavailableException e) {
                // No leader yet.
            }
        }
    }

    private interface Trouble {
        void make(RealEtcd etcd) throws Exception;
    }

    private History under(Duration timeout, Trouble trouble) {
        var history = new History();
        try (var etcd = new RealEtcd(folder, 3)) {
            Heddle.run(() -> {
                SessionOptions options = SessionOptions.of("servers").withTimeout(timeout);
                try (Store store = EtcdStore.at(etcd.endpoints()).open(options)) {
                    store.watch(HOME, history.signals::add).join();
                    store.commit(List.of(new Op.Create(OWN, Bytes.EMPTY, Lifetime.EPHEMERAL))).join();
                    Task<Void> writer = Heddle.spawn(() -> write(store, history));
                    Heddle.sleep(Duration.ofMillis(500));
                    Heddle.offload(() -> trouble.make(etcd));
                    history.stopped = true;
                    writer.join();
                    assertTrue(settled(store, OWN).isPresent(), "the session's own entry has gone");
                    Listing listing = store.list(HOME, ReadConsistency.FRESH).join();
                    Set<Integer> there = new HashSet<>();
                    listing.entries().forEach(entry -> there.add(Integer.parseInt(entry.key().name())));
                    Set<Integer> wanted = new HashSet<>(history.committed);
                    wanted.addAll(history.unknownAndDone);
                    assertEquals(wanted, there, history::toString);
                    awaitSignals(history, there);
                }
            });
        }
        System.out.println("Servers in trouble: " + history);
        return history;
    }

    private static void awaitSignals(History history, Set<Integer> there) {
        Set<Integer> missing = new HashSet<>(there);
        Heddle.timeout(Duration.ofSeconds(30), () -> {
            while (!missing.isEmpty()) {
                for (WatchEvent signal : List.copyOf(history.signals)) {
                    missing.remove(Integer.parseInt(assertInstanceOf(WatchEvent.Changed.class, signal).key().name()));
                }
                Heddle.sleep(Duration.ofMillis(50));
            }
        });
    }

    @Test
    void eachServerIsKilledInTurnAndNothingIsLost() {
        History history = under(Duration.ofSeconds(10), etcd -> {
            for (int round = 0; round < 6; round++) {
                etcd.kill(round % 3);
                Thread.sleep(2500);
                etcd.restart(round % 3);
                etcd.awaitAll();
            }
        });
        assertTrue(history.committed.size() > 100, history::toString);
        assertFalse(history.unknown.isEmpty(), history::toString);
    }

    @Test
    void leaderIsStoppedForLongerThanTheOthersWaitAndComesBack() {
        History history = under(Duration.ofSeconds(10), etcd -> {
            for (int round = 0; round < 2; round++) {
                int leader = etcd.leader();
                etcd.signal(leader, "STOP");
                Thread.sleep(6000);
                etcd.signal(leader, "CONT");
                etcd.awaitAll();
            }
        });
        assertTrue(history.committed.size() > 100, history::toString);
    }

    @Test
    void majorityThatIsGoneIsNotSentAndSilentUntilItIsBack() {
        try (var etcd = new RealEtcd(folder, 3)) {
            Heddle.run(() -> {
                SessionOptions options = SessionOptions.of("servers").withTimeout(Duration.ofSeconds(6));
                try (Store store = EtcdStore.at(etcd.endpoints()).open(options)) {
                    store.commit(List.of(created(1), new Op.Create(OWN, Bytes.EMPTY, Lifetime.EPHEMERAL))).join();
                    Heddle.offload(() -> {
                        etcd.kill(0);
                        etcd.kill(1);
                    });
                    Key key = created(1).key();
                    assertTrue(store.read(key, ReadConsistency.LOCAL).join().isPresent());
                    assertThrows(StoreUnavailableException.class, () -> store.read(key, ReadConsistency.FRESH).join());
                    CommitOutcome outcome = store.commit(List.of(created(2))).join();
                    assertInstanceOf(CommitOutcome.NotSent.class, outcome);
                    assertInstanceOf(StoreState.Silent.class, store.state());
                    assertTrue(store.read(key, ReadConsistency.LOCAL).join().isPresent());
                    Heddle.offload(() -> {
                        etcd.restart(0);
                        etcd.restart(1);
                        etcd.awaitAll();
                    });
                    while (!(store.state() instanceof StoreState.Connected)) {
                        Heddle.sleep(Duration.ofMillis(50));
                    }
                    assertTrue(settled(store, OWN).isPresent(), "the session has not survived");
                    assertEquals(Optional.empty(), store.read(created(2).key(), ReadConsistency.FRESH).join());
                    assertInstanceOf(CommitOutcome.Committed.class, store.commit(List.of(created(2))).join());
                    assertEquals(new CommitOutcome.Refused(0, Refusal.EXISTS),
                            store.commit(List.of(created(2))).join());
                    etcd.call("/v3/lease/revoke", Map.of("ID", store.session().id()));
                    assertEquals(new CommitOutcome.SessionLost(), store.commit(List.of(created(3))).join());
                }
            });
        }
    }

    @Test
    void userOfEtcdsOwnReadsAndWritesWhatHeMayAndNothingElse() {
        try (var etcd = new RealEtcd(folder, 1)) {
            Map<String, String> prefix = Map.of("permType", "READWRITE", "key", "aGVkZGxlL21pbmUv", "range_end",
                    "aGVkZGxlL21pbmUw");
            Heddle.run(() -> {
                etcd.call("/v3/auth/user/add", Map.of("name", "root", "password", "r"));
                etcd.call("/v3/auth/role/add", Map.of("name", "root"));
                etcd.call("/v3/auth/user/grant", Map.of("user", "root", "role", "root"));
                etcd.call("/v3/auth/user/add", Map.of("name", "joe", "password", "secret"));
                etcd.call("/v3/auth/role/add", Map.of("name", "mine"));
                etcd.call("/v3/auth/role/grant", Map.of("name", "mine", "perm", prefix));
                etcd.call("/v3/auth/user/grant", Map.of("user", "joe", "role", "mine"));
                etcd.call("/v3/auth/enable", Map.of());
                EtcdStore anybody = EtcdStore.at(etcd.endpoints());
                EtcdStore joe = anybody.withUser("joe", "secret");
                SessionOptions mine = SessionOptions.of("mine").withTimeout(Duration.ofSeconds(3));
                try (Store store = joe.open(mine)) {
                    List<WatchEvent> told = new ArrayList<>();
                    store.watch(HOME, told::add).join();
                    assertInstanceOf(CommitOutcome.Committed.class, store.commit(List.of(created(1))).join());
                    assertEquals(1, store.list(HOME, ReadConsistency.FRESH).join().entries().size());
                    Heddle.sleep(Duration.ofSeconds(1));
                    assertEquals(1, told.size());
                }
                assertRefused("permission denied", joe, SessionOptions.of("others"));
                assertRefused("invalid user ID or password", anybody.withUser("joe", "guess"), mine);
                assertRefused("user name is empty", anybody, mine);
            });
        }
    }

    @Test
    void serverWithTlsIsTrustedByItsAuthorityAndSeesOurCertificate() {
        try (var etcd = RealEtcd.withTls(folder)) {
            Heddle.run(() -> {
                SessionOptions options = SessionOptions.of("servers").withTimeout(Duration.ofSeconds(3));
                ClientTls tls = ClientTls.DEFAULT.withTrust(TlsTrust.pem(folder.resolve("cert.pem")));
                EtcdStore unseen = EtcdStore.at(etcd.endpoints()).withTls(tls);
                assertThrows(StoreUnavailableException.class, () -> unseen.open(options));
                TlsIdentity identity = TlsIdentity.pem(folder.resolve("cert.pem"), folder.resolve("key.pem"));
                assertRefused("TLS", EtcdStore.at(etcd.endpoints()), options);
                try (Store store = unseen.withTls(tls.withIdentity(identity)).open(options)) {
                    List<WatchEvent> told = new ArrayList<>();
                    store.watch(HOME, told::add).join();
                    for (int i = 0; i < 20; i++) {
                        assertInstanceOf(CommitOutcome.Committed.class, store.commit(List.of(created(i))).join());
                    }
                    Heddle.sleep(Duration.ofSeconds(1));
                    assertEquals(20, told.size());
                    assertInstanceOf(StoreState.Connected.class, store.state());
                }
            });
        }
    }

    @Test
    void longHistoryComesInMessagesThatFit() {
        try (var etcd = new RealEtcd(folder, 1)) {
            Heddle.run(() -> {
                SessionOptions options = SessionOptions.of("servers").withTimeout(Duration.ofSeconds(10));
                try (Store store = EtcdStore.at(etcd.endpoints()).open(options)) {
                    for (int i = 0; i < 20; i++) {
                        List<Op> ops = new ArrayList<>();
                        for (int j = 0; j < 8; j++) {
                            ops.add(new Op.Create(new Key(HOME, i + "-" + j), Bytes.of(new byte[64 * 1024]),
                                    Lifetime.DURABLE));
                        }
                        assertInstanceOf(CommitOutcome.Committed.class, store.commit(ops).join());
                    }
                    Listing listing = store.list(HOME, ReadConsistency.FRESH).join();
                    assertEquals(160, listing.entries().size());
                    int events = 0;
                    int cut = 0;
                    EtcdKeys places = new EtcdKeys("servers");
                    try (var gateway = new Gateway(List.of(etcd.endpoints()), ClientTls.DEFAULT, null,
                            Duration.ofSeconds(10));
                            GatewayStream stream = gateway.stream(Map.of("create_request", Map.of("key",
                                    places.first(HOME), "range_end", places.end(HOME), "start_revision", 1, "fragment",
                                    true)), Duration.ofSeconds(10))) {
                        while (events < 160) {
                            EtcdAnswer message = stream.next();
                            events += message.objects("events").size();
                            cut += message.flag("fragment") ? 1 : 0;
                        }
                    }
                    assertTrue(cut > 0, "nothing was cut");
                    assertEquals(160, events);
                }
            });
        }
    }

    private static void assertRefused(String why, EtcdStore store, SessionOptions options) {
        var refused = assertThrows(StoreUnavailableException.class, () -> store.open(options));
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
    }
}
