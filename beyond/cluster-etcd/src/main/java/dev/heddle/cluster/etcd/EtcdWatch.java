package dev.heddle.cluster.etcd;

import dev.heddle.Backoff;
import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.cluster.etcd.GatewayException.Fate;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.cluster.store.Watch;
import dev.heddle.cluster.store.WatchEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A watch of a directory: follows etcd's history from one revision on, over lost connections, and leaves a gap only
 * where etcd has thrown the history away.
 */
final class EtcdWatch implements Watch {

    private static final Backoff BETWEEN_STREAMS = new Backoff(Duration.ofMillis(20), Duration.ofMillis(500), 0.5);

    private final EtcdSession session;
    private final Gateway gateway;
    private final EtcdKeys places;
    private final String directory;
    private final Consumer<? super WatchEvent> listener;
    private final Promise<Watch> set = new Promise<>();
    private volatile @Nullable Task<?> task;
    private boolean isSet;

    /** The first revision that was not told of; 0 to begin with what comes from now on. */
    private long next;

    /** What changed in that revision, as far as it has come: it is told of in whole, since reads go another way. */
    private final List<WatchEvent.Changed> held = new ArrayList<>();

    EtcdWatch(EtcdSession session, Gateway gateway, EtcdKeys places, String directory,
            Consumer<? super WatchEvent> listener) {
        this.session = session;
        this.gateway = gateway;
        this.places = places;
        this.directory = directory;
        this.listener = listener;
    }

    /** Done when etcd has begun. */
    Promise<Watch> set() {
        return set;
    }

    /** The work of its task, until it is cancelled. */
    void follow() {
        task = Heddle.currentTask();
        long begin = task.loop().nanoTime();
        try {
            for (int streams = 1;; streams++) {
                held.clear();
                try (GatewayStream stream = gateway.stream(request(), session.session().timeout())) {
                    for (EtcdAnswer message = stream.next(); message != null; message = stream.next()) {
                        if (!message.objects("events").isEmpty()) {
                            streams = 0;
                        }
                        take(message);
                    }
                } catch (GatewayException e) {
                    long passed = task.loop().nanoTime() - begin;
                    if (!isSet && (e.fate() == Fate.REFUSED || passed > session.session().timeout().toNanos())) {
                        set.tryFail(new StoreUnavailableException("no watch of etcd: " + e.getMessage(), e));
                        return;
                    }
                }
                Heddle.sleep(BETWEEN_STREAMS.delay(Math.max(streams, 1)));
            }
        } finally {
            if (isSet) {
                session.tell(listener, new WatchEvent.Closed());
            }
        }
    }

    private Map<String, ?> request() {
        return Map.of("create_request", Map.of("key", places.first(directory), "range_end", places.end(directory),
                "start_revision", next, "fragment", true));
    }

    private void take(EtcdAnswer message) {
        if (message.flag("canceled")) {
            // The history from there on is gone.
            held.clear();
            next = 0;
            return;
        }
        if (message.flag("created")) {
            begin(message.revision());
        }
        for (EtcdAnswer event : message.objects("events")) {
            EtcdAnswer kv = event.object("kv");
            Key key = places.parse(kv.bytes("key"), directory);
            long revision = kv.number("mod_revision");
            if (revision > next) {
                tellHeld();
                next = revision;
            }
            if (revision == next) {
                held.add(new WatchEvent.Changed(key, revision, event.text("type").equals("DELETE")));
            }
        }
        // What is cut within a revision begins with it again when the rest does not come.
        if (!message.flag("fragment")) {
            tellHeld();
        }
    }

    /** Tells of a revision that has come in whole. */
    private void tellHeld() {
        if (!held.isEmpty()) {
            session.saw(next++);
            held.forEach(change -> session.tell(listener, change));
            held.clear();
        }
    }

    private void begin(long revision) {
        if (next > 0) {
            return;
        }
        next = revision + 1;
        session.saw(revision);
        if (isSet) {
            session.tell(listener, new WatchEvent.Gap());
        } else {
            isSet = true;
            set.complete(this);
        }
    }

    @Override
    public void close() {
        Task<?> following = task;
        if (following != null) {
            following.cancel("the watch is closed");
        }
    }
}
