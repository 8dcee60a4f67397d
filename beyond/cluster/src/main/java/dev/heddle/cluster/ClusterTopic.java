package dev.heddle.cluster;

import dev.heddle.ClosedException;
import dev.heddle.cluster.internal.DirectoryView.Picture;
import dev.heddle.cluster.internal.Follower;
import dev.heddle.cluster.internal.Forms;
import dev.heddle.cluster.internal.Lease;
import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.internal.Node;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.internal.Checks;
import dev.heddle.internal.sight.Counter;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import dev.heddle.sync.Broadcast;
import dev.heddle.sync.Mutex;
import dev.heddle.sync.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Broadcast} over all nodes of a cluster, which keeps its last messages in the store rather than wait for slow
 * subscribers, and tells those who were too slow what they have missed.
 *
 * <pre>{@code
 * ClusterTopic prices = cluster.topic("prices", 100);
 * prices.publish(Bytes.utf8("ACME 12"));
 * try (Subscription<ClusterTopicEvent> mine = prices.subscribe(100)) {
 *     for (ClusterTopicEvent event : mine) { show(event); }
 * }
 * }</pre>
 *
 * <p>All see the messages in one order, that of their numbers, each once or as missed. It is for news in a cluster,
 * some hundred a second: each message is a commit.
 *
 * <p>Threads: any task of any loop, and platform threads. To test code that uses it, run it in the simulator.
 *
 * <p>Cancellation: a cancelled publish may have taken place.
 */
public final class ClusterTopic {

    /** The most messages that one can keep. */
    public static final int MAX_CAPACITY = 1000;

    /** Messages that a publish takes away at most, where its node keeps fewer than those before. */
    private static final int MAX_DROPPED = 20;

    private static final PartKind<ClusterTopic> KIND = PartKind.<ClusterTopic>of(
            "cluster topic", ClusterTopic::statistics)
            .titled(ClusterTopic::toString);

    private final Node node;
    private final String name;
    private final String directory;
    private final Key head;
    private final int capacity;

    /** One of this node publishes at a time: together they would only refuse each other. */
    private final Mutex turn;

    /** The number of the last message when this node last published one. */
    private volatile long published;

    ClusterTopic(Node node, String name, int capacity) {
        Checks.inRange("capacity", capacity, 1, MAX_CAPACITY);
        this.node = node;
        this.name = "cluster topic " + name;
        this.directory = "topics/" + Names.encode(name);
        this.head = new Key("topics", Names.encode(name));
        this.capacity = capacity;
        this.turn = Mutex.named("publishing to " + this.name);
        Parts.add(KIND, this);
    }

    /** The end of the topic: the number of the last message, and of the first that is kept. */
    private record Head(long last, long first, @Nullable Entry entry) {

        private static Head of(Entry entry) {
            long last = Forms.number(entry, 0);
            boolean tellsFirst = entry.value().utf8().indexOf(' ') < entry.value().utf8().lastIndexOf(' ');
            long first = tellsFirst ? Forms.number(entry, 2) : Math.max(1, last + 1 - Forms.number(entry, 1));
            return new Head(last, first, entry);
        }
    }

    /**
     * Publishes a message. While the store is silent, or the node apart from the others, this waits.
     *
     * <p>Cancellation: a cancelled call may have published it.
     *
     * @param value at most 64 KiB
     * @return its number
     * @throws IllegalArgumentException if the value is too large
     * @throws OutcomeUnknownException if this node's lease ended before it was known whether it has taken place
     * @throws ClosedException if the node has left the cluster; nothing was published
     */
    public long publish(Bytes value) {
        node.requireOpen();
        return node.call(() -> turn.run(() -> node.change(lease -> {
            Optional<Entry> entry = lease.store().read(head, ReadConsistency.FRESH).join();
            Head last = entry.map(Head::of).orElse(new Head(0, 1, null));
            boolean done = lease.commits().commit(ops(last, value)) instanceof CommitOutcome.Committed;
            published = last.last + (done ? 1 : 0);
            return done ? Optional.of(published) : Optional.empty();
        })));
    }

    /** The numbers of the topic, as this node knows them; does not ask the store. */
    public ClusterTopicStatistics statistics() {
        return new Statistics(capacity, published, turn.statistics().waiting());
    }

    private List<Op> ops(Head last, Bytes value) {
        long number = last.last + 1;
        long first = Math.max(last.first, Math.min(number - capacity + 1, last.first + MAX_DROPPED));
        Bytes next = Bytes.utf8(number + " " + capacity + " " + first);
        List<Op> ops = new ArrayList<>();
        ops.add(last.entry == null
                ? new Op.Create(head, next, Lifetime.DURABLE)
                : new Op.Set(head, next, last.entry.version()));
        ops.add(new Op.Create(place(number), value, Lifetime.DURABLE));
        for (long dropped = last.first; dropped < first; dropped++) {
            ops.add(new Op.Delete(place(dropped), Op.ANY_VERSION));
        }
        return ops;
    }

    /**
     * Tells of each message that is published from about now on, until it is closed or the node leaves. While this node
     * is apart it hears nothing; then it gets what is still kept.
     *
     * @param capacity how many events may wait to be received, beside those that have come while the node was apart; then
     *     the subscription is cut off
     */
    public Subscription<ClusterTopicEvent> subscribe(int capacity) {
        Reader reader = new Reader();
        return Follower.subscribe(node, name, directory, Follower.beside(capacity, this.capacity + 1), reader::tell);
    }

    @Override
    public String toString() {
        return name;
    }

    /** In the order of numbers. */
    private Key place(long number) {
        return new Key(directory, String.format("%019d", number));
    }

    /**
     * One subscriber; on the node's loop. No message before one that is seen is missing but those that are kept no
     * more, since each is created only once: see {@link Picture}.
     */
    private static final class Reader {

        /** The names that {@link #place} gives. */
        private static final Pattern NUMBER = Pattern.compile("[0-8][0-9]{18}");

        /** The number that comes next; 0 before the first picture. */
        private long next;

        private void tell(Lease lease, Picture picture, Consumer<ClusterTopicEvent> told) {
            boolean first = next == 0;
            next = Math.max(next, 1);
            for (Entry entry : picture.entries().values()) {
                if (!NUMBER.matcher(entry.key().name()).matches()) {
                    lease.skip(entry.key());
                    continue;
                }
                long number = Long.parseLong(entry.key().name());
                if (first) {
                    next = number + 1;
                    continue;
                }
                if (number < next) {
                    continue;
                }
                if (number > next) {
                    told.accept(new ClusterTopicEvent.Missed(next, number - 1));
                }
                told.accept(new ClusterTopicEvent.Message(number, entry.value()));
                next = number + 1;
            }
        }
    }

    /** What the statistics are, at one moment. */
    record Statistics(int capacity, @Counter long published, int waiting) implements ClusterTopicStatistics {}
}
