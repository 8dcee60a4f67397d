package dev.heddle.cluster.internal.jobs;

import dev.heddle.cluster.internal.DirectoryView.Picture;
import dev.heddle.cluster.store.Entry;
import java.util.ArrayList;
import java.util.List;

/**
 * The room that a queue has for more jobs, as a node sees it: without those that its picture shows, those under way,
 * and those that it has submitted and its picture does not show yet.
 *
 * <p>Threads: any.
 */
public final class QueueRoom {

    private final int maxJobs;
    private final long maxBytes;
    private int submitting;
    private long submittingBytes;

    /** The picture of the jobs that have not ended whose bytes are counted, and those. */
    private Picture counted = Picture.NONE;

    private long countedBytes;

    /** What this node has submitted and its picture does not show yet. */
    private final List<Submitted> unseen = new ArrayList<>();

    /** Jobs by the stamp of their commit. */
    private record Submitted(long stamp, int count, int bytes) {}

    /** Room for so many jobs, whose payloads have so many bytes together; negative where there is too much. */
    public record Room(int jobs, long bytes) {

        private boolean holds(int count, int bytes) {
            return count <= jobs && bytes <= this.bytes;
        }
    }

    public QueueRoom(int maxJobs, long maxBytes) {
        this.maxJobs = maxJobs;
        this.maxBytes = maxBytes;
    }

    /** The room that is left. */
    public synchronized Room left(Picture picture) {
        unseen.removeIf(one -> one.stamp <= picture.stamp());
        long taken = bytesOf(picture) + submittingBytes + unseen.stream().mapToLong(Submitted::bytes).sum();
        int count = picture.entries().size() + submitting + unseen.stream().mapToInt(Submitted::count).sum();
        return new Room(maxJobs - count, maxBytes - taken);
    }

    /** Whether there is room for some more. */
    public boolean has(Picture picture, int count, int bytes) {
        return left(picture).holds(count, bytes);
    }

    /** Takes room for some more, until it is {@linkplain #release released}; false if there is none. */
    public synchronized boolean reserve(Picture picture, int count, int bytes) {
        boolean has = has(picture, count, bytes);
        submitting += has ? count : 0;
        submittingBytes += has ? bytes : 0;
        return has;
    }

    /**
     * Ends a reservation.
     *
     * @param stamp of the commit that has submitted them; -1 if none has
     */
    public synchronized void release(long stamp, int count, int bytes) {
        submitting -= count;
        submittingBytes -= bytes;
        if (stamp >= 0) {
            unseen.add(new Submitted(stamp, count, bytes));
        }
    }

    /** What the payloads take; works out what has changed since it was asked last. */
    private long bytesOf(Picture picture) {
        picture.entries().changesSince(counted.entries(), gone -> countedBytes -= bytesOf(gone), entry -> {
            Entry old = counted.entries().get(entry.key().name());
            countedBytes += bytesOf(entry) - (old == null ? 0 : bytesOf(old));
        });
        counted = picture;
        return countedBytes;
    }

    private static int bytesOf(Entry open) {
        return OpenJob.bytesOf(open.value());
    }
}
