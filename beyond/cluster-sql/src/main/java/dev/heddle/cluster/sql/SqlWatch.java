package dev.heddle.cluster.sql;

import dev.heddle.cluster.store.Watch;
import dev.heddle.cluster.store.WatchEvent;
import java.util.function.Consumer;

/**
 * A watch of a directory, which its session tells.
 *
 * @param after the stamp behind which it tells of changes
 */
record SqlWatch(SqlSession session, String directory, Consumer<? super WatchEvent> listener, long after)
        implements
            Watch {

    void tell(WatchEvent.Changed change) {
        if (change.stamp() > after && change.key().directory().equals(directory)) {
            session.tell(listener, change);
        }
    }

    void tell(WatchEvent event) {
        session.tell(listener, event);
    }

    @Override
    public void close() {
        session.end(this);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
