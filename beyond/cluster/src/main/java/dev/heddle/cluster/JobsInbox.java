package dev.heddle.cluster;

import dev.heddle.Heddle;
import dev.heddle.TaskGroup;
import dev.heddle.cluster.internal.DirectoryView;
import dev.heddle.cluster.internal.DirectoryView.Picture;
import dev.heddle.cluster.internal.Lease;
import dev.heddle.cluster.internal.jobs.InboxJob;
import dev.heddle.cluster.internal.jobs.QueueRoom;
import dev.heddle.cluster.store.Inbox;
import dev.heddle.cluster.store.StoreState;
import dev.heddle.internal.Supervised;
import dev.heddle.sync.Channel;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * The drain of a queue's inbox by the node that leads the queue: as long as there is room, it moves rows into the queue.
 * What does not fit stays in the inbox, which so takes what is too much.
 *
 * <p>That two nodes take themselves for the leader for a while does no harm: each row is moved by one transaction.
 *
 * <p>Threads: tasks of the node's loop.
 */
final class JobsInbox {

    /** It looks by itself so often, in case that nothing tells it. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final Jobs jobs;
    private final Lease lease;
    private final Inbox inbox;
    private final DirectoryView open;
    private final Channel<Boolean> news = Channel.of(1);
    private boolean draining;

    JobsInbox(Jobs jobs, Lease lease, Inbox inbox) {
        this.jobs = jobs;
        this.lease = lease;
        this.inbox = inbox;
        this.open = lease.view(jobs.keys().open());
        inbox.onNews(jobs.name(), () -> news.trySend(true));
    }

    /** Drains from now on, as long as this node leads; does nothing if it does already. */
    void lead(TaskGroup group, BooleanSupplier leads) {
        if (!draining) {
            draining = true;
            String what = "the inbox of the jobs " + jobs.name();
            group.spawn(what, () -> {
                // A database that answers and refuses, as for a table that is gone, is told.
                var service = new Supervised(what, lease.backoff(), failure -> Lease.isOfStore(failure)
                        && !(lease.store().state() instanceof StoreState.Connected));
                try {
                    service.run(() -> drain(leads), () -> lease.over().isDone());
                } finally {
                    draining = false;
                }
            });
        }
    }

    private void drain(BooleanSupplier leads) {
        while (leads.getAsBoolean()) {
            Picture picture = open.await(_ -> true);
            QueueRoom.Room room = jobs.room().left(picture);
            if (room.jobs() <= 0 || room.bytes() <= 0) {
                awaitAnother(picture);
                continue;
            }
            Inbox.Drained drained = inbox.drain(jobs.name(), room.jobs(), room.bytes(), row -> InboxJob.submit(
                    jobs.keys(), row, () -> '~' + lease.uniqueName(), lease.wallMillis())).join();
            jobs.drained(drained);
            if (drained.moved() > 0) {
                Heddle.moveOnAfter(LOOK, () -> open.await(next -> next.stamp() >= drained.stamp()));
            } else if (drained.more() && drained.refused() == 0) {
                awaitAnother(picture); // the next one is too large for the room
            }
            if (!drained.more()) {
                news.receiveWithin(LOOK);
            }
        }
    }

    private void awaitAnother(Picture picture) {
        Heddle.moveOnAfter(LOOK, () -> open.await(next -> next != picture));
    }
}
