package dev.heddle.http.internal.cache;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The replies that a cache keeps in memory, up to a bound of bytes; beyond it those go that were not used longest. The
 * bound holds for bodies on their way, too.
 *
 * <p>What was asked for before a URL was changed is not stored after: each change moves a count, one for many URLs, and
 * a reply whose count has moved since it was asked for came too late. Two URLs that share a count cost a reply that
 * could have been kept, never one that should not.
 *
 * <p>Threads: any. No method waits for more than a few steps of others.
 */
public final class MemoryStore {

    /** Most replies of one URL that differ by what Vary names. */
    static final int MAX_VARIANTS = 32;

    /** A power of two. */
    private static final int COUNTS = 1024;

    /**
     * What is asked for, and when: made before the request is sent.
     *
     * @param url what
     * @param request the fields that it is asked with
     * @param changes the count of the URL by then
     */
    public record Place(String url, RequestFields request, long changes) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final long maxBytes;
    private final long maxReplyBytes;

    /** How often URLs were looked for; null if who comes last is always let in. Guarded by the lock. */
    private final @Nullable FrequencySketch uses;

    /** The newest of a URL first. */
    private final Map<String, List<StoredReply>> byUrl = new HashMap<>();

    /** The one that was not used for the longest time first. */
    private final LinkedHashSet<StoredReply> byUse = new LinkedHashSet<>();

    private final long[] changes = new long[COUNTS];
    private long bytes;
    private long reserved;
    private long evictions;
    private long refusals;

    /**
     * @param maxBytes most bytes of all replies
     * @param maxReplyBytes most bytes of one body
     */
    public MemoryStore(long maxBytes, long maxReplyBytes) {
        this(maxBytes, maxReplyBytes, false);
    }

    /**
     * @param maxBytes most bytes of all replies
     * @param maxReplyBytes most bytes of one body
     * @param choosing whether a reply, for which another must go, has to be of a URL that is looked for more often: so
     *     many that are looked for once drive out none that all want
     */
    public MemoryStore(long maxBytes, long maxReplyBytes, boolean choosing) {
        this.uses = choosing ? new FrequencySketch() : null;
        this.maxBytes = maxBytes;
        this.maxReplyBytes = maxReplyBytes;
    }

    /** Begins to ask for something. */
    public Place place(String url, RequestFields request) {
        lock.lock();
        try {
            return new Place(url, request, changes[count(url)]);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The newest reply that is right for a request, which is used by that; null if there is none.
     *
     * @param wholeOnly whether one without a body, the answer to a HEAD, is none
     */
    public @Nullable StoredReply find(String url, RequestFields request, boolean wholeOnly) {
        lock.lock();
        try {
            if (uses != null) {
                uses.count(url);
            }
            StoredReply found = StoredReply.firstOf(byUrl.getOrDefault(url, List.of()), request, wholeOnly);
            if (found != null) {
                byUse.addLast(found);
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is a reply of this URL, right for whatever request. */
    public boolean knows(String url) {
        lock.lock();
        try {
            return byUrl.containsKey(url);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Stores a whole reply in place of all that are right for its request; not if the URL has changed since it was
     * asked for, one that was asked for later is there, or one with a body that this has not, or if it could never be
     * used.
     *
     * @return whether it is there now
     */
    public boolean put(StoredReply reply, Place place) {
        lock.lock();
        try {
            if (changes[count(place.url())] != place.changes()) {
                return false;
            }
            List<StoredReply> others = byUrl.getOrDefault(place.url(), List.of());
            for (StoredReply other : List.copyOf(others)) {
                if (other.matches(place.request())) {
                    if (other.requested().isAfter(reply.requested()) || (other.isWhole() && !reply.isWhole())) {
                        return false;
                    }
                    drop(other);
                }
            }
            boolean stored = reply.isOfUse() && !reply.body().isFiled() && reply.body().length() <= maxReplyBytes
                    && reply.bytes() <= maxBytes - reserved && isWorth(reply.bytes(), reply.url());
            if (stored) {
                add(reply);
            }
            return stored;
        } finally {
            lock.unlock();
        }
    }

    /** Whether its URL has changed since a place was taken. */
    public boolean isPast(Place place) {
        lock.lock();
        try {
            return changes[count(place.url())] != place.changes();
        } finally {
            lock.unlock();
        }
    }

    /** Whether so many more bytes are worth the reply that would have to go for them. */
    private boolean isWorth(long more, String url) {
        if (uses == null || bytes + reserved + more <= maxBytes || byUse.isEmpty()) {
            return true;
        }
        StoredReply first = byUse.getFirst();
        if (first.url().equals(url) || uses.of(url) > uses.of(first.url())) {
            return true;
        }
        refusals++;
        return false;
    }

    private void add(StoredReply reply) {
        List<StoredReply> all = byUrl.computeIfAbsent(reply.url(), url -> new ArrayList<>(1));
        all.addFirst(reply);
        byUse.addLast(reply);
        bytes += reply.bytes();
        if (all.size() > MAX_VARIANTS) {
            drop(all.getLast());
            evictions++;
        }
        evict();
    }

    private void evict() {
        while (bytes + reserved > maxBytes && !byUse.isEmpty()) {
            drop(byUse.getFirst());
            evictions++;
        }
    }

    private void drop(StoredReply reply) {
        if (byUse.remove(reply)) {
            bytes -= reply.bytes();
            List<StoredReply> all = byUrl.get(reply.url());
            if (all != null) {
                all.remove(reply);
                if (all.isEmpty()) {
                    byUrl.remove(reply.url());
                }
            }
        }
    }

    /** Forgets one reply, if it is still there. */
    public void remove(StoredReply reply) {
        lock.lock();
        try {
            drop(reply);
        } finally {
            lock.unlock();
        }
    }

    /** Forgets all replies of a URL, and those that were asked for before and have not come (section 4.4). */
    public void invalidate(String url) {
        lock.lock();
        try {
            changes[count(url)]++;
            List.copyOf(byUrl.getOrDefault(url, List.of())).forEach(this::drop);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Forgets some replies, and whatever was asked for before and has not come.
     *
     * @return how many were forgotten
     */
    public int removeIf(Predicate<? super StoredReply> which) {
        lock.lock();
        try {
            for (int i = 0; i < COUNTS; i++) {
                changes[i]++;
            }
            List<StoredReply> gone = byUse.stream().filter(which).toList();
            gone.forEach(this::drop);
            return gone.size();
        } finally {
            lock.unlock();
        }
    }

    /** What a request has in the fields by which the newest reply of a URL differs from others, in one text. */
    public String keyOf(String url, RequestFields request) {
        lock.lock();
        try {
            List<StoredReply> known = byUrl.get(url);
            return known == null ? "" : known.getFirst().keyOf(request);
        } finally {
            lock.unlock();
        }
    }

    /** Forgets everything, and what has not come yet. */
    public void clear() {
        lock.lock();
        try {
            for (int i = 0; i < COUNTS; i++) {
                changes[i]++;
            }
            byUrl.clear();
            byUse.clear();
            bytes = 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Begins to collect a body that somebody reads.
     *
     * @param head the reply without its body
     */
    public BodyCollector collect(StoredReply head, Place place) {
        return new BodyCollector(this, place, head);
    }

    /** Takes room for bytes on their way, for which others may have to go; false if there is none. */
    boolean reserve(long more, String url) {
        lock.lock();
        try {
            if (more > maxBytes - reserved || !isWorth(more, url)) {
                return false;
            }
            reserved += more;
            evict();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Gives room back. */
    void release(long room) {
        lock.lock();
        try {
            reserved -= room;
        } finally {
            lock.unlock();
        }
    }

    /** Most bytes of one body. */
    public long maxReplyBytes() {
        return maxReplyBytes;
    }

    /** How many replies there are, how many bytes these take with those on their way, and how many had to go. */
    public Sizes sizes() {
        lock.lock();
        try {
            return new Sizes(byUse.size(), bytes + reserved, evictions, refusals);
        } finally {
            lock.unlock();
        }
    }

    /**
     * What a store holds.
     *
     * @param replies how many
     * @param bytes what these and bodies on their way take
     * @param evictions how many had to go for others, ever
     * @param refusals how many were not let in, as they were asked for too seldom
     */
    public record Sizes(int replies, long bytes, long evictions, long refusals) {}

    private static int count(String url) {
        int hash = url.hashCode();
        return (hash ^ (hash >>> 16)) & (COUNTS - 1);
    }
}
