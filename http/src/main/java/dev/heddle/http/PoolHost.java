package dev.heddle.http;

import dev.heddle.Waiter;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/** What the pool knows about one origin; owned by {@link Pool} and dropped when it is empty. */
final class PoolHost {

    final ClientUrl.Origin origin;

    /** The one used last at the end, where it is also taken from. */
    final ArrayDeque<ClientConnection> idle = new ArrayDeque<>();

    /** Who waits, the first one first. */
    final SequencedSet<Turn> turns = new LinkedHashSet<>();

    /** Connections and reservations. */
    int places;

    long opened;

    long reused;

    PoolHost(ClientUrl.Origin origin) {
        this.origin = origin;
    }

    boolean isEmpty() {
        return places == 0 && turns.isEmpty();
    }

    ClientStatistics statistics() {
        return new ClientStatistics(places, idle.size(), turns.size(), opened, reused);
    }

    /** One request's place in the queue. */
    static final class Turn {

        final Waiter waiter;
        final long number;
        @Nullable ClientConnection granted;

        Turn(PoolHost host, long number) {
            this.waiter = new Waiter(host);
            this.number = number;
        }
    }

    @Override
    public String toString() {
        return "a connection to " + origin;
    }
}
