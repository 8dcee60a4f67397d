package dev.heddle.cluster.internal.jobs;

import java.util.HashMap;
import java.util.Map;

/**
 * The free slots of each node, by the name of the handler, and the choice of the node that takes a job: of those that
 * have a slot free the one whose hash with the job's is the highest. Nodes that see the same come to the same answer,
 * so that they do not race for a job.
 *
 * <p>Not for several threads.
 *
 * @see <a href="https://en.wikipedia.org/wiki/Rendezvous_hashing">Rendezvous hashing</a>
 */
public final class FreeSlots {

    /** By the name of the handler, then by worker; only those that have some. */
    private final Map<String, Map<String, Integer>> slots = new HashMap<>();

    /** Nobody has any. */
    public FreeSlots() {}

    /** A worker that takes so many more jobs of a name. */
    public void add(String worker, String name, int free) {
        if (free > 0) {
            slots.computeIfAbsent(name, _ -> new HashMap<>()).merge(worker, free, Integer::sum);
        }
    }

    /** Whether a worker takes more jobs of a name. */
    public boolean has(String worker, String name) {
        return slots.getOrDefault(name, Map.of()).containsKey(worker);
    }

    /** Whether any worker takes more jobs of a name. */
    public boolean has(String name) {
        return slots.containsKey(name);
    }

    /** Takes all slots for jobs of a name away from a worker; how many there were. */
    public int takeAll(String worker, String name) {
        Map<String, Integer> workers = slots.getOrDefault(name, Map.of());
        int all = workers.getOrDefault(worker, 0);
        for (int i = 0; i < all; i++) {
            take(worker, name);
        }
        return all;
    }

    /** How many workers with a free slot come before this one for a job. */
    public int rank(String worker, String name, String job) {
        long own = hash(worker, job);
        int before = 0;
        for (String other : slots.getOrDefault(name, Map.of()).keySet()) {
            long theirs = hash(other, job);
            if (theirs > own || (theirs == own && other.compareTo(worker) < 0)) {
                before++;
            }
        }
        return before;
    }

    /** Takes a slot away from a worker. */
    public void take(String worker, String name) {
        slots.computeIfPresent(name, (_, workers) -> {
            workers.computeIfPresent(worker, (_, free) -> free > 1 ? free - 1 : null);
            return workers.isEmpty() ? null : workers;
        });
    }

    /** Takes a slot away from whoever comes first for a job. */
    public void takeFirst(String name, String job) {
        String first = "";
        long highest = Long.MIN_VALUE;
        for (String worker : slots.getOrDefault(name, Map.of()).keySet()) {
            long hash = hash(worker, job);
            if (first.isEmpty() || hash > highest || (hash == highest && worker.compareTo(first) < 0)) {
                first = worker;
                highest = hash;
            }
        }
        take(first, name);
    }

    private static long hash(String worker, String job) {
        long mixed = worker.hashCode() * 0x9E3779B97F4A7C15L + job.hashCode();
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
