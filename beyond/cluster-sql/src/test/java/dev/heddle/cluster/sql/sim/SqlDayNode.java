package dev.heddle.cluster.sql.sim;

import dev.heddle.Heddle;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Listing;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreState;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.cluster.store.WatchEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A session of a {@link SqlDay}, and what it has seen: a picture of the log by a listing and a watch. */
final class SqlDayNode {

    final String name;
    final Store store;
    private final SqlDay day;
    private final Set<String> log = new HashSet<>();
    private final List<String> mine = new ArrayList<>();
    private final Map<Key, Long> registers = new HashMap<>();
    private boolean follows;
    private boolean gap;
    private boolean leaving;
    private boolean ended;
    private long told;
    private long read;

    SqlDayNode(SqlDay day, String name, Store store) {
        this.day = day;
        this.name = name;
        this.store = store;
    }

    boolean isOver() {
        return leaving || store.state() instanceof StoreState.Lost;
    }

    void leaves() {
        leaving = true;
    }

    /** Another session has ended this one. */
    void wasEnded() {
        ended = true;
    }

    /** The end was lost with its server, and is none: the session may go on, and its owner may believe in it. */
    void isThereAgain() {
        ended = false;
    }

    void checkBelief() {
        day.that(!ended || isOver() || !day.isBelieved(store), this + " was ended, and believes to live");
    }

    void committed(String commit, long stamp) {
        mine.add(commit);
        // What it was told of a commit is what it has seen.
        read = Math.max(read, stamp);
    }

    // ---- the picture of the log ----

    /** Follows the log, with a new listing behind each gap. */
    void follow() {
        while (!isOver()) {
            try {
                if (!follows) {
                    store.watch("log", this::hear).join();
                    follows = true;
                    gap = true;
                }
                if (gap) {
                    gap = false;
                    log.addAll(SqlDay.names(list(ReadConsistency.LOCAL)));
                }
            } catch (StoreUnavailableException e) {
                gap = follows;
            } catch (SessionLostException e) {
                return;
            }
            Heddle.sleep(Duration.ofMillis(50));
        }
    }

    private void hear(WatchEvent event) {
        switch (event) {
            case WatchEvent.Changed(Key key, long stamp, boolean deleted) -> {
                day.that(stamp >= told, this + " hears of " + stamp + " after " + told);
                day.that(!deleted, this + " hears that " + key + " was deleted");
                told = Math.max(told, stamp);
                log.add(key.name());
            }
            case WatchEvent.Gap _ -> gap = true;
            case WatchEvent.Closed _ -> day.that(isOver(), this + " has a watch that was closed");
        }
    }

    private Listing list(ReadConsistency freshness) {
        long before = read;
        Listing listing = store.list("log", freshness).join();
        day.that(listing.stamp() >= before, this + " reads stamp " + listing.stamp() + " after " + before);
        read = Math.max(read, listing.stamp());
        return listing;
    }

    /** Reads the log: all that this session knows of must be there, or all that anybody was answered. */
    void look() {
        boolean fresh = day.random().chance(0.5);
        var known = new ArrayList<>(log);
        List<String> whole = new ArrayList<>(mine);
        if (fresh && day.isWhole()) {
            whole.addAll(day.acknowledged());
        }
        boolean wasWhole = day.isWhole();
        Set<String> found = SqlDay.names(list(fresh ? ReadConsistency.FRESH : ReadConsistency.LOCAL));
        for (String each : known) {
            day.that(found.contains(each), this + " was told of " + each + ", and does not read it");
            String twin = each.substring(0, each.length() - 1) + (each.endsWith("a") ? 'b' : 'a');
            day.that(log.contains(twin) || gap, this + " was told of " + each + ", and not of " + twin);
        }
        if (wasWhole == day.isWhole()) {
            for (String each : whole) {
                day.that(found.contains(each + "a"),
                        this + " reads " + (fresh ? "a fresh" : "its own") + " log without " + each);
            }
        }
    }

    /** A register that it has seen: a local read after that must not be older. */
    void readsRegister(Key key, @Nullable Entry seen) {
        if (seen != null) {
            registers.merge(key, seen.changed(), Math::max);
        }
        long floor = registers.getOrDefault(key, 0L);
        long changed = store.read(key, ReadConsistency.LOCAL).join().map(Entry::changed).orElse(0L);
        day.that(changed >= floor, this + " reads " + key + " of stamp " + changed + " after " + floor);
        registers.merge(key, changed, Math::max);
    }

    // ---- what it owns ----

    /** Takes a seat for a while. */
    void sit() {
        if (!day.isRough()) {
            return;
        }
        Key seat = day.seat();
        CommitOutcome outcome = store.commit(
                List.of(new Op.Create(seat, Bytes.utf8(name), Lifetime.EPHEMERAL))).join();
        if (outcome instanceof CommitOutcome.Committed) {
            Heddle.sleep(day.random().upTo(Duration.ofSeconds(2)));
            if (day.random().chance(0.7)) {
                store.commit(List.of(new Op.Delete(seat, 0))).join();
            }
        }
    }

    /** In the evening it must have seen what is there, and nothing else. */
    void check(Set<String> there) {
        Heddle.moveOnAfter(Duration.ofSeconds(3), () -> {
            while (!log.equals(there) && !isOver()) {
                Heddle.sleep(Duration.ofMillis(50));
            }
        });
        if (isOver()) {
            return;
        }
        var missing = new HashSet<>(there);
        missing.removeAll(log);
        day.that(missing.isEmpty(), this + " has missed " + missing);
        var lost = new HashSet<>(log);
        lost.removeAll(there);
        day.that(lost.isEmpty(), this + " goes on, and has seen what was lost: " + lost);
        for (String each : mine) {
            day.that(there.contains(each + "a"), this + " goes on, and what it was answered was lost: " + each);
        }
    }

    @Override
    public String toString() {
        return name + " in session " + store.session().id() % 10_000;
    }
}
