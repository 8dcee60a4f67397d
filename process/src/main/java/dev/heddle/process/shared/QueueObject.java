package dev.heddle.process.shared;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.Heddle;
import dev.heddle.ParkingLot;
import dev.heddle.process.internal.codec.Parcel;
import dev.heddle.sync.QueueStatistics;
import dev.heddle.sync.WorkQueue;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The queue behind a shared one, in its manager, and which process has taken how much. */
final class QueueObject implements SharedQueue<Parcel>, ManagerSession.Departure {

    private final WorkQueue<Parcel> queue;

    /** How many elements a process has taken that are not done. */
    private final Map<ManagerSession, Long> taken = new LinkedHashMap<>();

    /** Wakes those who wait until all is done, to look again. */
    private final ParkingLot change = new ParkingLot("all elements of a shared queue to be done");

    private long lost;
    private String lostBy = "";

    QueueObject(int capacity) {
        queue = WorkQueue.fifo(capacity);
    }

    @Override
    public void put(Parcel element) {
        queue.put(element);
    }

    @Override
    public boolean putWithin(Parcel element, Duration limit) {
        return queue.putWithin(element, limit);
    }

    @Override
    public boolean tryPut(Parcel element) {
        return queue.tryPut(element);
    }

    @Override
    public Parcel take() {
        Parcel element = queue.take();
        count();
        return element;
    }

    @Override
    public Optional<Parcel> takeWithin(Duration limit) {
        Optional<Parcel> element = queue.takeWithin(limit);
        element.ifPresent(some -> count());
        return element;
    }

    @Override
    public Optional<Parcel> tryTake() {
        Optional<Parcel> element = queue.tryTake();
        element.ifPresent(some -> count());
        return element;
    }

    private void count() {
        RemoteCaller.current().ifPresent(agent -> {
            taken.merge(agent.session(), 1L, Long::sum);
            agent.session().onEnd(this);
        });
    }

    @Override
    public void taskDone() {
        queue.taskDone();
        Optional<ManagerSession> own = RemoteCaller.current().map(RemoteCaller::session).filter(taken::containsKey);
        if (own.isPresent()) {
            uncount(own.get());
        } else if (lost > 0) {
            lost--;
        } else {
            // Who took it has handed it on.
            taken.keySet().stream().findFirst().ifPresent(this::uncount);
        }
        change.unparkAll();
    }

    private void uncount(ManagerSession session) {
        taken.compute(session, (s, count) -> count == null || count == 1 ? null : count - 1);
    }

    @Override
    public void departed(ManagerSession session) {
        Long gone = taken.remove(session);
        if (gone != null) {
            lost += gone;
            lostBy = session.toString();
            change.unparkAll();
        }
    }

    @Override
    public void awaitAllDone() {
        CancelScope.throwIfCancelled();
        while (!isAllDone()) {
            change.park();
        }
    }

    @Override
    public boolean awaitAllDoneWithin(Duration limit) {
        return isAllDone() || Heddle.moveOnAfter(limit, this::awaitAllDone);
    }

    private boolean isAllDone() {
        long unfinished = queue.statistics().unfinished();
        if (unfinished > 0 && unfinished == lost) {
            throw new BrokenException(lost + (lost == 1 ? " element was" : " elements were")
                    + " taken by processes that ended without taskDone(), the last of them " + lostBy
                    + "; put again what must be done, then call repair()");
        }
        return unfinished == 0;
    }

    @Override
    public long repair() {
        long repaired = lost;
        for (; lost > 0; lost--) {
            queue.taskDone();
        }
        change.unparkAll();
        return repaired;
    }

    @Override
    public void close() {
        queue.close();
    }

    @Override
    public void abort() {
        queue.abort();
        change.unparkAll();
    }

    @Override
    public boolean isClosed() {
        return queue.isClosed();
    }

    @Override
    public QueueStatistics statistics() {
        return queue.statistics();
    }
}
