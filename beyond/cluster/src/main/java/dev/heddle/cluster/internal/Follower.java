package dev.heddle.cluster.internal;

import dev.heddle.ClosedException;
import dev.heddle.Waiter;
import dev.heddle.cluster.internal.DirectoryView.Picture;
import dev.heddle.internal.Checks;
import dev.heddle.sync.Broadcast;
import dev.heddle.sync.Overflow;
import dev.heddle.sync.Subscription;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The subscription of one subscriber to a directory, under one lease after the other, until the subscriber or the
 * node leaves.
 */
public final class Follower {

    /** How often a follower of which nobody hears any more is looked for. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

    private Follower() {}

    /** What is new in a directory, for a subscriber. */
    @FunctionalInterface
    public interface News<E> {

        /**
         * Tells it; on the node's loop.
         *
         * @param lease under which it is seen
         */
        void tell(Lease lease, Picture picture, Consumer<E> told);
    }

    /**
     * Subscribes. The subscription ends when the node leaves, and is cut off when it is full.
     *
     * @param news what is new in a picture
     */
    public static <E> Subscription<E> subscribe(
            Node node, String what, String directory, int capacity, News<E> news) {
        node.requireOpen();
        Broadcast<E> events = Broadcast.create();
        Subscription<E> subscription = events.subscribe(capacity, Overflow.DISCONNECT);
        node.serve("following " + what, () -> follow(node, what, directory, events, news));
        return subscription;
    }

    /** The capacity for so many events, and as many that one picture brings at most. */
    public static int beside(int capacity, int ofPicture) {
        Checks.atLeast("capacity", capacity, 1);
        return (int) Math.min(Integer.MAX_VALUE, (long) capacity + ofPicture);
    }

    private static <E> void follow(
            Node node, String what, String directory, Broadcast<E> events, News<E> news) {
        var service = node.supervised("following " + what);
        try (events) {
            service.run(() -> followLeases(node, what, directory, events, news), () -> false);
        }
    }

    private static <E> void followLeases(
            Node node, String what, String directory, Broadcast<E> events, News<E> news) {
        try {
            while (isHeard(events)) {
                Lease lease = node.lease();
                try (DirectoryView view = lease.openView(directory)) {
                    view.onPicture(picture -> {
                        if (!lease.over().isDone()) {
                            news.tell(lease, picture, events::send);
                        }
                    });
                    Waiter over = new Waiter("following " + what);
                    Runnable forget = over.completeAtEndOf(lease.over());
                    try {
                        while (!over.awaitWithin(LOOK_EVERY) && isHeard(events)) {
                            // goes on
                        }
                    } finally {
                        forget.run();
                    }
                }
            }
        } catch (ClosedException _) {
            // the node has left, and the subscription ends
        }
    }

    private static boolean isHeard(Broadcast<?> events) {
        return events.statistics().subscribers() > 0;
    }
}
