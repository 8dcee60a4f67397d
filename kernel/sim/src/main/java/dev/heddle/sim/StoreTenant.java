package dev.heddle.sim;

import dev.heddle.cluster.store.Session;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A session as whoever leads a simulated store knows it. */
final class StoreTenant {

    final Session session;
    final String cluster;

    /** Commits by the number of their call, so that one that is sent again takes place once. */
    final Map<Long, StoreCommand> commits = new HashMap<>();

    /** Commits of calls before this one, which have not come until now, never take place. */
    long fence;

    /** When it was last heard of. */
    long heardNanos;

    /** The share of its timeout after which it expires. */
    double stretch = 1;

    /** Its end, once it is proposed. */
    @Nullable StoreCommand end;

    /** Whether it is to end as soon as somebody leads. */
    boolean doomed;

    StoreTenant(Session session, String cluster) {
        this.session = session;
        this.cluster = cluster;
    }

    /** Whether it is as good as over. */
    boolean isEnding() {
        return end != null || doomed;
    }

    long deadlineNanos() {
        return heardNanos + (long) (session.timeout().toNanos() * stretch);
    }
}
