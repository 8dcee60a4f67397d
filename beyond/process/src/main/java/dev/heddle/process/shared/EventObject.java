package dev.heddle.process.shared;

import dev.heddle.sync.Event;
import dev.heddle.sync.EventStatistics;
import java.time.Duration;

/** The event behind a shared one, in its manager. */
record EventObject(Event event) implements SharedEvent {

    @Override
    public void set() {
        event.set();
    }

    @Override
    public void clear() {
        event.clear();
    }

    @Override
    public boolean isSet() {
        return event.isSet();
    }

    @Override
    public void await() {
        event.await();
    }

    @Override
    public boolean awaitWithin(Duration limit) {
        return event.awaitWithin(limit);
    }

    @Override
    public EventStatistics statistics() {
        return event.statistics();
    }
}
