package dev.heddle.cluster.internal.jobs;

import dev.heddle.cluster.internal.jobs.OpenJobs.Seen;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableSet;
import java.util.PriorityQueue;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of a queue whose time has come, and the order in which they are begun: by priority; of one priority those of the
 * group first of which the fewest run; of those the oldest. The jobs of a name and a group are a lane of their own, so that
 * one which may begin nothing now keeps nobody behind it waiting, and costs no look at each of its jobs.
 *
 * <p>Not for several threads.
 */
public final class ReadyJobs {

    private static final Comparator<Seen> ORDER = Comparator.<Seen>comparingInt(job -> -job.form().priority())
            .thenComparingLong(Seen::created)
            .thenComparing(Seen::id);

    private final Map<Key, Lane> lanes = new HashMap<>();

    private int size;

    ReadyJobs() {}

    private record Key(String name, String group) {

        private static Key of(Seen job) {
            return new Key(job.form().name(), job.form().terms().group());
        }
    }

    private static final class Lane {
        private final NavigableSet<Seen> jobs = new TreeSet<>(ORDER);

        /** When none of it could begin for the last time. */
        private long fullAt = Long.MIN_VALUE;
    }

    void add(Seen job) {
        size += lanes.computeIfAbsent(Key.of(job), _ -> new Lane()).jobs.add(job) ? 1 : 0;
    }

    void remove(Seen job) {
        Key key = Key.of(job);
        Lane lane = lanes.get(key);
        if (lane != null && lane.jobs.remove(job)) {
            size--;
            if (lane.jobs.isEmpty()) {
                lanes.remove(key);
            }
        }
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** All of them, in no order. */
    public Stream<Seen> stream() {
        return lanes.values().stream().flatMap(lane -> lane.jobs.stream());
    }

    /** How many there are, running ones among them. */
    public int size() {
        return size;
    }

    /**
     * Begins at the first.
     *
     * @param running how many of each group run; changed by {@link Walk#taken}
     */
    public Walk walk(Map<String, Integer> running) {
        return new Walk(running);
    }

    /** The jobs one after another, while none comes or goes. */
    public final class Walk {

        private final Map<String, Integer> running;
        private final PriorityQueue<Place> places = new PriorityQueue<>(Comparator
                .<Place>comparingInt(place -> -place.head.form().priority())
                .thenComparingInt(place -> place.load)
                .thenComparing(place -> place.head, ORDER));

        /** Where the last one was. */
        private @Nullable Place last;

        private Walk(Map<String, Integer> running) {
            this.running = running;
            lanes.forEach((key, lane) -> {
                Iterator<Seen> jobs = lane.jobs.iterator();
                places.add(new Place(lane, key.group, jobs, jobs.next(), loadOf(key.group)));
            });
        }

        private int loadOf(String group) {
            return running.getOrDefault(group, 0);
        }

        /** The next one; null after the last. */
        public @Nullable Seen next() {
            Place before = last;
            if (before != null && before.rest.hasNext()) {
                add(before, before.rest.next());
            }
            while (true) {
                Place place = places.poll();
                last = place;
                if (place == null || place.load == loadOf(place.group)) {
                    return place == null ? null : place.head;
                }
                add(place, place.head);
            }
        }

        private void add(Place place, Seen head) {
            places.add(new Place(place.lane, place.group, place.rest, head, loadOf(place.group)));
        }

        /** Passes over all others of the last one's name and group. */
        public void leave() {
            last = null;
        }

        /** As {@link #leave}, since a limit lets none of them begin now. */
        public void leaveFull(long now) {
            if (last != null) {
                last.lane.fullAt = now;
            }
            leave();
        }

        /** When the name and group of the last one were at a limit for the last time. */
        public long fullAt() {
            return last == null ? Long.MIN_VALUE : last.lane.fullAt;
        }

        /** One more of the last one's group runs. */
        public void taken() {
            if (last != null) {
                running.merge(last.group, 1, Integer::sum);
            }
        }
    }

    /** The next job of a lane, and those behind it. */
    private record Place(Lane lane, String group, Iterator<Seen> rest, Seen head, int load) {}
}
