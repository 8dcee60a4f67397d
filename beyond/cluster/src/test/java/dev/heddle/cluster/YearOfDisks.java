package dev.heddle.cluster;

import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The store of a year, whose disks are lost: it comes back empty, or as it was when a backup was made. */
final class YearOfDisks implements StoreEngine {

    private static final Key INCARNATION = new Key("cluster", "incarnation");

    private final List<Store> sessions = new ArrayList<>();
    private InMemoryStore disks = InMemoryStore.create();
    private InMemoryStore backup = disks;

    @Override
    public Store open(SessionOptions options) {
        Store session = disks.open(options);
        sessions.add(session);
        return session;
    }

    void backUp() {
        backup = disks.backup();
    }

    /** The disks are lost, and the backup is put there. */
    void restore() {
        replace(backup);
    }

    /** The disks are lost, and empty ones are there. */
    void wipe() {
        replace(InMemoryStore.create());
    }

    private void replace(InMemoryStore other) {
        disks = other;
        List<Store> before = List.copyOf(sessions);
        sessions.clear();
        before.forEach(Store::close);
    }

    /** What the error of a restored store says to do, when all nodes have left. */
    void beginAnew() {
        try (Store session = disks.open(SessionOptions.of("shop"))) {
            session.commit(List.of(new Op.Delete(INCARNATION, Op.ANY_VERSION))).join();
        }
    }

    /** What the log says while this is open. */
    static final class Told implements AutoCloseable {

        private static final Logger LOGGER = Logger.getLogger("dev.heddle");

        private final List<String> messages = new CopyOnWriteArrayList<>();
        private final Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                messages.add(String.valueOf(entry.getThrown()));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };

        Told() {
            LOGGER.addHandler(handler);
        }

        /** How often something was told. */
        long count(String words) {
            return messages.stream().filter(each -> each.contains(words)).count();
        }

        @Override
        public void close() {
            LOGGER.removeHandler(handler);
        }
    }
}
