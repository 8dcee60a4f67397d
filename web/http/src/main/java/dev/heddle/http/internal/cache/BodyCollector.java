package dev.heddle.http.internal.cache;

import dev.heddle.http.Headers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a body on its way to a store, while somebody reads it. Its memory is the store's: what it takes is kept
 * free there, and when that cannot be, or the body grows too long, it gives up and the body goes by.
 *
 * <pre>
 *   COLLECTING ──finish()──▶ stored, if it is whole and nothing has changed meanwhile
 *        ├──too long, no room──▶ given up
 *        └──discard()──────────▶ given up
 * </pre>
 *
 * <p>Owned by the task that reads the body.
 */
public final class BodyCollector {

    private static final int FIRST_BYTES = 1024;
    private static final int MAX_BYTES = 64 * 1024;

    private final MemoryStore store;
    private final MemoryStore.Place place;
    private final StoredReply head;
    private final List<byte[]> pieces = new ArrayList<>();
    private byte[] last = new byte[0];
    private int used;
    private long total;
    private long reserved;
    private boolean ended;
    private @Nullable StoredReply kept;

    BodyCollector(MemoryStore store, MemoryStore.Place place, StoredReply head) {
        this.store = store;
        this.place = place;
        this.head = head;
    }

    /** Takes bytes that have come. */
    public void add(byte[] bytes, int offset, int count) {
        int taken = 0;
        while (!ended && taken < count) {
            if (used == last.length && !grow()) {
                discard();
                return;
            }
            int now = Math.min(count - taken, last.length - used);
            System.arraycopy(bytes, offset + taken, last, used, now);
            used += now;
            total += now;
            taken += now;
        }
    }

    /** Makes the next piece, as long as all so far; false if there is no room for it. */
    private boolean grow() {
        long left = store.maxReplyBytes() - total;
        int size = (int) Math.min(Math.min(MAX_BYTES, Math.max(FIRST_BYTES, total)), left);
        if (size <= 0 || !store.reserve(size, place.url())) {
            return false;
        }
        reserved += size;
        if (used > 0) {
            pieces.add(last);
        }
        last = new byte[size];
        used = 0;
        return true;
    }

    /**
     * The body has come to its end: it is stored.
     *
     * @return whether it is there now
     */
    public boolean finish(Headers trailers) {
        boolean stored = false;
        if (!ended) {
            ended = true;
            if (used > 0) {
                pieces.add(used == last.length ? last : Arrays.copyOf(last, used));
            }
            store.release(reserved);
            StoredReply reply = head.withBody(new StoredBytes(pieces), trailers);
            stored = store.put(reply, place);
            kept = stored ? reply : null;
            forget();
        }
        return stored;
    }

    /** The body has broken off, or nobody wants it: nothing is stored. Does nothing once it has ended. */
    public void discard() {
        if (!ended) {
            ended = true;
            store.release(reserved);
            forget();
        }
    }

    private void forget() {
        pieces.clear();
        last = new byte[0];
        reserved = 0;
    }

    /** What was stored; null if nothing was. */
    public @Nullable StoredReply kept() {
        return kept;
    }

    /** Whether it has been stored or given up. */
    public boolean isOver() {
        return ended;
    }

    /** How many bytes have come. */
    public long total() {
        return total;
    }
}
